"""Copies, erasing and keeping people, making two one and parting them again, handing over a colleague's work."""

from portal.privacy.actions.again import erase_again, refuse_again
from portal.privacy.actions.copying import export_person, make_next_copy
from portal.privacy.actions.joining import NothingToJoin, join_records
from portal.privacy.actions.leaving import erase_who_asked, leave_for_good
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
from portal.privacy.actions.staying import ask_or_let_go, keep_me

__all__ = [
    "NotPossible",
    "NothingToJoin",
    "StillAtWork",
    "ask_or_let_go",
    "erase_again",
    "erase_person",
    "erase_who_asked",
    "export_person",
    "hand_over",
    "join_records",
    "keep_address",
    "keep_apart",
    "keep_me",
    "leave_for_good",
    "let_go",
    "make_next_copy",
    "merge_people",
    "refuse_again",
    "step_down",
]
