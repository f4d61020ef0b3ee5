"""Colleagues note something, change or remove their own, and put tags on people."""

from portal.notes.actions.noting import (
    change_note,
    note_on_application,
    note_on_many,
    note_on_person,
    remove_note,
    take_notes_back,
)
from portal.notes.actions.tagging import change_tags, delete_tag, merge_tags, rename_tag, tag_many

__all__ = [
    "change_note",
    "change_tags",
    "delete_tag",
    "merge_tags",
    "note_on_application",
    "note_on_many",
    "note_on_person",
    "remove_note",
    "rename_tag",
    "tag_many",
    "take_notes_back",
]
