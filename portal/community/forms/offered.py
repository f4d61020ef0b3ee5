"""What several forms offer to choose from."""

from collections.abc import Collection
from enum import StrEnum
from typing import TypeVar

from portal.company.rules import Area
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose

_Word = TypeVar("_Word", bound=StrEnum)

#: What a field sends when its question is left open.
NOT_SAID = ""


def choices_of(areas: list[Area]) -> list[tuple[str, str]]:
    """The areas of interest, as a field offers them."""
    return [(area.key, area.label) for area in areas]


def words_of(purposes: Collection[Purpose]) -> list[tuple[str, str]]:
    """What may be said yes to, each with its sentence."""
    return [(str(purpose), str(PURPOSE_WORDS[purpose])) for purpose in purposes]


def labelled(labels: dict[_Word, str]) -> list[tuple[str, str]]:
    """Words of one kind with what they are called."""
    return [(str(word), str(label)) for word, label in labels.items()]
