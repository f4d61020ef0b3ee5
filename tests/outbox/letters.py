"""Messages for tests: put into the outbox, claimed, looked at."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy import select

from portal.contact.states import Budget, Purpose, Timing
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail, TokenPlaces
from portal.core.settings import Settings, current_settings
from portal.outbox.actions import enqueue
from portal.outbox.models import Delivery
from portal.outbox.rules import Letter
from portal.outbox.states import MailClass
from portal.people.actions import add_person

#: A calendar entry that goes with a message.
CALENDAR = "BEGIN:VCALENDAR\r\nMETHOD:REQUEST\r\nBEGIN:VEVENT\r\nSUMMARY:Gespräch\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"


def rendered(number: int = 1, *, with_places: bool = False) -> RenderedMail:
    """A message as core.mail makes it."""
    key = new_public_id() + new_public_id()
    places = TokenPlaces(key)
    text = f"Hello number {number}\n"
    html = f"<p>Hello number {number}</p>"
    if with_places:
        text += f"http://localhost/follow/{places.token('follow')} or {places.code('sign_in')}\n"
        html += f'<a href="http://localhost/follow/{places.token("follow")}">Follow</a>'
    return RenderedMail(key, "applications/message", f"News {number}", text, html, "en")


def put(
    number: int = 1,
    *,
    to: str = "",
    to_name: str = "Ada Łyżwa",
    cause: str = "application:abc",
    person_id: int | None = None,
    reply_to: str = "",
    with_places: bool = False,
    now: datetime | None = None,
    mail_class: MailClass = MailClass.OWN,
    purpose: Purpose | None = None,
    timing: Timing = Timing.AT_ONCE,
    budget: Budget = Budget.NONE,
    expires_at: datetime | None = None,
    calendar: str = "",
) -> int:
    """Put message `number` into the outbox; returns the delivery's id."""
    return enqueue(
        rendered(number, with_places=with_places),
        to_address=to or f"person{number}@example.org",
        to_name=to_name,
        person_id=person_id,
        mail_class=mail_class,
        cause=cause,
        dedupe_key=f"test:{number}",
        now=now or clock.now(),
        reply_to=reply_to,
        purpose=purpose,
        timing=timing,
        budget=budget,
        expires_at=expires_at,
        calendar=calendar,
    )


def person(name: str, address: str) -> int:
    """Somebody with an address; returns the person's id."""
    return add_person(name, address, "en", "Europe/Warsaw", clock.now()).id


def put_many(count: int) -> None:
    """Put that many messages into the outbox in one transaction."""
    with transaction():
        for number in range(count):
            put(number)


def delivery(delivery_id: int) -> Delivery:
    """The row as the database has it now."""
    end_reading()
    return session().scalars(select(Delivery).where(Delivery.id == delivery_id)).one()


def states() -> list[str]:
    """The state of every delivery, in order."""
    end_reading()
    return [str(state) for state in session().scalars(select(Delivery.state).order_by(Delivery.id))]


def settings(mail_url: str = "", env: str = "development") -> Settings:
    """The suite's settings with another mail server."""
    return replace(current_settings(), mail_url=mail_url, env=env)


def letter(**changed: str) -> Letter:
    """A message ready to be sent."""
    values = {
        "key": "Abcdefghijkmnpqrstuvwxyz",
        "kind": "applications/message",
        "to_address": "ada@example.org",
        "to_name": "Ada",
        "reply_to": "",
        "subject": "News",
        "text": "Hello\n",
        "html": "<p>Hello</p>",
    }
    return Letter(**{**values, **changed})
