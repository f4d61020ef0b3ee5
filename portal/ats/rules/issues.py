"""What is kept and shown of a row: never an address."""

import re
from typing import Final

_ADDRESS: Final = re.compile(r"[^\s\"'<>(),;]*@[^\s\"'<>(),;]*")
_QUOTED: Final = re.compile(r'".*"', re.DOTALL)
_HIDDEN: Final = "…"
#: What people write where there is no address tells nothing about anybody.
_PLACEHOLDER: Final = re.compile(r"[\W_]*|n[/.]?a\.?|none|null|nil|no|no-?email|unknown@?|missing|tbd", re.IGNORECASE)


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
