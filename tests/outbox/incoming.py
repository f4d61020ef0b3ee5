"""Mail that comes in, made up for tests: answers, reports, what machines write; and taking it in."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from email.message import EmailMessage
from email.utils import parseaddr

from sqlalchemy import select

from portal.conversations.jobs import look_for_held_mail, take_in_replies
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.settings import Settings, current_settings, install_settings
from portal.outbox.actions import keep_mail
from portal.outbox.jobs import MailSender, sort_mail
from portal.outbox.models import Delivery, DevMail, IncomingMail
from portal.outbox.rules.incoming import TagFor, tagged
from portal.outbox.states import CameBy, DeliveryState
from portal.people.models import Person

RETURN = "bounce@mail.kindred.example"
REPLY = "reply@mail.kindred.example"


@contextmanager
def reachable(
    *, return_address: str = RETURN, reply_address: str = REPLY, mailbox_url: str = "", hook_secret: str = ""
) -> Iterator[Settings]:
    """Settings with which answers and bounces find their way, inside the block."""
    before = current_settings()
    after = replace(
        before,
        return_address=return_address,
        reply_address=reply_address,
        mailbox_url=mailbox_url,
        hook_secret=hook_secret,
    )
    install_settings(after)
    try:
        yield after
    finally:
        install_settings(before)


def return_path(key: str) -> str:
    """Where the delivery with this key comes back to."""
    return tagged(current_settings().secret_key, TagFor.RETURN, key, RETURN)


def reply_address(person_id: int) -> str:
    """Where answers of this person go."""
    public_id = session().scalars(select(Person.public_id).where(Person.id == person_id)).one()
    return tagged(current_settings().secret_key, TagFor.REPLY, public_id, REPLY)


def written(
    text: str = "Yes, there is.",
    *,
    sender: str = "ada@example.org",
    to: str = "",
    subject: str = "Re: News",
    files: tuple[str, ...] = (),
    html: str = "",
    **headers: str,
) -> bytes:
    """A mail that somebody wrote; names of header fields with underscores for hyphens."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = f"Ada Lind <{sender}>", to or REPLY, subject
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    if html:
        message.set_content(html, subtype="html")
    else:
        message.set_content(text)
    for name in files:
        message.add_attachment(b"%PDF-1.7", maintype="application", subtype="pdf", filename=name)
    return message.as_bytes()


def report(
    to: str, *, action: str = "failed", status: str = "5.1.1", words: str = "550 5.1.1 no such user", about: str = ""
) -> bytes:
    """A delivery status notification (RFC 3464) to `to`."""
    original = f"\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n{about}\r\n" if about else ""
    return (
        f"From: Mail Delivery <mailer-daemon@example.org>\r\nTo: {to}\r\nSubject: Undelivered mail\r\n"
        "Auto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nIt could not be delivered.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example.org\r\n\r\n"
        f"Final-Recipient: rfc822; ada@example.org\r\nAction: {action}\r\nStatus: {status}\r\n"
        f"Diagnostic-Code: smtp; {words}\r\n{original}\r\n--b--\r\n"
    ).encode()


def complaint(to: str) -> bytes:
    """A report that somebody called our mail spam (RFC 5965)."""
    return (
        f"From: abuse@provider.example\r\nTo: {to}\r\nSubject: complaint\r\nMIME-Version: 1.0\r\n"
        'Content-Type: multipart/report; report-type=feedback-report; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nThis was called spam.\r\n"
        "--b\r\nContent-Type: message/feedback-report\r\n\r\nFeedback-Type: abuse\r\nVersion: 1\r\n--b--\r\n"
    ).encode()


def arrive(*mails: bytes) -> None:
    """Let mails come in, and the worker do what follows."""
    for raw in mails:
        keep_mail(raw, CameBy.HOOK, clock.now())
    work()


def work() -> None:
    """Everything that the worker does with what came in."""
    for job in (sort_mail, take_in_replies, look_for_held_mail):
        end_reading()
        job(clock.now())
    end_reading()


def kept() -> list[IncomingMail]:
    """What came in, as the database has it now."""
    end_reading()
    return list(session().scalars(select(IncomingMail).order_by(IncomingMail.id)))


def send() -> None:
    """Send what is due, to the development mailbox."""
    MailSender("worker-a", threading.Event()).send_due_mail()
    end_reading()


def newest_delivery(kind: str = "") -> Delivery:
    """The last message that was put into the outbox, of this kind if one is named."""
    end_reading()
    found = select(Delivery).order_by(Delivery.id.desc()).limit(1)
    return session().scalars(found.where(Delivery.kind == kind) if kind else found).one()


def answers_to(delivery: Delivery) -> str:
    """The address that the message asks to be answered at, as it went out."""
    end_reading()
    headers = session().scalars(select(DevMail.headers).where(DevMail.delivery_key == delivery.key)).one()
    return parseaddr(headers["Reply-To"])[1]


def is_sent(delivery_id: int) -> bool:
    end_reading()
    state = session().scalars(select(Delivery.state).where(Delivery.id == delivery_id)).one()
    return state is DeliveryState.SENT
