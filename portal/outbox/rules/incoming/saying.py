"""What a person said in a mail, apart from what their program repeated of ours."""

import html
import re
from collections.abc import Iterable
from email.message import Message
from itertools import islice
from typing import Final, NamedTuple

import nh3
from mailparser_reply import EmailReplyParser  # type: ignore[import-untyped]  # has no types

from portal.core.tokens import TOKEN_LENGTH
from portal.outbox.rules.incoming.parts import UNREADABLE, file_name, leaves, plain_words, text_of

#: Letters of a mail in which we look for where it stops being new.
_LOOKED_AT: Final = 20_000
#: Longer lines than this take the search for quotes too long, and no program breaks its header there.
_LONGEST_LINE: Final = 1_000
_LANGUAGES: Final = ["en", "de", "fr", "es", "it", "nl", "pl", "sv", "da", "cs"]
#: Where the repeated mail begins in HTML: Gmail, Outlook, Apple Mail and whoever quotes as HTML does.
_QUOTE_IN_HTML: Final = re.compile(
    r"<blockquote\b|<div[^>]{0,200}class=\"?gmail_quote|<div[^>]{0,200}id=\"?(?:appendonsend|divRplyFwdMsg)",
    re.IGNORECASE,
)
#: Marks of HTML that are read: how long it takes to see which is within which grows with their square.
_MOST_MARKS: Final = 10_000
_LINE_ENDS: Final = re.compile(r"<br\s{0,5}/?>|</(?:p|div|li|tr|h[1-6]|blockquote)>", re.IGNORECASE)
#: A token of ours in an address: whoever reads what a mail repeats may not open what was sent to its writer.
_TOKEN: Final = re.compile(rf"(?<=/)[A-Za-z0-9_-]{{{TOKEN_LENGTH}}}(?![A-Za-z0-9_-])")
_BLANK_LINES: Final = re.compile(r"\n[ \t]*(?:\n[ \t]*){2,}")


class Said(NamedTuple):
    """What is new in a mail, what it repeats, and the names of the files with it."""

    text: str
    quoted: str
    files: tuple[str, ...]


def what_was_said(message: Message) -> Said:
    """The words of a message: its plain text, else its HTML without tags; without the secrets of our links."""
    plain, rich = "", ""
    files: list[str] = []
    for part in leaves(message):
        name = file_name(part)
        if name:
            files.append(name)
        elif part.get_content_type() == "text/plain":
            plain = plain or text_of(part).strip()
        else:
            rich = rich or text_of(part).strip()
    text, quoted = _parted(plain) if plain else _parted_html(rich)
    return Said(_tidy(text), _tidy(quoted), tuple(files))


def text_of_html(source: str) -> str:
    """HTML as plain text: no tag, no script, no style stays; of very much of it the beginning."""
    first_left_out = next(islice(re.finditer("<", source), _MOST_MARKS, None), None)
    source = source[: first_left_out.start()] if first_left_out else source
    # What was written as `&#1;` is a letter only now.
    return plain_words(html.unescape(nh3.clean(_LINE_ENDS.sub(lambda found: f"{found[0]}\n", source), tags=set())))


def _parted_html(source: str) -> tuple[str, str]:
    found = _QUOTE_IN_HTML.search(source)
    new = text_of_html(source[: found.start()]) if found else ""
    if found and new.strip():
        text, quoted = _parted(new)
        return text, "\n\n".join(part for part in (quoted, text_of_html(source[found.start() :]).strip()) if part)
    return _parted(text_of_html(source))


def _parted(text: str) -> tuple[str, str]:
    """What is new and what is repeated; where that cannot be told, all of it is new."""
    start, rest = text[:_LOOKED_AT], text[_LOOKED_AT:]
    if any(len(line) > _LONGEST_LINE for line in start.split("\n")):
        return text, ""
    try:
        found = EmailReplyParser(languages=list(_LANGUAGES)).read(start).replies
    except UNREADABLE:
        return text, ""
    new, old = (found[0].full_body, found[1:]) if found else (start, [])
    new, trailing = _without_quotes_below(new)
    quoted = "\n\n".join(part for part in (trailing, *(f"{one.headers}\n{one.full_body}" for one in old)) if part)
    if not new.strip():
        # They wrote below what they answer, or between its lines.
        new = "\n".join(line for line in start.split("\n") if not _is_quoted(line) and not _is_header(line, old))
    new, leading = _without_quotes_above(new)
    quoted = "\n\n".join(part for part in (leading, quoted) if part)
    if not old:
        new += rest
    elif rest:
        quoted += rest
    return new, quoted


def _without_quotes_below(text: str) -> tuple[str, str]:
    lines = text.split("\n")
    end = len(lines)
    while end and (_is_quoted(lines[end - 1]) or not lines[end - 1].strip()):
        end -= 1
    return "\n".join(lines[:end]), "\n".join(lines[end:]).strip()


def _without_quotes_above(text: str) -> tuple[str, str]:
    """Of an answer below what it answers; where they wrote between the lines, it stays as it is."""
    lines = text.split("\n")
    start = 0
    while start < len(lines) and (_is_quoted(lines[start]) or not lines[start].strip()):
        start += 1
    rest = lines[start:]
    if not rest or any(_is_quoted(line) for line in rest):
        return text, ""
    return "\n".join(rest), "\n".join(lines[:start]).strip()


def _is_quoted(line: str) -> bool:
    return line.lstrip().startswith(">")


def _is_header(line: str, old: Iterable[object]) -> bool:
    """Whether the line is part of what programs put above a mail that they repeat."""
    words = line.strip()
    return bool(words) and any(words in str(getattr(one, "headers", "")) for one in old)


def _tidy(text: str) -> str:
    return _BLANK_LINES.sub("\n\n", _TOKEN.sub("…", text)).strip()
