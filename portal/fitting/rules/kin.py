"""Which openings are of a kind: who was close for one of them may fit another."""

import re
from functools import lru_cache
from typing import Final

from portal.openings.rules import fold_search

#: What a title says of experience, contract and person, not of the work.
_NOT_THE_WORK: Final = frozenset(
    "senior junior lead principal staff head chief mid trainee intern internship student working associate assistant "
    "deputy sr jr i ii iii iv v m f w d x div all genders remote hybrid part full time".split()
)
_WORD: Final = re.compile(r"[^\s,;:/()\[\]|&–—-]+")
#: A single word such as "engineer" holds too much to be a family of its own within longer titles.
_FEWEST_SHARED: Final = 2
#: Titles whose family is kept.
_KEPT: Final = 2048


@lru_cache(maxsize=_KEPT)
def family_of(title: str) -> frozenset[str]:
    """The words of a title that say what the work is: "Senior Platform Engineer (m/f/d)" is a platform engineer."""
    words = _WORD.findall(fold_search(title))
    return frozenset(word for word in words if word not in _NOT_THE_WORK)


def is_kin(area: str, title: str, other_area: str, other_title: str) -> bool:
    """Whether two openings have the same area, or titles of one family.

    Titles are of one family when the work is called the same, or one of them only says it closer than the other.
    """
    if area and area == other_area:
        return True
    one, other = family_of(title), family_of(other_title)
    shared = one & other
    if not shared or shared not in (one, other):
        return False
    return one == other or len(shared) >= _FEWEST_SHARED
