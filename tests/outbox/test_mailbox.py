"""The development mailbox, as people and scripts see it."""

import threading
from datetime import datetime

from flask import Flask

from portal.outbox.jobs import MailSender
from tests.conftest import Time
from tests.outbox.letters import CALENDAR, put, settings
from tests.pages import Browser


def sent(*numbers: int, with_places: bool = False) -> None:
    for number in numbers:
        put(number, with_places=with_places)
        MailSender("worker", threading.Event(), settings()).send_due_mail()


def test_messages_stand_newest_first(app: Flask) -> None:
    sent(1, 2, 3)
    page = Browser(app).get("/dev/mailbox")
    assert page.heading == "Mailbox"
    assert page.text.index("News 3") < page.text.index("News 2") < page.text.index("News 1")


def test_the_address_filters(app: Flask) -> None:
    sent(1, 2)
    page = Browser(app).get("/dev/mailbox?to=Person2@example.org")
    assert "News 2" in page.text
    assert "News 1" not in page.text
    assert "Nothing for this address" in Browser(app).get("/dev/mailbox?to=nobody@example.org").text


def test_an_empty_mailbox_says_what_would_fill_it(app: Flask) -> None:
    assert "Nothing sent yet" in Browser(app).get("/dev/mailbox").text


def test_what_waits_and_what_was_given_up_is_named(app: Flask) -> None:
    put(1, to="nobody")
    MailSender("worker", threading.Event(), settings()).send_due_mail()
    put(2)
    page = Browser(app).get("/dev/mailbox")
    assert "1 message waits for the worker" in page.text
    assert "malformed" in page.text


def test_a_long_list_has_pages(app: Flask) -> None:
    sent(*range(51))
    first = Browser(app).get("/dev/mailbox")
    assert "page 1 of 2" in first.text
    second = Browser(app).get("/dev/mailbox?page=2")
    assert "News 0" in second.text
    assert "News 50" not in second.text


def test_a_message_shows_its_text_with_links_and_its_html_in_a_sandbox(app: Flask) -> None:
    sent(1, with_places=True)
    browser = Browser(app)
    address = next(link for link in browser.get("/dev/mailbox").links if link.startswith("mailbox/"))
    page = browser.get(f"/dev/{address}")
    assert page.heading == "News 1"
    assert any(link.startswith("http://localhost/follow/") for link in page.links)
    frame = page.find("sandbox")
    assert frame is not None
    assert "frame-src 'self'" in page.response.headers["Content-Security-Policy"]
    html = browser.client.get(frame.get("src", ""))
    assert html.get_data(as_text=True).startswith("<p>Hello number 1</p>")
    assert html.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
    assert html.headers["X-Frame-Options"] == "SAMEORIGIN"


def test_a_message_cannot_put_markup_on_our_page(app: Flask) -> None:
    put(1, to_name='<script>alert("x")</script>')
    MailSender("worker", threading.Event(), settings()).send_due_mail()
    browser = Browser(app)
    address = next(link for link in browser.get("/dev/mailbox").links if link.startswith("mailbox/"))
    assert "<script>alert" not in browser.get(f"/dev/{address}").body


def test_a_message_gives_its_calendar_entry_as_a_file(app: Flask) -> None:
    put(1, calendar=CALENDAR)
    put(2)
    MailSender("worker", threading.Event(), settings()).send_due_mail()
    browser = Browser(app)
    with_one, without = app.test_client().get("/dev/mailbox.json").get_json()
    assert (with_one["calendar"], without["calendar"]) == (CALENDAR, "")
    assert "invite.ics" in browser.get(f"/dev/mailbox/{with_one['id']}").text
    file = browser.client.get(f"/dev/mailbox/{with_one['id']}/invite.ics")
    assert file.mimetype == "text/calendar"
    assert file.get_data(as_text=True) == CALENDAR
    assert "invite.ics" not in browser.get(f"/dev/mailbox/{without['id']}").text
    browser.get(f"/dev/mailbox/{without['id']}/invite.ics", expect=404)


def test_an_unknown_message_is_not_there(app: Flask) -> None:
    Browser(app).get("/dev/mailbox/abcdefghijkm", expect=404)
    Browser(app).get("/dev/mailbox/abcdefghijkm/html", expect=404)


def test_scripts_read_a_list_newest_last(app: Flask, time: Time) -> None:
    sent(1)
    time.pass_by(minutes=1)
    sent(2)
    found = app.test_client().get("/dev/mailbox.json").get_json()
    assert [mail["subject"] for mail in found] == ["News 1", "News 2"]
    assert set(found[0]) == {"id", "to", "from", "subject", "text", "html", "headers", "kind", "sent_at", "calendar"}
    assert found[0]["to"] == "person1@example.org"
    assert found[0]["headers"]["Subject"] == "News 1"
    assert datetime.fromisoformat(found[1]["sent_at"]) == time.at
    only = app.test_client().get("/dev/mailbox.json?to=person2@example.org").get_json()
    assert [mail["subject"] for mail in only] == ["News 2"]
