"""Who works here: invited, changed, gone. Every change is recorded and signs the person out at once.

Whoever is invited has no access before they accept, by the link that went to the address the admin typed: other
addresses of theirs may be read by others, and passwords from before may be known to others.
"""

from dataclasses import replace
from datetime import datetime
from typing import Final

from sqlalchemy import select, update

from portal.accounts import emails
from portal.accounts.actions.addresses import come_in_with, stay_with_address
from portal.accounts.actions.passwords import store_password
from portal.accounts.actions.second_factor import remove_second_factor
from portal.accounts.actions.sessions import end_all_sessions, start_session
from portal.accounts.actions.signing_in import confirm_address, send_own
from portal.accounts.actions.tokens import issue_token, issue_without_mail, use_token, void_tokens
from portal.accounts.adapters import hash_password
from portal.accounts.models import Account, OneTimeToken, SecondFactor
from portal.accounts.queries import entry_address, find_token, leads_by_person
from portal.accounts.rules import NotPossible, check_an_admin_remains, makes_a_circle, token_refused
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import LOCALES
from portal.core.i18n import gettext as _
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_token
from portal.people.actions import (
    add_person,
    add_staff,
    change_profile,
    change_staff,
    note_acceptance,
    note_invitation,
    take_off_staff,
)
from portal.people.models import Person, Staff
from portal.people.queries import Recipient, find_staff, known_person, recipient, staff_name
from portal.people.rules import clean_name

#: Held against changes by others, and records may still point to this person: whoever takes a colleague off the staff
#: holds their staff row first and then records it, which would otherwise wait for us while we wait for that row.
_HELD: Final = {"key_share": True}


def invite_staff(email: str, name: str, role: Role, lead_id: int | None, actor_id: int | None, now: datetime) -> str:
    """Invite somebody to the staff: a one-time link to `email` (normalised) sets up their account; returns that link.

    They have no access before they use it. Whoever is invited a second time before coming gets a new link, and whoever
    left before is taken back. Raises NotPossible for somebody who works here already, InvalidName.
    """
    name = clean_name(name)
    known = known_person(email)
    to = recipient(known.person_id) if known else None
    locale, zone = (to.locale, to.timezone) if to else (LOCALES[0], company_zone())
    shown = (to.name if to else "") or name
    mail = emails.invitation(shown, locale, zone, role, staff_name(actor_id) if actor_id else "")
    with transaction() as session:
        person_id = known.person_id if known else add_person(name, email, locale, zone, now).id
        person = session.get_one(Person, person_id, with_for_update=_HELD)
        person.name = person.name or name
        _put_on_staff(person, role, lead_id, now)
        note_invitation(person_id, email, now)
        stay_with_address(person_id, email, now)
        _send_invitation(mail, person, email, now)
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
        if staff.is_active and staff.invited_at is None and person.claimed_at is not None:
            raise NotPossible(_("%(name)s works here already.", name=person.name))
        change_staff(person.id, role=role, lead_id=lead_id, is_active=True)


def renew_invitation(person_id: int, actor_id: int | None, now: datetime) -> str:
    """A new link for somebody who has not come yet, to the address they were invited with; the older one is void.

    `actor_id` None: by command. Raises NotPossible.
    """
    to = recipient(person_id)
    staff = find_staff(person_id)
    if staff is None:
        raise NotFound
    email = staff.invited_email or staff.email
    mail = emails.invitation(to.name, to.locale, to.timezone, staff.role, staff_name(actor_id) if actor_id else "")
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=_HELD)
        row = session.get_one(Staff, person_id, with_for_update=True)
        if not row.is_active or (row.invited_at is None and person.claimed_at is not None):
            raise NotPossible(_("%(name)s needs no invitation.", name=person.name))
        if not _is_theirs(email, person_id):
            raise NotPossible(
                _("%(email)s is no longer an address of theirs. Take the invitation back, and invite them anew.")
                % {"email": email}
            )
        note_invitation(person_id, email, now)
        _send_invitation(mail, person, email, now)
        _record("accounts.renew_invitation", person, actor_id, now)
    return _link(mail)


def link_to_come_in(person_id: int, now: datetime) -> str:
    """By command, for a colleague whom no mail reaches: a link, good once, by which they set up what they lack.

    Whoever has not accepted their invitation gets a new one (`renew_invitation`). Whoever is here without a second
    factor gets a link good for an hour that signs them in as the one in a mail would, up to setting it up; nothing is
    mailed. Recorded. Raises NotFound, and NotPossible for somebody who has left or whose second factor is set up.
    """
    staff = find_staff(person_id)
    if staff is None:
        raise NotFound
    if not staff.is_active:
        raise NotPossible(_("%(name)s does not work here any more.", name=staff.name or staff.email))
    if staff.invited_email:
        return renew_invitation(person_id, None, now)
    with transaction() as session:
        person = session.get_one(Person, person_id, with_for_update=_HELD)
        row = session.get_one(Staff, person_id, with_for_update=True)
        if not row.is_active or row.invited_at is not None or session.get(SecondFactor, person_id) is not None:
            raise NotPossible(_("%(name)s has a second factor set up and comes in with it.", name=person.name))
        entry = entry_address(person_id)
        if not _is_theirs(entry, person_id):
            raise NotPossible(
                _("%(email)s is no longer an address of theirs. End their access, and invite them anew.", email=entry)
            )
        token = issue_without_mail(TokenKind.SIGN_IN, subject=entry, person_id=person_id, now=now)
        _record("accounts.link_to_come_in", person, None, now)
    return f"{current_settings().base_url}/sign-in/{token}"


def accept_invitation(token: str, name: str, password: str, device: str, now: datetime) -> str:
    """Use an invitation up: name and password are set, the address is confirmed; the new session's secret.

    From now on they have access, and only so: whoever was signed in as them is out, passwords and links to object from
    before are good no more, and we write to the invited address. The password has passed `rules.check_password`.
    Raises TokenRefused.
    """
    to = invited(token, now)
    hashed = hash_password(password)
    with transaction() as session:
        session.get(Person, to.person_id, with_for_update=_HELD)
        staff = session.get(Staff, to.person_id, with_for_update=True)
        if staff is None or not staff.is_active or staff.invited_at is None or staff.invited_email != to.email:
            raise token_refused()
        used = use_token(TokenKind.INVITATION, token, now)
        if used.person_id != to.person_id or not _is_theirs(to.email, to.person_id):
            raise token_refused()
        session.execute(update(Account).where(Account.person_id == to.person_id).values(password_hash=None))
        account_id = confirm_address(to.email, name=name, locale=to.locale, timezone=to.timezone, now=now)
        change_profile(to.person_id, name=name, locale=to.locale, timezone=to.timezone, actor_id=to.person_id, now=now)
        store_password(account_id, hashed, None, now, except_session=None)
        come_in_with(to.person_id, to.email, now)
        note_acceptance(to.person_id)
        _record("accounts.accept_invitation", session.get_one(Person, to.person_id), to.person_id, now)
        return start_session(account_id, device, now, is_by_mail=True)


def invited(token: str, now: datetime) -> Recipient:
    """Whom an invitation that works is for, at the address it went to. Raises TokenRefused."""
    found = find_token(TokenKind.INVITATION, token, now)
    staff = find_staff(found.person_id) if found and found.person_id else None
    if staff is None or not staff.is_active or not staff.invited_email:
        raise token_refused()
    return replace(recipient(staff.person_id), email=staff.invited_email)


def _is_theirs(email: str, person_id: int) -> bool:
    known = known_person(email)
    return known is not None and known.person_id == person_id


def change_role(person_id: int, role: Role, lead_id: int | None, actor_id: int, now: datetime) -> None:
    """Give a member of staff another role or lead; another role signs them out everywhere. Raises LastAdmin.

    Nobody makes a hiring manager of a recruiter by this but `privacy.actions.step_down`, which sees to it that nothing
    is left in their name that hiring managers do not look after.
    """
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
        _void_invitations(person, now)
        end_all_sessions(person_id, now, actor_id=actor_id)
        _record("accounts.deactivate_staff", person, actor_id, now)


def check_lead(person_id: int, lead_id: int | None) -> None:
    """Raise NotPossible when somebody would report to themselves, directly or through others."""
    if makes_a_circle(leads_by_person(), person_id, lead_id):
        raise NotPossible(_("Somebody cannot report to themselves, nor to a person who reports to them."))


def _lock_admins() -> list[int]:
    """Active admins who are here and have signed in, locked in order, so that two changes at once see each other."""
    with transaction() as session:
        rows = session.execute(
            select(Staff.person_id, Person.claimed_at)
            .join(Person, Person.id == Staff.person_id)
            .where(Staff.role == Role.ADMIN)
            .where(Staff.is_active)
            .where(Staff.invited_at.is_(None))
            .order_by(Staff.person_id)
            .with_for_update(of=Staff)
        )
        return [row.person_id for row in rows if row.claimed_at is not None]


def _send_invitation(mail: RenderedMail, person: Person, email: str, now: datetime) -> None:
    _void_invitations(person, now)
    issue_token(TokenKind.INVITATION, mail, subject=person.public_id, person_id=person.id, now=now)
    send_own(mail, email, person.name, person.id, now, carries=(TokenKind.INVITATION, person.public_id))


def _void_invitations(person: Person, now: datetime) -> None:
    """Make every open link of this person useless, also one from a record that has joined theirs."""
    with transaction() as session:
        subjects = session.scalars(
            select(OneTimeToken.subject)
            .where(OneTimeToken.kind == TokenKind.INVITATION)
            .where(OneTimeToken.person_id == person.id)
            .distinct()
        ).all()
    for subject in sorted({*subjects, person.public_id}):
        void_tokens(TokenKind.INVITATION, subject, now)


def _link(mail: RenderedMail) -> str:
    settings = current_settings()
    return f"{settings.base_url}/invitation/{mail_token(settings.secret_key, mail.key, TokenKind.INVITATION)}"


def _record(
    action: str, person: Person, actor_id: int | None, now: datetime, **details: str | int | bool | None
) -> None:
    record(action, f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person.id, **details)
