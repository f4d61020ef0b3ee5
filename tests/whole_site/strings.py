"""A pseudo-locale: translated texts come out marked, so what is left unmarked was never sent through gettext."""

import re
from collections.abc import Iterable, Iterator, Set
from gettext import NullTranslations

from tests.pages import Page

OPEN, CLOSE = "⟦", "⟧"
LOCALE = "en-XA"
_ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "content")
_WORD = re.compile(r"[^\W\d_]{2,}")
#: Written by Babel, which has its own catalogue, or by nobody: units and names of formats.
_FORMATS = set(
    "mon tue wed thu fri sat sun monday tuesday wednesday thursday friday saturday sunday "
    "january february march april may june july august "
    "september october november december jan feb mar apr jun jul aug sep sept oct nov dec csv tsv xlsx mb kb".split()
)


class Pseudo(NullTranslations):
    """Marks every text and translates none."""

    def gettext(self, message: str) -> str:
        return f"{OPEN}{message}{CLOSE}"

    def ngettext(self, msgid1: str, msgid2: str, n: int) -> str:
        return f"{OPEN}{msgid1 if n == 1 else msgid2}{CLOSE}"


def _unmarked(text: str) -> str:
    """`text` without its marked parts; marks may stand inside each other."""
    depth, left = 0, []
    for letter in text:
        if letter == OPEN:
            depth += 1
        elif letter == CLOSE:
            depth = max(0, depth - 1)
            left.append(" ")
        elif depth == 0:
            left.append(letter)
    return "".join(left)


def _texts(page: Page) -> Iterator[str]:
    assert page.tree is not None
    hidden = {"script", "style", "head"}
    for element in page.tree.iter():
        tag = str(element.tag).rsplit("}", 1)[-1]
        if tag in hidden:
            continue
        for name in _ATTRIBUTES:
            if tag != "meta" and element.get(name):
                yield str(element.get(name))
    yield page.text
    yield page.title


def words_of(texts: Iterable[str]) -> set[str]:
    """The words of texts that nobody translates, as they are compared."""
    return {word.casefold() for text in texts for word in _WORD.findall(text)}


def unmarked(text: str, known: Set[str]) -> set[str]:
    """Words of `text` that neither gettext nor the data (`known` words) put there."""
    left = {word: word.casefold() for word in _WORD.findall(_unmarked(text))}
    return {word for word, folded in left.items() if folded not in known and folded not in _FORMATS}


def untranslated(page: Page, known: Set[str]) -> list[str]:
    """The same for everything a person reads or hears on a page."""
    return sorted({word for text in _texts(page) for word in unmarked(text, known)})
