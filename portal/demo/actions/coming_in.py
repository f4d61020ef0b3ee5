"""Mail that came in: an answer, one that came back, what a machine wrote, and one that nobody can place."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import datetime
from email.message import EmailMessage
from email.utils import formataddr

from sqlalchemy import select

from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.core.settings import current_settings, install_settings
from portal.demo.actions.story import Story, at, person_at
from portal.demo.actions.work import ABOUT_MAIL, let_work
from portal.demo.data import gathered as data
from portal.demo.rules import report_of_return, when_of
from portal.outbox.actions import keep_mail
from portal.outbox.models import Delivery
from portal.outbox.rules.incoming import TagFor, tagged
from portal.outbox.states import CameBy, DeliveryState


def take_in_mail(story: Story) -> None:
    """What people wrote to the address that our letters come from, in the order in which it came."""
    for one in sorted(data.INCOMING, key=lambda mail: when_of(story.today, story.calendar, mail.when, story.zone)):
        with at(when_of(story.today, story.calendar, one.when, story.zone)) as moment:
            keep_mail(_written(one), CameBy.MAILBOX, moment)
            let_work(ABOUT_MAIL, moment)


def bounce(email: str, now: datetime) -> None:
    """The newest letter to this address comes back: its server knows no such mailbox any more."""
    settings = current_settings()
    with _with_return_address() as return_address:
        path = tagged(settings.secret_key, TagFor.RETURN, _newest_letter(email), return_address)
        keep_mail(report_of_return(path, email), CameBy.MAILBOX, now)
        let_work(ABOUT_MAIL, now)


@contextmanager
def _with_return_address() -> Iterator[str]:
    """As if PORTAL_RETURN_ADDRESS was set while the mail went out and came back."""
    before = current_settings()
    address = f"bounce@{before.mail_domain}"
    install_settings(replace(before, return_address=address))
    try:
        yield address
    finally:
        install_settings(before)


def _written(one: data.Incoming) -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = formataddr((one.name, one.email)), current_settings().mail_from
    message["Subject"] = one.subject
    if one.is_answer:
        message["In-Reply-To"] = f"<{_newest_letter(one.email)}@{current_settings().mail_domain}>"
    if one.is_by_machine:
        message["Auto-Submitted"] = "auto-replied"
    message.set_content(one.text)
    return message.as_bytes()


def _newest_letter(email: str) -> str:
    wanted = select(Delivery.key).where(Delivery.person_id == person_at(email))
    key = session().scalars(wanted.where(Delivery.state == DeliveryState.SENT).order_by(Delivery.id.desc())).first()
    end_reading()
    if key is None:
        raise PortalError("The demo lost one of its letters.")
    return key
