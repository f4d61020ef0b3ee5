"""Candidates with interviews, and what is told of them by mail."""

from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from portal.accounts.actions import issue_token
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.interviews.models import Interview, InterviewHistory, InterviewTime, InterviewWish
from portal.interviews.states import HistoryKind, InterviewState
from portal.outbox.actions import enqueue
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from tests.factories import Made, make_application, make_opening, make_person
from tests.interviews.rows import make_interview

#: Tuesday 10 March 2026, 14:00 in Warsaw; and a day later.
TUESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC)
WEDNESDAY = TUESDAY + timedelta(days=1)


def make_candidate(rita: int, name: str = "Ada Lind") -> Made:
    """Somebody with an open application that Rita looks after."""
    return make_application(make_opening("Data Analyst"), rita, person_id=make_person(name))


def proposed(made: Made, rita: int, *times: datetime) -> str:
    """Times that Rita proposed, by default Tuesday and Wednesday; the interview's public id."""
    return make_interview(made.id, rita, state=InterviewState.PROPOSED, times=times or (TUESDAY, WEDNESDAY))


def row_of(public_id: str) -> Interview:
    """The interview as it stands in the database."""
    end_reading()
    return session().scalars(select(Interview).where(Interview.public_id == public_id)).one()


def time_id(public_id: str, starts_at: datetime = TUESDAY) -> str:
    """The name of a proposed time in forms."""
    found = select(InterviewTime.public_id).where(InterviewTime.interview_id == row_of(public_id).id)
    return session().scalars(found.where(InterviewTime.starts_at == starts_at)).one()


def times_of(public_id: str) -> dict[datetime, str]:
    """What became of each proposed time."""
    found = select(InterviewTime).where(InterviewTime.interview_id == row_of(public_id).id)
    return {row.starts_at: str(row.state) for row in session().scalars(found)}


def wishes_of(public_id: str) -> list[tuple[str, str, bool]]:
    """What the candidate told us: kind, words, and whether it still waits."""
    found = select(InterviewWish).where(InterviewWish.interview_id == row_of(public_id).id).order_by(InterviewWish.id)
    return [(str(row.kind), row.words, row.closed_at is None) for row in session().scalars(found)]


def happened(public_id: str, kind: HistoryKind, mail: DeliveryState | None, before: datetime | None = None) -> None:
    """Something that a colleague did to an interview, and how far the mail is that tells of it."""
    one = row_of(public_id)
    with transaction() as own:
        delivery_id = _mail(one.public_id, mail) if mail else None
        own.add(
            InterviewHistory(
                interview_id=one.id,
                kind=kind,
                actor_id=one.arranged_by_id,
                starts_before=before,
                words="The room is taken.",
                delivery_id=delivery_id,
                created_at=clock.now(),
            )
        )


def change(public_id: str, **values: object) -> None:
    """Let columns of an interview say something else."""
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        for name, value in values.items():
            setattr(row, name, value)


def _mail(about: str, state: DeliveryState) -> int:
    key = new_public_id() + new_public_id()
    delivery_id = enqueue(
        RenderedMail(key, "interviews/moved", "News", "News\n", "<p>News</p>", "en"),
        to_address="ada@example.org",
        to_name="",
        person_id=None,
        mail_class=MailClass.OWN,
        cause=f"interview:{about}",
        dedupe_key=f"news:{key}",
        now=clock.now(),
    )
    with transaction() as own:
        row = own.get_one(Delivery, delivery_id)
        row.state = state
        row.sent_at = clock.now() if state is DeliveryState.SENT else None
        row.last_error = "550 no such user" if state is DeliveryState.DEAD else ""
    return delivery_id


def link_to(public_id: str, person_id: int) -> str:
    """The address that a mail about this interview carries for this person."""
    return f"/interviews/{_token(TokenKind.INTERVIEW, public_id, person_id)}"


def link_to_follow(made: Made) -> str:
    """The address that lets a browser follow this application."""
    return f"/follow/{_token(TokenKind.FOLLOW, made.public_id, made.person_id)}"


def _token(kind: TokenKind, subject: str, person_id: int) -> str:
    key = new_public_id() + new_public_id()
    mail = RenderedMail(key, "interviews/proposal", "Times", "Times\n", "<p>Times</p>", "en")
    with transaction():
        issue_token(kind, mail, subject=subject, person_id=person_id, now=clock.now())
    return mail_token(current_settings().secret_key, key, kind)


def mails(kind: str = "interviews/wish") -> list[Delivery]:
    """What was put into the outbox of this kind, the oldest first."""
    end_reading()
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))
