"""Interviews of the demo: proposed, chosen, held, thanked for, and noted against their criteria."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.applications.actions import withdraw_application
from portal.applications.queries import StaffView
from portal.applications.rules.applying import week_of
from portal.applications.states import ApplicationStatus
from portal.company.rules import working_days_after
from portal.core.db import end_reading, session, transaction
from portal.core.errors import PortalError
from portal.core.identifiers import new_public_id
from portal.demo import data
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import (
    Story,
    application_at,
    at,
    deliver,
    deliver_ending,
    open_ones,
    ready_for,
    scope_of,
    view_of,
)
from portal.demo.actions.work import ABOUT_INTERVIEWS, WHAT_IS_OWED, let_work
from portal.demo.data import interviewed
from portal.demo.rules import working_day_before
from portal.feedback.actions.asking import ask_for_feedback
from portal.interviews.actions.acknowledging import say_guide_is_read
from portal.interviews.actions.asking import ask_ahead
from portal.interviews.actions.choosing import choose_time
from portal.interviews.actions.closing import close_interview
from portal.interviews.actions.needing import say_needs
from portal.interviews.actions.noting import save_panel_notes
from portal.interviews.actions.proposing import Arrangement, propose
from portal.interviews.actions.relating import declare_relationship
from portal.interviews.actions.wishing import tell_us
from portal.interviews.models import Interview, InterviewImpression, InterviewTime
from portal.interviews.rules.arranging import Details, Said
from portal.interviews.states import InterviewFormat, InterviewState, Relationship, WishKind
from portal.openings.models import Opening

_MORNING, _HELD, _CLOSED, _THANKED, _EVENING = 10, 14, 16, 18, 19
#: Working days before an ending on which times were proposed, and on which they met.
_PROPOSED_BEFORE, _HELD_BEFORE = 2, 1
#: So long before the story is told did somebody write that none of the times is any good.
_WISHED_BEFORE = timedelta(hours=2)
_NOTHING = Said("", None, "")
#: Where those stand who are met, the likeliest first.
_MET_FIRST = (ApplicationStatus.INTERVIEWING, ApplicationStatus.DECISION_PENDING, ApplicationStatus.IN_REVIEW)
#: Who has read the guide, how many working days ago; Hugo has not.
_GUIDE_READ = {"rita": 9, "lena": 4}


@dataclass(frozen=True)
class Met:
    """Somebody who was met here: public ids of the application and of the interview."""

    application: str
    interview: str


def interview_some(story: Story) -> dict[str, Met]:
    """Before the letters of the last weeks: some were met, and for all but Silas it soon ended.

    By what the story calls them.
    """
    for name, days in _GUIDE_READ.items():
        say_guide_is_read(story.staff[name], story.moment(story.days_ago(days), _MORNING))
    told = {"silas": _meet_silas(story)}
    for episode in interviewed.EPISODES:
        told[episode.key] = _live(story, episode, {one.application for one in told.values()})
    return told


def _live(story: Story, episode: interviewed.Episode, taken: set[str]) -> Met:
    """They choose a time, come, and hear that somebody else was chosen."""
    ended = working_day_before(story.today - timedelta(days=episode.ended_days_ago - 1), 1, story.calendar)
    proposed = working_day_before(ended, _PROPOSED_BEFORE, story.calendar)
    view = _somebody(story, episode, proposed, taken)
    held = working_day_before(ended, _HELD_BEFORE, story.calendar)
    met = _meet(story, view, episode.author, episode.talk, proposed, held)
    if episode.notes:
        _note_on_panel(story, met, "hugo", episode.notes, story.moment(held, _CLOSED))
    moment = story.moment(ended, _MORNING)
    if episode.is_withdrawn:
        _withdraw(view, episode, moment)
        return met
    words = f"Hello {view.person_name},\n\n{episode.ending}"
    write(story, PlannedLetter(moment, view.public_id, episode.author, "not_selected", words, None, ""))
    deliver_ending(moment)
    let_work(WHAT_IS_OWED, moment + timedelta(hours=1))
    return met


def _withdraw(view: StaffView, episode: interviewed.Episode, moment: datetime) -> None:
    """They go on elsewhere, and would like to know what we think."""
    with at(moment):
        withdraw_application(view.person_id, view.public_id, why=episode.ending, now=moment)
        deliver()
    with at(moment + timedelta(hours=2)) as later:
        ask_for_feedback(view.person_id, view.public_id, now=later)
        end_reading()


def _somebody(story: Story, episode: interviewed.Episode, proposed: date, taken: set[str]) -> StaffView:
    """Whom it is about: the account it names, else somebody of that opening, best one who is met and hears in time."""
    known = {row[0] for row in data.CANDIDATES}
    fitting = [
        view
        for view in open_ones(story, episode.author)
        if (view.email == episode.email if episode.email else view.email not in known)
        and view.opening_title == episode.opening
        and view.public_id not in taken
    ]
    if not fitting:
        raise PortalError(f"The demo has nobody left to meet for {episode.opening}.")
    return min(fitting, key=lambda view: _in_order(view, proposed))


def _in_order(view: StaffView, proposed: date) -> tuple[bool, int]:
    is_in_time = view.next_update_by is not None and view.next_update_by >= proposed
    return not is_in_time, _MET_FIRST.index(view.status) if view.status in _MET_FIRST else len(_MET_FIRST)


def _meet_silas(story: Story) -> Met:
    """He met everybody; Hugo noted against each criterion what he heard."""
    view = view_of(story, application_at("silas@demo.example"))
    met = _meet(story, view, "rita", interviewed.SILAS_TALK, story.days_ago(12), story.days_ago(10))
    _note_on_panel(story, met, "hugo", interviewed.SILAS_NOTES, story.moment(story.days_ago(10), _CLOSED))
    return met


def _meet(story: Story, view: StaffView, author: str, talk: interviewed.Talk, proposed: date, held: date) -> Met:
    """Proposed, chosen, held, closed and thanked for."""
    times = [story.moment(held, _HELD).replace(minute=30)]
    public_id = propose_times(story, view, author, talk, times, story.moment(proposed, _MORNING))
    choose(view.person_id, public_id, 0, story.moment(proposed, _EVENING))
    with at(story.moment(held, _CLOSED)) as moment:
        scope = scope_of(story, author)
        close_interview(public_id, InterviewState.DONE, _NOTHING, scope=scope, seen=None, now=moment)
        end_reading()
    with at(story.moment(held, _THANKED)) as moment:
        let_work(ABOUT_INTERVIEWS, moment)
        deliver()
    return Met(view.public_id, public_id)


def propose_times(
    story: Story,
    view: StaffView,
    author: str,
    talk: interviewed.Talk,
    times: Sequence[datetime],
    moment: datetime,
) -> str:
    """Times to choose from, which reach them at once; the interview's public id."""
    public_id = new_public_id()
    is_by_telephone = talk.format is InterviewFormat.TELEPHONE
    place = interviewed.BY_TELEPHONE if is_by_telephone else f"{interviewed.LINK}{public_id.lower()}"
    details = Details(
        talk.title, talk.format, talk.minutes, place, talk.about, talk.prepare, talk.criteria, interviewed.PHONE
    )
    panel = tuple(story.staff[key] for key in talk.panel)
    contact = story.staff[author]
    said = Said(talk.words, None, "")
    with at(moment):
        propose(
            view.public_id,
            Arrangement(details, panel, contact, story.zone, tuple(times), said),
            scope=scope_of(story, author),
            public_id=public_id,
            seen_event_id=view_of(story, view.public_id).newest_event_id,
            is_hurried=True,
            now=moment,
        )
        end_reading()
        deliver()
    return public_id


def choose(person_id: int, public_id: str, number: int, moment: datetime) -> None:
    """They take the time of this number, and everybody who comes has it in the calendar."""
    wanted = select(InterviewTime.public_id).join(Interview, Interview.id == InterviewTime.interview_id)
    with at(moment):
        times = session().scalars(wanted.where(Interview.public_id == public_id).order_by(InterviewTime.starts_at))
        time_id = times.all()[number]
        end_reading()
        choose_time(person_id, public_id, time_id, now=moment)
        deliver()


def _note_on_panel(story: Story, met: Met, key: str, notes: Sequence[tuple[str, str]], moment: datetime) -> None:
    """A colleague says how they know the candidate, and notes what they heard."""
    with at(moment):
        scope = scope_of(story, key)
        declare_relationship(met.interview, Relationship.NONE, scope=scope, now=moment)
        save_panel_notes(met.interview, dict(notes), scope=scope, now=moment)
        end_reading()


def look_ahead(story: Story) -> None:
    """Ada comes tomorrow, Mira has times to choose from, and to somebody none of the times is any good."""
    _await_ada(story)
    _ask_mira(story)
    _wish(story)
    _count_impressions(story)


def coming(story: Story, *days_and_hours: tuple[int, int]) -> list[datetime]:
    """Instants on working days to come, each on the hour."""
    days = working_days_after(story.today, 8, story.calendar)
    return [story.moment(days[number - 1], hour).replace(minute=0) for number, hour in days_and_hours]


def _await_ada(story: Story) -> None:
    """She has chosen, sent questions ahead, and said what makes it accessible to her."""
    view = view_of(story, application_at("ada@demo.example"))
    times = coming(story, (1, 11), (1, 15), (2, 10))
    talk, yesterday = interviewed.ADA_TALK, story.days_ago(1)
    public_id = propose_times(story, view, "rita", talk, times, story.moment(yesterday, _CLOSED))
    choose(view.person_id, public_id, 0, story.moment(yesterday, _EVENING))
    with at(story.moment(yesterday, 21)) as moment:
        for words in interviewed.ADA_QUESTIONS:
            ask_ahead(view.person_id, public_id, words, now=moment)
        say_needs(view.person_id, public_id, interviewed.ADA_NEEDS, now=moment)
        end_reading()


def _ask_mira(story: Story) -> None:
    view = view_of(story, application_at(interviewed.MIRA))
    talk = interviewed.TEAM._replace(words=interviewed.MIRA_WORDS)
    times = coming(story, (3, 10), (4, 14), (5, 9))
    propose_times(story, view, "rita", talk, times, story.moment(story.days_ago(1), _CLOSED))


def _wish(story: Story) -> None:
    """One of those whom Rita meets, the last to come."""
    moment = story.moment(story.days_ago(2), _MORNING)
    view = last_of(ready_for(story, "rita", "interviewing", moment))
    public_id = propose_times(story, view, "rita", interviewed.TEAM, coming(story, (2, 10), (3, 15)), moment)
    with at(story.at - _WISHED_BEFORE) as later:
        tell_us(view.person_id, public_id, WishKind.ANOTHER_TIME, now=later, words=interviewed.WISH_WORDS)
        deliver()


def last_of(views: Iterator[StaffView]) -> StaffView:
    """The last of them: what else this story tells is of the first."""
    *_others, found = views
    return found


def _count_impressions(story: Story) -> None:
    """What those said whom nobody can tell apart any more: totals are all that is kept."""
    with transaction() as own:
        found = select(Opening.id).where(Opening.title == interviewed.IMPRESSIONS_OF)
        opening_id = own.scalars(found).one()
        for weeks, was_on_time, had_time_to_ask, count in interviewed.IMPRESSIONS:
            own.add(
                InterviewImpression(
                    opening_id=opening_id,
                    week_on=week_of(story.today - timedelta(weeks=weeks)),
                    was_on_time=was_on_time,
                    had_time_to_ask=had_time_to_ask,
                    count=count,
                )
            )
