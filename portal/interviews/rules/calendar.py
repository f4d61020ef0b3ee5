"""The calendar entry of an interview (RFC 5545), as it goes with a mail (RFC 5546) or is downloaded."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from typing import Final
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from icalendar import Calendar, Event, vCalAddress, vText

#: Who made the file; not shown to people.
_PRODUCT: Final = "-//Rapport//Interviews//EN"


class Method(StrEnum):
    """What a mail program does with the entry."""

    #: Takes it in, or changes the one it has with the same UID and a lower SEQUENCE.
    REQUEST = "REQUEST"
    CANCEL = "CANCEL"
    #: A file that somebody downloads: nobody is asked to answer.
    PUBLISH = "PUBLISH"


@dataclass(frozen=True)
class Who:
    """Somebody who arranges or takes part."""

    name: str
    email: str


@dataclass(frozen=True, kw_only=True)
class Meeting:
    """What stands in the entry; `zone` is the IANA zone in which it was arranged."""

    public_id: str
    #: Counted up at each change; the entry with the highest is the one that counts.
    sequence: int
    starts_at: datetime
    minutes: int
    zone: str
    title: str
    place: str
    about: str
    #: Where it stands here, for whoever has the entry.
    url: str
    organizer: Who
    attendees: Sequence[Who] = ()


def entry(method: Method, meeting: Meeting, *, base_url: str, now: datetime) -> str:
    """The iCalendar text, with the rules of its zone; the same UID for one interview whatever happens to it."""
    calendar = Calendar()
    calendar.add("prodid", _PRODUCT)
    calendar.add("version", "2.0")
    calendar.add("method", method.value)
    calendar.add_component(_event(method, meeting, base_url, now))
    # The rules of its zone around that day say enough; all since 1970 would be three times as long as the rest.
    year = meeting.starts_at.year
    calendar.add_missing_timezones(first_date=date(year - 1, 1, 1), last_date=date(year + 1, 12, 31))
    written: bytes = calendar.to_ical()
    return written.decode()


def uid_of(public_id: str, base_url: str) -> str:
    """What names the entry of one interview in every calendar."""
    return f"{public_id}@{urlsplit(base_url).hostname or 'localhost'}"


def _event(method: Method, meeting: Meeting, base_url: str, now: datetime) -> Event:
    starts = meeting.starts_at.astimezone(ZoneInfo(meeting.zone))
    event = Event()
    event.add("uid", uid_of(meeting.public_id, base_url))
    event.add("sequence", meeting.sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("dtstart", starts)
    # Counted in real time: an hour that the clocks skip or repeat is none of it.
    event.add("dtend", (meeting.starts_at + timedelta(minutes=meeting.minutes)).astimezone(ZoneInfo(meeting.zone)))
    event.add("summary", _clean(meeting.title))
    for name, words in (("location", meeting.place), ("description", meeting.about)):
        if _clean(words):
            event.add(name, _clean(words))
    event.add("url", meeting.url)
    event.add("status", "CANCELLED" if method is Method.CANCEL else "CONFIRMED")
    event["organizer"] = _address(meeting.organizer)
    for attendee in meeting.attendees:
        event.add("attendee", _attendee(attendee), encode=False)
    return event


def _address(who: Who) -> vCalAddress:
    address = vCalAddress(f"mailto:{who.email}")
    # A quoted parameter can hold anything but a quotation mark and line breaks (RFC 5545, 3.1).
    name = " ".join(_clean(who.name).split())
    address.params["CN"] = vText(name.replace('"', "'") or who.email)
    return address


def _attendee(who: Who) -> vCalAddress:
    address = _address(who)
    address.params["ROLE"] = vText("REQ-PARTICIPANT")
    # The answer is given on our pages, not by the calendar.
    address.params["PARTSTAT"] = vText("ACCEPTED")
    address.params["RSVP"] = vText("FALSE")
    return address


def _clean(words: str) -> str:
    """Without what no line of the format may hold: control characters other than line breaks and tabs."""
    kept = words.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(ch for ch in kept if ch in "\n\t" or ch.isprintable()).strip()
