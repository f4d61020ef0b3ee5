"""What privacy keeps outside the database: the journal of erasures, and how a copy of everything is written."""

from portal.privacy.adapters.archive import CopyFile, CopyPage, write_archive
from portal.privacy.adapters.journal import JOURNAL_NAME, Erased, journal_path, note_erased, read_journal, take_in

__all__ = [
    "JOURNAL_NAME",
    "CopyFile",
    "CopyPage",
    "Erased",
    "journal_path",
    "note_erased",
    "read_journal",
    "take_in",
    "write_archive",
]
