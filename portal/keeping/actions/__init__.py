"""Copies, erasures that were asked for, questions to stay, and sealed records."""

from portal.keeping.actions.copies import (
    ask_for_copy,
    begin_copy,
    finish_copy,
    forget_copies_of,
    note_fetched,
    sweep_copies,
)
from portal.keeping.actions.erasures import ask_for_erasure
from portal.keeping.actions.sealing import forget_old_records, open_record, seal_record
from portal.keeping.actions.staying import note_question

__all__ = [
    "ask_for_copy",
    "ask_for_erasure",
    "begin_copy",
    "finish_copy",
    "forget_copies_of",
    "forget_old_records",
    "note_fetched",
    "note_question",
    "open_record",
    "seal_record",
    "sweep_copies",
]
