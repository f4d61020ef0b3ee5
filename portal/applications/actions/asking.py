"""What a stranger sends to apply: kept until the link that is mailed to them is opened, and mailed anew."""

from datetime import datetime

from sqlalchemy import delete, or_, select
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token, token_cause
from portal.accounts.rules import token_refused
from portal.applications import emails
from portal.applications.actions.documents import claim, keep_another_day, throw_away_unsent
from portal.applications.models import ApplyRequest
from portal.applications.queries.applying import ApplyPage, apply_request_of
from portal.applications.rules.applying import REQUESTS_KEPT, Sent, answers_as_json
from portal.core.db import transaction
from portal.core.i18n import reader
from portal.core.mail import RenderedMail
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import KnownPerson, known_person


def ask_to_apply(
    email: str,
    page: ApplyPage,
    sent: Sent,
    *,
    cv_id: int | None,
    channel: str,
    browser_secret: str,
    now: datetime,
    instead: int | None = None,
) -> int:
    """Keep what a stranger sent until their address is confirmed, and mail a link and a code there; the token's id.

    The same work for every address, known or not. A newer one for an address takes the place of the older, and of the
    one whose token is `instead`, which the same page had sent. From now on the file is this request's. Raises
    DocumentRefused when it is gone or another request has it; then nothing has changed.
    """
    person = known_person(email)
    mail = emails.confirm_application(person, page.content.title)
    asking = reader()
    with transaction() as session:
        token_id = _send_link(mail, email, person, browser_secret, now)
        is_older = or_(ApplyRequest.email == email, ApplyRequest.token_id == instead)
        before = session.execute(delete(ApplyRequest).where(is_older).returning(ApplyRequest.cv_id)).scalars()
        older = [one for one in before if one != cv_id]
        if cv_id is not None:
            claim(cv_id, now)
        session.add(
            ApplyRequest(
                token_id=token_id,
                opening_id=page.id,
                opening_version=page.version,
                email=email,
                name=sent.name,
                phone=sent.phone,
                locale=asking.locale,
                timezone=asking.zone,
                channel=channel,
                cover_note=sent.cover_note,
                answers=answers_as_json(sent.answers),
                cv_id=cv_id,
                expires_at=now + REQUESTS_KEPT,
            )
        )
    throw_away_unsent(older)
    return token_id


def send_apply_link_again(token_id: int, browser_secret: str, now: datetime) -> None:
    """Mail a fresh link and code for what a stranger sent, whose link has become too old; nothing is typed again.

    The older link is void from now on. Raises TokenRefused when nothing waits for it any more.
    """
    asked = apply_request_of(token_id)
    if asked is None:
        raise token_refused()
    person = known_person(asked.email)
    mail = emails.confirm_application(person, asked.opening_title)
    with transaction() as session:
        row = session.scalar(select(ApplyRequest).where(ApplyRequest.token_id == token_id).with_for_update())
        if row is None:
            raise token_refused()
        row.token_id = _send_link(mail, asked.email, person, browser_secret, now)
        row.expires_at = now + REQUESTS_KEPT
        if row.cv_id is not None:
            keep_another_day(row.cv_id, now)


def _send_link(mail: RenderedMail, email: str, person: KnownPerson | None, secret: str, now: datetime) -> int:
    """Put the mail with a new token into the outbox; the token's id. Joins the transaction."""
    person_id = person.person_id if person else None
    token_id = issue_token(TokenKind.APPLY, mail, subject=email, person_id=person_id, now=now, browser_secret=secret)
    enqueue(
        mail,
        to_address=email,
        to_name=person.name if person else "",
        person_id=person_id,
        mail_class=MailClass.OWN,
        cause=token_cause(TokenKind.APPLY, email),
        dedupe_key=f"{mail.kind}:{mail.key}",
        now=now,
        expires_at=now + RULES[TokenKind.APPLY].lifetime,
    )
    return token_id


def take_request(session: Session, token_id: int) -> int | None:
    """Delete what waited for this token; the id of its file. Joins the transaction.

    Raises TokenRefused when something newer took its place. A request never changes: what was read of it before holds
    while it is here.
    """
    row = session.scalar(select(ApplyRequest).where(ApplyRequest.token_id == token_id).with_for_update())
    if row is None:
        raise token_refused()
    cv_id = row.cv_id
    session.delete(row)
    session.flush()
    return cv_id
