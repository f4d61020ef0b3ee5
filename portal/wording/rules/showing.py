"""Showing a mail inside a page of ours, as a light or a dark mail program would."""

from enum import StrEnum
from typing import Final

#: A frame may show the mail's own styles and nothing else, inside our pages only.
FRAME_POLICY: Final = "sandbox; default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'"
_ASKS_FOR_DARK = "@media (prefers-color-scheme: dark)"
_ASKS_FOR_BOTH = 'content="light dark"'


class Scheme(StrEnum):
    """The colours of the mail program."""

    LIGHT = "light"
    DARK = "dark"


def in_scheme(html: str, scheme: Scheme) -> str:
    """The HTML of a mail as it looks in `scheme`, whatever the browser prefers."""
    applies = "@media all" if scheme is Scheme.DARK else "@media not all"
    return (
        html.replace(_ASKS_FOR_DARK, applies)
        .replace("color-scheme: light dark", f"color-scheme: {scheme}")
        .replace(_ASKS_FOR_BOTH, f'content="{scheme}"')
    )
