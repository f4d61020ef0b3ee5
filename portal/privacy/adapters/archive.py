"""Writing a copy of all that we hold about somebody: a ZIP with a page to read, data for machines, and the files."""

import json
import os
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final

from markupsafe import Markup

from portal.company.queries import PrivacyContact
from portal.core.i18n import reader
from portal.core.paths import STATIC
from portal.core.personal_data import ExportSection
from portal.core.templating import render_document

PAGE_NAME: Final = "index.html"
DATA_NAME: Final = "data.json"
_OWNER_ONLY: Final = 0o600
#: What may stand in the name of a file in the archive, whatever it was called when it came.
_NAME_LENGTH: Final = 80
_UNSAFE: Final = frozenset('/\\:*?"<>|')


@dataclass(frozen=True)
class CopyFile:
    """A file that goes with the copy: where it lies, what it was called, and for which part it stands there."""

    path: Path
    name: str
    number: int

    @property
    def name_inside(self) -> str:
        """Its name in the archive: never two alike, never a way out of the folder."""
        kept = "".join("_" if letter in _UNSAFE or not letter.isprintable() else letter for letter in self.name)
        return f"files/{self.number:03}-{kept.strip('. ')[-_NAME_LENGTH:] or 'file'}"


@dataclass(frozen=True)
class CopyPage:
    """All that a copy says: each part with the feature that holds it, the files, and what would outlive an erasure."""

    org_name: str
    name: str
    public_id: str
    made_at: datetime
    parts: Sequence[tuple[str, ExportSection]]
    files: Sequence[CopyFile]
    survivors: Sequence[str]
    contact: PrivacyContact


def write_archive(target: Path, page: CopyPage) -> int:
    """Write the copy as `target`, whole or not at all, readable by us alone; its size in bytes. Raises OSError."""
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    growing = target.with_suffix(".part")
    growing.unlink(missing_ok=True)
    try:
        descriptor = os.open(growing, os.O_CREAT | os.O_EXCL | os.O_WRONLY, _OWNER_ONLY)
        with os.fdopen(descriptor, "wb") as stream:
            with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr(PAGE_NAME, _page(page))
                archive.writestr(DATA_NAME, json.dumps(data_of(page), ensure_ascii=False, indent=1))
                for file in page.files:
                    archive.write(file.path, file.name_inside)
            stream.flush()
            os.fsync(stream.fileno())
        growing.rename(target)
    finally:
        growing.unlink(missing_ok=True)
    return target.stat().st_size


def data_of(page: CopyPage) -> dict[str, Any]:
    """The copy for machines: `part` and the keys of `data` stay as they are, titles and labels are in words."""
    return {
        "format": "rapport-personal-data",
        "version": 1,
        "made_at": page.made_at.isoformat(),
        "organisation": page.org_name,
        "person": page.public_id,
        "language": reader().locale,
        "parts": [
            {
                "part": part,
                "title": section.title,
                "rows": [{"label": str(label), "value": str(value)} for label, value in section.rows],
                "kept": section.kept,
                "seen_by": section.seen_by,
                "data": section.extra,
            }
            for part, section in page.parts
        ],
        "files": [{"path": file.name_inside, "name": file.name} for file in page.files],
    }


def _page(page: CopyPage) -> str:
    style = Markup("<style>{}</style>").format(Markup(_style()))  # noqa: S704 - our own file
    return render_document("candidate/privacy/_copy_file.html", page=page, data_name=DATA_NAME, style=style)


@cache
def _style() -> str:
    """The styles of the page, which stand in it: it is opened without the internet, long after."""
    return (STATIC / "css" / "copy.css").read_text()
