"""Which words of an opening may be the name of a skill, by whichever of its names."""

import re
from collections.abc import Iterator
from itertools import islice
from typing import Final

from portal.community.rules import SkillIndex, fold, fold_skill
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


#: Other names of skills that mean something else as often as not; they count where they are written as names.
_ORDINARY: Final = frozenset(
    "access assembly audit billing budgets buying cloud collaboration communications complaints "
    "construction containers contracts controller courier customs doctor drafting driving elastic events "
    "excel experimentation express flexibility founder graphics hiring inspection inventory investments "
    "maintenance mediation milling newsletters node operations oracle organization presentations "
    "presenting privacy production questionnaires rails reporting rest scheduling selling shell shipping "
    "sourcing spark spring startup strategy surveys turning unreal wages wiring word workshops".split()
)


def named_skills(content: OpeningContent, skills: SkillIndex) -> dict[str, str]:
    """What in the title, needs, summary and work may name a skill: its key and what it is called.

    `skills` knows their other names: who said Kubernetes is found for an opening that says K8s.
    """
    found: dict[str, str] = {}
    for part in (content.title, content.needed, content.summary, content.work):
        for name, is_alone in islice(_names_in(part), _READ * _LONGEST):
            folded = fold_skill(name, skills)
            if folded.key == fold(name) or _is_surely_a_name(name, is_alone):
                found.setdefault(folded.key, folded.label)
            else:
                found.setdefault(fold(name), name)
    return found


def _names_in(text: str) -> Iterator[tuple[str, bool]]:
    """Each word and few words of `text` that may be a name, and whether a capital at its start says so."""
    for piece in _BREAK.split(text):
        words = [word for raw in piece.split() if (word := raw.strip(_AROUND))]
        for start in range(len(words)):
            for length in range(1, min(_LONGEST, len(words) - start) + 1):
                name = " ".join(words[start : start + length])
                if len(name) > _SHORT or _is_written_as_name(name):
                    yield name, start > 0 or len(words) == 1


def _is_written_as_name(word: str) -> bool:
    return any(character.isupper() for character in word)


def _is_surely_a_name(word: str, is_alone: bool) -> bool:
    """Whether an ordinary word means the skill: "Spring" does within a sentence or alone, and not at its beginning."""
    return fold(word) not in _ORDINARY or _is_written_as_name(word if is_alone else word[1:])
