"""How a file from another system is understood: columns, addresses, dates, rows, statuses, first promises."""

from portal.ats.rules.addresses import (
    MissingAddress,
    RefusedAddress,
    SeveralAddresses,
    UnreadableAddress,
    read_address,
)
from portal.ats.rules.aliases import recognise_source
from portal.ats.rules.changes import (
    FIELD_LABELS,
    Change,
    SourceFacts,
    changed_fields,
    compared_fields,
    describe_change,
    facts_of,
    is_due,
    keep_unspoken,
    key_of_opening,
    opening_key,
)
from portal.ats.rules.columns import (
    ColumnMapping,
    DemographicColumn,
    InvalidMapping,
    TwoColumnsForOneField,
    UnknownColumn,
    UnknownField,
    map_columns,
)
from portal.ats.rules.dates import DateEvidence, UnreadableDate, read_date
from portal.ats.rules.demographics import is_demographic
from portal.ats.rules.issues import safe_reason, without_addresses
from portal.ats.rules.openings import joins_by_title, same_title, told_apart
from portal.ats.rules.promises import first_promise_dates, promise_for
from portal.ats.rules.rows import MAX_LENGTHS, ImportedRow, Refusal, RowRead, Warned, application_key, read_row
from portal.ats.rules.statuses import StatusRead, candidate_status, own_status, read_status_word, suggest_status
from portal.ats.rules.text import InvalidSource, clean_text, header_key, normalise_label, normalise_source
from portal.core.spreadsheets import safe_cell

__all__ = [
    "FIELD_LABELS",
    "MAX_LENGTHS",
    "Change",
    "ColumnMapping",
    "DateEvidence",
    "DemographicColumn",
    "ImportedRow",
    "InvalidMapping",
    "InvalidSource",
    "MissingAddress",
    "Refusal",
    "RefusedAddress",
    "RowRead",
    "SeveralAddresses",
    "SourceFacts",
    "StatusRead",
    "TwoColumnsForOneField",
    "UnknownColumn",
    "UnknownField",
    "UnreadableAddress",
    "UnreadableDate",
    "Warned",
    "application_key",
    "candidate_status",
    "changed_fields",
    "clean_text",
    "compared_fields",
    "describe_change",
    "facts_of",
    "first_promise_dates",
    "header_key",
    "is_demographic",
    "is_due",
    "joins_by_title",
    "keep_unspoken",
    "key_of_opening",
    "map_columns",
    "normalise_label",
    "normalise_source",
    "opening_key",
    "own_status",
    "promise_for",
    "read_address",
    "read_date",
    "read_row",
    "read_status_word",
    "recognise_source",
    "safe_cell",
    "safe_reason",
    "same_title",
    "suggest_status",
    "told_apart",
    "without_addresses",
]
