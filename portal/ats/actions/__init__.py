"""Imports of applications: asked for on pages or by a command, checked, applied, released."""

from portal.ats.actions.asking import (
    FILE_DAYS,
    MAX_FILE,
    ask_to_apply,
    ask_to_check,
    choose_dates,
    choose_openings,
    choose_owner,
    create_import,
    discard_import,
    keep_for_now,
    map_columns_by_hand,
    map_labels,
    release_import,
)
from portal.ats.actions.errors import (
    ColumnsNeeded,
    DatesNeeded,
    ImportStopped,
    OwnerNeeded,
    SourceNeeded,
    WrongUsage,
)
from portal.ats.actions.examples import read_examples
from portal.ats.actions.import_file import import_file
from portal.ats.actions.report import ImportReport, Summary, UnmappedLabel, people, summarise
from portal.ats.actions.restating import restate_source
from portal.ats.actions.sources import fields_of
from portal.ats.actions.steps import WrongMoment
from portal.ats.actions.tally import OPENINGS_NAMED
from portal.ats.actions.working import work_on_import
from portal.ats.adapters import UnreadableFile
from portal.files.actions import FileTooLarge

__all__ = [
    "FILE_DAYS",
    "MAX_FILE",
    "OPENINGS_NAMED",
    "ColumnsNeeded",
    "DatesNeeded",
    "FileTooLarge",
    "ImportReport",
    "ImportStopped",
    "OwnerNeeded",
    "SourceNeeded",
    "Summary",
    "UnmappedLabel",
    "UnreadableFile",
    "WrongMoment",
    "WrongUsage",
    "ask_to_apply",
    "ask_to_check",
    "choose_dates",
    "choose_openings",
    "choose_owner",
    "create_import",
    "discard_import",
    "fields_of",
    "import_file",
    "keep_for_now",
    "map_columns_by_hand",
    "map_labels",
    "people",
    "read_examples",
    "release_import",
    "restate_source",
    "summarise",
    "work_on_import",
]
