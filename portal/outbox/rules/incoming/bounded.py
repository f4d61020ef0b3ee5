"""Taking a message apart in a time that whoever wrote it does not decide."""

import re
from email import message_from_bytes
from email.message import Message
from email.policy import Compat32
from itertools import islice
from typing import Any, Final

#: No program nests parts so deeply; each line is compared with the boundaries around it.
_MOST_BOUNDARIES: Final = 60
#: Lines that are read: three megabytes of a file in base64 have 42,000.
_MOST_LINES: Final = 60_000
#: Letters of a header field that are read; parameters in it are taken apart again and again.
_LONGEST_FIELD: Final = 4_000
#: As the standard library reads the parameter: in any case, with gaps, in numbered pieces (RFC 2231).
_BOUNDARY: Final = re.compile(rb"boundary[\s*0-9]{0,40}=", re.IGNORECASE)
_LINE_END: Final = re.compile(rb"\r\n|\r|\n")


class UnreadableMail(ValueError):
    """No program of ours can read this message."""


class _Bounded(Compat32):
    """As the standard library reads old and broken mail, with the ends of endless header fields left out.

    Header fields in plain UTF-8 (RFC 6532) are read as such; it makes question marks of them.
    """

    def header_source_parse(self, sourcelines: list[str]) -> tuple[str, Any]:
        name, value = super().header_source_parse(sourcelines)
        return name, value[:_LONGEST_FIELD].encode("utf-8", "surrogateescape").decode("utf-8", "replace")


_POLICY: Final = _Bounded()


def taken_apart(raw: bytes) -> Message:
    """The message, as far as anybody reads it. Raises UnreadableMail, and what the standard library raises."""
    last = next(islice(_LINE_END.finditer(raw), _MOST_LINES, None), None)
    read = raw[: last.start()] if last else raw
    if next(islice(_BOUNDARY.finditer(read), _MOST_BOUNDARIES, None), None) is not None:
        raise UnreadableMail("parts within parts")
    return message_from_bytes(read, policy=_POLICY)
