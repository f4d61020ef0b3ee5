"""People who were interviewed, and how it ended, as tests of what is owed need them."""

from datetime import timedelta
from itertools import count

from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.actions.reverting import revert_ending
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus, EndReason
from portal.company.queries import calendar_from
from portal.company.rules import working_days_after
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.feedback.jobs import ask_for_what_is_owed, note_what_is_owed
from portal.feedback.models import Feedback, FeedbackDebt
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState
from portal.interviews.actions.closing import OUTCOMES
from portal.interviews.models import Interview, InterviewHistory
from portal.interviews.states import InterviewFormat, InterviewState
from portal.tasks.models import Task
from portal.tasks.states import TaskKind, TaskState
from tests.factories import ZONE, Made, settle_mail
from tests.interviews.rows import make_interview
from tests.outbox.letters import put

_numbers = count(1)
NOT_SELECTED = Proposal(
    ApplicationStatus.NOT_SELECTED, "We chose another.", None, "", end_reason=EndReason.STRONGER_CANDIDATE
)


def meet(made: Made, rita: int, *panel: int, ago: timedelta = timedelta(days=2), minutes: int = 60) -> str:
    """An interview at our place that took place; its public id."""
    starts_at = clock.now() - ago
    members = [(one, None) for one in panel]
    public_id = make_interview(
        made.id, rita, state=InterviewState.DONE, starts_at=starts_at, panel=members, minutes=minutes
    )
    change_interview(public_id, format=InterviewFormat.ON_SITE)
    return public_id


def change_interview(public_id: str, **values: object) -> None:
    """Let this be so of an interview from now on."""
    with transaction() as own:
        one = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        for name, value in values.items():
            setattr(one, name, value)
        one.changed_at = clock.now()


def call_it(public_id: str, state: InterviewState) -> None:
    """Somebody says that this became of an interview."""
    change_interview(public_id, state=state)
    with transaction() as own:
        one = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        own.add(
            InterviewHistory(
                interview_id=one.id, kind=OUTCOMES[state], words="", starts_before=one.starts_at, created_at=clock.now()
            )
        )


def end(made: Made, rita: int, proposal: Proposal = NOT_SELECTED) -> None:
    """End an application by a letter; the mail waits."""
    end_reading()
    scope = StaffScope(rita, Role.RECRUITER)
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    write_to_candidate(
        made.public_id, scope=scope, proposal=proposal, seen_event_id=view.newest_event_id, now=clock.now()
    )
    end_reading()


def told(made: Made, rita: int, proposal: Proposal = NOT_SELECTED) -> None:
    """End an application; the mail server takes the letter at once, and what is owed is noted."""
    end(made, rita, proposal)
    settle_mail()
    note()


def open_again(made: Made, rita: int) -> None:
    """Take the ending back; they have read it."""
    end_reading()
    scope, today = StaffScope(rita, Role.RECRUITER), day_of(clock.now(), ZONE)
    day = working_days_after(today, 3, calendar_from(today))[-1]
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    again = Proposal(ApplicationStatus.INTERVIEWING, "I had mixed up two letters.", day, "")
    revert_ending(made.public_id, scope=scope, proposal=again, seen_event_id=view.newest_event_id, now=clock.now())
    settle_mail()
    end_reading()


def note() -> None:
    """What the worker does: what is owed is noted, and asked for."""
    end_reading()
    note_what_is_owed(clock.now())
    end_reading()
    ask_for_what_is_owed(clock.now())
    end_reading()


def debts(made: Made) -> list[FeedbackDebt]:
    """What was owed on this application, the oldest first."""
    end_reading()
    found = select(FeedbackDebt).where(FeedbackDebt.application_id == made.id).order_by(FeedbackDebt.id)
    return list(session().scalars(found))


def states(made: Made) -> list[DebtState]:
    return [one.state for one in debts(made)]


def tasks() -> list[tuple[int, TaskState]]:
    """Who was asked for feedback, and how that stands."""
    end_reading()
    found = select(Task.owner_id, Task.state).where(Task.kind == TaskKind.FEEDBACK_DUE).order_by(Task.id)
    return [(owner_id, state) for owner_id, state in session().execute(found)]


def write_feedback(
    made: Made, author_id: int, state: FeedbackState = FeedbackState.APPROVED, strong: str = "You asked good questions."
) -> int:
    """Feedback as it stands once it was approved, its mail waiting; its id."""
    now = clock.now()
    with transaction() as own:
        one = Feedback(
            public_id=new_public_id(),
            application_id=made.id,
            state=state,
            form=FeedbackForm.FULL,
            author_id=author_id,
            is_alone=False,
            strong=strong,
            missing="",
            criterion="",
            try_this="",
            resource="",
            resource_url="",
            lint_reason="",
            returned_words="",
            revision=1,
            delivery_id=put(next(_numbers), cause="feedback", person_id=made.person_id)
            if state is FeedbackState.APPROVED
            else None,
            created_at=now,
            changed_at=now,
            retracted_words="",
        )
        own.add(one)
        own.flush()
        return one.id
