"""What people may agree to be written to about, in the words they see, and what follows from what they said."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from portal.contact.states import ConsentAction, Purpose
from portal.core.i18n import lazy_gettext as _l

#: Goes up whenever a sentence below changes, so that the ledger says which words somebody saw.
TEXT_VERSION: Final = "2026-03"

PURPOSE_LABELS: Final[dict[Purpose, str]] = {
    Purpose.INSIDER_UPDATES: _l("Insider updates"),
    Purpose.JOB_ALERTS: _l("Job alerts"),
    Purpose.EVENTS: _l("Events"),
    Purpose.CHECK_INS: _l("Check-ins"),
    Purpose.COMMUNITY_PULSE: _l("Community pulse"),
}

#: The same within a sentence.
TOPIC_WORDS: Final[dict[Purpose, str]] = {
    Purpose.INSIDER_UPDATES: _l("insider updates"),
    Purpose.JOB_ALERTS: _l("job alerts"),
    Purpose.EVENTS: _l("invitations to events"),
    Purpose.CHECK_INS: _l("check-ins"),
    Purpose.COMMUNITY_PULSE: _l("the yearly community pulse"),
}

#: The sentence beside the box or the button that says yes.
PURPOSE_WORDS: Final[dict[Purpose, str]] = {
    Purpose.INSIDER_UPDATES: _l("Send me insider updates: what teams here work on, what we learn and what changes."),
    Purpose.JOB_ALERTS: _l("Send me job alerts: new openings that fit what I am looking for."),
    Purpose.EVENTS: _l("Invite me to events where I can meet the people who work here."),
    Purpose.CHECK_INS: _l("Ask me now and then how I am and what I am looking for."),
    Purpose.COMMUNITY_PULSE: _l("Ask me once a year what I think of this community."),
}

#: The words on the button that takes it back.
WITHDRAW_WORDS: Final[dict[Purpose, str]] = {
    Purpose.INSIDER_UPDATES: _l("Stop insider updates"),
    Purpose.JOB_ALERTS: _l("Stop job alerts"),
    Purpose.EVENTS: _l("Stop invitations to events"),
    Purpose.CHECK_INS: _l("Stop check-ins"),
    Purpose.COMMUNITY_PULSE: _l("Stop the community pulse"),
}

#: The words on the button that takes everything back.
STOP_EVERYTHING: Final = _l("Stop everything but mail about my applications")

#: The same once it is done, as the heading of a page.
STOPPED_WORDS: Final[dict[Purpose, str]] = {
    Purpose.INSIDER_UPDATES: _l("No more insider updates"),
    Purpose.JOB_ALERTS: _l("No more job alerts"),
    Purpose.EVENTS: _l("No more invitations to events"),
    Purpose.CHECK_INS: _l("No more check-ins"),
    Purpose.COMMUNITY_PULSE: _l("No more community pulse"),
}
STOP_SURVEYS: Final = _l("Stop surveys about my applications")
SURVEYS_STOPPED: Final = _l("No more surveys about your applications")
EVERYTHING_STOPPED: Final = _l("Nothing but mail about your applications")

#: Asked at /join and shown under preferences; the others are asked where they matter.
OFFERED_AT_JOINING: Final = (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS)

#: Members find these under their preferences. At /join nobody can say yet what they think of a community.
OFFERED_TO_MEMBERS: Final = (*OFFERED_AT_JOINING, Purpose.COMMUNITY_PULSE)


@dataclass(frozen=True)
class ConsentFact:
    """One entry of the ledger, as far as its meaning goes; `is_own` when the person said it themselves."""

    purpose: Purpose
    action: ConsentAction
    is_own: bool
    occurred_at: datetime
    words: str = ""
    source: str = ""


@dataclass(frozen=True)
class ConsentState:
    """How one purpose stands: the entry that decides it."""

    decided_by: ConsentFact

    @property
    def action(self) -> ConsentAction:
        return self.decided_by.action

    @property
    def is_given(self) -> bool:
        return self.decided_by.action is ConsentAction.GIVEN


def fold(events: Iterable[ConsentFact]) -> dict[Purpose, ConsentState]:
    """How every purpose stands after `events`, which come in the order of the ledger.

    What somebody has withdrawn, only they themselves can give again; what was never given cannot expire.
    """
    states: dict[Purpose, ConsentState] = {}
    for event in events:
        if _counts(event, states.get(event.purpose)):
            states[event.purpose] = ConsentState(event)
    return states


def _counts(event: ConsentFact, before: ConsentState | None) -> bool:
    """Whether `event` changes how its purpose stands."""
    if event.action is ConsentAction.WITHDRAWN:
        return True
    if event.action is ConsentAction.EXPIRED:
        return before is not None and before.is_given
    return event.is_own or before is None or before.action is not ConsentAction.WITHDRAWN


def to_say_again(before: ConsentState | None, at: datetime, *, is_lapse: bool) -> ConsentAction | None:
    """What a restored ledger lacks of a no, or of a lapse, that came at `at`; None when it needs nothing.

    A yes that is newer stands. A no holds whatever was there; only what was given can run out.
    """
    if before is not None and before.decided_by.occurred_at > at:
        return None
    if is_lapse:
        return ConsentAction.EXPIRED if before is not None and before.is_given else None
    return None if before is not None and before.action is ConsentAction.WITHDRAWN else ConsentAction.WITHDRAWN


def merged(kept: dict[Purpose, ConsentState], gone: dict[Purpose, ConsentState]) -> dict[Purpose, ConsentState]:
    """How the purposes of two records of one person stand together: a withdrawal of either side wins."""
    rank = {ConsentAction.WITHDRAWN: 0, ConsentAction.GIVEN: 1, ConsentAction.EXPIRED: 2}
    together = {}
    for purpose in Purpose:
        sides = [side[purpose] for side in (kept, gone) if purpose in side]
        if sides:
            together[purpose] = min(sides, key=lambda state: rank[state.action])
    return together
