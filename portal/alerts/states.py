"""Why openings that fit a member wait before they are told."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class WhyWaiting(StrEnum):
    """What a member's openings wait for; most are those of `contact.states`, by the same words."""

    #: What is published around the same time goes in one mail, and what was published by mistake in none.
    GATHERING = "gathering"
    #: A mail of theirs is on its way, and there is one a day at most.
    UNDER_WAY = "under_way"
    #: The opening has just left the site; the next look decides.
    NOT_OPEN = "not_open"
    #: An admin's words of the mail ask for something that we do not know of them.
    MISSING_VALUE = "missing_value"
    QUIET_HOURS = "quiet_hours"
    OFFICE_HOURS = "office_hours"
    PAUSED = "paused"
    RESTING = "resting"
    BUDGET = "budget"
    RHYTHM = "rhythm"
    RESTORED = "restored"
    SUPPRESSED = "suppressed"
    GONE = "gone"


WAITING_LABELS: Final[dict[WhyWaiting, str]] = {
    WhyWaiting.GATHERING: _l("It has just been published; what comes within half an hour goes in one mail"),
    WhyWaiting.UNDER_WAY: _l("Their mail of today is on its way; this goes with the next one"),
    WhyWaiting.NOT_OPEN: _l("It has just left the site"),
    WhyWaiting.MISSING_VALUE: _l("The words of the mail ask for something that we do not know of them"),
    WhyWaiting.QUIET_HOURS: _l("It is quiet time where they are"),
    WhyWaiting.OFFICE_HOURS: _l("It is outside of office hours"),
    WhyWaiting.PAUSED: _l("They asked for a pause"),
    WhyWaiting.RESTING: _l("They were not selected a few days ago, so we leave them in peace"),
    WhyWaiting.BUDGET: _l("They have had their mail of today"),
    WhyWaiting.RHYTHM: _l("They chose to hear of openings less often"),
    WhyWaiting.RESTORED: _l("A backup was restored, so this waits until an admin lets mail go"),
    WhyWaiting.SUPPRESSED: _l("Mail to their address comes back"),
    WhyWaiting.GONE: _l("We have no address of theirs"),
}
