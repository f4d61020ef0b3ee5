"""What the worker does for surveys: people are asked, the ballot box is opened, what must not stay is destroyed."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from secrets import SystemRandom
from typing import Final

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.rewriting import write_anew
from portal.surveys.actions import inviting, loop, reaching, releasing
from portal.surveys.models import Ballot, PartialAnswers, WaitingComment
from portal.surveys.queries.asked import WaitingMail, asked_and_silent, waiting_mails
from portal.surveys.queries.inviting import Asking, came_past, cases, surveys_that_ask
from portal.surveys.queries.loop import open_low_scores, signed_without_task
from portal.surveys.queries.reaching import uncounted
from portal.surveys.queries.releasing import surveys_to_release
from portal.surveys.rules.inviting import Ask, PassOver, decide
from portal.surveys.states import Touchpoint
from portal.wording.actions import holding_back

#: People whose standing is read together, or who are counted together.
_AT_ONCE: Final = 100
#: Of one survey no more are asked in one run: the first pulse of a large community takes hours, and nothing else waits.
_MOST_A_RUN: Final = 500
#: Signed answers that are older are no news to anybody.
_NEWS: Final = timedelta(days=60)


def release_ballots(now: datetime) -> None:
    """What five and more have answered is released, a survey at a time, and leaves nothing in the box's files."""
    # First: no page says that more answered than were asked.
    count_reached(now)
    is_anything_gone = False
    for survey_id in surveys_to_release():
        end_reading()
        is_anything_gone |= releasing.release_ballots(survey_id, now)
        pause()
    if is_anything_gone:
        write_boxes_anew(now)


def count_reached(now: datetime) -> None:
    """Who was asked, began to answer or was passed over since the last time is counted."""
    end_reading()
    ids = uncounted()
    SystemRandom().shuffle(ids)
    for first in range(0, len(ids), _AT_ONCE):
        end_reading()
        reaching.count_some(ids[first : first + _AT_ONCE])
        pause()
    end_reading()


def forget_partial_answers(now: datetime) -> None:
    """Saved answers that nobody sent are destroyed after their time."""
    end_reading()
    if releasing.forget_partial_answers(now):
        write_boxes_anew(now)


def write_boxes_anew(now: datetime) -> None:
    """What was deleted is destroyed in the files, too; once more where a crash, or somebody at work, was in the way."""
    write_anew(Ballot, PartialAnswers, WaitingComment)


def ask_people(now: datetime) -> None:
    """Whoever came past a touchpoint is asked when its moment has come, or passed over and counted by why."""
    for asking in surveys_that_ask():
        end_reading()
        ids, tried = came_past(asking, now), 0
        parts = [ids[first : first + _AT_ONCE] for first in range(0, len(ids), _AT_ONCE)]
        # In no order: those who sleep at this hour keep nobody from their turn.
        SystemRandom().shuffle(parts)
        for some in parts:
            end_reading()
            tried += _ask_some(asking, some, now)
            if tried >= _MOST_A_RUN:
                break


def _ask_some(asking: Asking, ids: Sequence[int], now: datetime) -> int:
    """Returns how many were to be asked."""
    today = day_of(now, company_zone())
    decided = [
        (one, decide(asking.touchpoint, one.due_at, one.standing, now, today)) for one in cases(asking, ids, now)
    ]
    if passed := [one for one, decision in decided if isinstance(decision, PassOver)]:
        end_reading()
        inviting.pass_over(asking, passed, now)
        pause()
    to_ask = [one for one, decision in decided if isinstance(decision, Ask)]
    for one in to_ask:
        end_reading()
        with holding_back(f"surveys/{one.cause}", one.person_id, now):
            inviting.ask(asking, one, now)
        pause()
    return len(to_ask)


def remind_people(now: datetime) -> None:
    """Whoever was asked by mail and has not answered is reminded once, after three days."""
    live = {one.touchpoint: one for one in surveys_that_ask()}
    for asked in asked_and_silent(now, day_of(now, company_zone())):
        if (asking := live.get(asked.touchpoint)) is None:
            continue
        end_reading()
        with holding_back(f"surveys/reminder:{asked.public_id}", asked.person_id, now):
            inviting.remind(asking, asked, now)
        pause()


def stop_waiting_mails(now: datetime) -> None:
    """A mail that waits goes no more where it was answered meanwhile, or where nobody would be asked now."""
    waiting = waiting_mails()
    live = {one.touchpoint: one for one in surveys_that_ask()} if waiting else {}
    for some in _parts_by_touchpoint(waiting):
        end_reading()
        asking = live.get(some[0].touchpoint)
        # Without a pause: mail goes in one, and a worker that was away would send what it has not looked at yet.
        for one in inviting.without_reason(asking, some, now):
            end_reading()
            inviting.stop_mail(asking, one, now)


def _parts_by_touchpoint(waiting: Sequence[WaitingMail]) -> Iterator[Sequence[WaitingMail]]:
    for touchpoint in Touchpoint:
        same = [one for one in waiting if one.touchpoint is touchpoint]
        yield from (same[first : first + _AT_ONCE] for first in range(0, len(same), _AT_ONCE))


def see_to_low_scores(now: datetime) -> None:
    """Low scores of people who may be written to become tasks, and stay with somebody who may know of them."""
    for signed in signed_without_task(day_of(now, company_zone()) - _NEWS):
        end_reading()
        loop.ask_to_get_in_touch(signed, now)
        pause()
    for low in open_low_scores():
        end_reading()
        loop.look_after(low, now)
        pause()
