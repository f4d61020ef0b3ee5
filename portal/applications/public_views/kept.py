"""What a page of a stranger who applies knows: the file that came with it, and what it takes the place of.

It stands in the page itself, signed, and not in the browser's session: the next one at the same computer opens a new
page, and that one knows nothing.
"""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from itsdangerous import BadData, URLSafeTimedSerializer

from portal.core.settings import current_settings

_KEPT_FOR: Final = timedelta(hours=24)


@dataclass(frozen=True)
class Kept:
    """What a page knows: the public id of a file (empty for none), and the request that sending takes the place of."""

    cv: str = ""
    #: The id of the token of that request.
    instead: int | None = None


def sign_kept(kept: Kept, slug: str) -> str:
    """`kept` for a page of the opening at `slug`, as `read_kept` reads it for a day; empty when there is nothing."""
    return _signer().dumps([slug, kept.cv, kept.instead]) if kept != Kept() else ""


def read_kept(text: str, slug: str) -> Kept:
    """What a page knew; nothing when it was not signed here, is too old, or was of another opening."""
    try:
        found = _signer().loads(text, max_age=int(_KEPT_FOR.total_seconds()))
    except BadData:
        return Kept()
    its_slug, cv, instead = found
    return Kept(cv, instead) if its_slug == slug else Kept()


def _signer() -> URLSafeTimedSerializer:
    return URLSafeTimedSerializer(current_settings().secret_key, salt="applying")
