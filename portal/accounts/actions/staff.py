"""Who works here: invited, changed, gone. Every change is recorded and signs the person out at once."""

from datetime import datetime

from sqlalchemy import select

from portal.accounts import emails
from portal.accounts.actions.passwords import store_password
from portal.accounts.actions.second_factor import remove_second_factor
from portal.accounts.actions.sessions import end_all_sessions, start_session
from portal.accounts.actions.signing_in import confirm_address, send_own
from portal.accounts.actions.tokens import issue_token, use_token, void_tokens
from portal.accounts.adapters import hash_password
from portal.accounts.queries import find_token, leads_by_person
from portal.accounts.rules import NotPossible, check_an_admin_remains, makes_a_circle, token_refused
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import LOCALES
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.outbox.actions import cancel
from portal.people.actions import add_person, add_staff, change_profile, change_staff, take_off_staff
from portal.people.models import Person, Staff
from portal.people.queries import Recipient, find_staff, known_person, recipient, staff_name
from portal.people.rules import clean_name


def invite_staff(email: str, name: str, role: Role, lead_id: int | None, actor_id: int | None, now: datetime) -> str:
    """Make somebody a member of staff and mail them a one-time link to set up their account; returns that link.

    `email` is normalised. Whoever is invited a second time before coming gets a new link, and whoever left before is
    taken back. Raises NotPossible for somebody who works here already, InvalidName.
    """
    name = clean_name(name)
    known = known_person(email)
    to = recipient(known.person_id) if known else None
    locale, zone = (to.locale, to.timezone) if to else (LOCALES[0], current_settings().timezone)
    shown = (to.name if to else "") or name
    mail = emails.invitation(shown, locale, zone, role, staff_name(actor_id) if actor_id else "")
    with transaction() as session:
        person_id = known.person_id if known else add_person(name, email, locale, zone, now).id
        person = session.get_one(Person, person_id, with_for_update=True)
        person.name = person.name or name
        _put_on_staff(person, role, lead_id, now)
        _send_invitation(mail, person, to.email if to else email, now)
        end_all_sessions(person_id, now, actor_id=actor_id)
        _record("accounts.invite_staff", person, actor_id, now, role=role)
    return _link(mail)


def _put_on_staff(person: Person, role: Role, lead_id: int | None, now: datetime) -> None:
    with transaction() as session:
        check_lead(person.id, lead_id)
        staff = session.get(Staff, person.id, with_for_update=True)
        if staff is None:
            add_staff(person.id, role, lead_id, now)
            return
        if staff.is_active and person.claimed_at is not None:
            raise NotPossible(_("%(name)s works here already.", name=person.name))
        change_staff(person.id, role=role, lead_id=lead_id, is_active=True)


def renew_invitation(person_id: int, actor_id: int, now: datetime) -> str:
    """A new link for somebody who has not come yet; the older one is void. Raises NotPossible."""
    to = recipient(person_id)
    staff = find_staff(person_id)
    if staff is None:
        raise NotFound
    mail = emails.invitation(to.name, to.locale, to.timezone, staff.role, staff_name(actor_id))
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=True)
        row = session.get_one(Staff, person_id, with_for_update=True)
        if not row.is_active or person.claimed_at is not None:
            raise NotPossible(_("%(name)s needs no invitation.", name=person.name))
        _send_invitation(mail, person, to.email, now)
        _record("accounts.renew_invitation", person, actor_id, now)
    return _link(mail)


def accept_invitation(token: str, name: str, password: str, device: str, now: datetime) -> str:
    """Use an invitation up: name and password are set, the address is confirmed; the new session's secret.

    The password has passed `rules.check_password`. Raises TokenRefused.
    """
    to = invited(token, now)
    hashed = hash_password(password)
    with transaction() as session:
        used = use_token(TokenKind.INVITATION, token, now)
        if used.person_id != to.person_id:
            raise token_refused()
        account_id = confirm_address(to.email, name=name, locale=to.locale, timezone=to.timezone, now=now)
        change_profile(to.person_id, name=name, locale=to.locale, timezone=to.timezone, actor_id=to.person_id, now=now)
        store_password(account_id, hashed, None, now, except_session=None)
        _record("accounts.accept_invitation", session.get_one(Person, to.person_id), to.person_id, now)
        return start_session(account_id, device, now)


def invited(token: str, now: datetime) -> Recipient:
    """Whom an invitation that works is for. Raises TokenRefused."""
    found = find_token(TokenKind.INVITATION, token, now)
    staff = find_staff(found.person_id) if found and found.person_id else None
    if staff is None or not staff.is_active:
        raise token_refused()
    return recipient(staff.person_id)


def change_role(person_id: int, role: Role, lead_id: int | None, actor_id: int, now: datetime) -> None:
    """Give a member of staff another role or lead; another role signs them out everywhere. Raises LastAdmin."""
    with transaction() as session:
        admins = _lock_admins()
        staff = session.get(Staff, person_id, with_for_update=True)
        if staff is None or not staff.is_active:
            raise NotFound
        check_an_admin_remains(admins, person_id, role, is_active=True)
        check_lead(person_id, lead_id)
        before = staff.role
        change_staff(person_id, role=role, lead_id=lead_id, is_active=True)
        if before is not role:
            end_all_sessions(person_id, now, actor_id=actor_id)
        _record("accounts.change_role", session.get_one(Person, person_id), actor_id, now, before=before, role=role)


def deactivate_staff(person_id: int, actor_id: int, now: datetime) -> None:
    """Somebody no longer works here: signed out everywhere, an open invitation is void. Raises LastAdmin.

    Nobody calls this but `privacy.actions.let_go`, which sees to it that nothing is left in their name.
    """
    with transaction() as session:
        admins = _lock_admins()
        staff = session.get(Staff, person_id, with_for_update=True)
        if staff is None or not staff.is_active:
            raise NotFound
        check_an_admin_remains(admins, person_id, staff.role, is_active=False)
        take_off_staff(person_id)
        remove_second_factor(person_id)
        person = session.get_one(Person, person_id)
        void_tokens(TokenKind.INVITATION, person.public_id, now)
        cancel(_cause(person), now)
        end_all_sessions(person_id, now, actor_id=actor_id)
        _record("accounts.deactivate_staff", person, actor_id, now)


def check_lead(person_id: int, lead_id: int | None) -> None:
    """Raise NotPossible when somebody would report to themselves, directly or through others."""
    if makes_a_circle(leads_by_person(), person_id, lead_id):
        raise NotPossible(_("Somebody cannot report to themselves, nor to a person who reports to them."))


def _lock_admins() -> list[int]:
    """Active admins who have signed in at least once, locked in order, so that two changes at once see each other."""
    with transaction() as session:
        rows = session.execute(
            select(Staff.person_id, Person.claimed_at)
            .join(Person, Person.id == Staff.person_id)
            .where(Staff.role == Role.ADMIN)
            .where(Staff.is_active)
            .order_by(Staff.person_id)
            .with_for_update(of=Staff)
        )
        return [row.person_id for row in rows if row.claimed_at is not None]


def _send_invitation(mail: RenderedMail, person: Person, email: str, now: datetime) -> None:
    cancel(_cause(person), now)
    issue_token(TokenKind.INVITATION, mail, subject=person.public_id, person_id=person.id, now=now)
    send_own(mail, email, person.name, person.id, now, cause=_cause(person))


def _cause(person: Person) -> str:
    return f"invitation:{person.public_id}"


def _link(mail: RenderedMail) -> str:
    settings = current_settings()
    return f"{settings.base_url}/invitation/{mail_token(settings.secret_key, mail.key, TokenKind.INVITATION)}"


def _record(
    action: str, person: Person, actor_id: int | None, now: datetime, **details: str | int | bool | None
) -> None:
    record(action, f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person.id, **details)
