"""Files as people upload them."""

import zipfile
from io import BytesIO

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"


def docx(parts: dict[str, bytes] | None = None, *, types: bool = True) -> bytes:
    """A Word file as small as it gets."""
    made = BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        if types:
            packed.writestr("[Content_Types].xml", b"<Types/>")
        for name, content in (parts or {"word/document.xml": b"<document/>"}).items():
            packed.writestr(name, content)
    return made.getvalue()
