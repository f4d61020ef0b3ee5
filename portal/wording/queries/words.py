"""The words of the mails, and the one way to render a mail."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, bindparam, column, func, select, table

from portal.company.queries import company_look, company_name
from portal.core.db import fetch, refuse_in_transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import reader, reading_as
from portal.core.mail import RenderedMail, TokenPlaces, mail_html, new_places, one_line
from portal.core.settings import Settings, current_settings
from portal.core.tokens import TokenKind
from portal.wording.data import MAILS
from portal.wording.models import MailWording
from portal.wording.rules import GoesTo, Mail, Words, as_text, fill, tidy

# People lie above the words of mails; the names of those who wrote them are read by table.
_author = table("person", column("id"), column("name"))

_WORDS = (
    MailWording.number,
    MailWording.is_ours,
    MailWording.subject,
    MailWording.preheader,
    MailWording.heading,
    MailWording.body,
)
_NEWEST = (
    select(*_WORDS)
    .where(MailWording.kind == bindparam("kind"))
    .where(MailWording.locale == bindparam("locale"))
    .order_by(MailWording.number.desc())
    .limit(1)
)
_VERSIONS = (
    select(*_WORDS, MailWording.created_at, _author.c.name)
    .outerjoin(_author, _author.c.id == MailWording.author_id)
    .where(MailWording.kind == bindparam("kind"))
    .where(MailWording.locale == bindparam("locale"))
    .order_by(MailWording.number.desc())
)


@dataclass(frozen=True)
class CurrentWords:
    """The words that go out: `number` is their version, 0 while nobody has changed them; `is_ours`: as they came."""

    words: Words
    number: int
    is_ours: bool


@dataclass(frozen=True)
class MailLine:
    """A mail as the list of all shows it; `changed_at` is None while the words are ours."""

    mail: Mail
    changed_at: datetime | None
    author_name: str


@dataclass(frozen=True)
class Version:
    """One version of the words of a mail, with who made it and when (None: it came with the program)."""

    number: int
    words: Words
    is_ours: bool
    author_name: str
    created_at: datetime | None


def render(kind: str, locale: str, zone: str, **values: object) -> RenderedMail:
    """The mail `kind` ("feature/message") for a reader of `locale` in the IANA `zone`, in the company's words.

    `values` are what its placeholders stand for, by name; dates are written in the reader's way. Raises MissingValue
    when one that the words need is empty (the caller holds this person's mail back and lists it), RenderedTooLate
    inside a write transaction, KeyError for a mail that nobody has declared.
    """
    mail = MAILS[kind]
    if unknown := set(values) - set(mail.all_places):
        raise TypeError(f"{kind} has no place for {', '.join(sorted(unknown))}")
    refuse_in_transaction(f"Rendering {kind}")
    with reading_as(locale, zone):
        words = current_words(kind, locale).words
        return _rendered(mail, words, values, new_places(), current_settings())


def draft_text(kind: str, locale: str, zone: str, **values: object) -> str:
    """The text that a letter begins with, in the company's words for a reader of `locale` in the IANA `zone`.

    `kind` is a mail that is a draft. Raises MissingValue as `render` does, KeyError for one that nobody has declared.
    """
    mail = MAILS[kind]
    with reading_as(locale, zone):
        words = current_words(kind, locale).words
        given = _given(mail, values)
        filled = fill(mail, words, given, base_url=current_settings().base_url, places=new_places())
        return "\n\n".join(part.text for part in filled.parts)


def render_example(kind: str, words: Words | None = None) -> RenderedMail:
    """The mail with the values of its examples, for whoever reads now: in `words`, or as it goes out at present.

    Where tokens and codes will stand, examples stand.
    """
    mail = MAILS[kind]
    shown = words or current_words(kind, reader().locale).words
    values = {name: getattr(place, "example", None) for name, place in mail.all_places.items()}
    return _rendered(mail, shown, values, _ExamplePlaces("example"), current_settings())


def _rendered(
    mail: Mail, words: Words, values: Mapping[str, object], places: TokenPlaces, settings: Settings
) -> RenderedMail:
    name_of_us = company_name()
    filled = fill(mail, words, _given(mail, values), base_url=settings.base_url, places=places)
    links = _foot_links(mail, places, settings.base_url)
    foot = tuple(line for line in (filled.reply, filled.why) if line)
    html = mail_html(
        "email/_letter.html",
        mail=filled,
        foot=foot,
        links=links,
        subject=filled.subject,
        org_name=name_of_us,
        look=company_look(),
    )
    return RenderedMail(
        key=places.key,
        kind=mail.kind,
        subject=one_line(filled.subject),
        text=as_text(filled, (*foot, *(f"{label}: {href}" for label, href in links))),
        html=html,
        locale=reader().locale,
    )


def _given(mail: Mail, values: Mapping[str, object]) -> dict[str, object]:
    """The values with those that every mail has."""
    given: dict[str, object] = {**values, "org": company_name()}
    if "greeting" in mail.all_places:
        name = str(values.get("name") or "").strip()
        given["greeting"] = _("Hello %(name)s,", name=name) if name else _("Hello,")
    return given


def _foot_links(mail: Mail, places: TokenPlaces, base_url: str) -> list[tuple[str, str]]:
    links = []
    if mail.has_unsubscribe:
        links.append((_("Stop mails like this"), f"{base_url}/unsubscribe/{places.token(TokenKind.UNSUBSCRIBE)}"))
    if mail.goes_to is GoesTo.PERSON:
        links.append((_("Fewer mails from us"), f"{base_url}/preferences/{places.token(TokenKind.PREFERENCES)}"))
    return links


class _ExamplePlaces(TokenPlaces):
    def token(self, kind: str) -> str:
        return "example"

    def code(self, kind: str) -> str:
        return "204816"


def current_words(kind: str, locale: str) -> CurrentWords:
    """The words that go out now: the newest version of an admin's, else ours in the reader's language."""
    row = fetch(_NEWEST, {"kind": kind, "locale": locale}).first()
    if row is None or row.is_ours:
        return CurrentWords(our_words(kind), row.number if row else 0, True)
    return CurrentWords(Words(row.subject, row.preheader, row.heading, row.body), row.number, False)


def our_words(kind: str) -> Words:
    """The words that came with the program, in the reader's language."""
    return tidy(MAILS[kind].words)


def every_mail() -> list[Mail]:
    """What we know about each kind of mail that we send."""
    return list(MAILS.values())


def find_mail(kind: str) -> Mail | None:
    """What we know about this kind of mail, if there is one."""
    return MAILS.get(kind)


def mail_lines(locale: str) -> list[MailLine]:
    """Every mail that we send, and since when its words in `locale` are not ours."""
    newest = (
        select(MailWording.kind, func.max(MailWording.number).label("number"))
        .where(MailWording.locale == locale)
        .group_by(MailWording.kind)
        .subquery()
    )
    changed = fetch(
        select(MailWording.kind, MailWording.created_at, _author.c.name)
        .join(newest, (newest.c.kind == MailWording.kind) & (newest.c.number == MailWording.number))
        .outerjoin(_author, _author.c.id == MailWording.author_id)
        .where(MailWording.locale == locale)
        .where(MailWording.is_ours.is_(False))
        .order_by(MailWording.kind)
    )
    found = {row.kind: row for row in changed}
    return [
        MailLine(mail, found[kind].created_at, found[kind].name or "") if kind in found else MailLine(mail, None, "")
        for kind, mail in MAILS.items()
    ]


def versions(kind: str, locale: str, offset: int = 0, limit: int = 50) -> list[Version]:
    """The versions of the words of a mail, newest first."""
    rows = fetch(_VERSIONS.offset(offset).limit(limit), {"kind": kind, "locale": locale})
    return [_version(kind, row) for row in rows]


def version_count(kind: str, locale: str) -> int:
    """How many versions there are of the words of a mail."""
    counted = select(func.count(MailWording.id)).where(MailWording.kind == kind).where(MailWording.locale == locale)
    count: int = fetch(counted).scalar_one()
    return count


def find_version(kind: str, locale: str, number: int) -> Version | None:
    """One version of the words of a mail, if there is one of this number; 0 is how it came with the program."""
    if number == 0:
        return Version(0, our_words(kind), True, "", None)
    row = fetch(_VERSIONS.where(MailWording.number == number), {"kind": kind, "locale": locale}).first()
    return None if row is None else _version(kind, row)


def _version(kind: str, row: Row[Any]) -> Version:
    return Version(
        number=row.number,
        words=our_words(kind) if row.is_ours else Words(row.subject, row.preheader, row.heading, row.body),
        is_ours=row.is_ours,
        author_name=row.name or "",
        created_at=row.created_at,
    )
