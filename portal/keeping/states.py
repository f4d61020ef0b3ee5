"""How a copy for somebody stands."""

from enum import StrEnum
from typing import Final


class CopyState(StrEnum):
    """A copy of all that we hold about a person, from being asked for to being deleted."""

    ASKED = "asked"
    MAKING = "making"
    READY = "ready"
    EXPIRED = "expired"
    FAILED = "failed"


#: Nothing is asked for again while one of these stands.
UNDER_WAY: Final = (CopyState.ASKED, CopyState.MAKING)
