"""Mail of many shapes, all made up: nothing breaks us, and what cannot be read is kept and shown to an admin."""

from collections.abc import Iterator
from email.message import EmailMessage

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core.db import transaction
from portal.core.permissions import Role
from portal.outbox.jobs import empty_old_incoming
from portal.outbox.models import IncomingMail
from portal.outbox.rules.incoming import ReadMail, UnreadableMail, read_mail
from portal.outbox.states import IncomingState, MailSort, WhyNotPlaced
from tests.conftest import Time
from tests.factories import make_person, make_staff, signed_in
from tests.outbox.incoming import arrive, kept, reachable, report, work, written

PLAIN = "From: Ada <ada@example.org>\r\nTo: reply@mail.kindred.example\r\nSubject: Hello\r\n"
NESTED = "".join(f"--b{n}\r\nContent-Type: multipart/mixed; boundary=b{n + 1}\r\n\r\n" for n in range(300))
#: What a message is called, and the message.
ODD: dict[str, bytes] = {
    "nothing": b"",
    "no headers": b"just words\r\n",
    "only headers": PLAIN.encode(),
    "no line ends": b"From: a@b.example Subject: x",
    "bare line feeds": b"From: a@b.example\nSubject: x\n\nhello\n",
    "an unknown charset": (PLAIN + "Content-Type: text/plain; charset=klingon\r\n\r\nhi \xe9\r\n").encode("latin-1"),
    "a charset that is none": (PLAIN + "Content-Type: text/plain; charset=punycode\r\n\r\nhi-\r\n").encode(),
    "latin letters called ascii": (PLAIN + "Content-Type: text/plain; charset=us-ascii\r\n\r\ncafé\r\n").encode(
        "latin-1"
    ),
    "broken base64": (PLAIN + "Content-Transfer-Encoding: base64\r\n\r\n!!!not base64!!!\r\n").encode(),
    "broken quoted-printable": (PLAIN + "Content-Transfer-Encoding: quoted-printable\r\n\r\n=ZZ=\r\n").encode(),
    "a boundary that never comes": (PLAIN + "Content-Type: multipart/mixed; boundary=b\r\n\r\nhello\r\n").encode(),
    "no boundary": (PLAIN + "Content-Type: multipart/mixed\r\n\r\nhello\r\n").encode(),
    "parts within parts": (PLAIN + "Content-Type: multipart/mixed; boundary=b0\r\n\r\n" + NESTED).encode(),
    "a header without end": b"Subject: " + b"x" * 200_000 + b"\r\n\r\nhi\r\n",
    "ten thousand headers": b"".join(b"X-%d: y\r\n" % n for n in range(10_000)) + b"\r\nhi\r\n",
    "words that are no words": b"Subject: =?utf-8?b?!!!?= =?x?q?=ZZ?=\r\nFrom: =?utf-8?q?=00?= <a@b.example>\r\n\r\nhi",
    "two senders": b"From: a@b.example, c@d.example\r\n\r\nhi\r\n",
    "a sender that is none": b"From: <>\r\n\r\nhi\r\n",
    "an address in letters of the world": "From: żółw@żółw.example\r\n\r\nhi\r\n".encode(),
    "nul": PLAIN.encode() + b"\r\na\x00b\r\n",
    "right to left": (PLAIN + "Content-Type: text/plain; charset=utf-8\r\n\r\nשלום\u202e evil\r\n").encode(),
    "html with a script": (
        PLAIN + "Content-Type: text/html\r\n\r\n<script>alert(1)</script><b onclick=x>hi</b>\r\n"
    ).encode(),
    "html that never ends": (PLAIN + "Content-Type: text/html\r\n\r\n" + "<div>" * 20_000).encode(),
    "a report that reports nothing": b"Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n",
    "a report in words": b"Content-Type: message/delivery-status\r\n\r\nAction: failed\r\n",
    "a mail within a mail": b"Content-Type: message/rfc822\r\n\r\nSubject: inner\r\n\r\nhello\r\n",
    "a formula": (PLAIN + "\r\n=cmd|' /C calc'!A0\r\n").encode(),
}


@pytest.fixture
def reached(app: Flask) -> Iterator[None]:
    with reachable():
        yield


@pytest.mark.parametrize("name", ODD)
def test_odd_mail_can_be_read_or_is_said_to_be_unreadable(name: str) -> None:
    try:
        read = read_mail(ODD[name])
    except UnreadableMail:
        return
    assert "<script" not in read.said.text
    assert not any(ch in read.said.text + read.subject for ch in "\x00\r")


def test_all_of_it_comes_in_and_an_admin_sees_each(app: Flask, reached: None) -> None:
    make_person("Ada Lind", "ada@example.org")
    admin_id = make_staff("Alma Reyes", Role.ADMIN)
    arrive(*ODD.values())
    assert len(kept()) == len(ODD)
    assert {one.state for one in kept()} == {IncomingState.UNPLACED}
    admin = signed_in(app, admin_id)
    assert "Incoming mail" in admin.get("/recruiting/admin/mail/incoming").text
    for one in kept():
        page = admin.get(f"/recruiting/admin/mail/incoming/{one.public_id}")
        assert "<script>alert" not in page.text


def test_odd_letters_survive(reached: None) -> None:
    for charset, text in (
        ("utf-8", "Zażółć gęślą jaźń 👍"),
        ("iso-8859-2", "Zażółć gęślą jaźń"),
        ("koi8-r", "Привет, мир"),
        ("shift_jis", "こんにちは"),
        ("windows-1252", "“quoted” – dash €"),
    ):
        message = EmailMessage()
        message["From"], message["Subject"] = "Ada <ada@example.org>", "Hello"
        message.set_content(text, charset=charset)
        assert read_mail(message.as_bytes()).said.text == text


def test_what_breaks_us_again_and_again_is_shown_unread(app: Flask, reached: None) -> None:
    arrive(written())
    mail_id = kept()[0].id
    with transaction() as own:
        row = own.get_one(IncomingMail, mail_id)
        row.state, row.sort, row.why, row.tries = IncomingState.NEW, None, None, 3
    work()
    assert [(one.state, one.why) for one in kept()] == [(IncomingState.UNPLACED, WhyNotPlaced.UNREADABLE)]


def test_what_was_dealt_with_is_forgotten_after_a_month_and_known_again(app: Flask, reached: None, time: Time) -> None:
    raw = written(Auto_Submitted="auto-replied")
    arrive(raw)
    time.pass_by(days=29)
    empty_old_incoming(time())
    assert kept()[0].raw == raw
    time.pass_by(days=2)
    empty_old_incoming(time())
    row = kept()[0]
    assert (row.raw, row.sender, row.subject) == (None, "", "")
    arrive(raw)
    assert len(kept()) == 1


def readable(raw: bytes) -> ReadMail | None:
    try:
        return read_mail(raw)
    except UnreadableMail:
        return None


@given(st.binary(max_size=2_000))
def test_any_bytes_are_read_or_unreadable(raw: bytes) -> None:
    readable(raw)


HEADERS = st.sampled_from(
    [
        "From",
        "To",
        "Subject",
        "Content-Type",
        "Content-Transfer-Encoding",
        "In-Reply-To",
        "References",
        "Auto-Submitted",
    ]
)
WORDS = st.one_of(
    st.text(max_size=60),
    st.sampled_from(
        [
            "multipart/mixed; boundary=b",
            "multipart/report; report-type=delivery-status; boundary=b",
            "text/html; charset=utf-7",
            "message/delivery-status",
            "message/rfc822",
            "base64",
            "quoted-printable",
            "=?utf-8?b?4pi6?=",
            "<a@b>",
            "MAILER-DAEMON@x.example",
        ]
    ),
)
BODIES = st.lists(
    st.one_of(
        st.text(max_size=80),
        st.sampled_from(
            [
                "--b",
                "--b--",
                "",
                "> quoted",
                "On Monday, Rita wrote:",
                "From: a\nSent: b\nTo: c",
                "-- ",
                "Action: failed",
                "Status: 5.1.1",
                "Content-Type: message/delivery-status",
                "<blockquote>",
                "Final-Recipient: rfc822; a@b.example",
            ]
        ),
    ),
    max_size=12,
)


@given(st.lists(st.tuples(HEADERS, WORDS), max_size=8), BODIES)
def test_anything_that_looks_like_mail_is_read_or_unreadable(headers: list[tuple[str, str]], lines: list[str]) -> None:
    head = "".join(f"{name}: {words}\r\n" for name, words in headers)
    read = readable((head + "\r\n" + "\r\n".join(lines)).encode("utf-8", "surrogatepass"))
    if read is not None:
        assert len(read.subject) <= 200
        assert "\x00" not in read.said.text + read.said.quoted + read.subject
        assert (read.report is not None) == (read.sort is MailSort.BOUNCE)


@given(st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_words_of_one_line_arrive_as_they_were_written(words: str) -> None:
    message = EmailMessage()
    message["From"] = "ada@example.org"
    message.set_content(words, charset="utf-8")
    said = read_mail(message.as_bytes()).said
    letters = "".join((said.text + said.quoted).split())
    assert letters == "".join(words.split())


def test_a_report_about_a_report_is_not_believed_without_the_signature(app: Flask, reached: None) -> None:
    arrive(report("talent@kindred.example", about="Return-Path: <bounce+forged@mail.kindred.example>"))
    assert [one.why for one in kept()] == [WhyNotPlaced.UNSIGNED]
