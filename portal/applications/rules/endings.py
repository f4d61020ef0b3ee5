"""How an application ends: why, with which words it begins, who was close, and when somebody hears again."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Final

from portal.applications.rules.proposals import Proposal, ProposalRefused, clean_text
from portal.applications.states import (
    ENDINGS,
    FINAL_STEPS,
    OPEN_STATUSES,
    STEPS,
    ApplicationStatus,
    Channel,
    EndReason,
    MarkKind,
)
from portal.company.rules import WorkCalendar
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.tasks.rules import first_working_day

INTERNAL_LENGTH: Final = 200
MARK_LENGTH: Final = 500
#: A mark counts so long unless somebody says otherwise, and never longer than twice that.
MARK_LASTS: Final = timedelta(days=730)
LONGEST_MARK: Final = 2 * MARK_LASTS
#: After a letter that says "not yet", they hear again so many days later; on the next working day if nobody works.
STAY_DAYS: Final[tuple[int, ...]] = (30, 90, 180)

#: How somebody can have told us that they withdraw, as a choice reads it.
WITHDREW_CHANNELS: Final[dict[Channel, str]] = {
    Channel.TELEPHONE: _l("By telephone"),
    Channel.VIDEO: _l("By video"),
    Channel.IN_PERSON: _l("In person"),
    Channel.LETTER: _l("By letter"),
    Channel.OTHER: _l("Another way, for example by mail"),
}


def check_ending(kept: Proposal, standing: ApplicationStatus, reasons: Collection[str], *, is_marked: bool) -> None:
    """Raise ProposalRefused unless this may end an application that stands at `standing`.

    An ending has a reason of ours, one of the `reasons` for this outcome, and "not yet" is said only where a near-fit
    or silver medal is set (`is_marked`). More words after an ending need no reason again.
    """
    if kept.is_not_yet:
        _check_not_yet(kept, is_marked)
    if kept.status not in ENDINGS or standing not in OPEN_STATUSES:
        return
    if kept.end_reason not in reasons:
        raise ProposalRefused("end_reason", _("Please say why, for us. The candidate never reads it."))
    if len(kept.internal_reason) > INTERNAL_LENGTH:
        raise ProposalRefused("internal_reason", _("Please keep this under 200 characters."))
    if kept.end_reason == EndReason.OTHER and not kept.internal_reason:
        raise ProposalRefused("internal_reason", _("Please say in a few words what it was."))
    if kept.status is ApplicationStatus.WITHDRAWN and kept.channel not in WITHDREW_CHANNELS:
        raise ProposalRefused("channel", _("Please say how they told us."))


def _check_not_yet(kept: Proposal, is_marked: bool) -> None:
    if kept.status is not ApplicationStatus.NOT_SELECTED:
        raise ProposalRefused("status", _("Only somebody who was not selected is told “not yet”."))
    if not is_marked:
        raise ProposalRefused("message", _("“Not yet” is said only where a near-fit or a silver medal is set."))


def reached(statuses: list[ApplicationStatus]) -> ApplicationStatus:
    """The furthest step among these; Received where there is none."""
    steps = [STEPS.index(status) for status in statuses if status in OPEN_STATUSES]
    return STEPS[max(steps, default=0)]


def words_for_many(outcome: ApplicationStatus, statuses: Collection[ApplicationStatus]) -> str:
    """As `words_of_ending` for one letter to several who read these statuses; neutral where they differ."""
    if len(set(statuses)) == 1:
        return words_of_ending(outcome, reached(list(statuses)))
    return f"applications/ended_{outcome}_for_many"


def days_to_stay(told_on: date, calendar: WorkCalendar) -> tuple[date, ...]:
    """The days on which somebody hears again who was told “not yet” on `told_on`; always working days."""
    return tuple(first_working_day(told_on + timedelta(days=days), calendar) for days in STAY_DAYS)


def words_of_ending(outcome: ApplicationStatus, furthest: ApplicationStatus, *, is_not_yet: bool = False) -> str:
    """The kind of the mail whose words the letter begins with; admins can change the words of each."""
    if is_not_yet:
        return "applications/ended_not_yet_at_the_end" if furthest in FINAL_STEPS else "applications/ended_not_yet"
    if outcome in {ApplicationStatus.NOT_SELECTED, ApplicationStatus.OPENING_CANCELLED}:
        return f"applications/ended_{outcome}_{furthest}"
    if outcome is ApplicationStatus.WITHDRAWN:
        return "applications/ended_withdrawn"
    at = "at_an_offer" if furthest is ApplicationStatus.OFFER_MADE else "before_an_offer"
    return f"applications/ended_{outcome}_{at}"


def check_mark(
    kind: MarkKind, reason: str, expires_on: date | None, furthest: ApplicationStatus, today: date, *, is_meant: bool
) -> str:
    """The reason as it is kept; raises ProposalRefused unless this may be set.

    `is_meant`: whoever sets a silver medal knows that they had not reached the final stage.
    """
    words = clean_text(reason)
    if not words:
        raise ProposalRefused("reason", _("Please say why, for your colleagues."))
    if len(words) > MARK_LENGTH:
        raise ProposalRefused("reason", _("Please keep this under 500 characters."))
    if expires_on is None or not today < expires_on <= today + LONGEST_MARK:
        raise ProposalRefused("expires_on", _("Please choose a day to come, within the next four years."))
    if kind is MarkKind.SILVER_MEDAL and furthest not in FINAL_STEPS and not is_meant:
        raise ProposalRefused(
            "is_meant",
            _("They had not reached the final stage. Tick this if you mean it, and say why in the reason."),
        )
    return words
