"""What we hold about a person as files they uploaded."""

from datetime import datetime

from sqlalchemy import select, update

from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day, format_number
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.files.actions import delete_due_files, delete_files
from portal.files.models import StoredFile
from portal.files.queries import files_of

TABLES: tuple[type[Model], ...] = (StoredFile,)
_KILOBYTE = 1024


def export(person_id: int) -> list[ExportSection]:
    """The files this person uploaded, newest first; `extra` names them for the archive."""
    files = session().scalars(select(StoredFile).where(StoredFile.owner_id == person_id).order_by(StoredFile.id.desc()))
    rows, names = [], {}
    for file in files:
        size = format_number(max(1, round(file.size / _KILOBYTE)))
        words = _("%(size)s kB, kept as long as the application it belongs to", size=size)
        if file.delete_on is not None:
            words = _("%(size)s kB, kept until %(day)s", size=size, day=format_day(file.delete_on))
        rows.append((file.name, words))
        names[file.public_id] = file.name
    return [
        ExportSection(
            title=_("Files you uploaded"),
            rows=rows,
            kept=_("As it says beside each."),
            seen_by=_("You, and the people who recruit here."),
            empty=_("You have not uploaded any file."),
            extra={"files": names},
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete every file of this person, row and bytes; joins the transaction."""
    delete_files(files_of(person_id))


def retention(now: datetime) -> None:
    """Files go on their day."""
    delete_due_files(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """All files are those of `kept_id`; joins the transaction."""
    with transaction() as own:
        own.execute(update(StoredFile).where(StoredFile.owner_id == gone_id).values(owner_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Files stay with whoever uploaded them until their day."""
