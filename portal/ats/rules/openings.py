"""Which opening here the applications of a file join, where nobody has said it."""

from collections import Counter
from collections.abc import Mapping, Sequence

from portal.ats.rules.text import clean_text
from portal.core.i18n import gettext as _


def same_title(title: str) -> str:
    """What two titles have in common that read alike: letter case and spaces make no difference."""
    return clean_text(title).casefold()


def told_apart(titles: Mapping[str, str]) -> dict[str, str]:
    """What each opening of a file (`opening_key` to title) is called: with its id there where two titles read alike."""
    so_often = Counter(same_title(title) for title in titles.values())
    return {
        key: _("%(title)s (there: %(id)s)", title=title, id=key)
        if so_often[same_title(title)] > 1 and key != title.casefold()
        else title
        for key, title in titles.items()
    }


def joins_by_title(
    in_file: Mapping[str, str], ours: Sequence[tuple[int, str]], taken: Mapping[int, str]
) -> dict[str, int]:
    """Of the openings of a file (key to title) those that are ours beyond doubt: key to the id of ours.

    `ours` are the ids and titles of those written here that are not finished. Beyond doubt is a title that exactly one
    opening of the file and exactly one of ours has. `taken` says which key of the same source joins one already:
    a second opening there is another one here.
    """
    in_file_so_often = Counter(same_title(title) for title in in_file.values())
    here: dict[str, list[int]] = {}
    for opening_id, title in ours:
        here.setdefault(same_title(title), []).append(opening_id)
    found = {}
    for key, title in in_file.items():
        alike = here.get(same_title(title), [])
        if len(alike) == 1 and in_file_so_often[same_title(title)] == 1 and taken.get(alike[0], key) == key:
            found[key] = alike[0]
    return found
