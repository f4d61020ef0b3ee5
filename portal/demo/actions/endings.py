"""How some applications end, one by mistake; who withdrew, and who was told that it takes longer."""

from datetime import timedelta

from portal.applications.actions import Delay, tell_of_delay, withdraw_application
from portal.applications.actions.closing import EndingForMany, end_many, write_ending
from portal.applications.actions.reverting import remove_outdated_marks, revert_ending
from portal.applications.actions.staying import write_stays
from portal.applications.models import Application
from portal.applications.queries import StaffView
from portal.applications.queries.delaying import Affected
from portal.applications.queries.endings import not_yets
from portal.applications.queries.finishing import letters_to_write
from portal.applications.rules import Proposal
from portal.applications.states import END_REASONS, ApplicationStatus, MarkKind
from portal.company.rules import working_days_after
from portal.core.db import end_reading, session
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import Story, at, deliver, deliver_ending, ready_for, scope_of, view_of
from portal.demo.data import fates

_HOUR = 10
#: So long before the story is told were the endings written that can still be taken back.
_JUST_WRITTEN, _JUST_ENDED = timedelta(minutes=2), timedelta(minutes=1)


def end_some(story: Story) -> None:
    """Letters that end an application were written, accepted, and in one case taken back; somebody withdrew."""
    for ending in fates.ENDINGS:
        if ending.days_ago:
            _end(story, ending)
    _withdraw(story)


def _end(story: Story, ending: fates.Ending) -> None:
    moment = story.moment(story.days_ago(ending.days_ago), _HOUR)
    view = next(ready_for(story, ending.author, ending.standing, moment))
    mark = MarkKind.NEAR_FIT if ending.mark else None
    words = ending.words if mark else _greeted(view, ending.words)
    write(
        story,
        PlannedLetter(
            moment,
            view.public_id,
            ending.author,
            ending.outcome,
            words,
            None,
            "",
            mark=mark,
            mark_reason=ending.mark,
        ),
    )
    deliver_ending(moment)
    if ending.reverted_words:
        _revert(story, view.public_id, ending)


def _greeted(view: StaffView, words: str) -> str:
    return f"Hello {view.person_name},\n\n{words}"


def _revert(story: Story, public_id: str, ending: fates.Ending) -> None:
    """The letter was meant for somebody else, and that is said plainly."""
    soon = working_days_after(story.today, 3, story.calendar)[-1]
    with at(story.moment(story.days_ago(ending.reverted_days_ago), _HOUR)) as moment:
        view = view_of(story, public_id)
        proposal = Proposal(ApplicationStatus(ending.standing), _greeted(view, ending.reverted_words), soon, "")
        revert_ending(
            public_id,
            scope=scope_of(story, ending.author),
            proposal=proposal,
            seen_event_id=view.newest_event_id,
            now=moment,
            is_hurried=True,
        )
        deliver()


def _withdraw(story: Story) -> None:
    """Somebody took their application back, and said why."""
    with at(story.moment(story.days_ago(1), 18)) as moment:
        view = next(ready_for(story, "omar", fates.WITHDRAWN_STANDING, moment))
        withdraw_application(view.person_id, view.public_id, why=fates.WITHDRAWN_WHY, now=moment)
        deliver()


def tell_that_it_takes_longer(story: Story) -> None:
    """Some who wait for a decision were told of a later day, and why."""
    with at(story.moment(story.days_ago(1), 14)) as moment:
        standing = ready_for(story, fates.DELAYED_BY, fates.DELAYED_STANDING, moment)
        affected = [
            Affected(view.id, view.public_id, view.newest_event_id, view.person_name, view.email, None)
            for view, _number in zip(standing, range(fates.DELAYED_COUNT), strict=False)
        ]
        until = working_days_after(story.today, fates.DELAYED_DAYS + 4, story.calendar)[-1]
        end_reading()
        delay = Delay(until, fates.DELAY_REASON, is_hurried=True)
        tell_of_delay(affected, scope=scope_of(story, fates.DELAYED_BY), delay=delay, now=moment)
        deliver()


def look_at_endings(story: Story) -> None:
    """What the worker does once endings have gone."""
    for event_id in not_yets():
        end_reading()
        write_stays(event_id, story.at)
    end_reading()
    remove_outdated_marks(story.at)
    end_reading()


def write_an_ending(story: Story) -> None:
    """Rita has just written an ending; it waits, and she can still take it back."""
    moment = story.at - _JUST_WRITTEN
    ending = next(one for one in fates.ENDINGS if not one.days_ago)
    view = next(ready_for(story, ending.author, ending.standing, moment))
    words = _greeted(view, ending.words)
    write(
        story,
        PlannedLetter(moment, view.public_id, ending.author, ending.outcome, words, None, "", is_hurried=False),
    )
    end_reading()


def end_many_at_once(story: Story) -> None:
    """Rita has just ended several of one opening with one text; the letters wait, and she can still take them back."""
    moment = story.at - _JUST_ENDED
    shared = fates.ROUND
    standing: dict[str, list[StaffView]] = {}
    for view in ready_for(story, shared.author, shared.standing, moment):
        standing.setdefault(view.opening_title, []).append(view)
    views = max(standing.values(), key=len)
    opening_id = session().get_one(Application, views[0].id).opening_id
    outcome = ApplicationStatus(shared.outcome)
    ending = EndingForMany(outcome, END_REASONS[outcome][0], "", shared.words)
    with at(moment):
        seen = {view.public_id: view.newest_event_id for view in views[: shared.people_count]}
        end_many(opening_id, seen, ending, scope=scope_of(story, shared.author), now=moment)
        end_reading()
        for letter in letters_to_write():
            end_reading()
            write_ending(letter, moment)
        end_reading()
