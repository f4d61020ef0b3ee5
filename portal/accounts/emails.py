"""The mails about signing in: each says to whom and why; all are about the person's own account."""

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import reader, reading_as
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.people.queries import KnownPerson, Recipient
from portal.wording.queries import render

#: What somebody will be, within a sentence.
_ROLES = {
    Role.CANDIDATE: _l("a candidate"),
    Role.HIRING_MANAGER: _l("a hiring manager"),
    Role.RECRUITER: _l("a recruiter"),
    Role.ADMIN: _l("an admin"),
}


def sign_in(person: KnownPerson) -> RenderedMail:
    """To somebody we know who asked for it: a link and a code that sign them in."""
    return render("accounts/sign_in", person.locale, person.timezone, name=person.name)


def reset(person: KnownPerson) -> RenderedMail:
    """To somebody we know who has forgotten their password: a link and a code that let them choose a new one."""
    return render("accounts/reset", person.locale, person.timezone, name=person.name)


def unknown_address(email: str) -> RenderedMail:
    """To an address we do not know, because somebody asked for a link with it: why none comes, and how to join."""
    asking = reader()
    return render("accounts/unknown_address", asking.locale, asking.zone, email=email)


def password_changed(person: Recipient | KnownPerson) -> RenderedMail:
    """To the owner of an account whose password has just been set or changed."""
    return render("accounts/password_changed", person.locale, person.timezone, name=person.name)


def invitation(name: str, locale: str, zone: str, role: Role, inviter: str) -> RenderedMail:
    """To somebody who is to work here with us: the link that sets up their account. `inviter` may be empty."""
    with reading_as(locale, zone):
        words = {"inviter": inviter or _("A colleague"), "role": str(_ROLES[role])}
        called = name or _("colleague")
    return render("accounts/invitation", locale, zone, name=called, **words)


def second_factor_set_up(person: Recipient) -> RenderedMail:
    """To a member of staff whose second factor was just set up, by themselves or by somebody with their password."""
    return render("accounts/second_factor_set_up", person.locale, person.timezone, name=person.name)


def recovery_code_used(person: Recipient) -> RenderedMail:
    """To a member of staff who came in by a recovery code, or somebody who has one."""
    return render("accounts/recovery_code_used", person.locale, person.timezone, name=person.name)


def second_factor_reset(person: Recipient) -> RenderedMail:
    """To a member of staff whose second factor an admin has taken away."""
    return render("accounts/second_factor_reset", person.locale, person.timezone, name=person.name)


def new_address(person: Recipient) -> RenderedMail:
    """To the address that is to take the place of the present one: a link and a code that confirm it.

    Neither this nor the next names anybody: until it is confirmed, a stranger may read it.
    """
    return render("accounts/new_address", person.locale, person.timezone)


def second_address(person: Recipient) -> RenderedMail:
    """To an address that is to stand beside the present one: a link and a code that confirm it."""
    return render("accounts/second_address", person.locale, person.timezone)


def address_changed(person: Recipient) -> RenderedMail:
    """To the address that was written to until now: another took its place; what to do if that was not you."""
    return render("accounts/address_changed", person.locale, person.timezone, name=person.name)


def address_added(person: Recipient) -> RenderedMail:
    """To the address we write to: another stands beside it; what to do if that was not you."""
    return render("accounts/address_added", person.locale, person.timezone, name=person.name)


def address_chosen(person: Recipient) -> RenderedMail:
    """To the address we wrote to until now: another one of theirs was chosen; what to do if that was not you."""
    return render("accounts/address_chosen", person.locale, person.timezone, name=person.name)


def records_joined(person: Recipient | KnownPerson) -> RenderedMail:
    """To every address of two records that became one: what that means, and how to part them if that was not you."""
    return render("accounts/records_joined", person.locale, person.timezone, name=person.name)


def address_removed(person: Recipient) -> RenderedMail:
    """To an address that is to go: when, and what to do if that was not you."""
    return render("accounts/address_removed", person.locale, person.timezone, name=person.name)
