"""Joining, changing what one looks for, and leaving."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import delete, select

from portal.accounts.actions import (
    UsedToken,
    check_code,
    confirm_address,
    issue_token,
    start_session,
    use_checked_code,
    use_token,
)
from portal.accounts.models import Account
from portal.accounts.queries import find_account
from portal.accounts.rules import token_refused
from portal.audit.actions import record
from portal.community import emails
from portal.community.models import JoinRequest, Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.rules import Folded
from portal.community.states import CareerStage, WorkMode
from portal.company.queries import company_zone
from portal.contact.actions import let_run_out, note_asked, record_consent, settle
from portal.contact.queries import consent_states
from portal.contact.rules import PURPOSE_WORDS, TEXT_VERSION, AskToStay, Life, next_step
from portal.contact.states import ConsentAction, Purpose, Timing
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import local, reader
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.models import Address, Person
from portal.people.queries import addresses_of, known_person, recipient

_JOIN = "/join"
_JOIN_SIGNED_IN = "/me/join"
_PREFERENCES = "/me/preferences"
_LEAVE = "/me/leave"
#: The sentence beside the button that leaves; the ledger keeps it for every purpose.
LEAVING_WORDS: Final = _l("I leave the community. Write to me only about my account and my applications.")


@dataclass(frozen=True)
class Wishes:
    """What a person says they look for."""

    areas: Sequence[str]
    skills: Sequence[Folded]
    places: Sequence[Folded]
    career_stage: CareerStage | None
    work_modes: Sequence[WorkMode]


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
            cause=f"{mail.kind}:{mail.key}",
            dedupe_key=f"{mail.kind}:{mail.key}",
            now=now,
        )


def confirm_joining(token: str, device: str, now: datetime) -> str:
    """Use the mailed link up: the person is here, a member, and signed in; the session's secret.

    All of it or nothing. Raises TokenRefused.
    """
    with transaction():
        return _join_as_asked(use_token(TokenKind.CONFIRM, token, now), device, now)


def confirm_joining_by_code(code: str, browser_secret: str, device: str, now: datetime) -> str:
    """The same with the six digits, in the browser that asked. Raises TokenRefused."""
    token_id = check_code(TokenKind.CONFIRM, code, browser_secret, now)
    with transaction():
        return _join_as_asked(use_checked_code(token_id, now), device, now)


def _join_as_asked(used: UsedToken, device: str, now: datetime) -> str:
    with transaction() as session:
        asked = session.scalar(select(JoinRequest).where(JoinRequest.token_id == used.id).with_for_update())
        if asked is None:
            raise token_refused()
        account_id = confirm_address(
            asked.email, name=asked.name, locale=asked.locale, timezone=asked.timezone, now=now
        )
        person_id = session.get_one(Account, account_id).person_id
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
        _note_consents(person_id, [], purposes, _JOIN_SIGNED_IN, now)


def change_preferences(
    person_id: int, wishes: Wishes, *, shown: Sequence[Purpose], ticked: Sequence[Purpose], now: datetime
) -> None:
    """Keep what a person looks for, and note what they said about being written to.

    `shown` are the boxes that came ticked with their page, `ticked` those they sent. Does not make them a member.
    """
    with transaction() as session:
        person = _lock(person_id)
        row = session.get(Preferences, person_id)
        if row is None:
            row = Preferences(person_id=person_id, work_modes=[], changed_at=now)
            session.add(row)
        if row.career_stage is not wishes.career_stage:
            row.career_stage = wishes.career_stage
            row.career_stage_on = local(now).date() if wishes.career_stage else None
        row.work_modes = [str(mode) for mode in wishes.work_modes]
        row.changed_at = now
        session.execute(delete(PersonArea).where(PersonArea.person_id == person_id))
        session.execute(delete(PersonSkill).where(PersonSkill.person_id == person_id))
        session.execute(delete(PersonPlace).where(PersonPlace.person_id == person_id))
        session.add_all(PersonArea(person_id=person_id, area=area) for area in sorted(set(wishes.areas)))
        session.add_all(PersonSkill(person_id=person_id, skill=key, label=label) for key, label in wishes.skills)
        session.add_all(PersonPlace(person_id=person_id, place=key, label=label) for key, label in wishes.places)
        session.flush()
        _note_consents(person_id, shown, ticked, _PREFERENCES, now)
        record(
            "community.change_preferences",
            f"person:{person.public_id}",
            actor_id=person_id,
            now=now,
            person_id=person_id,
        )


def leave_community(person_id: int, now: datetime) -> bool:
    """Let a member go: no consent holds any longer, what they look for is deleted; applications stay as they are.

    Told by mail. False, and nothing happens, when they are no member.
    """
    mail = emails.left(recipient(person_id))
    with transaction() as session:
        person = _lock(person_id)
        membership = session.get(Membership, person_id)
        if membership is None or membership.left_at is not None:
            return False
        membership.left_at = now
        for table in (PersonArea, PersonSkill, PersonPlace, Preferences):
            session.execute(delete(table).where(table.person_id == person_id))
        own = select(Address.email).where(Address.person_id == person_id).scalar_subquery()
        # A link to join that is still in the mail must not bring back what was ticked before.
        session.execute(
            delete(JoinRequest).where(JoinRequest.email.in_(own)).execution_options(synchronize_session=False)
        )
        _withdraw_all(person_id, now)
        record("community.leave", f"person:{person.public_id}", actor_id=person_id, now=now, person_id=person_id)
        to = recipient(person_id)
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=person_id,
            mail_class=MailClass.OWN,
            cause=f"{mail.kind}:{mail.key}",
            dedupe_key=f"{mail.kind}:{mail.key}",
            now=now,
        )
        return True


def _withdraw_all(person_id: int, now: datetime) -> None:
    """Whoever leaves says no to every purpose, also to those that were never asked: only they can say yes again."""
    states = consent_states(person_id)
    for purpose in Purpose:
        state = states.get(purpose)
        if state is not None and state.action is ConsentAction.WITHDRAWN:
            continue
        record_consent(
            person_id,
            purpose,
            ConsentAction.WITHDRAWN,
            words=str(LEAVING_WORDS),
            text_version=TEXT_VERSION,
            locale=reader().locale,
            source=_LEAVE,
            now=now,
        )


def renew_consents(person_id: int, life: Life, months: int, now: datetime) -> None:
    """Ask somebody we have not heard from for nearly `months` whether they want to stay, if it is time; without an
    answer what they agreed to runs out. Safe to run twice.
    """
    today = day_of(now, company_zone())
    step = next_step(life, months, today)
    purposes = [purpose for purpose, state in consent_states(person_id).items() if state.is_given]
    if step is None:
        return
    if not purposes or not addresses_of(person_id):
        settle(person_id, today)
    elif isinstance(step, AskToStay):
        _ask_to_stay(person_id, step, purposes, now)
    else:
        let_run_out(person_id, now)


def _ask_to_stay(person_id: int, step: AskToStay, purposes: Sequence[Purpose], now: datetime) -> None:
    to = recipient(person_id)
    mail = emails.keep_me(to, purposes, step.ends_on)
    cause = f"{mail.kind}:{to.public_id}"
    with transaction():
        if not note_asked(person_id, step, day_of(now, company_zone())):
            return
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=person_id,
            mail_class=MailClass.OWN,
            timing=Timing.WAKING,
            cause=cause,
            dedupe_key=f"{cause}:{step.ends_on}:{step.days}",
            now=now,
        )


def forget_old_join_requests(now: datetime) -> None:
    """Delete what was typed at /join and never confirmed in time."""
    with transaction() as session:
        session.execute(delete(JoinRequest).where(JoinRequest.expires_at <= now))


def _become_member(person_id: int, now: datetime) -> None:
    with transaction() as session:
        person = _lock(person_id)
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


def _note_consents(
    person_id: int, shown: Sequence[Purpose], ticked: Sequence[Purpose], source: str, now: datetime
) -> None:
    """Only boxes that were moved count, so a page that stood open for long revives nothing that was withdrawn
    meanwhile; and what is so already is not said twice.
    """
    given = {purpose for purpose, state in consent_states(person_id).items() if state.is_given}
    for purpose in Purpose:
        is_ticked = purpose in ticked
        if is_ticked == (purpose in shown) or is_ticked == (purpose in given):
            continue
        record_consent(
            person_id,
            purpose,
            ConsentAction.GIVEN if is_ticked else ConsentAction.WITHDRAWN,
            words=str(PURPOSE_WORDS[purpose]),
            text_version=TEXT_VERSION,
            locale=reader().locale,
            source=source,
            now=now,
        )


def _lock(person_id: int) -> Person:
    """The person, held until the end of the transaction, so that two tabs of theirs follow each other."""
    with transaction() as session:
        person = session.get(Person, person_id, with_for_update=True)
        if person is None:
            raise NotFound
        return person
