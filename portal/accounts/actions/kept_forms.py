"""What somebody wrote who was signed out meanwhile: kept for them, locked, for half a day.

It lies in the folder of files under its writer's name, so that it is shown to them, erased with them and deleted on
its day like every other file.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO

from sqlalchemy import select

from portal.accounts.actions.limits import allow_kept_form
from portal.accounts.adapters import lock_form, unlock_form
from portal.accounts.rules import FORM_KEPT, LARGEST_KEPT_FORM, TooLongToKeep
from portal.core.db import session
from portal.core.i18n import gettext as _
from portal.files.actions import delete_files, store_file
from portal.files.models import StoredFile
from portal.files.queries import FileName, path_of

#: Bytes that locking adds, and some.
_LOCK = 1024


@dataclass(frozen=True)
class StoredForm:
    """The fields of a form that is kept, and until when."""

    fields: tuple[tuple[str, str], ...]
    until: datetime


def keep_form(person_id: int, fields: Sequence[tuple[str, str]], browser_secret: str, now: datetime) -> int:
    """Keep what a person wrote; the file's id. `browser_secret` opens it again.

    Raises TooLongToKeep, TooOften, OSError when the disk takes nothing.
    """
    text = json.dumps(fields, ensure_ascii=False)
    if len(text.encode()) > LARGEST_KEPT_FORM:
        raise TooLongToKeep(
            _("You were signed out, and what you wrote is too long to be kept. Go back in your browser and copy it.")
        )
    allow_kept_form(person_id, now)
    name = _("What you wrote while you were signed out, locked")
    locked = BytesIO(lock_form(text, browser_secret))
    kept = store_file(locked, name, owner_id=person_id, keep_days=1, limit=LARGEST_KEPT_FORM + _LOCK, now=now)
    return kept.id


def kept_form(file_id: int, person_id: int, browser_secret: str, now: datetime) -> StoredForm | None:
    """What `keep_form` keeps for this person; None when it is somebody else's, too old or gone."""
    created_at = session().scalar(
        select(StoredFile.created_at).where(StoredFile.id == file_id).where(StoredFile.owner_id == person_id)
    )
    path = path_of(file_id) if created_at is not None else None
    if created_at is None or path is None or now - created_at >= FORM_KEPT:
        return None
    text = unlock_form(path.read_bytes(), browser_secret)
    if text is None:
        return None
    return StoredForm(tuple((name, value) for name, value in json.loads(text)), created_at + FORM_KEPT)


def drop_kept_form(file_id: int, person_id: int) -> None:
    """Delete what is kept for this person under `file_id`; harmless when it is gone."""
    public_id = session().scalar(
        select(StoredFile.public_id).where(StoredFile.id == file_id).where(StoredFile.owner_id == person_id)
    )
    if public_id is not None:
        delete_files([FileName(file_id, public_id)])
