"""What the search of openings looks through, and which words it looks for."""

from typing import Final

from portal.community.rules import plain
from portal.openings.rules.content import OpeningContent

#: Characters of a search that are read; nobody types more by hand.
MAX_SEARCH: Final = 200
#: Around a word these are no part of it; everything else is, "%" and "_" too.
_AROUND: Final = ',;:.!?()"“”„«»'


def fold_search(text: str) -> str:
    """`text` as the search compares it: letter case, accents and gaps make no difference."""
    return plain(text)


def search_text_of(content: OpeningContent) -> str:
    """What the search looks through: title, summary, the work, the team and the places, folded."""
    places = "\n".join(place.label for place in content.places)
    parts = (content.title, content.summary, content.work, content.team, places)
    return "\n".join(fold_search(part) for part in parts if part)


def search_words(text: str) -> tuple[str, ...]:
    """The words of a search, folded, each once and in order; every one of them must occur."""
    words = (word.strip(_AROUND) for word in fold_search(text[:MAX_SEARCH]).split())
    return tuple(dict.fromkeys(word for word in words if word))
