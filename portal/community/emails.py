"""The one mail of joining: to the address that was typed, to see that its owner wants this."""

from portal.core.i18n import reader
from portal.core.mail import RenderedMail, render_mail
from portal.core.settings import current_settings
from portal.people.queries import KnownPerson


def confirm(person: KnownPerson | None, *, has_account: bool) -> RenderedMail:
    """To whoever reads the address: a link and a code that confirm it. `person` is who we know by it, if anyone.

    Nothing that was typed at /join stands in it, because anybody can type there.
    """
    asking = reader()
    settings = current_settings()
    return render_mail(
        "community/confirm",
        person.locale if person else asking.locale,
        person.timezone if person else asking.zone,
        base_url=settings.base_url,
        org_name=settings.org_name,
        name=person.name if person else "",
        has_account=has_account,
    )
