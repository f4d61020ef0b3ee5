"""The one tap after an interview, counted without a name."""

from datetime import date, datetime, timedelta

from sqlalchemy import delete, select

from portal.applications.models import Application
from portal.applications.rules.applying import week_of
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import insert_into, transaction
from portal.interviews.models import ImpressionTicket, Interview, InterviewImpression
from portal.interviews.queries.impressions import ticket_hash
from portal.interviews.rules.afterwards import IMPRESSION_DAYS


def allow_impression(public_id: str, today: date) -> None:
    """Let it be said once how this interview began; joins the transaction."""
    with transaction() as session:
        values = {"ticket_hash": ticket_hash(public_id), "delete_on": today + timedelta(days=IMPRESSION_DAYS)}
        statement = insert_into(ImpressionTicket, session.get_bind().dialect.name).values(values)
        session.execute(statement.on_conflict_do_nothing(index_elements=["ticket_hash"]))


def say_impression(public_id: str, *, was_on_time: bool, had_time_to_ask: bool, now: datetime) -> bool:
    """Count how an interview began, in a total of the opening and the week; nothing says who.

    Once an interview: its ticket goes with the answer, so that no mark is left beside the total. False when there is
    none any more. The caller knows that the interview is theirs.
    """
    with transaction() as session:
        opening_id = session.scalar(
            select(Application.opening_id)
            .join(Interview, Interview.application_id == Application.id)
            .where(Interview.public_id == public_id)
        )
        ticket = delete(ImpressionTicket).where(ImpressionTicket.ticket_hash == ticket_hash(public_id))
        if opening_id is None or session.scalar(ticket.returning(ImpressionTicket.ticket_hash)) is None:
            return False
        statement = insert_into(InterviewImpression, session.get_bind().dialect.name).values(
            opening_id=opening_id,
            week_on=week_of(day_of(now, company_zone())),
            was_on_time=was_on_time,
            had_time_to_ask=had_time_to_ask,
            count=1,
        )
        session.execute(
            statement.on_conflict_do_update(
                index_elements=["opening_id", "week_on", "was_on_time", "had_time_to_ask"],
                set_={"count": InterviewImpression.count + 1},
            )
        )
        return True
