"""What does not go as planned in the demo: interviews that turn out otherwise, who leaves, who is asked to stay."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from sqlalchemy import select

from portal.applications.queries import StaffView
from portal.applications.rules.promises import last_day_over
from portal.community.actions import leave_community
from portal.company.queries import office_hours
from portal.company.rules import working_days_after
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo import data
from portal.demo.actions.interviews import Met, choose, coming, propose_times
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import Story, at, deliver, open_ones, person_at, ready_for, scope_of
from portal.demo.data import interviewed, turned
from portal.feedback.actions.writing import save_feedback
from portal.interviews.actions.changing import Move, call_off, move_interview
from portal.interviews.actions.closing import close_interview
from portal.interviews.models import Interview
from portal.interviews.rules.arranging import Said
from portal.interviews.states import InterviewState
from portal.keeping.actions import ask_for_copy
from portal.privacy.jobs import ask_who_wants_to_stay, make_copies

#: Of its own, so that the rest of the story does not change with it.
_SEED: Final = 20261124
_MORNING, _NOON, _HELD, _CLOSED, _EVENING = 10, 12, 14, 16, 19
#: Working days before today on which times were proposed, and on which two of them were to meet.
_PROPOSED, _HELD_ON = 4, 2
_COPIED_BEFORE: Final = timedelta(minutes=45)
_AUTHOR: Final = "omar"


def take_turns(story: Story) -> None:
    """Four of those whom Omar meets: it moved, was called off, they did not come, and we did not."""
    own = replace(story, random=Random(_SEED))  # noqa: S311 - minutes of letters
    proposed = own.moment(own.days_ago(_PROPOSED), _MORNING)
    turns = (_move, _call_off, _miss(InterviewState.MISSED_BY_THEM), _miss(InterviewState.MISSED_BY_US))
    found = list(ready_for(own, _AUTHOR, "interviewing", proposed))[: len(turns)]
    if len(found) < len(turns):
        raise PortalError("The demo has nobody left whose interview turns out otherwise.")
    for view, turn in zip(found, turns, strict=True):
        turn(own, view, proposed)


def _arrange(story: Story, view: StaffView, times: list[datetime], proposed: datetime) -> str:
    """They take the first of these times; the interview's public id."""
    public_id = propose_times(story, view, _AUTHOR, interviewed.FIRST, times, proposed)
    choose(view.person_id, public_id, 0, proposed.replace(hour=_EVENING))
    return public_id


def _move(story: Story, view: StaffView, proposed: datetime) -> None:
    public_id = _arrange(story, view, coming(story, (1, 10)), proposed)
    with at(story.moment(story.days_ago(1), _NOON)) as moment:
        move = Move(tuple(coming(story, (3, 13))), story.zone, True, Said(turned.MOVED, None, ""))
        move_interview(public_id, move, scope=scope_of(story, _AUTHOR), seen=_seen(public_id), now=moment)
        end_reading()
        deliver()


def _call_off(story: Story, view: StaffView, proposed: datetime) -> None:
    public_id = _arrange(story, view, coming(story, (2, 10)), proposed)
    with at(story.moment(story.days_ago(1), _NOON)) as moment:
        said = Said(turned.CALLED_OFF, None, "")
        call_off(public_id, said, scope=scope_of(story, _AUTHOR), seen=_seen(public_id), now=moment)
        end_reading()
        deliver()


def _miss(outcome: InterviewState) -> Callable[[Story, StaffView, datetime], None]:
    def do(story: Story, view: StaffView, proposed: datetime) -> None:
        held = story.moment(story.days_ago(_HELD_ON), _HELD).replace(minute=0)
        public_id = _arrange(story, view, [held], proposed)
        with at(story.moment(story.days_ago(_HELD_ON), _CLOSED)) as moment:
            is_ours = outcome is InterviewState.MISSED_BY_US
            said = Said(turned.SORRY, None, "") if is_ours else _NONE
            scope = scope_of(story, _AUTHOR)
            close_interview(public_id, outcome, said, scope=scope, seen=_seen(public_id), now=moment)
            end_reading()
            deliver()

    return do


_NONE: Final = Said("", None, "")


def _seen(public_id: str) -> datetime:
    changed = session().scalars(select(Interview.changed_at).where(Interview.public_id == public_id)).one()
    end_reading()
    return changed


def begin_feedback(story: Story, told: dict[str, Met]) -> None:
    """Hugo has begun to write what he owes today, and nobody but colleagues sees it."""
    own = replace(story, random=Random(_SEED))  # noqa: S311 - minutes of letters
    with at(own.moment(own.days_ago(1), _EVENING)) as moment:
        about = told["due_today"].application
        save_feedback(about, turned.BEGUN_FEEDBACK, revision=0, scope=scope_of(own, "hugo"), now=moment)
        end_reading()


def keep_todays_word(story: Story) -> None:
    """Told after the end of a working day: whoever was to hear today has heard."""
    if last_day_over(story.at, office_hours(), story.zone) < story.today:
        return
    own = replace(story, random=Random(_SEED))  # noqa: S311 - minutes of letters
    by = working_days_after(own.today, 4, own.calendar)[-1]
    authors = {person_id: key for key, person_id in own.staff.items()}
    known = {row[0] for row in data.CANDIDATES}
    for view in [one for one in open_ones(own) if one.next_update_by == own.today and one.email not in known]:
        words = turned.TODAYS_WORD.format(name=view.person_name)
        moment = own.moment(own.today, _CLOSED)
        author, reason = authors[view.owner_id], turned.TODAYS_REASON
        write(own, PlannedLetter(moment, view.public_id, author, view.status, words, by, reason))
        with at(moment):
            deliver()


def come_and_go(story: Story) -> None:
    """A member has left, another is asked whether they want to stay, and Silas has a copy of what we hold."""
    own = replace(story, random=Random(_SEED))  # noqa: S311 - minutes of letters
    with at(own.moment(own.days_ago(1), _EVENING)) as moment:
        leave_community(person_at(turned.LEFT), moment)
        deliver()
    with at(own.moment(own.days_ago(1), _MORNING)) as moment:
        ask_who_wants_to_stay(moment)
        deliver()
    with at(own.at - _COPIED_BEFORE) as moment:
        silas = person_at("silas@demo.example")
        ask_for_copy(silas, silas, moment)
        make_copies(moment)
        end_reading()
        deliver()
