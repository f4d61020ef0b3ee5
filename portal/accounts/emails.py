"""The mails about signing in: each says to whom and why; all are about the person's own account."""

from portal.core.i18n import reader
from portal.core.mail import RenderedMail, render_mail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.people.queries import KnownPerson, Recipient


def sign_in(person: KnownPerson) -> RenderedMail:
    """To somebody we know who asked for it: a link and a code that sign them in."""
    return _render("accounts/sign_in", person.locale, person.timezone, name=person.name)


def reset(person: KnownPerson) -> RenderedMail:
    """To somebody we know who has forgotten their password: a link and a code that let them choose a new one."""
    return _render("accounts/reset", person.locale, person.timezone, name=person.name)


def unknown_address(email: str) -> RenderedMail:
    """To an address we do not know, because somebody asked for a link with it: why none comes, and how to join."""
    asking = reader()
    return _render("accounts/unknown_address", asking.locale, asking.zone, email=email)


def password_changed(person: Recipient | KnownPerson) -> RenderedMail:
    """To the owner of an account whose password has just been set or changed."""
    return _render("accounts/password_changed", person.locale, person.timezone, name=person.name)


def invitation(name: str, locale: str, zone: str, role: Role, inviter: str) -> RenderedMail:
    """To somebody who is to work here with us: the link that sets up their account. `inviter` may be empty."""
    return _render("accounts/invitation", locale, zone, name=name, role=role, inviter=inviter)


def _render(kind: str, locale: str, zone: str, **values: object) -> RenderedMail:
    settings = current_settings()
    return render_mail(kind, locale, zone, base_url=settings.base_url, org_name=settings.org_name, **values)
