"""What the worker does for applications: lost letters become tasks, and nobody is left in silence."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from portal.applications.actions import count_rest
from portal.applications.actions import forget_old_drafts as forget_drafts
from portal.applications.actions.closing import write_ending
from portal.applications.actions.drafting import forget_old_applying
from portal.applications.actions.elsewhere import tell_elsewhere
from portal.applications.actions.escalating import ask_again, ask_an_admin
from portal.applications.actions.folding import note_promises
from portal.applications.actions.following_source import follow_source
from portal.applications.actions.moving_many import forget_old_changes, go_on_with_change
from portal.applications.actions.noting import break_silence, drop_outdated_notes, settle_lost_note
from portal.applications.actions.passing_on import pass_on_what_is_their_own
from portal.applications.actions.reverting import remove_outdated_marks
from portal.applications.actions.staying import drop_stays, write_stays
from portal.applications.queries import StaffScope, StaffView, find_for_staff, open_rests
from portal.applications.queries.changes import unfinished_changes
from portal.applications.queries.endings import not_yets
from portal.applications.queries.finishing import letters_to_write, told_there
from portal.applications.queries.imported import moved_there
from portal.applications.queries.missed import key_of, missed_promises, told_again
from portal.applications.queries.promised import (
    coming_promises,
    engine_tasks,
    escalated_applications,
    lost_notes,
    outdated_notes,
    promises_over,
)
from portal.applications.queries.promises import unfolded
from portal.applications.rules.promises import last_day_over, reminded_until
from portal.company.queries import calendar_from, company_zone, office_hours, work_calendar
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.core.permissions import Role
from portal.people.queries import active_staff
from portal.tasks.actions import add_task, cancel_task, finish_task
from portal.tasks.queries import LostLetter, doubled_letter_tasks, due_from, newest_lost_letters, settled_letter_tasks
from portal.tasks.rules import due_day, escalates_to, is_too_late
from portal.tasks.states import TaskKind
from portal.wording.actions import holding_back

_CAUSE = "application:"
#: As far as working days are counted back and ahead.
_AROUND = timedelta(days=60)
_DRAFTS_KEPT = timedelta(days=30)
#: Tasks that were due before can have no say in what is owed now.
_REMEMBERED: Final = timedelta(days=400)
#: Applications whose promises are noted in one transaction.
_FOLDED_AT_ONCE: Final = 200
#: People told between two breaths.
_CHANGED_AT_ONCE: Final = 10


def pass_on_own_work(now: datetime) -> None:
    """Nobody looks after their own application: it goes to a colleague as soon as it has come to them."""
    pass_on_what_is_their_own(now)


def look_for_lost_letters(now: datetime) -> None:
    """Whoever looks after an application owes something when a letter about it did not arrive, until another does.

    One task an application: the newest lost letter stands for those before it.
    """
    for letter in newest_lost_letters("applications/"):
        end_reading()
        view = _application_of(letter)
        if view is not None:
            _owe(letter, view, now)
        pause()
    for task_id in settled_letter_tasks(TaskKind.DEAD_LETTER):
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()
    for task_id in doubled_letter_tasks(TaskKind.DEAD_LETTER):
        end_reading()
        cancel_task(task_id, now)
        pause()


def _application_of(letter: LostLetter) -> StaffView | None:
    return find_for_staff(letter.cause.removeprefix(_CAUSE), StaffScope(0, Role.ADMIN))


def _owe(letter: LostLetter, view: StaffView, now: datetime) -> None:
    today = day_of(now, company_zone())
    add_task(
        owner_id=view.owner_id,
        kind=TaskKind.DEAD_LETTER,
        cause=letter.task_cause,
        about=view.public_id,
        due_on=due_from(TaskKind.DEAD_LETTER, today),
        dedupe_key=letter.task_cause,
        title=view.opening_title,
        person_id=view.person_id,
        now=now,
    )


def look_for_missed_promises(now: datetime) -> None:
    """The lead of whoever looks after an application is asked when even the automatic note is two working days late.

    That is the net below `break_silences`: it catches those to whom no note could be made.
    """
    today = day_of(now, company_zone())
    calendar = work_calendar(today - _AROUND, today + _AROUND)
    staff = active_staff()
    at_work = [row.person_id for row in staff]
    admins = sorted(row.person_id for row in staff if row.role is Role.ADMIN)
    for missed in missed_promises(today):
        lead_id = escalates_to(missed.owner_id, missed.lead_id, at_work, admins)
        if lead_id is None or not is_too_late(missed.promised, today, calendar):
            continue
        end_reading()
        add_task(
            owner_id=lead_id,
            kind=TaskKind.MISSED_PROMISE,
            cause=f"{_CAUSE}{missed.public_id}",
            about=missed.public_id,
            due_on=due_day(TaskKind.MISSED_PROMISE, today, calendar),
            dedupe_key=key_of(missed),
            title=missed.opening_title,
            person_id=missed.person_id,
            now=now,
        )
        pause()
    for task_id in told_again(today):
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def count_rests(now: datetime) -> None:
    """Community mail rests for 7 days from when somebody was told that they were not selected."""
    for event_id in open_rests(now):
        end_reading()
        count_rest(event_id, now)
        pause()


def forget_old_drafts(now: datetime) -> None:
    """Letters that were taken back 30 days ago and never sent are forgotten, and what was done to many at once."""
    forget_drafts(now - _DRAFTS_KEPT)
    forget_old_changes(now - _DRAFTS_KEPT)


def forget_unsent(now: datetime) -> None:
    """Delete what was typed to apply and not sent in time, or never confirmed."""
    forget_old_applying(now)


def break_silences(now: datetime) -> None:
    """When a promised day is over and nobody has written: a note that says so, and after two of them the lead is asked.

    Whoever the words of the mail do not fit is listed among what is held back, and the others get theirs.
    """
    for over in promises_over(last_day_over(now, office_hours(), company_zone())):
        end_reading()
        with holding_back(f"applications/silence:{over.application_id}", over.person_id, now):
            break_silence(over.application_id, now)
        pause()


def settle_lost_notes(now: datetime) -> None:
    """Where an automatic message reached nobody, the page tells them what it said; one that is outdated does not go."""
    for outdated in outdated_notes():
        end_reading()
        drop_outdated_notes(outdated.application_id, outdated.person_id, now)
        pause()
    for event_id in lost_notes():
        end_reading()
        settle_lost_note(event_id, now)
        pause()


def look_after_escalated(now: datetime) -> None:
    """Somebody who works here owes each escalated candidate a word, an admin as well after twenty working days."""
    today = day_of(now, company_zone())
    kinds = (TaskKind.ESCALATED, TaskKind.ESCALATED_TOO_LONG)
    escalated = escalated_applications()
    known = engine_tasks(kinds, today - _REMEMBERED)
    for one in escalated:
        end_reading()
        ask_again(one, known, now)
        if one.answer_by <= today:
            ask_an_admin(one, known, now)
        pause()
    silent = {one.public_id for one in escalated}
    _finish((task.id for task in known if task.is_open and task.about not in silent), now)


def remind_of_promises(now: datetime) -> None:
    """Two working days before a promised day, whoever looks after the application finds a ready draft as a task."""
    today = day_of(now, company_zone())
    coming = coming_promises(today, reminded_until(today, calendar_from(today)))
    known = engine_tasks((TaskKind.UPDATE_DUE,), today)
    done = {task.dedupe_key for task in known if not task.has_settled}
    for one in coming:
        if one.key in done:
            continue
        end_reading()
        add_task(
            owner_id=one.owner_id,
            kind=TaskKind.UPDATE_DUE,
            cause=f"{_CAUSE}{one.public_id}",
            about=one.public_id,
            due_on=one.promised,
            dedupe_key=one.key,
            title=one.opening_title,
            person_id=one.person_id,
            now=now,
        )
        pause()
    owed = {one.key for one in coming}
    _finish((task.id for task in known if task.is_open and task.dedupe_key not in owed), now)


def _finish(task_ids: Iterable[int], now: datetime) -> None:
    """The reason of these tasks has gone."""
    for task_id in task_ids:
        end_reading()
        finish_task(task_id, actor_id=None, now=now)
        pause()


def fold_promises(now: datetime) -> None:
    """What became of promises is noted as facts, for figures."""
    ids = unfolded()
    for first in range(0, len(ids), _FOLDED_AT_ONCE):
        end_reading()
        note_promises(ids[first : first + _FOLDED_AT_ONCE])
        pause()


def stay_in_touch(now: datetime) -> None:
    """A letter that said "not yet" and was accepted brings three dated tasks; they go when somebody has moved on."""
    for event_id in not_yets():
        end_reading()
        write_stays(event_id, now)
        pause()
    drop_stays(now)


def go_on_with_changes(now: datetime) -> None:
    """What a colleague does to many at once is done with those who are left."""
    for change_id in unfinished_changes():
        while go_on_with_change(change_id, now, _CHANGED_AT_ONCE):
            pause()


def write_endings(now: datetime) -> None:
    """Endings for many are written one by one; whoever the words do not fit is held back, and the others get theirs."""
    for letter in letters_to_write():
        end_reading()
        with holding_back(f"applications/ending:{letter.letter_id}", letter.person_id, now):
            write_ending(letter, now)
        pause()


def follow_sources(now: datetime) -> None:
    """A page says where an import moved its application, when the time has passed in which that could be put right."""
    for public_id in moved_there(now):
        end_reading()
        follow_source(public_id, now)
        pause()


def settle_endings(now: datetime) -> None:
    """A page says what another system told; where an ending was taken back, a mark that was about it goes."""
    for public_id in told_there(now):
        end_reading()
        tell_elsewhere(public_id, now)
        pause()
    end_reading()
    remove_outdated_marks(now)
