"""The calendar entry of an interview, read by another library than the one that wrote it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import vobject
from hypothesis import given
from hypothesis import strategies as st

from portal.interviews.rules.calendar import Meeting, Method, Who, entry

NOW = datetime(2026, 3, 1, 9, tzinfo=UTC)
BASE = "https://talent.example:8443"
MEETING = Meeting(
    public_id="x7Kp2mQ9vTzR",
    sequence=1,
    starts_at=datetime(2026, 3, 10, 13, tzinfo=UTC),
    minutes=45,
    zone="Europe/Warsaw",
    title="Talk with the team: Data Analyst",
    place="https://meet.example/talk",
    about="Everything about it: https://talent.example/me/interviews/x7Kp2mQ9vTzR",
    url="https://talent.example/me/interviews/x7Kp2mQ9vTzR",
    organizer=Who("Rita Sander", "rita@talent.example"),
    attendees=(Who("Ada Lind", "ada@example.org"),),
)
TEXTS = st.text(max_size=120)


def read(method: Method = Method.REQUEST, **changed: Any) -> Any:
    return vobject.readOne(entry(method, replace(MEETING, **changed), base_url=BASE, now=NOW))


class Client:
    """A calendar that does what RFC 5546 says with the entries that come by mail."""

    def __init__(self) -> None:
        self.entries: dict[str, Any] = {}

    def take(self, text: str) -> None:
        calendar = vobject.readOne(text)
        event = calendar.vevent
        known = self.entries.get(event.uid.value)
        if known is not None and int(event.sequence.value) < int(known.sequence.value):
            return
        if calendar.method.value == "CANCEL":
            self.entries.pop(event.uid.value, None)
        else:
            self.entries[event.uid.value] = event

    @property
    def times(self) -> list[datetime]:
        return [event.dtstart.value.astimezone(UTC) for event in self.entries.values()]


def test_it_says_when_in_its_zone_with_the_rules_of_that() -> None:
    calendar = read()
    assert calendar.method.value == "REQUEST"
    starts, ends = calendar.vevent.dtstart.value, calendar.vevent.dtend.value
    assert (starts.hour, starts.utcoffset()) == (14, timedelta(hours=1))
    assert ends - starts == timedelta(minutes=45)
    assert calendar.vtimezone.tzid.value == "Europe/Warsaw"


def test_it_says_what_where_who_and_the_page() -> None:
    event = read().vevent
    assert event.summary.value == MEETING.title
    assert event.location.value == MEETING.place
    assert event.url.value == MEETING.url
    assert event.organizer.value == "mailto:rita@talent.example"
    assert event.attendee.value == "mailto:ada@example.org"
    assert event.dtstamp.value == NOW


def test_moving_changes_the_same_entry_and_a_late_mail_does_not_bring_the_old_time_back() -> None:
    client = Client()
    first = entry(Method.REQUEST, MEETING, base_url=BASE, now=NOW)
    moved_to = MEETING.starts_at + timedelta(days=1)
    moved = entry(Method.REQUEST, replace(MEETING, starts_at=moved_to, sequence=2), base_url=BASE, now=NOW)
    for text in (first, moved, first):
        client.take(text)
    assert client.times == [moved_to]


def test_calling_it_off_takes_the_entry_out() -> None:
    client = Client()
    client.take(entry(Method.REQUEST, MEETING, base_url=BASE, now=NOW))
    cancelled = entry(Method.CANCEL, replace(MEETING, sequence=2), base_url=BASE, now=NOW)
    assert "STATUS:CANCELLED" in cancelled
    client.take(cancelled)
    assert client.times == []


def test_a_download_asks_nobody_to_answer() -> None:
    calendar = read(Method.PUBLISH, attendees=())
    assert calendar.method.value == "PUBLISH"
    assert not hasattr(calendar.vevent, "attendee")


def test_the_name_of_the_entry_holds_the_host_and_no_port() -> None:
    assert read().vevent.uid.value == "x7Kp2mQ9vTzR@talent.example"


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 31)),  # noqa: DTZ001 - a zone is put on below
    st.sampled_from(["Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Australia/Sydney", "America/Sao_Paulo"]),
    st.integers(5, 480),
)
def test_every_client_finds_the_same_instant(at: datetime, zone: str, minutes: int) -> None:
    starts_at = at.replace(second=0, microsecond=0, tzinfo=UTC)
    event = read(starts_at=starts_at, zone=zone, minutes=minutes).vevent
    # The wall's hour in a named zone is what clients go by; our own rules say which instant it is.
    wall = event.dtstart.value.replace(tzinfo=None)
    assert wall == starts_at.astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    ends = event.dtend.value.replace(tzinfo=None)
    assert ends == (starts_at + timedelta(minutes=minutes)).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


@given(TEXTS, TEXTS, TEXTS)
def test_no_text_breaks_the_entry_or_adds_to_it(title: str, place: str, name: str) -> None:
    nasty = "\r\nATTENDEE:mailto:all@example.org\r\nEND:VEVENT"
    calendar = read(title=title + nasty, place=place + nasty, organizer=Who(name + nasty, "rita@talent.example"))
    assert calendar.vevent.attendee.value == "mailto:ada@example.org"
    assert len(calendar.vevent_list) == 1
    assert len(calendar.vevent.attendee_list) == 1


@pytest.mark.parametrize("zone", ["Europe/Warsaw", "America/New_York", "UTC"])
def test_lines_are_as_short_as_the_format_wants(zone: str) -> None:
    text = entry(Method.REQUEST, replace(MEETING, zone=zone, about="ż" * 400), base_url=BASE, now=NOW)
    assert all(len(line.encode()) <= 75 for line in text.split("\r\n"))
    assert text.endswith("END:VCALENDAR\r\n")
