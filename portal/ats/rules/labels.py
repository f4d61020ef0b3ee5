"""What the labels of `ats.data.labels` mean: the whole of a cell, or somewhere in it."""

import re
from collections.abc import Iterable
from typing import Final

from portal.applications.states import ApplicationStatus
from portal.ats.data.labels import GUESSES, STATUS_WORDS
from portal.ats.rules.text import plain_label
from portal.ats.states import StatusWord

#: What each status word says of an application, where it says that it has ended.
ENDING_OF: Final = {
    StatusWord.REJECTED: ApplicationStatus.NOT_SELECTED,
    StatusWord.HIRED: ApplicationStatus.HIRED,
    StatusWord.WITHDRAWN: ApplicationStatus.WITHDRAWN,
    StatusWord.OFFER_DECLINED: ApplicationStatus.OFFER_DECLINED,
    StatusWord.CANCELLED: ApplicationStatus.OPENING_CANCELLED,
}


def _phrases(texts: Iterable[str]) -> list[str]:
    return [phrase.strip() for text in texts for phrase in text.split(",")]


_WORD_OF: Final = {
    plain_label(phrase): word for word, texts in STATUS_WORDS.items() for phrase in _phrases(texts.values())
}


def _pattern(phrases: Iterable[str]) -> re.Pattern[str]:
    """Finds any of `phrases` in a plain label, the `*` of a word standing for any ending."""
    found = "|".join(sorted({" ".join(map(_word, phrase.split())) for phrase in phrases}))
    return re.compile(rf"\b(?:{found})\b")


def _word(word: str) -> str:
    return re.escape(plain_label(word.removesuffix("*"))) + (r"\w*" if word.endswith("*") else "")


def _guesses() -> dict[ApplicationStatus | None, re.Pattern[str]]:
    phrases = {status: _phrases(texts.values()) for status, texts in GUESSES.items()}
    for word, status in ENDING_OF.items():
        phrases[status] = [*phrases.get(status, []), *_phrases(STATUS_WORDS[word].values())]
    return {status: _pattern(found) for status, found in phrases.items()}


_GUESSES: Final = _guesses()


def word_elsewhere(text: str) -> StatusWord | None:
    """What a status cell says in another language than English; None when it is a word we do not know."""
    return _WORD_OF.get(plain_label(text))


def means_elsewhere(status: ApplicationStatus | None, label: str) -> bool:
    """Whether a label most likely means `status` in another language; None: that nothing can be guessed."""
    return _GUESSES[status].search(plain_label(label)) is not None
