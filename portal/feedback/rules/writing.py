"""Decisions about writing feedback: what it says, when it is whole, who approves it, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from enum import StrEnum
from typing import Final

from portal.applications.states import ENDINGS, ApplicationStatus
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.permissions import Role
from portal.feedback.states import MOVES, FeedbackForm, FeedbackState
from portal.people.rules import clean_lines
from portal.prospects.rules import NoLink, checked_link

TEXT_LENGTH: Final = 3_000
LINE_LENGTH: Final = 500
QUESTION_LENGTH: Final = 2_000
#: In the order of the page; the criterion belongs to what was missing, the address to the resource.
PART_LABELS: Final[dict[str, str]] = {
    "strong": _l("What was strong"),
    "criterion": _l("The criterion"),
    "missing": _l("What was missing"),
    "try_this": _l("One thing to try"),
    "resource": _l("Something that may help"),
    "resource_url": _l("Its address"),
}
#: What the linter reads: what was written for them, and not how the opening words a criterion.
LINTED: Final = ("strong", "missing", "try_this", "resource")
#: Feedback is sent once they have read how it ended; those who were hired hear it from the people they work with.
SENT_AFTER: Final[frozenset[ApplicationStatus]] = frozenset(ENDINGS) - {ApplicationStatus.HIRED}
_APPROVING: Final = frozenset({Role.RECRUITER, Role.ADMIN})


class FeedbackRefused(PortalError):
    """A field is not as it must be; `field` says which, empty for the whole."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(message)
        self.field = field


class StaleFeedback(PortalError):
    """A colleague has changed it in between; nothing was lost and nothing was done."""


class NotNow(PortalError):
    """It cannot be done as things stand; the message says why."""


class RetractReason(StrEnum):
    """Why feedback was taken back, for the audit log: fixed words, for the record outlives a person."""

    WRONG_PERSON = "wrong_person"
    WRONG_FACTS = "wrong_facts"
    HURTFUL = "hurtful"
    THEY_ASKED = "they_asked"
    ANOTHER = "another"


RETRACT_LABELS: Final[dict[RetractReason, str]] = {
    RetractReason.WRONG_PERSON: _l("It was meant for somebody else"),
    RetractReason.WRONG_FACTS: _l("Something in it is not true"),
    RetractReason.HURTFUL: _l("It is unfair or hurts"),
    RetractReason.THEY_ASKED: _l("They asked us to"),
    RetractReason.ANOTHER: _l("Another reason"),
}


@dataclass(frozen=True)
class FeedbackWords:
    """What feedback says, part by part; plain text."""

    strong: str = ""
    criterion: str = ""
    missing: str = ""
    try_this: str = ""
    resource: str = ""
    resource_url: str = ""

    @property
    def is_empty(self) -> bool:
        """Whether nothing was written; a criterion alone says nothing."""
        return not any(getattr(self, name) for name in PART_LABELS if name != "criterion")


@dataclass(frozen=True)
class Colleague:
    """Somebody who works here, as far as approving needs it."""

    person_id: int
    role: Role
    lead_id: int | None = None


@dataclass(frozen=True)
class Circle:
    """Whom it concerns who approves: the candidate, who looks after the application, and who knows them too well."""

    candidate_id: int
    owner_id: int
    manager_id: int | None
    close: frozenset[int]


@dataclass(frozen=True)
class PartDifference:
    """A part that two versions say differently."""

    label: str
    before: str
    after: str


def cleaned(words: FeedbackWords) -> FeedbackWords:
    """As it is stored: without invisible characters and blanks around, paragraphs kept. Raises FeedbackRefused."""
    tidy = FeedbackWords(
        **{
            name: " ".join(clean_lines(value).split()) if name in {"criterion", "resource_url"} else _paragraphs(value)
            for name, value in ((one.name, getattr(words, one.name)) for one in fields(words))
        }
    )
    for name in PART_LABELS:
        limit = LINE_LENGTH if name in {"criterion", "resource_url"} else TEXT_LENGTH
        if len(getattr(tidy, name)) > limit:
            raise FeedbackRefused(name, _("Please keep this under %(limit)s characters.", limit=limit))
    if not tidy.resource_url:
        return tidy
    try:
        return replace(tidy, resource_url=checked_link(tidy.resource_url))
    except NoLink as error:
        raise FeedbackRefused("resource_url", error.message) from error


def _paragraphs(text: str) -> str:
    blocks = (clean_lines(block) for block in text.replace("\r\n", "\n").split("\n\n"))
    return "\n\n".join(block for block in blocks if block)


def lacking(words: FeedbackWords, form: FeedbackForm, status: ApplicationStatus) -> list[tuple[str, str]]:
    """What must still be written before it can go, as pairs of field and sentence; empty when it is whole.

    The short form is what was strong and one thing to try. The full form says besides what was missing, and against
    which criterion, where we have decided against them; after other endings that may be left out.
    """
    is_needed = form is FeedbackForm.FULL and status is ApplicationStatus.NOT_SELECTED
    found = half_said(words)
    if not words.strong:
        found["strong"] = _("Say what was strong: everybody who came this far has shown something.")
    if is_needed and not words.missing:
        found.setdefault("missing", _("Say what was missing. It is the question they will ask."))
    if not words.try_this:
        found["try_this"] = _("Give them one thing to try. One is enough.")
    return [(name, found[name]) for name in PART_LABELS if name in found]


def half_said(words: FeedbackWords) -> dict[str, str]:
    """What is written and lacks the part that belongs to it: the field of that part, with a sentence.

    Said while somebody still writes: a part that is not begun yet is no mistake, half of a pair is one.
    """
    found = {}
    if words.missing and not words.criterion:
        found["criterion"] = _("Choose which criterion it is about: they could read it before they applied.")
    if words.criterion and not words.missing:
        found["missing"] = _("Say what was missing against this criterion, or choose none.")
    if words.resource_url and not words.resource:
        found["resource"] = _("Say in a few words what the link leads to.")
    return found


def differences(saved: FeedbackWords, typed: FeedbackWords) -> list[PartDifference]:
    """Where what was saved differs from what was typed, in the order of the page."""
    return [
        PartDifference(str(label), getattr(saved, name) or _("Nothing"), getattr(typed, name) or _("Nothing"))
        for name, label in PART_LABELS.items()
        if getattr(saved, name) != getattr(typed, name)
    ]


def may_approve(colleague: Colleague, author_id: int | None, circle: Circle) -> bool:
    """Whether they may: recruiters, admins and the opening's hiring manager, but never its author, nor the candidate
    themselves, nor whoever knows the candidate closely.
    """
    if colleague.person_id in {author_id, circle.candidate_id} or colleague.person_id in circle.close:
        return False
    return colleague.role in _APPROVING or colleague.person_id == circle.manager_id


def choose_approver(colleagues: Sequence[Colleague], author_id: int, circle: Circle) -> int | None:
    """Who is asked: whoever looks after the application, else their lead, else another recruiter, else an admin or
    the hiring manager; None where nobody may.
    """
    able = [one for one in colleagues if may_approve(one, author_id, circle)]
    owner = next((one for one in colleagues if one.person_id == circle.owner_id), None)
    wanted = [circle.owner_id, owner.lead_id if owner else None]
    wanted += [one.person_id for one in able if one.role is Role.RECRUITER]
    wanted += [one.person_id for one in able]
    return next((one for one in wanted if one in {colleague.person_id for colleague in able}), None)


def check_move(state: FeedbackState, to: FeedbackState) -> None:
    """Raise NotNow where feedback cannot go from `state` to `to`."""
    if to not in MOVES[state]:
        raise NotNow(_("This has changed in the meantime. Please look at how it stands now."))


def check_going(status: ApplicationStatus, is_held: bool) -> None:
    """Raise NotNow while feedback must not reach the candidate."""
    if is_held:
        raise NotNow(_("An admin holds this feedback, and the candidate was told so. It can go once that is lifted."))
    if status is ApplicationStatus.HIRED:
        raise NotNow(_("They were hired: tell them in person what stood out."))
    if status not in SENT_AFTER:
        raise NotNow(_("They have not read yet how it ended. Keep your draft: it can go as soon as they have."))


def checked_reason(reason: str, *, is_needed: bool) -> str:
    """Why findings of the linter stand. Raises FeedbackRefused where a reason is needed and none is given."""
    tidy = " ".join(clean_lines(reason).split())
    if is_needed and not tidy:
        raise FeedbackRefused("lint_reason", _("Say why these words should stand, or change them."))
    if len(tidy) > LINE_LENGTH:
        raise FeedbackRefused("lint_reason", _("Please keep this under %(limit)s characters.", limit=LINE_LENGTH))
    return tidy


def checked_words(field: str, text: str, nothing: str, limit: int = TEXT_LENGTH) -> str:
    """What somebody wrote in words. Raises FeedbackRefused, with the sentence `nothing` where it is empty."""
    tidy = _paragraphs(text)
    if not tidy:
        raise FeedbackRefused(field, nothing)
    if len(tidy) > limit:
        raise FeedbackRefused(field, _("Please keep this under %(limit)s characters.", limit=limit))
    return tidy
