"""Ada, who was interviewed for an opening of Hugo's and not selected, and feedback for her in every state."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.feedback.actions.approving import approve_feedback
from portal.feedback.actions.retracting import retract_feedback
from portal.feedback.actions.writing import hand_in, save_feedback
from portal.feedback.models import Feedback
from portal.feedback.rules.writing import FeedbackWords, RetractReason
from portal.interviews.states import InterviewState, Relationship
from portal.outbox.models import Delivery
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests.applications.promise_jobs import send_what_is_due
from tests.factories import Made, add_event, make_application, make_opening, make_staff, make_version
from tests.interviews.rows import make_interview

YESTERDAY = datetime(2026, 3, 3, 9, 0, tzinfo=UTC)
#: Words that stand nowhere else.
SECRET = "zebra crossing"
WORDS = FeedbackWords(
    strong=f"You asked whom the figures are for before you counted. {SECRET.capitalize()}.",
    criterion="SQL",
    missing="We looked for window functions, and you joined a table to itself.",
    try_this="Solve one question a week with window functions.",
    resource="A free course with exercises.",
    resource_url="https://sql.example/windows",
)


@dataclass(frozen=True)
class People:
    """Who is in it. Rita looks after it, Hugo leads the opening, Lena another, Omar was on the panel."""

    rita: int
    hugo: int
    lena: int
    omar: int
    admin: int
    ada: Made
    bob: Made
    interview: str


def scope(person_id: int, role: Role = Role.RECRUITER) -> StaffScope:
    """Who asks."""
    return StaffScope(person_id, role)


def make_people(*, has_ended: bool = True, knows: Relationship | None = None) -> People:
    """Everybody; `knows` is how Rita, who is on the panel then, knows Ada."""
    rita = make_staff("Rita Sander", email="rita@example.org")
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org")
    lena = make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org")
    omar = make_staff("Omar Haddad", Role.HIRING_MANAGER, "omar@example.org")
    admin = make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")
    opening = make_opening("Data Analyst", recruiter_id=rita, manager_id=hugo)
    make_version(opening)
    ada = make_application(opening, rita, name="Ada Lind", status=ApplicationStatus.INTERVIEWING)
    bob = make_application(make_opening("Nurse", recruiter_id=rita, manager_id=lena), rita, name="Bob Eriksen")
    panel: list[tuple[int, Relationship | None]] = [(hugo, Relationship.NONE), (omar, None)]
    if knows is not None:
        panel.append((rita, knows))
    interview = make_interview(
        ada.id, rita, state=InterviewState.DONE, starts_at=YESTERDAY, panel=panel, criteria="- Asks why\n- SQL"
    )
    if has_ended:
        end(ada)
    return People(rita, hugo, lena, omar, admin, ada, bob, interview)


def end(made: Made, status: ApplicationStatus = ApplicationStatus.NOT_SELECTED) -> None:
    """It has ended, and they were told in person."""
    add_event(made.id, EventKind.TOLD_HERE, status=status)
    end_reading()


def draft(people: People, words: FeedbackWords = WORDS, *, author: int = 0, role: Role = Role.HIRING_MANAGER) -> int:
    """A draft, of Hugo's unless said otherwise; its revision."""
    before = written(people)
    revision = before.revision if before else 0
    return save_feedback(
        people.ada.public_id,
        words,
        revision=revision,
        scope=scope(author or people.hugo, role),
        now=clock.now(),
    )


def handed_in(people: People, reason: str = "", **more: Any) -> int:
    """Handed in by Hugo; the revision."""
    revision = draft(people, **more)
    hand_in(
        people.ada.public_id,
        revision=revision,
        reason=reason,
        scope=scope(people.hugo, Role.HIRING_MANAGER),
        now=clock.now(),
    )
    return row(people).revision


def approved(people: People) -> None:
    """Approved by Rita; its mail waits."""
    revision = handed_in(people)
    approve_feedback(people.ada.public_id, revision=revision, scope=scope(people.rita), now=clock.now())
    end_reading()


def sent(people: People, time: Any) -> None:
    """Approved, and the mail server has taken the mail."""
    approved(people)
    time.at = clock.now() + timedelta(minutes=30)
    send_what_is_due()


def retracted(people: People, time: Any) -> None:
    """Sent, and taken back by Rita."""
    sent(people, time)
    retract_feedback(
        people.ada.public_id,
        RetractReason.WRONG_FACTS,
        "One line was about somebody else. I am sorry.",
        scope=scope(people.rita),
        now=clock.now(),
    )
    end_reading()


def written(people: People) -> Feedback | None:
    """What was written about Ada's application, as it stands in the database."""
    end_reading()
    return session().scalar(select(Feedback).where(Feedback.application_id == people.ada.id))


def row(people: People) -> Feedback:
    """The same, where there is something."""
    found = written(people)
    assert found is not None
    return found


def mails(kind: str) -> list[Delivery]:
    """All mails of this kind."""
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def open_tasks(kind: TaskKind = TaskKind.FEEDBACK_TO_APPROVE) -> list[int]:
    """Who has such a task."""
    end_reading()
    statement = select(Task.owner_id).where(Task.kind == kind).where(Task.state.in_(OPEN_STATES))
    return list(session().scalars(statement.order_by(Task.id)))
