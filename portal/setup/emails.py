"""The mail that shows an admin whether mail works."""

from datetime import datetime

from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.wording.queries import render


def test_mail(to: Recipient, asked_at: datetime) -> RenderedMail:
    """To an admin who wants to see whether the site's mail arrives."""
    return render("setup/test_mail", to.locale, to.timezone, name=to.name, asked_at=asked_at)
