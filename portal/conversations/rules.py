"""Decisions about conversations: what may be written, who answers it, and how long somebody has waited."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from portal.applications.rules import (
    MESSAGE_LENGTH,
    REASON_LENGTH,
    Proposal,
    ProposalRefused,
    check_proposal,
    clean_text,
    settled,
)
from portal.applications.states import ApplicationStatus
from portal.company.rules import NO_HOLIDAYS, WorkCalendar
from portal.core.errors import PortalError
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.outbox.rules.incoming import Said
from portal.outbox.states import IncomingState
from portal.tasks.rules import due_day
from portal.tasks.states import TaskKind

__all__ = [
    "MESSAGE_LENGTH",
    "REASON_LENGTH",
    "AnswersAtOnce",
    "ByMail",
    "GoneAlready",
    "ProposalRefused",
    "Reply",
    "ReplyDate",
    "StaleConversation",
    "TooOften",
    "Wait",
    "checked_date",
    "checked_message",
    "checked_reason",
    "choose_owner",
    "from_mail",
    "reads_for",
    "wait_of",
]


class StaleConversation(PortalError):
    """Something was written in between; nothing has been sent or settled."""


class GoneAlready(PortalError):
    """What was written cannot be taken back any more."""


class TooOften(PortalError):
    """Somebody has written very often; the words are still theirs to send."""


class AnswersAtOnce(PortalError):
    """Nothing waits for an answer any more."""


@dataclass(frozen=True)
class ByMail:
    """A message that came as a mail: which one, where it stood before, and what stands beside its words.

    `sent_from` is an address that is none of theirs, of which a colleague knows that they wrote it.
    """

    mail_id: int
    before: IncomingState
    quoted: str
    left_out: tuple[str, ...]
    is_cut: bool
    sent_from: str = ""


@dataclass(frozen=True)
class Reply:
    """What a colleague wants to write; `application` is a public id, empty when it is about none.

    `next_update_by` None: what was promised stays.
    """

    text: str
    application: str = ""
    next_update_by: date | None = None
    date_reason: str = ""


@dataclass(frozen=True)
class ReplyDate:
    """By when the candidate hears next, and why that is later than they were promised; empty when it is not."""

    next_update_by: date
    reason: str


def checked_message(text: str) -> str:
    """What somebody typed, cleaned. Raises ProposalRefused when nothing can be seen in it, or it is too long."""
    cleaned = clean_text(text)
    if not cleaned:
        raise ProposalRefused("message", _("Please write what you want to say."))
    if len(cleaned) > MESSAGE_LENGTH:
        raise ProposalRefused("message", _("Please keep the message under 10,000 characters."))
    return cleaned


def from_mail(said: Said, subject: str) -> tuple[str, bool]:
    """What stands in the conversation of a mail, and whether its end is missing.

    A mail with nothing but files is told by its subject, one with nothing but what it repeats by that.
    """
    text = clean_text(said.text) or (clean_text(subject) if said.files else clean_text(said.quoted))
    text = text or clean_text(", ".join(said.files)) or clean_text(subject)
    return text[:MESSAGE_LENGTH].rstrip(), len(text) > MESSAGE_LENGTH


def checked_reason(text: str) -> str:
    """Why something needs no answer, cleaned. Raises ProposalRefused."""
    cleaned = clean_text(text)
    if not cleaned:
        raise ProposalRefused("reason", _("Please say in a few words why, so that colleagues need not guess."))
    if len(cleaned) > REASON_LENGTH:
        raise ProposalRefused("reason", _("Please keep the reason under 500 characters."))
    return cleaned


def checked_date(
    reply: Reply,
    status: ApplicationStatus,
    promised: date | None,
    today: date,
    calendar: WorkCalendar = NO_HOLIDAYS,
) -> ReplyDate:
    """By when they hear next after a reply about an open application; the same rules as for letters.

    `promised` is the day the candidate goes by. Raises ProposalRefused.
    """
    if reply.next_update_by is None and (promised is None or promised <= today):
        raise ProposalRefused("when", _no_date_left(promised))
    proposal = Proposal(status, reply.text, reply.next_update_by or promised, reply.date_reason)
    check_proposal(proposal, promised, today, calendar)
    kept = settled(proposal, promised)
    if kept.next_update_by is None:
        raise ProposalRefused("when", _no_date_left(promised))
    return ReplyDate(kept.next_update_by, kept.date_reason)


def _no_date_left(promised: date | None) -> str:
    if promised is None:
        return _("Please say by when they hear from us next.")
    return _(
        "They were promised word by %(day)s, and this answer is it. Please say by when they hear from us next.",
        day=format_day(promised),
    )


def choose_owner(wishes: Sequence[int | None], at_work: Sequence[int], loads: Mapping[int, int]) -> int | None:
    """Who owes the answer: the first of `wishes` who works here, else whoever of `at_work` owes least.

    `loads`: how much each owes already. None when nobody works here.
    """
    for wish in wishes:
        if wish in at_work:
            return wish
    return min(at_work, key=lambda one: (loads.get(one, 0), one), default=None)


def reads_for(owner_id: int, away: Mapping[int, int]) -> int:
    """Who reads the mail of the day: the owner, or whoever stands in; `away` says who stands in for whom."""
    reader, passed = owner_id, {owner_id}
    while reader in away and away[reader] not in passed:
        reader = away[reader]
        passed.add(reader)
    return reader


@dataclass(frozen=True)
class Wait:
    """How long somebody has waited for an answer: days in the open, and whether it is overdue."""

    days: int
    is_late: bool


def wait_of(since: date, today: date, calendar: WorkCalendar = NO_HOLIDAYS) -> Wait:
    """How long somebody has waited who asked on `since`; late from the day after the answer was due."""
    return Wait(max(0, (today - since).days), due_day(TaskKind.QUESTION, since, calendar) < today)
