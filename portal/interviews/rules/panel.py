"""What a page for the panel is made of: the criteria, the minutes, and who reads whose notes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.interviews.rules.arranging import criteria_in

NOTE_LENGTH: Final = 5000
#: How a criterion is stored that is none: a note on the whole.
ON_THE_WHOLE: Final = ""
#: Minutes for a hello and for what comes next, where there is that much time.
_OPENING, _CLOSING = 5, 5
#: Their questions get a fifth of it, and at least so many minutes.
_QUESTIONS_SHARE, _FEWEST_FOR_QUESTIONS = 5, 10
#: Below this there is time for three things only.
_SHORT: Final = 20


class NoteTooLong(PortalError):
    """A note is longer than anybody reads; `criterion` says which."""

    def __init__(self, criterion: str) -> None:
        super().__init__(_("Please keep this under %(max)d characters.", max=NOTE_LENGTH))
        self.criterion = criterion


@dataclass(frozen=True)
class Part:
    """One part of an interview, and how many minutes it may take."""

    words: str
    minutes: int


def criteria_of(text: str) -> list[str]:
    """The criteria of an interview, as its notes name them."""
    return criteria_in(text)


def minutes_plan(minutes: int) -> list[Part]:
    """How an interview of this length may be divided; the parts add up to it, and their questions have their time."""
    small = minutes // 6
    opening, closing = (_OPENING, _CLOSING) if minutes >= _SHORT else (small, small)
    questions = max(minutes // _QUESTIONS_SHARE, min(_FEWEST_FOR_QUESTIONS, minutes // 3))
    parts = (
        Part(_l("Hello, who is here, and what you talk about"), opening),
        Part(_l("Their work, by the criteria below"), minutes - opening - questions - closing),
        Part(_l("Their questions"), questions),
        Part(_l("What happens next, and by when they hear"), closing),
    )
    return [part for part in parts if part.minutes > 0]


def may_read_notes(*, is_on_panel: bool, has_written: bool, may_see_application: bool) -> bool:
    """Whether somebody reads what others noted: who took part writes their own first, so that nobody leans on others.

    Whoever did not take part and looks after the application reads them all.
    """
    return has_written if is_on_panel else may_see_application


def changed_notes(kept: Mapping[str, str], given: Mapping[str, str], known: Collection[str]) -> dict[str, str]:
    """What is to be written, by criterion; empty words take a note away. Raises NoteTooLong.

    Only criteria that are `known` here, or of which a note was kept, are taken.
    """
    changed = {}
    for criterion, words in given.items():
        said = words.replace("\r\n", "\n").strip()
        if len(said) > NOTE_LENGTH:
            raise NoteTooLong(criterion)
        is_ours = criterion in known or criterion in kept
        if is_ours and said != kept.get(criterion, ""):
            changed[criterion] = said
    return changed
