"""The words of an import: fields, kinds of files, orders of dates, what a row says about its state."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class ImportField(StrEnum):
    """What a column of a file can hold for us; the names for `--map` and the mapping page."""

    EMAIL = "email"
    OPENING = "opening"
    NAME = "name"
    FIRST_NAME = "first_name"
    LAST_NAME = "last_name"
    STAGE = "stage"
    STATUS = "status"
    APPLIED_ON = "applied_on"
    LAST_ACTIVITY_ON = "last_activity_on"
    REJECT_REASON = "reject_reason"
    APPLICATION_ID = "application_id"
    OPENING_ID = "opening_id"
    PHONE = "phone"
    TAGS = "tags"
    CHANNEL = "channel"


#: The target for a column that shall not be read.
IGNORE: Final = "ignore"
REQUIRED_FIELDS: Final[tuple[ImportField, ...]] = (ImportField.EMAIL, ImportField.OPENING)
DATE_FIELDS: Final[tuple[ImportField, ...]] = (ImportField.APPLIED_ON, ImportField.LAST_ACTIVITY_ON)


class TableKind(StrEnum):
    """What a file is, by its content."""

    CSV = "csv"
    TSV = "tsv"
    XLSX = "xlsx"


class DateOrder(StrEnum):
    """How the numeric dates of a file are to be read."""

    DMY = "dmy"
    MDY = "mdy"
    #: No date in the file reads differently either way.
    NONE_NEEDED = "none needed"
    #: Some dates read differently and none proves the order: somebody has to say it.
    AMBIGUOUS = "ambiguous"


class StatusWord(StrEnum):
    """What a row says of itself in its status column."""

    ACTIVE = "active"
    REJECTED = "rejected"
    HIRED = "hired"
    WITHDRAWN = "withdrawn"
    OFFER_DECLINED = "offer_declined"
    CANCELLED = "cancelled"


class LabelKind(StrEnum):
    """Labels of another system that are mapped to our statuses."""

    STAGE = "stage"
    REASON = "reason"


class IssueLevel(StrEnum):
    """How much it matters what was found in a row."""

    REFUSED = "refused"
    CHANGED = "changed"
    WARNING = "warning"


class ImportState(StrEnum):
    """Where an import stands."""

    UPLOADED = "uploaded"
    CHECKING = "checking"
    CHECKED = "checked"
    APPLYING = "applying"
    APPLIED = "applied"
    FAILED = "failed"
    DISCARDED = "discarded"


#: The legal moves of an import; a failed one can be checked or applied again.
IMPORT_MOVES: Final[dict[ImportState, frozenset[ImportState]]] = {
    ImportState.UPLOADED: frozenset({ImportState.CHECKING, ImportState.DISCARDED}),
    ImportState.CHECKING: frozenset({ImportState.CHECKED, ImportState.FAILED, ImportState.DISCARDED}),
    ImportState.CHECKED: frozenset({ImportState.CHECKING, ImportState.APPLYING, ImportState.DISCARDED}),
    ImportState.APPLYING: frozenset({ImportState.APPLIED, ImportState.FAILED}),
    ImportState.APPLIED: frozenset(),
    ImportState.FAILED: frozenset({ImportState.CHECKING, ImportState.APPLYING, ImportState.DISCARDED}),
    ImportState.DISCARDED: frozenset(),
}


class WhyParted(StrEnum):
    """Why two openings that were joined are two again; a word of ours, as the audit log keeps no texts."""

    WRONG_ONE = "wrong_opening"
    TWO_AFTER_ALL = "two_after_all"


#: The reasons that a person can give.
WHY_PARTED_LABELS: Final[dict[WhyParted, str]] = {
    WhyParted.WRONG_ONE: _l("It is the same as another opening of ours"),
    WhyParted.TWO_AFTER_ALL: _l("They are two different openings after all"),
}
