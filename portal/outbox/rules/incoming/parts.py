"""The parts of a message that came in: header fields as people read them, texts in any charset, names of files."""

import codecs
import unicodedata
from collections.abc import Iterator
from email.errors import MessageError
from email.header import decode_header, make_header
from email.message import Message
from email.utils import getaddresses
from typing import Any, Final

from charset_normalizer import from_bytes

from portal.people.rules import InvalidAddress, normalise_address

#: What the standard library and what builds on it raise at messages that nobody should send.
UNREADABLE: Final = (
    MessageError,
    ValueError,
    LookupError,
    TypeError,
    AttributeError,
    AssertionError,
    RecursionError,
)
#: Python's own codecs that stand for no charset, and take very long or change what is said.
_NO_CHARSETS: Final = frozenset(
    {"idna", "punycode", "unicode-escape", "unicode_escape", "raw-unicode-escape", "undefined"}
)
#: Letters that turn the direction of what follows: with them a name or a line can be made to look like another.
_TURNING: Final = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_MOST_PARTS: Final = 200
_MOST_ADDRESSES: Final = 50
_HEADER_LENGTH: Final = 2_000
_FILE_NAME_LENGTH: Final = 120
#: Bytes from which an unknown charset is guessed, and bytes of a text that are read at all.
_GUESSED_FROM: Final = 4_000
_LONGEST_TEXT: Final = 400_000


def header(message: Message, name: str) -> str:
    """A header field in plain words on one line; empty when it is missing."""
    raw = str(message.get(name, ""))[:_HEADER_LENGTH]
    try:
        words = str(make_header(decode_header(raw)))
    except UNREADABLE:
        words = raw
    return one_line(words)


def one_line(text: str) -> str:
    """`text` without line breaks and what nobody can see or trust."""
    return " ".join("".join(ch if _is_plain(ch) else " " for ch in text).split())


def plain_words(text: str) -> str:
    """`text` with its lines, without control characters, halves of characters and letters that turn what follows."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ch for ch in lines if ch in "\n\t" or _is_plain(ch))


def _is_plain(letter: str) -> bool:
    return letter not in _TURNING and unicodedata.category(letter) not in {"Cc", "Cs"}


def addresses(message: Message, *names: str) -> list[str]:
    """The addresses in these header fields, normalised; what is none is left out."""
    raw = [str(value)[:_HEADER_LENGTH] for name in names for value in message.get_all(name, [])]
    found = []
    for _name, address in getaddresses(raw)[:_MOST_ADDRESSES]:
        try:
            found.append(normalise_address(address))
        except InvalidAddress:
            continue
    return found


def leaves(message: Message) -> Iterator[Message]:
    """The parts that hold something, in their order; a message within the message is one part."""
    waiting: list[Message] = [message]
    for _count in range(_MOST_PARTS):
        if not waiting:
            return
        part = waiting.pop(0)
        inner: Any = part.get_payload()
        if part.get_content_maintype() == "multipart" and isinstance(inner, list):
            waiting[:0] = [one for one in inner if isinstance(one, Message)]
        else:
            yield part


def file_name(part: Message) -> str:
    """What a part that is a file is called; empty for a text to be read."""
    is_text = part.get_content_type() in {"text/plain", "text/html"}
    name = one_line(part.get_filename() or "")[:_FILE_NAME_LENGTH]
    if part.get_content_disposition() != "attachment" and is_text:
        return ""
    return name or part.get_content_type()


def text_of(part: Message) -> str:
    """The text of a part, whatever charset it says or does not say that it has."""
    payload: Any = part.get_payload(decode=True)
    raw = payload[:_LONGEST_TEXT] if isinstance(payload, bytes) else b""
    return plain_words(_decoded(raw, part.get_content_charset() or "utf-8"))


def _decoded(raw: bytes, charset: str) -> str:
    try:
        # An error in the last bytes is where we have cut.
        if codecs.lookup(charset).name not in _NO_CHARSETS:
            return raw.decode(charset, "strict" if len(raw) < _LONGEST_TEXT else "replace")
    except (LookupError, ValueError):
        pass  # the charset is unknown, or is not what it says
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        guessed = from_bytes(raw[:_GUESSED_FROM]).best()
        return raw.decode(guessed.encoding if guessed else "cp1252", "replace")
