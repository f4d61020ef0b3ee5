"""What imports hold about a person: who brought a file. What a file said of candidates belongs to other features."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, select, update

from portal.ats.actions import FILE_DAYS
from portal.ats.adapters.searching import stands_in
from portal.ats.models import Import, ImportIssue, Source
from portal.ats.queries import UNFINISHED
from portal.ats.states import ImportState
from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment, format_number
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.files.actions import delete_files
from portal.files.models import StoredFile
from portal.files.queries import FileName, folder
from portal.people.models import Address

TABLES: tuple[type[Model], ...] = (Import,)
_ADDRESSES = select(Address.email).where(Address.person_id == bindparam("person_id")).order_by(Address.id)
_FINISHED_FILES = (
    select(StoredFile.id, StoredFile.public_id)
    .join(Import, Import.file_id == StoredFile.id)
    .where(Import.state.in_([ImportState.APPLIED, ImportState.DISCARDED]))
    .order_by(StoredFile.id)
)
_WITH_OWNER = (*UNFINISHED, ImportState.CHECKED, ImportState.FAILED)


def export(person_id: int) -> list[ExportSection]:
    """The files this person imported, newest first; nothing for whoever imported none."""
    rows = fetch(
        select(Import.file_name, Source.name, Import.created_at, Import.added)
        .join(Source, Source.id == Import.source_id)
        .where(Import.created_by_id == person_id)
        .order_by(Import.id.desc())
    )
    words = _("%(source)s, %(moment)s, %(count)s added")
    found = [
        (name, words % {"source": source, "moment": format_moment(at), "count": format_number(added)})
        for name, source, at, added in rows
    ]
    if not found:
        return []
    return [
        ExportSection(
            title=_("Files of applications you imported"),
            rows=found,
            kept=_("For as long as the applications are; the files themselves for 30 days."),
            seen_by=_("The people who recruit here."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the files of finished imports in which the person stands; one that still waits goes within 30 days.

    An import names whoever brought it by a row of `people`, which loses its name; remarks about rows hold neither
    names nor addresses. Before people lets the addresses go; joins the transaction.
    """
    emails = [email.lower().encode() for email in fetch(_ADDRESSES, {"person_id": person_id}).scalars()]
    files = [FileName(*row) for row in fetch(_FINISHED_FILES)]
    delete_files([file for file in files if emails and stands_in(folder() / file.public_id, emails)])


def retention(now: datetime) -> None:
    """Remarks about rows go with the file they are about. Joins the transaction."""
    with transaction() as own:
        old = select(Import.id).where(Import.created_at < now - timedelta(days=FILE_DAYS))
        own.execute(delete(ImportIssue).where(ImportIssue.import_id.in_(old)))


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """All imports are those of `kept_id`. Joins the transaction."""
    with transaction() as own:
        own.execute(update(Import).where(Import.created_by_id == gone_id).values(created_by_id=kept_id))
    _change_owner(gone_id, kept_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """What imports under way were to give to `from_id` goes to `to_id`. Joins the transaction."""
    _change_owner(from_id, to_id)


def _change_owner(from_id: int, to_id: int) -> None:
    with transaction() as own:
        waiting = select(Import).where(Import.state.in_(_WITH_OWNER)).order_by(Import.id).with_for_update()
        for row in own.scalars(waiting):
            if row.options.get("owner") == from_id:
                row.options = {**row.options, "owner": to_id}
