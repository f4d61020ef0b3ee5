"""The mail that asks somebody how it was, and the one that reminds them."""

from datetime import date
from typing import Final

from portal.core.i18n import ngettext, reading_as
from portal.core.mail import RenderedMail
from portal.people.queries import Recipient
from portal.surveys.states import Touchpoint
from portal.wording.queries import render

#: What the outbox calls the mails with which people are asked, and those that remind.
INVITATIONS: Final[dict[Touchpoint, str]] = {
    Touchpoint.INTERVIEWED: "surveys/interviewed",
    Touchpoint.NOT_SELECTED: "surveys/not_selected",
    Touchpoint.LEFT: "surveys/left",
    Touchpoint.HIRED: "surveys/hired",
    Touchpoint.COMMUNITY: "surveys/community",
}
REMINDERS: Final[dict[Touchpoint, str]] = {
    Touchpoint.INTERVIEWED: "surveys/reminder",
    Touchpoint.LEFT: "surveys/reminder",
    Touchpoint.HIRED: "surveys/reminder",
    Touchpoint.COMMUNITY: "surveys/community_reminder",
}


def survey_mail(kind: str, to: Recipient, *, opening: str, answers: str, minutes: int, closes_on: date) -> RenderedMail:
    """One of `INVITATIONS` or `REMINDERS`; `opening` is empty where it is about the community.

    `answers`: who reads what somebody writes back.
    """
    with reading_as(to.locale, to.timezone):
        takes = ngettext("%(count)s minute", "%(count)s minutes", minutes)
    return render(
        kind,
        to.locale,
        to.timezone,
        name=to.name,
        answers=answers,
        minutes=takes,
        closes_on=closes_on,
        **({"opening": opening} if opening else {}),
    )
