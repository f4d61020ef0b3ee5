"""What an uploaded CV is, by its own bytes, and whether it may be kept."""

import zipfile
from enum import StrEnum
from io import BytesIO
from pathlib import PurePath
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.people.rules import clean_line

#: Bytes of a CV.
MAX_CV: Final = 5 * 1024 * 1024
#: Readers of PDF look for its mark this far (ISO 32000-1, Annex H, implementation note 13).
_PDF_HEAD: Final = 1024
#: What a Word file holds in all: entries, and bytes once unpacked. One that claims more is made to fill a disk.
_MAX_ENTRIES: Final = 2_000
_ENTRY: Final = b"PK\x01\x02"
_MAX_UNPACKED: Final = 100 * 1024 * 1024
#: ECMA-376, part 2: every package has the first; a text document has the second.
_IN_EVERY_DOCX: Final = frozenset({"[Content_Types].xml", "word/document.xml"})
_MACROS: Final = "word/vbaProject.bin"
_NAME_LENGTH: Final = 120


class DocumentKind(StrEnum):
    """The kinds of files that a CV may be; also the end of its name."""

    PDF = "pdf"
    DOCX = "docx"


MEDIA_TYPES: Final[dict[DocumentKind, str]] = {
    DocumentKind.PDF: "application/pdf",
    DocumentKind.DOCX: "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


class DocumentRefused(PortalError):
    """What was uploaded cannot be taken as a CV; nothing was kept."""


def check_document(content: bytes) -> DocumentKind:
    """What kind of CV these bytes are, whatever their name says. Raises DocumentRefused."""
    if len(content) > MAX_CV:
        raise DocumentRefused(_("This file is too large: at most %(count)s MB can be sent.", count=MAX_CV // 1024**2))
    if not content:
        raise DocumentRefused(_("This file is empty. Please choose another one."))
    if b"%PDF-" in content[:_PDF_HEAD]:
        return DocumentKind.PDF
    if _is_docx(content):
        return DocumentKind.DOCX
    raise DocumentRefused(_("This is neither a PDF nor a Word file (DOCX). Please save your CV as one of the two."))


def _is_docx(content: bytes) -> bool:
    """Whether this is a Word file of a usual size without macros; nothing is unpacked."""
    # Each entry of the list at the end begins so (APPNOTE.TXT of ZIP, 4.3.12): counting takes a thousandth of reading.
    if not content.startswith(b"PK\x03\x04") or content.count(_ENTRY) > _MAX_ENTRIES:
        return False
    try:
        with zipfile.ZipFile(BytesIO(content)) as packed:
            entries = packed.infolist()
    # What a broken archive raises depends on where it is broken.
    except (zipfile.BadZipFile, ValueError, OSError, EOFError, NotImplementedError, OverflowError, LookupError):
        return False
    names = {entry.filename for entry in entries}
    if len(entries) > _MAX_ENTRIES or sum(entry.file_size for entry in entries) > _MAX_UNPACKED:
        return False
    return names >= _IN_EVERY_DOCX and _MACROS not in names


def document_name(name: str, kind: DocumentKind) -> str:
    """What people read as the name of a file: without folders and invisible characters, ending as its kind does."""
    plain = clean_line(PurePath(name.replace("\\", "/")).name)
    stem = plain[: -len(kind) - 1] if plain.lower().endswith(f".{kind}") else plain
    return f"{stem.strip(' .')[:_NAME_LENGTH] or 'cv'}.{kind}"


def kind_of_name(name: str) -> DocumentKind:
    """The kind of a file that was kept under a name of `document_name`."""
    return DocumentKind.PDF if name.endswith(f".{DocumentKind.PDF}") else DocumentKind.DOCX
