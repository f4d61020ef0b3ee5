"""The message as it goes over the wire."""

from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import EmailMessage
from email.policy import default
from email.utils import parseaddr

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.outbox.adapters import MalformedMail, Security, compose, mail_server
from portal.outbox.rules import Letter
from tests.outbox.letters import CALENDAR, letter, settings


def sent(of: Letter) -> EmailMessage:
    """What a mail program makes of the bytes."""
    raw = compose(of, settings(), clock.now()).as_bytes()
    assert raw.isascii()
    assert max(len(line) for line in raw.splitlines()) < 998
    return message_from_bytes(raw, policy=default)  # type: ignore[return-value]


#: What people.rules lets through as a name: one line, no control characters.
names = st.text(st.characters(exclude_categories=("Cc", "Cs", "Co", "Cn", "Zl", "Zp")), max_size=200).map(
    lambda text: " ".join(text.split())
)


def test_the_message_id_comes_from_the_delivery() -> None:
    assert sent(letter())["Message-ID"] == "<Abcdefghijkmnpqrstuvwxyz@kindred.example>"


def test_text_and_html_arrive_whole() -> None:
    html = "<p>" + "Zażółć gęślą jaźń. " * 200 + "</p>"
    got = sent(letter(text="Grüße\n.\n..\nFrom here\n", html=html))
    assert [part.get_content_type() for part in got.iter_parts()] == ["text/plain", "text/html"]
    plain, rich = got.get_body(("plain",)), got.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert plain.get_content().replace("\r\n", "\n") == "Grüße\n.\n..\nFrom here\n"
    assert rich.get_content().strip() == html


def test_a_calendar_entry_stands_beside_the_words_and_is_attached() -> None:
    got = sent(letter(calendar=CALENDAR))
    assert got.get_content_type() == "multipart/mixed"
    said, attached = got.iter_parts()
    assert [part.get_content_type() for part in said.iter_parts()] == ["text/plain", "text/html", "text/calendar"]
    beside = list(said.iter_parts())[-1]
    assert beside.get_param("method") == "REQUEST"
    assert beside.get_content() == CALENDAR
    assert (attached.get_content_type(), attached.get_filename()) == ("application/ics", "invite.ics")
    assert attached.get_content().decode() == CALENDAR
    plain = got.get_body(("plain",))
    assert plain is not None
    assert plain.get_content().strip() == "Hello"


def test_a_message_without_a_calendar_entry_has_two_parts() -> None:
    assert sent(letter()).get_content_type() == "multipart/alternative"


def test_a_calendar_entry_that_does_not_say_what_it_is_for_makes_no_message() -> None:
    with pytest.raises(MalformedMail):
        compose(letter(calendar="BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n"), settings(), clock.now())


def test_the_day_it_is_sent_stands_on_it() -> None:
    assert sent(letter())["Date"] == "Wed, 04 Mar 2026 08:00:00 +0000"


def test_answers_go_to_the_person_who_wrote() -> None:
    got = sent(letter(reply_to="Ríta Nowak <rita@kindred.example>"))
    assert str(got["Reply-To"]) == "Ríta Nowak <rita@kindred.example>"
    assert sent(letter())["Reply-To"] is None


@given(names)
def test_every_name_arrives_as_it_was_written(name: str) -> None:
    raw = compose(letter(to_name=name), settings(), clock.now()).as_bytes()
    # Read by the older parser: the newer one puts a space where a long name was folded.
    written, address = parseaddr(message_from_bytes(raw)["To"])
    assert (str(make_header(decode_header(written))), address) == (name, "ada@example.org")


@given(names)
def test_every_subject_arrives_as_it_was_written(subject: str) -> None:
    assert sent(letter(subject=subject))["Subject"] == subject


@given(st.text(max_size=60))
def test_no_text_adds_a_header_or_an_address(text: str) -> None:
    nasty = f"{text}\r\nBcc: all@example.org\r\n\r\n{text}"
    for changed in ({"to_name": nasty}, {"subject": nasty}, {"reply_to": f"{nasty} <rita@kindred.example>"}):
        try:
            got = sent(letter(**changed))
        except MalformedMail:
            continue
        assert "Bcc" not in got
        assert [a.addr_spec for a in got["To"].addresses] == ["ada@example.org"]


@pytest.mark.parametrize("address", ["", "ada", "a@b@c", "ada@example.org\r\nBcc: b@example.org", "a, b@example.org"])
def test_what_is_not_one_address_makes_no_message(address: str) -> None:
    with pytest.raises(MalformedMail):
        compose(letter(to_address=address), settings(), clock.now())


def test_the_mail_url_says_where_and_how() -> None:
    found = mail_server("smtp+starttls://kin%40dred:p%3Aw@mail.example")
    assert (found.host, found.port, found.security) == ("mail.example", 587, Security.STARTTLS)
    assert (found.username, found.password) == ("kin@dred", "p:w")
    assert mail_server("smtps://mail.example").port == 465
    assert mail_server("smtp://[::1]:2525").host == "::1"
