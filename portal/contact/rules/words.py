"""Why a message waits or never goes, in words for staff and in words for the person."""

from typing import Final

from portal.contact.rules.permission import Go, Hold, Never, Verdict
from portal.contact.states import WhyHeld, WhyNot
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

_HELD_FOR_STAFF: Final[dict[WhyHeld, str]] = {
    WhyHeld.QUIET_HOURS: _l("It is quiet time where they are. It goes out on %(moment)s."),
    WhyHeld.OFFICE_HOURS: _l("This kind of news goes out in office hours on working days. It goes out on %(moment)s."),
    WhyHeld.PAUSED: _l("They asked for a pause. It can go on %(moment)s."),
    WhyHeld.RESTING: _l("They were not selected a few days ago, so we leave them in peace. It can go on %(moment)s."),
    WhyHeld.BUDGET: _l("They have heard from us often enough for now. It can go on %(moment)s."),
    WhyHeld.RHYTHM: _l("They chose to hear of this less often. It can go on %(moment)s."),
}
_OPEN_FOR_STAFF: Final[dict[WhyHeld, str]] = {
    WhyHeld.PAUSED: _l("They asked for a pause, until they say otherwise."),
    WhyHeld.BUDGET: _l("The settings allow no mail of this kind at present."),
    WhyHeld.RESTORED: _l("A backup was restored, so this waits until an admin lets it go."),
}
_NEVER_FOR_STAFF: Final[dict[WhyNot, str]] = {
    WhyNot.SUPPRESSED: _l("Mail to this address came back. An admin can let us try again."),
    WhyNot.NO_CONSENT: _l("They have not agreed to mail about this."),
    WhyNot.SURVEYS_OFF: _l("They asked not to be sent surveys."),
    WhyNot.GONE: _l("We have no address of this person any more."),
}
_HELD_FOR_PERSON: Final[dict[WhyHeld, str]] = {
    WhyHeld.QUIET_HOURS: _l("It waits for the end of your quiet hours, on %(moment)s."),
    WhyHeld.OFFICE_HOURS: _l("It waits for our office hours, on %(moment)s."),
    WhyHeld.PAUSED: _l("You asked for a pause. It waits until %(moment)s."),
    WhyHeld.RESTING: _l("You had a decision from us a few days ago, so this waits until %(moment)s."),
    WhyHeld.BUDGET: _l("You have heard from us often enough for now. It waits until %(moment)s."),
    WhyHeld.RHYTHM: _l("You chose to hear of this less often. It waits until %(moment)s."),
}
_OPEN_FOR_PERSON: Final[dict[WhyHeld, str]] = {
    WhyHeld.PAUSED: _l("You asked for a pause. It waits until you end it."),
    WhyHeld.BUDGET: _l("We send no mail of this kind at present."),
    WhyHeld.RESTORED: _l("We are putting something in order first. It waits until that is done."),
}
_NEVER_FOR_PERSON: Final[dict[WhyNot, str]] = {
    WhyNot.SUPPRESSED: _l("Mail to this address came back to us, so we do not write there."),
    WhyNot.NO_CONSENT: _l("You have not said yes to mail about this, so we do not write about it."),
    WhyNot.SURVEYS_OFF: _l("You asked us not to send you surveys."),
    WhyNot.GONE: _l("We have no address of yours any more."),
}


def why_for_staff(verdict: Verdict) -> str:
    """The verdict in a sentence for colleagues, on their own clock."""
    if isinstance(verdict, Go):
        return _("We may write to them now.")
    if isinstance(verdict, Never):
        return str(_NEVER_FOR_STAFF[verdict.reason])
    return _held(verdict, _HELD_FOR_STAFF, _OPEN_FOR_STAFF)


def why_for_person(verdict: Verdict) -> str:
    """The verdict in a sentence for the person, on their own clock."""
    if isinstance(verdict, Go):
        return _("We may write to you now.")
    if isinstance(verdict, Never):
        return str(_NEVER_FOR_PERSON[verdict.reason])
    return _held(verdict, _HELD_FOR_PERSON, _OPEN_FOR_PERSON)


def _held(verdict: Hold, words: dict[WhyHeld, str], open_words: dict[WhyHeld, str]) -> str:
    if verdict.reason in open_words and (not verdict.has_end or verdict.reason not in words):
        return str(open_words[verdict.reason])
    return str(words[verdict.reason]) % {"moment": format_moment(verdict.until)}
