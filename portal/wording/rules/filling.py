"""Putting values in the places of a mail's words: only what the mail declares is replaced, all else stays as typed."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from markupsafe import Markup

from portal.core.errors import PortalError
from portal.core.i18n import format_day, format_moment, format_number
from portal.core.i18n import gettext as _
from portal.core.mail import TokenPlaces
from portal.wording.rules.places import (
    Block,
    Button,
    Code,
    Facts,
    Letter,
    Links,
    Mail,
    Place,
    Word,
    Words,
    Writing,
    Written,
)

#: One pair of braces around a name; `{{this}}` is no place.
_PLACE = re.compile(r"(?<!\{)\{([a-z][a-z_]{0,39})\}(?!\})")
_NO_HTML = Markup()
_BETWEEN_PARAGRAPHS = re.compile(r"\n[ \t]*(?:\n[ \t]*)+")


class MissingValue(PortalError):
    """A placeholder has no value for this person: their mail is held back, never sent with a gap.

    `kind` is the mail, `place` the name of the placeholder.
    """

    def __init__(self, kind: str, place: str, meaning: str) -> None:
        super().__init__(
            _("This mail says “%(what)s”, and we do not know that here. Nothing has been sent.", what=meaning)
        )
        self.kind = kind
        self.place = place


class Form(StrEnum):
    """What a part of a body looks like."""

    PARAGRAPH = "paragraph"
    BUTTON = "button"
    LINK = "link"
    CODE = "code"
    FACTS = "facts"
    LINKS = "links"
    WRITING = "writing"


@dataclass(frozen=True)
class Part:
    """One part of a body: `rows` of facts are (label, value), of links (label, address); `html` is of a writing."""

    form: Form
    text: str = ""
    href: str = ""
    rows: tuple[tuple[str, str], ...] = ()
    html: Markup = _NO_HTML


@dataclass(frozen=True)
class Filled:
    """A mail with everything in its place."""

    subject: str
    preheader: str
    heading: str
    parts: tuple[Part, ...]
    why: str
    reply: str


def names_in(text: str) -> list[str]:
    """What stands in single braces, in order, whether a mail knows it or not."""
    return _PLACE.findall(text)


def paragraphs(body: str) -> list[str]:
    """The paragraphs of a body, without the empty lines between them."""
    lines = body.replace("\r\n", "\n").replace("\r", "\n")
    return [one.strip() for one in _BETWEEN_PARAGRAPHS.split(lines) if one.strip()]


def sole_name(line: str) -> str:
    """The name of the placeholder that is all this line consists of; empty when it is more or none."""
    found = _PLACE.fullmatch(line.strip())
    return found.group(1) if found else ""


def fill(mail: Mail, words: Words, values: Mapping[str, object], *, base_url: str, places: TokenPlaces) -> Filled:
    """`words` with `values` in their places, as the reader's language writes them.

    Links begin with `base_url` and carry what `places` has for their tokens. Raises MissingValue.
    """
    filler = _Filler(mail, values, base_url, places)
    return Filled(
        subject=_one_line(filler.sentence(words.subject)),
        preheader=_one_line(filler.sentence(words.preheader)),
        heading=_one_line(filler.sentence(words.heading)),
        parts=tuple(part for one in paragraphs(words.body) for part in filler.parts(one)),
        why=filler.sentence(str(mail.why)),
        reply=filler.sentence(str(mail.reply)),
    )


class _Filler:
    def __init__(self, mail: Mail, values: Mapping[str, object], base_url: str, places: TokenPlaces) -> None:
        self._mail = mail
        self._known = mail.all_places
        self._values = values
        self._base_url = base_url
        self._tokens = places

    def sentence(self, text: str) -> str:
        """`text` with its words in place; what was put in is never looked at again."""
        return _PLACE.sub(self._word, text)

    def parts(self, paragraph: str) -> Iterator[Part]:
        """A paragraph as parts: lines that are a block by themselves, and what stands between them."""
        lines: list[str] = []
        for line in paragraph.split("\n"):
            place = self._known.get(sole_name(line))
            if isinstance(place, Word | None):
                lines.append(line.strip())
                continue
            yield from self._spoken(lines)
            lines = []
            yield from self._block(place)
        yield from self._spoken(lines)

    def _spoken(self, lines: list[str]) -> Iterator[Part]:
        text = "\n".join(lines)
        if text and not any(self._is_left_out(name) for name in names_in(text)):
            yield Part(Form.PARAGRAPH, self.sentence(text))

    def _is_left_out(self, name: str) -> bool:
        place = self._known.get(name)
        return isinstance(place, Word) and place.may_be_empty and not in_words(self._values.get(name))

    def _word(self, found: re.Match[str]) -> str:
        place = self._known.get(found.group(1))
        if not isinstance(place, Word):
            return found.group(0)
        text = in_words(self._values.get(place.name))
        if not text:
            raise self._missing(place)
        return text

    def _missing(self, place: Place) -> MissingValue:
        return MissingValue(self._mail.kind, place.name, str(place.meaning))

    def _block(self, place: Block) -> Iterator[Part]:
        if isinstance(place, Code):
            yield Part(Form.CODE, self._tokens.code(place.token))
        elif isinstance(place, Button):
            token = self._tokens.token(place.token) if place.token else ""
            form = Form.LINK if place.is_quiet else Form.BUTTON
            yield Part(form, self.sentence(str(place.label)), f"{self._base_url}{place.path}{token}")
        else:
            yield from self._given(place)

    def _given(self, place: Letter | Facts | Links | Writing) -> Iterator[Part]:
        value = self._values.get(place.name)
        if isinstance(place, Letter):
            found = [Part(Form.PARAGRAPH, one) for one in paragraphs(in_words(value))]
        elif isinstance(place, Writing):
            found = _writing(value)
        else:
            found = _rows(place, value, self._base_url)
        if not found and not place.may_be_empty:
            raise self._missing(place)
        yield from found


def _writing(value: object) -> list[Part]:
    if not isinstance(value, Written) or not value.text:
        return []
    return [Part(Form.WRITING, value.text, html=value.html)]


def _rows(place: Facts | Links, value: object, base_url: str) -> list[Part]:
    pairs = value if isinstance(value, tuple | list) else ()
    written = [(in_words(label), in_words(what)) for label, what in pairs]
    rows = tuple((label, what) for label, what in written if label and what)
    if not rows:
        return []
    if isinstance(place, Facts):
        return [Part(Form.FACTS, rows=rows)]
    return [Part(Form.LINKS, rows=tuple((label, base_url + path) for label, path in rows))]


def in_words(value: object) -> str:
    """A value as the reader's language writes it; nothing for none."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return format_moment(value)
    if isinstance(value, date):
        return format_day(value)
    if isinstance(value, int) and not isinstance(value, bool):
        return format_number(value)
    return str(value).strip()


def as_text(filled: Filled, foot: tuple[str, ...]) -> str:
    """The text part: paragraphs, addresses on lines of their own, and below a line of dashes the foot."""
    body = [_TEXT[part.form](part) for part in filled.parts]
    return "\n\n".join([*body, "\n".join(["--", *foot])]) + "\n"


def _link(part: Part) -> str:
    return f"{part.text}:\n{part.href}"


_TEXT: Mapping[Form, Callable[[Part], str]] = {
    Form.PARAGRAPH: lambda part: part.text,
    Form.BUTTON: _link,
    Form.LINK: _link,
    Form.CODE: lambda part: f"    {part.text}",
    Form.WRITING: lambda part: part.text,
    Form.FACTS: lambda part: "\n".join(f"{label}: {value}" for label, value in part.rows),
    Form.LINKS: lambda part: "\n\n".join(f"{label}\n{address}" for label, address in part.rows),
}


def _one_line(text: str) -> str:
    return " ".join(text.split())
