"""Areas of interest as an admin types them."""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

MAX_AREAS: Final = 40
MAX_AREA_LENGTH: Final = 60


class InvalidAreas(PortalError):
    """The areas typed cannot be a list to choose from."""


@dataclass(frozen=True)
class Area:
    """An area of interest: what is stored of a person who chose it, and what people read."""

    key: str
    label: str


def areas_from(text: str, known: Sequence[Area]) -> list[Area]:
    """The areas in a text of one a line, each once; one that is among `known` keeps its key.

    Raises InvalidAreas when there is none, too many, or one that is too long.
    """
    keys = {_folded(area.label): area.key for area in known}
    taken = {area.key for area in known}
    areas: dict[str, Area] = {}
    for label in (" ".join(line.split()) for line in text.splitlines()):
        if not label or _folded(label) in areas:
            continue
        if len(label) > MAX_AREA_LENGTH:
            raise InvalidAreas(_("“%(start)s…” is too long for an area.", start=label[:30]))
        key = keys.get(_folded(label)) or _new_key(label, taken)
        taken.add(key)
        areas[_folded(label)] = Area(key, label)
    if not areas:
        raise InvalidAreas(_("Please keep at least one area, so that people can say what interests them."))
    if len(areas) > MAX_AREAS:
        raise InvalidAreas(_("Please keep to %(limit)s areas, else nobody reads them.", limit=MAX_AREAS))
    return list(areas.values())


def _new_key(label: str, taken: set[str]) -> str:
    """A short word for a new area; another area's key is never used again for something else."""
    plain = unicodedata.normalize("NFKD", label).encode("ascii", "ignore").decode().lower()
    word = re.sub(r"[^a-z0-9]+", "_", plain).strip("_")[: MAX_AREA_LENGTH - 4] or "area"
    key, number = word, 2
    while key in taken:
        key, number = f"{word}_{number}", number + 1
    return key


def _folded(label: str) -> str:
    return unicodedata.normalize("NFKC", label).casefold()
