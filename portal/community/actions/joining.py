"""Joining: asked for at /join and confirmed by mail, or by somebody who is signed in."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import delete, select

from portal.accounts.actions import (
    UsedToken,
    check_code,
    confirm_address,
    follow_browser,
    issue_token,
    start_session,
    token_cause,
    use_checked_code,
    use_token,
)
from portal.accounts.models import Account
from portal.accounts.queries import find_account
from portal.accounts.rules import token_refused
from portal.audit.actions import record
from portal.community import emails
from portal.community.actions.saying import locked_person, note_consents
from portal.community.models import JoinRequest, Membership, PersonArea
from portal.contact.actions import record_consent
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION
from portal.contact.states import ConsentAction, Purpose
from portal.core.db import transaction
from portal.core.i18n import reader
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import known_person

_JOIN = "/join"
_JOIN_SIGNED_IN = "/me/join"


def ask_to_join(
    email: str, name: str, *, areas: Sequence[str], purposes: Sequence[Purpose], browser_secret: str, now: datetime
) -> None:
    """Keep what was typed until the address is confirmed, and mail a link and a code there.

    The same work for every address, known or not. A newer request for an address takes the place of the older.
    """
    person = known_person(email)
    mail = emails.confirm(person, has_account=find_account(email) is not None)
    asking = reader()
    with transaction() as session:
        token_id = issue_token(
            TokenKind.CONFIRM,
            mail,
            subject=email,
            person_id=person.person_id if person else None,
            now=now,
            browser_secret=browser_secret,
        )
        session.execute(delete(JoinRequest).where(JoinRequest.email == email))
        session.add(
            JoinRequest(
                token_id=token_id,
                email=email,
                name=name,
                locale=asking.locale,
                timezone=asking.zone,
                areas=list(areas),
                consents=[
                    {"purpose": str(purpose), "words": str(PURPOSE_WORDS[purpose]), "text_version": TEXT_VERSION}
                    for purpose in purposes
                ],
                created_at=now,
                expires_at=now + RULES[TokenKind.CONFIRM].lifetime,
            )
        )
        enqueue(
            mail,
            to_address=email,
            to_name=person.name if person else "",
            person_id=person.person_id if person else None,
            mail_class=MailClass.OWN,
            cause=token_cause(TokenKind.CONFIRM, email),
            dedupe_key=f"{mail.kind}:{mail.key}",
            now=now,
            expires_at=now + RULES[TokenKind.CONFIRM].lifetime,
        )


def confirm_joining(token: str, device: str, now: datetime, *, zone: str = "") -> str:
    """Use the mailed link up: the person is here, a member, and signed in; the session's secret.

    `zone`: of the browser that confirms, where it says so; else the one that asked counts. All of it or nothing. Raises
    TokenRefused.
    """
    with transaction():
        return _join_as_asked(use_token(TokenKind.CONFIRM, token, now), device, zone, now)


def confirm_joining_by_code(code: str, browser_secret: str, device: str, now: datetime, *, zone: str = "") -> str:
    """The same with the six digits, in the browser that asked. Raises TokenRefused."""
    token_id = check_code(TokenKind.CONFIRM, code, browser_secret, now)
    with transaction():
        return _join_as_asked(use_checked_code(token_id, now), device, zone, now)


def _join_as_asked(used: UsedToken, device: str, zone: str, now: datetime) -> str:
    with transaction() as session:
        asked = session.scalar(select(JoinRequest).where(JoinRequest.token_id == used.id).with_for_update())
        if asked is None:
            raise token_refused()
        zone = zone or asked.timezone
        account_id = confirm_address(asked.email, name=asked.name, locale=asked.locale, timezone=zone, now=now)
        person_id = session.get_one(Account, account_id).person_id
        follow_browser(person_id, zone, now)
        _become_member(person_id, now)
        _add_areas(person_id, asked.areas)
        for box in asked.consents:
            record_consent(
                person_id,
                Purpose(box["purpose"]),
                ConsentAction.GIVEN,
                words=box["words"],
                text_version=box["text_version"],
                locale=asked.locale,
                source=_JOIN,
                now=now,
            )
        session.delete(asked)
        session.flush()
        return start_session(account_id, device, now)


def join(person_id: int, purposes: Sequence[Purpose], now: datetime) -> None:
    """Make somebody who is signed in a member, and note what they ticked, in the words of this page."""
    with transaction():
        _become_member(person_id, now)
        note_consents(person_id, [], purposes, _JOIN_SIGNED_IN, now)


def forget_old_join_requests(now: datetime) -> None:
    """Delete what was typed at /join and never confirmed in time."""
    with transaction() as session:
        session.execute(delete(JoinRequest).where(JoinRequest.expires_at <= now))


def _become_member(person_id: int, now: datetime) -> None:
    with transaction() as session:
        person = locked_person(person_id)
        row = session.get(Membership, person_id)
        if row is not None and row.left_at is None:
            return
        if row is None:
            session.add(Membership(person_id=person_id, joined_at=now))
        else:
            row.joined_at, row.left_at = now, None
        session.flush()
        record("community.join", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id)


def _add_areas(person_id: int, areas: Iterable[str]) -> None:
    with transaction() as session:
        known = set(session.scalars(select(PersonArea.area).where(PersonArea.person_id == person_id)))
        session.add_all(
            PersonArea(person_id=person_id, area=area) for area in dict.fromkeys(areas) if area not in known
        )
        session.flush()
