"""Which words of an opening may be the name of a skill."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from portal.community.rules import fold
from portal.openings.rules import OpeningContent

#: Skills have names of at most so many words here.
_LONGEST: Final = 3
#: Words of each part that are read; what matters stands above.
_READ: Final = 400
#: Names so short mean something else as often as not, unless they are written as a name: Go, R, SQL.
_SHORT: Final = 3
#: What stands around a word and is no part of it; "+", "#" and a point within are: C++, C#, Node.js.
_AROUND: Final = "*_`'\"“”‘’„«»()[]{}<>!?,;:…"
_BREAK: Final = re.compile(r"[\n,;:/()|•]|(?<=[^\s.])\.(?=\s|$)|\s[-–—*]\s|^\s*[-*]\s", re.MULTILINE)


def named_skills(content: OpeningContent) -> dict[str, str]:
    """What in the title, needs, summary and work may name a skill: the key, as `community` folds it, and the words."""
    found: dict[str, str] = {}
    for part in (content.title, content.needed, content.summary, content.work):
        for name in islice(_names_in(part), _READ * _LONGEST):
            found.setdefault(fold(name), name)
    return found


def _names_in(text: str) -> Iterator[str]:
    for piece in _BREAK.split(text):
        words = [word for raw in piece.split() if (word := raw.strip(_AROUND))]
        for start in range(len(words)):
            for length in range(1, min(_LONGEST, len(words) - start) + 1):
                name = " ".join(words[start : start + length])
                if len(name) > _SHORT or _is_written_as_name(name):
                    yield name


def _is_written_as_name(word: str) -> bool:
    return any(character.isupper() for character in word)
