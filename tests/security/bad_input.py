"""What somebody with bad intentions, or a broken program, hands to each parser; and what must hold all the same."""

import csv
import io
import json
import signal
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from types import FrameType
from typing import Any
from xml.etree.ElementTree import fromstring

import html5lib
from hypothesis import given, settings
from hypothesis import strategies as st
from icalendar import Calendar
from PIL import Image

from portal.applications.public_views.kept import Kept, read_kept, sign_kept
from portal.applications.rules.documents import check_document, document_name
from portal.ats.adapters import open_table
from portal.ats.rules.columns import map_columns
from portal.ats.rules.dates import DateOrder, read_date
from portal.ats.rules.people_lists import map_people, read_people
from portal.ats.rules.rows import read_row
from portal.company.adapters import read_logo
from portal.company.rules.colours import clean_colour
from portal.company.rules.saving import clean_contact_address
from portal.contact.rules.links import read_link
from portal.core.errors import PortalError
from portal.core.feeds import FeedEntry, atom_feed
from portal.core.settings import read_settings
from portal.core.spreadsheets import csv_line
from portal.core.tokens import STATELESS, TokenKind, read_signed_token, signed_token, token_hash
from portal.interviews.rules.calendar import Meeting, Method, Who, entry
from portal.interviews.rules.times import read_times
from portal.outbox.rules.incoming import UnreadableMail, read_mail, text_of_html
from portal.people.adapters import read_picture
from portal.people.rules import clean_lines, clean_name
from portal.segments.rules.tree import from_json, to_json
from portal.updates.rules.markdown import html_of

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
TODAY = date(2026, 3, 4)
SECRET = "a-secret-that-is-only-good-for-this-test"
#: Seconds after which an input counts as one that never ends. No measure of speed: others work beside the test.
_FOREVER = 60
#: Inputs of one run of Hypothesis.
_BATCH = 1_000

#: Pieces that mean something to somebody.
MARKS = (
    *(
        "<script>alert(1)</script>",
        "\"'><svg onload=alert(1)>",
        "<!--",
        "]]>",
        "</title>",
        "&#x3c;",
        "javascript:alert(1)",
    ),
    *("{{7*7}}", "${7*7}", "{% raw %}", "%(name)s", "{0.__class__}", "%s%n"),
    *("=cmd|' /C calc'!A0", "+1", "-1", "@SUM(1)", "\t=1", "\r=1", "\uff1d1"),
    *("\r\nBcc: eve@example.org\r\n\r\n", "%0d%0aX: y", "\u2028", "\x85", "\x0b", "\x1c"),
    *("' OR 1=1 --", "\\", "%", "_", "\x00", "\ud7ff", "\ufeff", "\u202e", "\u200b", "e\u0301" * 9, "\U0001f9a6"),
    *(
        "../" * 9,
        "/etc/passwd",
        "con",
        "C:\\x",
        "//evil.example",
        "https://evil.example",
        "file:///x",
        "data:text/html,x",
    ),
    *("9" * 400, "-1", "1e999", "NaN", "Infinity", "0x1f", "٣", "½", "null", "true", "None", "[]", "{}"),
    *("2026-02-30", "31/12/2025", "00/00/0000", "24:00", "02:30", "Feb 30", "Europe/Warsaw", "9999-12-31T23:59:60Z"),
    *("ada@example.org", "a@b@c", "@", "ada@xn--", "ada@[127.0.0.1]", '"a b"@example.org', "ada@ex\u0430mple.org"),
    *(
        "(" * 300,
        "[" * 300,
        "*" * 300,
        "`" * 99,
        "> " * 200,
        "- " * 200,
        "![](" * 60,
        "|-" * 99,
        "a" * 3000,
        "\n" * 300,
    ),
    *(
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt&colon;alert(1))",
        "[x]: data:text/html,x\n[x]",
        "<javascript:alert(1)>",
    ),
)
TEXTS = st.lists(st.one_of(st.sampled_from(MARKS), st.text(max_size=12)), max_size=6).map("".join)
BYTES = st.one_of(TEXTS.map(lambda text: text.encode("utf-8", "surrogatepass")), st.binary(max_size=200))


@contextmanager
def not_for_ever() -> Iterator[None]:
    """Fail where the block does not end."""

    def too_long(_number: int, _frame: FrameType | None) -> None:
        raise AssertionError("this takes for ever")

    before = signal.signal(signal.SIGALRM, too_long)
    signal.alarm(_FOREVER)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


def broken(*whole: bytes) -> st.SearchStrategy[bytes]:
    """A good file with some of it cut out, doubled, turned around or replaced."""
    place = st.integers(0, max(map(len, whole)))
    change = st.tuples(
        place, st.integers(0, 40), BYTES | st.sampled_from([b"", b"\0", b"\xff" * 8, b"\xff\xff\xff\x7f"])
    )

    def changed(good: bytes, changes: list[tuple[int, int, bytes]]) -> bytes:
        for at, many, put in changes:
            good = good[: at % (len(good) + 1)] + put + good[at % (len(good) + 1) + many :]
        return good

    return st.builds(changed, st.sampled_from(whole), st.lists(change, max_size=4))


@dataclass(frozen=True)
class Parser:
    """Something that reads what others wrote: what it is given, and what must hold whatever that is."""

    name: str
    given: st.SearchStrategy[Any]
    holds: Callable[[Any], None]
    #: Of a hundred thousand inputs, so many thousand.
    share: int = 3


def _is_said(error: PortalError) -> None:
    assert error.message


def _refuses_in_words(read: Callable[[Any], object]) -> Callable[[Any], None]:
    """It reads what it is given, or says in words why not."""

    def holds(given: Any) -> None:
        try:
            read(given)
        except PortalError as error:
            _is_said(error)

    return holds


# --- files ------------------------------------------------------------------------------------------------------------


def _picture(kind: str) -> bytes:
    made = io.BytesIO()
    Image.new("RGB", (24, 16), "teal").save(made, kind)
    return made.getvalue()


def _packed(**parts: bytes) -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in parts.items():
            packed.writestr(name.replace("__", "/"), content)
    return made.getvalue()


def _workbook() -> bytes:
    from openpyxl import Workbook

    book, made = Workbook(), io.BytesIO()
    for row in (("Email", "Job", "Applied On"), ("ada@example.org", "Nurse", "2026-02-01"), ("=1+1", "x", "y")):
        book.active.append(row)
    book.save(made)
    return made.getvalue()


_PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
_PICTURES = tuple(_picture(kind) for kind in ("JPEG", "PNG", "WEBP", "GIF"))
_HTML = b"<!doctype html><svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'><script>alert(1)</script></svg>"
_DOCX = _packed(**{"[Content_Types].xml": b"<Types/>", "word__document.xml": b"<document/>"})
FILES = (
    *_PICTURES,
    _PDF,
    _HTML,
    _DOCX,
    _workbook(),
    _PICTURES[0] + _HTML,
    _PDF + _DOCX,
    _DOCX + _HTML,
    b"GIF89a" + _HTML,
)
_TABLE = (
    b"Application ID,Candidate Name,Email,Job,Current Stage,Status,Applied On,Rejection Reason\r\n"
    b"1,Ada Lind,ada@example.org,Nurse,Screen,Active,2026-02-01,\r\n"
    b'2,"Lind, Bob",bob@example.org,Nurse,,Hired,1/2/2026,"a\r\nb"\r\n'
)
TABLES = st.one_of(
    broken(_TABLE, _TABLE.replace(b",", b"\t"), _TABLE.decode().encode("utf-16"), _workbook()),
    st.lists(st.lists(TEXTS, max_size=9), max_size=6).map(lambda rows: _TABLE + _as_csv(rows)),
)


def _as_csv(rows: list[list[str]]) -> bytes:
    made = io.StringIO()
    csv.writer(made).writerows(rows)
    return made.getvalue().encode("utf-8", "surrogatepass")


def _every_row_is_taken_or_refused(content: bytes) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "table"
        path.write_bytes(content)
        with suppress(PortalError), open_table(path) as table:
            rows = list(table.rows())
            mapping = map_columns(table.headers, {}, {})
            for number, cells in rows:
                read = read_row(number, cells, mapping, DateOrder.DMY, TODAY)
                assert (read.application is None) == bool(read.refusals)
            columns = map_people(table.headers)
            people = read_people(columns, rows, DateOrder.DMY, today=TODAY, oldest_consent=TODAY - timedelta(days=900))
            assert len(people.people) + len(people.refused) == len(rows)


def _is_a_small_picture(content: bytes) -> None:
    for read in (read_logo, read_picture):
        with suppress(PortalError):
            made = read(content)
            assert made.content[:4] + made.content[8:12] == b"RIFFWEBP"
            assert max(made.width, made.height) <= 512
            assert b"alert" not in made.content


def _is_a_document(content: bytes) -> None:
    with suppress(PortalError):
        kind = check_document(content)
        assert kind.value in {"pdf", "docx"}


def _is_a_plain_name(name: str) -> None:
    made = document_name(name, check_document(_PDF))
    assert made.endswith(".pdf")
    assert not any(one in made for one in "/\\\r\n\0\u202e\u2028")


# --- texts ------------------------------------------------------------------------------------------------------------


def holds_only(markup: str, allowed: set[str]) -> None:
    """Fail where HTML holds other elements, or anything that runs or leads somewhere it should not."""
    for one in html5lib.parseFragment(markup, namespaceHTMLElements=False).iter():
        if not isinstance(one.tag, str) or one.tag == "DOCUMENT_FRAGMENT":
            continue
        assert one.tag in allowed, one.tag
        assert set(one.attrib) <= {"href", "title", "rel", "start"}, one.attrib
        scheme = one.get("href", "").partition(":")[0].lower()
        assert ":" not in one.get("href", "") or scheme in {"http", "https", "mailto"} or "/" in scheme, one.attrib


def _is_clean(text: str) -> None:
    allowed = "a blockquote br code em h2 h3 h4 hr li ol p pre s strong table tbody td th thead tr ul"
    holds_only(html_of(text), set(allowed.split()))
    holds_only(html_of(text, "https://talent.example"), set(allowed.split()))


def _is_one_entry(texts: tuple[str, str, str]) -> None:
    title, place, name = texts
    me, rita = Who(name, "ada@example.org"), Who(name, "rita@example.org")
    made = entry(
        Method.REQUEST,
        Meeting(
            public_id="x",
            sequence=1,
            starts_at=NOW,
            minutes=45,
            zone="Europe/Warsaw",
            title=title,
            place=place,
            about=name,
            url="https://talent.example/me",
            organizer=rita,
            attendees=(me,),
        ),
        base_url="https://talent.example",
        now=NOW,
    )
    assert all(len(line.encode()) <= 75 for line in made.split("\r\n"))
    read = Calendar.from_ical(made)
    events = list(read.walk("VEVENT"))
    assert len(events) == 1
    assert [
        one for one in read.walk() if one.name not in {"VCALENDAR", "VEVENT", "VTIMEZONE", "STANDARD", "DAYLIGHT"}
    ] == []
    known = "UID SEQUENCE DTSTAMP DTSTART DTEND SUMMARY LOCATION DESCRIPTION URL ORGANIZER ATTENDEE STATUS"
    assert set(events[0]) <= set(known.split())
    assert "\n" not in str(events[0]["ORGANIZER"].params["CN"])


def _is_one_row_without_formulas(cells: list[str]) -> None:
    (read,) = csv.reader(io.StringIO(csv_line(cells), newline="")) if cells else [[]]
    assert len(read) == len(cells)
    assert [one.removeprefix("'") if one != cell else one for one, cell in zip(read, cells, strict=True)] == cells
    assert not any(one.strip().startswith(("=", "+", "-", "@", "\uff1d")) for one in read)


def _is_one_feed(texts: tuple[str, str, str]) -> None:
    title, summary, author = texts
    one = FeedEntry(
        "update", "x", title, summary, "https://talent.example/updates/x", NOW, NOW, author=author, category=title
    )
    made = atom_feed(
        [one], title=title, author=author, url="https://talent.example/f", page_url="https://t.example", changed_at=NOW
    )
    assert sorted({element.tag.rpartition("}")[2] for element in fromstring(made).iter()}) == sorted(
        {"feed", "id", "title", "updated", "author", "name", "link", "entry", "published", "summary"}
        | ({"category"} if title else set())
    )


def _reads_days(text: str) -> None:
    for order in DateOrder:
        with suppress(PortalError):
            read_date(text, order)


def _stays_on_its_lines(text: str) -> None:
    with suppress(PortalError):
        assert not set(clean_name(text)) & set("\r\n\0\u202e\u2028")
    assert not set(clean_lines(text)) & set("\0\u202e")


# --- signed things, numbers, settings ---------------------------------------------------------------------------------

_GOOD = {kind: signed_token(SECRET, kind, "abc:updates", NOW + timedelta(days=1)) for kind in STATELESS}
_SIGNED = tuple(token.encode() for token in _GOOD.values())


def _letters(raw: bytes) -> str:
    return raw.decode("latin-1")


def _says_nothing_unsigned(token: str) -> None:
    for kind in TokenKind:
        said = read_signed_token(SECRET, kind, token, NOW)
        assert said is None or token == _GOOD.get(kind)
        assert token_hash(token, kind) is None or (len(token) == 43 and token.isascii())


def _knows_nothing_unsigned(text: str) -> None:
    assert read_kept(text, "a-slug") == Kept()


_JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=True) | TEXTS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(
            st.sampled_from(["match", "parts", "field", "operator", "values", "days", "key", "label"]) | TEXTS,
            inner,
            max_size=5,
        )
    ),
    max_leaves=12,
)
_TREE = st.fixed_dictionaries(
    {"match": st.sampled_from(["all", "any", "none"]) | _JSON, "parts": st.lists(_JSON, max_size=4) | _JSON}
)


def _is_a_tree_or_refused(stored: Any) -> None:
    with suppress(PortalError):
        tree = from_json(stored)
        json.dumps(to_json(tree))
        assert from_json(to_json(tree)) == tree


_SETTINGS = st.dictionaries(
    st.sampled_from(
        "ENV SECRET_KEY PRIVACY_KEY BASE_URL DATABASE_URL TRUSTED_PROXIES MAIL_URL MAIL_FROM MAILBOX_URL "
        "RETURN_ADDRESS REPLY_ADDRESS TIMEZONE LOG_FORMAT HOOK_SECRET".split()
    ).map("PORTAL_".__add__),
    TEXTS
    | st.sampled_from(["production", "https://t.example", "smtp://x:99999999", "smtps://[::1", "imaps://a:b@c/d"]),
    max_size=6,
)


def _reads_settings(environ: dict[str, str]) -> None:
    with TemporaryDirectory() as folder:
        _refuses_in_words(read_settings)({"PORTAL_DATA_DIR": folder, **environ})


# --- mail -------------------------------------------------------------------------------------------------------------

_REPORT = (
    b"From: MAILER-DAEMON@mx.example\r\nTo: bounce+x@mail.example\r\nSubject: Undelivered\r\n"
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\n\r\nSorry\r\n--b\r\n"
    b"Content-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.example\r\n\r\n"
    b"Final-Recipient: rfc822; ada@example.org\r\nAction: failed\r\nStatus: 5.1.1\r\n"
    b"Diagnostic-Code: smtp; 550 5.1.1 unknown\r\n\r\n--b\r\nContent-Type: text/rfc822-headers\r\n\r\n"
    b"Message-ID: <a@b>\r\n\r\n--b--\r\n"
)
_LETTER = (
    b"From: Ada <ada@example.org>\r\nTo: reply+x@mail.example\r\nSubject: =?utf-8?q?Re=3A_News?=\r\n"
    b'Content-Type: multipart/mixed; boundary="b"\r\n\r\n--b\r\nContent-Type: text/html; charset=utf-8\r\n'
    b"Content-Transfer-Encoding: quoted-printable\r\n\r\n<p>Yes=2E</p><blockquote>On Monday</blockquote>\r\n--b\r\n"
    b"Content-Disposition: attachment; filename*0*=utf-8''cv; filename*1=.pdf\r\n"
    b"Content-Transfer-Encoding: base64\r\n\r\nQUJD\r\n--b--\r\n"
)
MAILS = broken(_REPORT, _LETTER, _REPORT.replace(b"\r\n", b"\n"))


def _reads_mail(raw: bytes) -> None:
    try:
        read = read_mail(raw)
    except UnreadableMail:
        # It is kept and listed for an admin (tests/outbox/test_attacks.py).
        return
    assert not {"\r", "\n", "\0"} & set(read.subject + read.sender + read.message_id + "".join(read.recipients))


# ----------------------------------------------------------------------------------------------------------------------

PARSERS = (
    Parser("tables of applications and of people", TABLES, _every_row_is_taken_or_refused, 8),
    Parser("pictures", broken(*FILES), _is_a_small_picture, 5),
    Parser("documents", broken(*FILES), _is_a_document),
    Parser("names of files", TEXTS, _is_a_plain_name),
    Parser("mail that comes in", MAILS, _reads_mail, 10),
    Parser("HTML in mail", TEXTS, _refuses_in_words(text_of_html)),
    Parser("Markdown", TEXTS, _is_clean, 5),
    Parser("dates", TEXTS, _reads_days),
    Parser("times", TEXTS, _refuses_in_words(lambda words: read_times(words, "Europe/Warsaw", NOW))),
    Parser("names and lines", TEXTS, _stays_on_its_lines),
    Parser("addresses", TEXTS, _refuses_in_words(clean_contact_address)),
    Parser("colours", TEXTS, _refuses_in_words(clean_colour)),
    Parser("links in mail", TEXTS, _refuses_in_words(read_link)),
    Parser("tokens", TEXTS | broken(*_SIGNED).map(_letters), _says_nothing_unsigned, 5),
    Parser("segments", _TREE, _is_a_tree_or_refused, 5),
    Parser("settings", _SETTINGS, _reads_settings),
    Parser("calendar entries", st.tuples(TEXTS, TEXTS, TEXTS), _is_one_entry, 3),
    Parser("cells of exports", st.lists(TEXTS, max_size=5), _is_one_row_without_formulas),
    Parser("feeds", st.tuples(TEXTS, TEXTS, TEXTS), _is_one_feed),
)  # fmt: skip


def kept_pages() -> Parser:
    """What a page of an application keeps in a hidden field; it is signed with the site's key, so it needs a site."""
    good = sign_kept(Kept("x" * 22, 7), "another-slug").encode()
    return Parser("what a page keeps", TEXTS | broken(good).map(_letters), _knows_nothing_unsigned)


def try_out(parser: Parser, count: int) -> int:
    """Hand it up to `count` inputs, each within bounds of time; how many there were."""
    tried = 0

    def holds(one: Any) -> None:
        nonlocal tried
        tried += 1
        with not_for_ever():
            parser.holds(one)

    for some in batches(count):
        settings(max_examples=some)(given(parser.given)(holds))()
    return tried


def batches(count: int) -> Iterator[int]:
    """`count` in parts: Hypothesis keeps what it drew until its run ends, which would hide what we keep."""
    yield from (min(_BATCH, count - begun) for begun in range(0, count, _BATCH))
