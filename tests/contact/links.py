"""Links from mails, as the outbox makes them."""

from datetime import timedelta

from portal.contact.rules import link_subject
from portal.contact.states import MailClass, Purpose
from portal.core import clock
from portal.core.db import end_reading
from portal.core.settings import current_settings
from portal.core.tokens import STATELESS_LIFETIME, TokenKind, signed_token
from portal.outbox.actions import claim_next, mark_sent
from tests.factories import public_id_of


def token(kind: TokenKind, person_id: int, purpose: Purpose | None = None, *, is_survey: bool = False) -> str:
    """The token of a mail that is written now."""
    mail_class = MailClass.SURVEY if is_survey else MailClass.COMMUNITY
    subject = link_subject(public_id_of(person_id), mail_class, purpose)
    return signed_token(current_settings().secret_key, kind, subject, clock.now() + STATELESS_LIFETIME)


def unsubscribe(person_id: int, purpose: Purpose | None = None, *, is_survey: bool = False) -> str:
    """The path that stops mails like this one."""
    return f"/unsubscribe/{token(TokenKind.UNSUBSCRIBE, person_id, purpose, is_survey=is_survey)}"


def preferences(person_id: int) -> str:
    """The path that lets us write less."""
    return f"/preferences/{token(TokenKind.PREFERENCES, person_id)}"


def stay(person_id: int) -> str:
    """The path that keeps what somebody agreed to."""
    return f"/stay/{token(TokenKind.PREFERENCES, person_id)}"


YEAR = timedelta(days=365)


def send_mail() -> None:
    """A worker sends all that may go now."""
    while (claimed := claim_next("worker", clock.now())) is not None:
        mark_sent(claimed, clock.now())
    end_reading()
