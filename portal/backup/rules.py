"""How rows are written and read, what a backup says of itself, and whether it can be restored here."""

import base64
import json
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from typing import Any, Final

from portal.backup.states import FORMAT
from portal.core.errors import PortalError
from portal.core.tokens import is_same, keyed_hash

#: Public ids, which uploaded files are called by.
_FILE_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Damaged(PortalError):
    """The file is no whole backup."""


class NotForHere(PortalError):
    """The backup is whole, and cannot be restored here."""


@dataclass(frozen=True)
class TablePart:
    """The rows of one table."""

    columns: tuple[str, ...]
    row_count: int
    sha256: str


@dataclass(frozen=True)
class Manifest:
    """What a backup says of itself."""

    format: int
    #: The migration that the database stood at, and "sqlite" or "postgresql".
    revision: str
    database: str
    made_at: datetime
    #: Keyed hashes that say whether settings are the same, and nothing else.
    privacy_key: str
    secret_key: str
    tables: Mapping[str, TablePart]
    #: SHA-256 of each uploaded file, by its name in the data folder.
    files: Mapping[str, str]
    #: Files that were deleted while the backup was made.
    missing_count: int
    #: SHA-256 of the journal of erasures; None: nobody was ever erased.
    journal: str | None
    left_out: tuple[str, ...]

    @property
    def row_count(self) -> int:
        return sum(part.row_count for part in self.tables.values())


def key_print(key: str, name: str) -> str:
    """A keyed hash that tells one key from another and does not give it away."""
    return keyed_hash(key, f"backup:{name}")


def manifest_as_text(manifest: Manifest) -> str:
    """The manifest as it stands in the file, readable by people."""
    return json.dumps({**asdict(manifest), "made_at": manifest.made_at.isoformat()}, indent=1)


def manifest_in(text: bytes) -> Manifest:
    """The manifest that `manifest_as_text` wrote. Raises Damaged, NotForHere."""
    try:
        said = json.loads(text)
        if said["format"] > FORMAT:
            raise NotForHere("This backup was made by a newer version of Rapport. Restore it with that version.")
        tables = {
            name: TablePart(tuple(part["columns"]), part["row_count"], part["sha256"])
            for name, part in said.pop("tables").items()
        }
        refuse_strange_names(said["files"])
        made_at, left_out = datetime.fromisoformat(said.pop("made_at")), tuple(said.pop("left_out"))
        return Manifest(**said, tables=tables, made_at=made_at, left_out=left_out)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise Damaged("The backup says of itself what makes no sense: it is damaged.") from error


def refuse_strange_names(names: Iterable[str]) -> None:
    """Raises Damaged when the name of an uploaded file is none that we give: it could lead out of the folder."""
    for name in names:
        if not _FILE_NAME.fullmatch(name):
            raise Damaged("The backup names a file in a way that we never do. Nothing was changed.")


def refuse_other_key(manifest: Manifest, privacy_key: str) -> None:
    """Raises NotForHere when the backup was made with another PRIVACY_KEY: nobody erased would be known here."""
    if not is_same(manifest.privacy_key, key_print(privacy_key, "privacy")):
        raise NotForHere(
            "This backup was made with another PORTAL_PRIVACY_KEY. Put that key into the settings, then restore."
        )


def row_as_line(row: Iterable[Any]) -> bytes:
    """A row as a line of JSON; what JSON does not know is written as text that `reader_of` reads."""
    return json.dumps(list(row), default=_as_text, separators=(",", ":")).encode() + b"\n"


def _as_text(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date | time):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    raise TypeError(f"{type(value).__name__} has no place in a backup")


class ColumnKind(StrEnum):
    """What a column holds, as far as JSON says it in other words."""

    PLAIN = "plain"
    INSTANT = "instant"
    #: The same where the database knows no zones: UTC is meant.
    BARE_INSTANT = "bare_instant"
    DAY = "day"
    TIME = "time"
    BYTES = "bytes"


def _bare(text: str) -> datetime:
    return datetime.fromisoformat(text).astimezone(UTC).replace(tzinfo=None)


_READERS: Final[dict[ColumnKind, Callable[[Any], Any]]] = {
    ColumnKind.INSTANT: datetime.fromisoformat,
    ColumnKind.BARE_INSTANT: _bare,
    ColumnKind.DAY: date.fromisoformat,
    ColumnKind.TIME: time.fromisoformat,
    ColumnKind.BYTES: base64.b64decode,
}


def reader_of(kind: ColumnKind) -> Callable[[Any], Any]:
    """What makes a value for a column of this kind out of what `row_as_line` wrote."""
    read = _READERS.get(kind)
    if read is None:
        return lambda value: value
    return lambda value: None if value is None else read(value)
