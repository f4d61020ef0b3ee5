"""What an ended application's page says about the decision: who made it, whether a machine did, when to apply again."""

from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.core.i18n import gettext as _

#: Endings that the candidate decided.
_BY_THEM = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED})


def about_the_decision(
    status: ApplicationStatus, kind: EventKind, company: str, is_ai_used: bool | None, ai_words: str
) -> list[tuple[str, str]]:
    """Pairs of label and sentence for an ending; nothing while it is open.

    `is_ai_used` and `ai_words` are what the opening's page said; None: it said nothing, as with imported ones.
    """
    if status not in ENDINGS:
        return []
    rows = [(_("Who decided"), _who(status, kind, company))]
    if status not in _BY_THEM:
        rows.append((_("Whether a machine did"), _machine(is_ai_used, ai_words)))
    if status is not ApplicationStatus.HIRED:
        rows.append((_("When you may apply again"), _("To other roles at any time, to this one whenever it is open.")))
    return rows


def _who(status: ApplicationStatus, kind: EventKind, company: str) -> str:
    if status in _BY_THEM:
        return _("You did.")
    if status is ApplicationStatus.OPENING_CANCELLED:
        return _("%(org)s did, about the opening and not about you.", org=company)
    if kind is EventKind.ENDED_BEFORE_US:
        return _("People at %(org)s, before this page existed.", org=company)
    return _("The people who recruit for this opening at %(org)s.", org=company)


def _machine(is_ai_used: bool | None, ai_words: str) -> str:
    if is_ai_used is None:
        return _("No. People decide, and no machine in this portal does.")
    if not is_ai_used:
        return _("No. For this opening no machine reads or chooses.")
    said = _("People decided, and a machine took part in reading or choosing.")
    return said + " " + _("The opening said how: %(words)s", words=ai_words) if ai_words else said
