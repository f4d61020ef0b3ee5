"""What an ended application's page says about the decision: who made it, whether a machine did, when to apply again."""

from dataclasses import dataclass

from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.core.i18n import gettext as _

#: Endings that the candidate decided.
_BY_THEM = frozenset({ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED})
#: What was decided where we do not look.
_ELSEWHERE = frozenset({EventKind.ENDED_BEFORE_US, EventKind.TOLD_ELSEWHERE})


@dataclass(frozen=True)
class Decided:
    """All that is known of how an application ended."""

    status: ApplicationStatus
    #: What brought it to this ending, whatever was written since.
    kind: EventKind
    company: str
    #: Whom the candidate can ask.
    owner_name: str
    #: Who recruits for the opening, and its hiring manager; empty: not known.
    recruiter_name: str = ""
    manager_name: str = ""
    #: What the opening's page said; None: nothing that holds for them, as with an import.
    is_ai_used: bool | None = None
    ai_words: str = ""


def about_the_decision(decided: Decided) -> list[tuple[str, str]]:
    """Pairs of label and sentence for an ending; nothing while it is open. What we do not know is said so."""
    status = decided.status
    if status not in ENDINGS:
        return []
    rows = [(_("Who decided"), _who(decided))]
    if status not in _BY_THEM:
        rows.append((_("Whether a machine did"), _machine(decided)))
    if status is not ApplicationStatus.HIRED:
        rows.append((_("When you may apply again"), _again(status)))
    return rows


def _who(decided: Decided) -> str:
    org, owner = decided.company, decided.owner_name
    if decided.status in _BY_THEM:
        return _("You did.")
    if decided.status is ApplicationStatus.OPENING_CANCELLED:
        return _("%(org)s did, about the opening and not about you.", org=org)
    if decided.kind is EventKind.ENDED_BEFORE_US:
        return _("We do not know: it ended before this page existed. %(owner)s can ask.", owner=owner)
    if decided.kind is EventKind.TOLD_ELSEWHERE:
        return _("We do not know: it was decided outside these pages. %(owner)s can ask.", owner=owner)
    return _people(decided.recruiter_name, decided.manager_name, org)


def _people(recruiter: str, manager: str, org: str) -> str:
    if recruiter and manager and recruiter != manager:
        return _(
            "%(recruiter)s, who recruits for this opening at %(org)s, and %(manager)s, its hiring manager.",
            recruiter=recruiter,
            manager=manager,
            org=org,
        )
    if recruiter:
        return _("%(recruiter)s, who recruits for this opening at %(org)s.", recruiter=recruiter, org=org)
    if manager:
        return _("%(manager)s, the hiring manager of this opening at %(org)s.", manager=manager, org=org)
    return _("The people who recruit for this opening at %(org)s.", org=org)


def _machine(decided: Decided) -> str:
    owner = decided.owner_name
    how = _("The opening said how: %(words)s", words=decided.ai_words) if decided.ai_words else ""
    if decided.kind in _ELSEWHERE:
        return _("We do not know: it was decided outside these pages. %(owner)s can ask.", owner=owner)
    if decided.status is ApplicationStatus.OPENING_CANCELLED:
        return _("No. It was about the opening, and people decided it.")
    if decided.is_ai_used is None:
        words = _("People decided here, and no machine in this portal does.")
        return words + " " + _("Whether one took part before, we do not know. %(owner)s can ask.", owner=owner)
    if not decided.is_ai_used:
        return _("No. For this opening no machine reads or chooses.")
    said = _("People decided, and a machine took part in reading or choosing.")
    return f"{said} {how}" if how else said


def _again(status: ApplicationStatus) -> str:
    if status is ApplicationStatus.OPENING_CANCELLED:
        return _("To other roles at any time.")
    return _("To other roles at any time, to this one whenever it is open.")
