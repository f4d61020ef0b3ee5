"""What is sent about copies, erasures and staying."""

from collections.abc import Sequence
from datetime import date, datetime

from portal.core.i18n import format_moment, join_words, reading_as
from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.wording.queries import render


def copy_ready(to: Recipient, good_until: datetime) -> RenderedMail:
    """To whoever asked for a copy: it is ready, until when, and where; it holds nothing of the copy."""
    with reading_as(to.locale, to.timezone):
        until = format_moment(good_until)
    return render("privacy/copy_ready", to.locale, to.timezone, name=to.name, good_until=until)


def last_mail(to: Recipient, openings: Sequence[str]) -> RenderedMail:
    """The last mail before somebody is erased; `openings`: those whose applications end with it."""
    with reading_as(to.locale, to.timezone):
        withdrawn = join_words(list(openings))
    return render("privacy/last_mail", to.locale, to.timezone, name=to.name, openings=withdrawn)


def stay(to: Recipient, ends_on: date, *, is_member: bool) -> RenderedMail:
    """To somebody whose time with us ends: one tap keeps them, else all is erased on `ends_on`."""
    kind = "privacy/stay_member" if is_member else "privacy/stay_applicant"
    return render(kind, to.locale, to.timezone, name=to.name, ends_on=ends_on)
