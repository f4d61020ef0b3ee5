"""What a later import says differently of an application that is known, and whether somebody has to write."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final

from portal.applications.states import ENDINGS, STATUS_LABELS, ApplicationStatus
from portal.ats.rules.columns import ColumnMapping
from portal.ats.rules.issues import without_addresses
from portal.ats.rules.rows import ImportedRow
from portal.ats.rules.text import normalise_label
from portal.ats.states import ImportField
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words
from portal.core.i18n import lazy_gettext as _l

#: What the source says of an application; the rest of a row is about the person or the opening.
_COMPARED: Final = (
    ImportField.STAGE,
    ImportField.STATUS,
    ImportField.REJECT_REASON,
    ImportField.APPLIED_ON,
    ImportField.LAST_ACTIVITY_ON,
    ImportField.CHANNEL,
    ImportField.TAGS,
)
FIELD_LABELS: Final = {
    ImportField.EMAIL: _l("E-mail address"),
    ImportField.OPENING: _l("Opening"),
    ImportField.NAME: _l("Name"),
    ImportField.FIRST_NAME: _l("First name"),
    ImportField.LAST_NAME: _l("Last name"),
    ImportField.STAGE: _l("Stage"),
    ImportField.STATUS: _l("Status"),
    ImportField.APPLIED_ON: _l("Applied on"),
    ImportField.LAST_ACTIVITY_ON: _l("Last activity"),
    ImportField.REJECT_REASON: _l("End reason"),
    ImportField.APPLICATION_ID: _l("Application id"),
    ImportField.OPENING_ID: _l("Opening id"),
    ImportField.PHONE: _l("Telephone"),
    ImportField.TAGS: _l("Tags"),
    ImportField.CHANNEL: _l("Channel"),
}
_SHOWN_LENGTH: Final = 80
_MAX_OPENING_KEY: Final = 210


@dataclass(frozen=True)
class SourceFacts:
    """What a source says of one application."""

    stage: str
    status: str
    reason: str
    applied_on: date | None
    last_activity_on: date | None
    channel: str
    tags: tuple[str, ...]


@dataclass(frozen=True)
class Change:
    """What a row says differently; `is_due` when the candidate does not know yet where the application stands."""

    fields: tuple[ImportField, ...]
    is_due: bool
    text: str
    #: How it has ended there, while it is open here; None when it has not.
    ended_as: ApplicationStatus | None = None
    #: Where it stands there, while it is open in both and the candidate reads something else; None otherwise.
    moves_to: ApplicationStatus | None = None
    #: It has ended there and that system tells people itself: their page says so, and nobody is asked to write.
    is_told_there: bool = False

    @property
    def asks_owner(self) -> bool:
        """Whether somebody here has to write."""
        return self.is_due and not self.is_told_there


def opening_key(row: ImportedRow) -> str:
    """What makes the opening of two rows of one source the same: its id there, else its title in any case."""
    return key_of_opening(row.opening_id, row.opening_title)


def key_of_opening(opening_id: str, title: str) -> str:
    """`opening_key` of a row that has this id of an opening, or none, and this title."""
    return (opening_id or title.casefold())[:_MAX_OPENING_KEY]


def facts_of(row: ImportedRow) -> SourceFacts:
    """What `row` says of its application."""
    return SourceFacts(
        row.stage,
        row.status_as_written,
        row.reject_reason,
        row.applied_on,
        row.last_activity_on,
        row.channel,
        row.tags,
    )


def compared_fields(mapping: ColumnMapping) -> frozenset[ImportField]:
    """The fields whose columns the file has: what it does not hold, it does not deny.

    A status column may stand for the stage too (`read_row`).
    """
    found = {field for field in _COMPARED if mapping.has(field)}
    if ImportField.STATUS in found:
        found.add(ImportField.STAGE)
    return frozenset(found)


def keep_unspoken(stored: SourceFacts, row: SourceFacts, fields: Collection[ImportField]) -> SourceFacts:
    """`row`, with what its file has no column for as it is stored."""

    def pick(field: ImportField) -> SourceFacts:
        return row if field in fields else stored

    return SourceFacts(
        stage=pick(ImportField.STAGE).stage,
        status=pick(ImportField.STATUS).status,
        reason=pick(ImportField.REJECT_REASON).reason,
        applied_on=pick(ImportField.APPLIED_ON).applied_on,
        last_activity_on=pick(ImportField.LAST_ACTIVITY_ON).last_activity_on,
        channel=pick(ImportField.CHANNEL).channel,
        tags=pick(ImportField.TAGS).tags,
    )


def changed_fields(stored: SourceFacts, now: SourceFacts) -> tuple[ImportField, ...]:
    """Where `now` differs from `stored`; letter case and punctuation of labels and the order of tags do not count."""
    if stored == now:
        return ()
    return tuple(field for field in _COMPARED if _comparable(stored, field) != _comparable(now, field))


def _comparable(facts: SourceFacts, field: ImportField) -> object:
    label = {
        ImportField.STAGE: facts.stage,
        ImportField.STATUS: facts.status,
        ImportField.REJECT_REASON: facts.reason,
    }.get(field)
    if label is not None:
        return normalise_label(label)
    if field is ImportField.TAGS:
        return frozenset(tag.casefold() for tag in facts.tags)
    if field is ImportField.CHANNEL:
        return facts.channel
    return facts.applied_on if field is ImportField.APPLIED_ON else facts.last_activity_on


def is_due(
    fields: Collection[ImportField], before: ApplicationStatus, after: ApplicationStatus, told: ApplicationStatus
) -> bool:
    """Whether somebody has to write to the candidate because the source moved or ended the application.

    `before` and `after` are what the source's words mean, `told` is where it stands here. Nobody has to when it was
    ended here already, or when the source only catches up with what the candidate was told.
    """
    if ImportField.STAGE not in fields and before == after:
        return False
    if after in ENDINGS:
        return told not in ENDINGS
    return not (told == after != before)


def describe_change(
    fields: Collection[ImportField],
    stored: SourceFacts,
    now: SourceFacts,
    before: ApplicationStatus,
    after: ApplicationStatus,
) -> str:
    """What is different, in a line for the recruiter; names neither people nor addresses."""
    parts = []
    if ImportField.STAGE in fields:
        parts.append(_("Stage: %(before)s → %(after)s.", before=_shown(stored.stage), after=_shown(now.stage)))
    if before != after:
        words = _("Ended there: %(status)s.") if after in ENDINGS else _("Now reads: %(status)s.")
        parts.append(words % {"status": STATUS_LABELS[after]})
    rest = [str(FIELD_LABELS[field]) for field in fields if field is not ImportField.STAGE]
    if rest:
        parts.append(_("Changed: %(fields)s.", fields=join_words(rest)))
    return " ".join(parts)


def _shown(label: str) -> str:
    return without_addresses(label)[:_SHOWN_LENGTH] if label else _("none")
