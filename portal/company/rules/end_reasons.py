"""Why an application ended, in the company's own words for itself, as an admin keeps them."""

import re
import unicodedata
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

from portal.company.states import ENDING_LABELS, SHIPPED_END_REASONS, SOMETHING_ELSE
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_END_REASONS: Final = 40
MAX_END_REASON_LENGTH: Final = 80
#: As long as a key can be in an event.
_KEY_LENGTH: Final = 40


class InvalidEndReason(PortalError):
    """These words cannot be a reason that colleagues choose from."""


@dataclass(frozen=True)
class CompanyEndReason:
    """A reason to choose from. Events and rules know its key alone, so that its words can change at any time."""

    key: str
    label: str
    #: The endings it is offered for, as in `ENDING_LABELS`.
    endings: tuple[str, ...]
    #: Not offered any more; it stays readable where it was chosen.
    is_retired: bool

    @property
    def may_retire(self) -> bool:
        """One always stays: whoever chooses it says in a few words what it was."""
        return self.key != SOMETHING_ELSE


def end_reasons_in(stored: Sequence[dict[str, Any]]) -> list[CompanyEndReason]:
    """Stored reasons with the words that the reader sees, in their order."""
    shipped = {key: str(label) for key, label, _endings in SHIPPED_END_REASONS}
    return [
        CompanyEndReason(
            one["key"], one["label"] or shipped.get(one["key"], one["key"]), tuple(one["endings"]), one["is_retired"]
        )
        for one in stored
    ]


def stored_end_reasons(reasons: Sequence[CompanyEndReason]) -> list[dict[str, Any]]:
    """As they are stored: words that are still ours stay empty, so that each reader has them in their language."""
    shipped = {key: str(label) for key, label, _endings in SHIPPED_END_REASONS}
    return [
        {
            "key": one.key,
            "label": "" if shipped.get(one.key) == one.label else one.label,
            "endings": list(one.endings),
            "is_retired": one.is_retired,
        }
        for one in reasons
    ]


def reworded(reasons: Sequence[CompanyEndReason], key: str, label: str, *, is_offered: bool) -> list[CompanyEndReason]:
    """The reasons with these words for one of them, and whether it is offered; raises InvalidEndReason."""
    words = clean_end_reason(label)
    _refuse_twice(words, [one for one in reasons if one.key != key], _endings_of(reasons, key))
    return [
        replace(one, label=words, is_retired=one.may_retire and not is_offered) if one.key == key else one
        for one in reasons
    ]


def with_new(reasons: Sequence[CompanyEndReason], label: str, endings: Collection[str]) -> list[CompanyEndReason]:
    """The reasons with one more, before "something else", which stays the last; raises InvalidEndReason."""
    words = clean_end_reason(label)
    chosen = tuple(one for one in ENDING_LABELS if one in endings)
    if not chosen:
        raise InvalidEndReason(_("Please say for which endings it is meant."))
    if len(reasons) >= MAX_END_REASONS:
        raise InvalidEndReason(
            _("Please keep to %(limit)s reasons. You can reword one instead.", limit=MAX_END_REASONS)
        )
    _refuse_twice(words, reasons, chosen)
    new = CompanyEndReason(_new_key(words, {one.key for one in reasons}), words, chosen, is_retired=False)
    return [*(one for one in reasons if one.may_retire), new, *(one for one in reasons if not one.may_retire)]


def clean_end_reason(label: str) -> str:
    """The words as they are kept, on one line; raises InvalidEndReason where there are none, or too many."""
    words = " ".join(label.split())
    if not words:
        raise InvalidEndReason(_("Please give it a few words."))
    if len(words) > MAX_END_REASON_LENGTH:
        raise InvalidEndReason(_("Please keep this under %(limit)s characters.", limit=MAX_END_REASON_LENGTH + 1))
    return words


def _endings_of(reasons: Sequence[CompanyEndReason], key: str) -> tuple[str, ...]:
    return next((one.endings for one in reasons if one.key == key), ())


def _refuse_twice(words: str, others: Sequence[CompanyEndReason], endings: Collection[str]) -> None:
    """Two reasons of one ending that read alike could not be told apart."""
    for one in others:
        if _folded(one.label) == _folded(words) and set(one.endings) & set(endings):
            raise InvalidEndReason(_("“%(words)s” is there already.", words=words))


def _new_key(label: str, taken: Collection[str]) -> str:
    """A short word for a new reason; the key of another, retired or not, is never used again."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "_", plain)[: _KEY_LENGTH - 4].strip("_") or "reason"
    key, number = word, 2
    while key in taken:
        key, number = f"{word}_{number}", number + 1
    return key


def _folded(label: str) -> str:
    return unicodedata.normalize("NFKC", label).casefold()
