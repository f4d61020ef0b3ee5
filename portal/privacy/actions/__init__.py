"""Erasing a person, making two people one and parting them again, handing over what a colleague looks after."""

from portal.privacy.actions.joining import NothingToJoin, join_records
from portal.privacy.actions.parting import keep_address, keep_apart
from portal.privacy.actions.people import (
    NotPossible,
    StillAtWork,
    erase_person,
    hand_over,
    let_go,
    merge_people,
    step_down,
)

__all__ = [
    "NotPossible",
    "NothingToJoin",
    "StillAtWork",
    "erase_person",
    "hand_over",
    "join_records",
    "keep_address",
    "keep_apart",
    "let_go",
    "merge_people",
    "step_down",
]
