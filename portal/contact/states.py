"""Kinds of mail, purposes that need consent, when mail may go, and why it waits or never goes."""

from enum import StrEnum


class Purpose(StrEnum):
    """What a person may agree to be written to about, each on its own."""

    INSIDER_UPDATES = "insider_updates"
    JOB_ALERTS = "job_alerts"
    EVENTS = "events"
    CHECK_INS = "check_ins"
    COMMUNITY_PULSE = "community_pulse"


class ConsentAction(StrEnum):
    """One entry of the ledger."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"
    EXPIRED = "expired"


class MailClass(StrEnum):
    """The three kinds of mail of promise 4."""

    #: About the person's own account or application: always.
    OWN = "own"
    #: The experience survey about their own process.
    SURVEY = "survey"
    #: Everything else, by purpose and consent.
    COMMUNITY = "community"


class Timing(StrEnum):
    """At what time of day a message may go."""

    #: At any time: what a person asked for or what a person of ours sends about an application; interviews.
    AT_ONCE = "at_once"
    #: Outside the reader's quiet hours: community mail, surveys and automatic notes.
    WAKING = "waking"
    #: On working days in office hours: endings and feedback.
    OFFICE = "office"


class Budget(StrEnum):
    """From which allowance of promise 5 a message is taken."""

    NONE = "none"
    COMMUNITY = "community"
    CHECK_IN = "check_in"
    JOB_ALERTS = "job_alerts"


class WhyHeld(StrEnum):
    """Why a message waits."""

    QUIET_HOURS = "quiet_hours"
    OFFICE_HOURS = "office_hours"
    PAUSED = "paused"
    #: For 7 days after Not selected no community mail goes.
    RESTING = "resting"
    BUDGET = "budget"
    #: The person chose to hear of it less often.
    RHYTHM = "rhythm"
    #: A backup was restored: what waited may have gone since it was made, so an admin looks first.
    RESTORED = "restored"


class WhyNot(StrEnum):
    """Why a message never goes."""

    #: Mail to this address came back.
    SUPPRESSED = "suppressed"
    NO_CONSENT = "no_consent"
    SURVEYS_OFF = "surveys_off"
    #: The person was erased or has no address any more.
    GONE = "gone"


class Rhythm(StrEnum):
    """How often a person wants to hear about one topic."""

    AS_IT_HAPPENS = "as_it_happens"
    WEEKLY = "weekly"
    MONTHLY = "monthly"
