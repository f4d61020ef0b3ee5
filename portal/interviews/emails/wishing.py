"""Word to colleagues, at once, of what a candidate told us about an interview; it names nobody and repeats nothing."""

from datetime import datetime

from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext, reading_as
from portal.core.mail import RenderedMail
from portal.interviews.rules.times import named_moment
from portal.interviews.states import WishKind
from portal.people.queries import Recipient
from portal.wording.queries import render
from portal.wording.rules import Rows


def told(
    to: Recipient,
    kind: WishKind | None,
    *,
    public_id: str,
    title: str,
    opening_title: str,
    starts_at: datetime | None,
    minutes: int = 0,
) -> RenderedMail:
    """To whoever arranges an interview or takes part: what the candidate told us; None: they can come after all.

    `minutes`: by how many they are late, 0 when they did not say.
    """
    with reading_as(to.locale, to.timezone):
        headline, what = _words(kind, minutes)
        rows: list[tuple[str, str]] = [(_("Interview"), title), (_("Opening"), opening_title)]
        if starts_at is not None:
            rows.append((_("When"), named_moment(starts_at)))
        link: Rows = ((_("Open the interview"), f"/recruiting/interviews/{public_id}"),)
    return render(
        "interviews/wish",
        to.locale,
        to.timezone,
        headline=headline,
        title=title,
        what=what,
        interview=tuple(rows),
        interview_link=link,
    )


def _words(kind: WishKind | None, minutes: int) -> tuple[str, str]:
    if kind is None:
        return _("The candidate can come after all"), _("They took back what they told us. The time stays as it was.")
    if kind is WishKind.RUNNING_LATE:
        by = ngettext("They are late by about %(count)s minute.", "They are late by about %(count)s minutes.", minutes)
        begins = _("Please stay on the line, or at the door, and begin when they are there.")
        return _("The candidate is running late"), f"{by} {begins}" if minutes else begins
    if kind is WishKind.CANNOT_COME:
        return _("The candidate cannot come"), _(
            "Nobody needs to wait. Whoever arranges it finds another way with them."
        )
    if kind is WishKind.DECLINED:
        return _("The candidate would rather not meet"), _("Please read what they wrote and answer them.")
    return _("The candidate asks for another time"), _("Please read what suits them and propose new times.")
