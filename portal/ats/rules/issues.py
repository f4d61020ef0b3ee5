"""What is kept and shown of a row: never an address, never something that a spreadsheet would run."""

import re
import unicodedata
from typing import Final

_ADDRESS: Final = re.compile(r"[^\s\"'<>(),;]*@[^\s\"'<>(),;]*")
_QUOTED: Final = re.compile(r'".*"', re.DOTALL)
_HIDDEN: Final = "…"
#: What people write where there is no address tells nothing about anybody.
_PLACEHOLDER: Final = re.compile(r"[\W_]*|n[/.]?a\.?|none|null|nil|no|no-?email|unknown@?|missing|tbd", re.IGNORECASE)
_FORMULA: Final = ("=", "+", "-", "@", "\t", "\r")


def safe_reason(is_address_cell: bool, reason: str) -> str:
    """A remark about a cell as it may be kept: without any address, and nothing at all out of an address cell."""
    if not is_address_cell:
        return without_addresses(reason)
    quoted = _QUOTED.search(reason)
    if quoted and _PLACEHOLDER.fullmatch(quoted[0].strip('"')):
        return reason
    return without_addresses(_QUOTED.sub(f'"{_HIDDEN}"', reason))


def without_addresses(text: str) -> str:
    """`text` with everything around an @ left out."""
    return _ADDRESS.sub(_HIDDEN, text)


def safe_cell(text: str) -> str:
    """`text` for a cell of a CSV file: a spreadsheet would take a leading = + - @, tab or CR for a formula.

    Spreadsheets trim and fold what they read, so the first visible character counts, look-alikes too.
    """
    visible = "".join(one for one in unicodedata.normalize("NFKC", text) if unicodedata.category(one) != "Cf").strip()
    return f"'{text}" if text.startswith(_FORMULA) or visible.startswith(_FORMULA) else text
