"""The rows that the demo's two other systems export; the same from the same random source."""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from random import Random
from zoneinfo import ZoneInfo

from portal.company.rules import WorkCalendar, working_days_after
from portal.demo import data
from portal.demo.data.updates import When

OPEN_COUNT = 76
#: With those who applied here, joined, came with a list or were added by hand, 120 people in all.
ENDED_COUNT = 18


def export_rows(random: Random, day: date) -> list[list[str]]:
    """What the earlier system had on `day`, a row an application."""
    stages = [stage for stage, weight in data.STAGES for _ in range(weight)]
    names = _names(random, OPEN_COUNT + ENDED_COUNT)
    special = [
        [
            "900001",
            "Ada Nwosu",
            "ada@demo.example",
            *_job(0),
            "Application Review",
            "Active",
            *_days(random, day),
            "",
            "Community",
        ],
        [
            "900002",
            "Silas Berg",
            "silas@demo.example",
            *_job(0),
            "Hiring Manager Interview",
            "Active",
            *_days(random, day),
            "",
            "",
        ],
    ]
    rows = []
    for number, name in enumerate(names):
        job = _job(random.randrange(len(data.OPENINGS)))
        stage = random.choice(stages)
        status, reason = "Active", ""
        if number >= OPEN_COUNT:
            status, reason = random.choice(data.END_REASONS)
        address = f"person{number + 1}@example.org"
        row = [str(900100 + number), name, address, *job, stage, status, *_days(random, day), reason]
        rows.append([*row, random.choice(data.CHANNELS)])
    ada = [*_of("Ada Nwosu"), *_job(2), "Recruiter Screen", "Active", *_days(random, day), "", "Community"]
    # First words are promised in turn over ten days: these are the last of them, so that their letters are in time.
    return [*rows[:7], ["900003", *ada], *special, *rows[7:]]


def _of(name: str) -> list[str]:
    return [name, next(row[0] for row in data.CANDIDATES if row[1] == name)]


def _names(random: Random, count: int) -> list[str]:
    pairs = [f"{first} {last}" for first in data.FIRST_NAMES for last in data.LAST_NAMES]
    return random.sample(pairs, count)


def _job(number: int) -> list[str]:
    opening = data.OPENINGS[number]
    return [opening.external_id, opening.title]


def _days(random: Random, day: date) -> list[str]:
    applied = day - timedelta(days=random.randrange(4, 50))
    active = min(day - timedelta(days=1), applied + timedelta(days=random.randrange(2, 20)))
    return [applied.isoformat(), active.isoformat()]


def opportunity_rows(random: Random, day: date) -> Iterator[list[str]]:
    """What a second system has, one row of it without an address."""
    for number, name in enumerate(_names(random, 18)):
        first, last = name.split(" ", 1)
        address = "n/a" if number == 11 else f"opportunity{number + 1}@example.org"
        stage, reason = random.choice(data.LEVER_STAGES)
        applied, active = (date.fromisoformat(text) for text in _days(random, day))
        dates = [f"{one:%b} {one.day:02d}, {one:%Y}" for one in (applied, active)]
        yield [str(500 + number), first, last, address, data.LEVER_POSTINGS[number % 3], stage, reason, *dates]


def working_day_before(day: date, count: int, calendar: WorkCalendar) -> date:
    """The working day that lies `count` working days before `day`."""
    while count:
        day -= timedelta(days=1)
        count -= calendar.is_working_day(day)
    return day


def when_of(today: date, calendar: WorkCalendar, when: When, zone: str) -> datetime:
    """The instant that `when` means, seen from `today`, on the clocks of the IANA `zone`."""
    if when.days_ago < 0:
        day = working_days_after(today, -when.days_ago, calendar)[-1]
    else:
        day = working_day_before(today, when.days_ago, calendar)
    return datetime.combine(day, time(when.hour, when.minute), ZoneInfo(zone))


def report_of_return(path: str, email: str) -> bytes:
    """What a mail server writes to `path` when it has no mailbox `email`: a report as RFC 3464 has it."""
    lines = (
        "From: Mail Delivery System <mailer-daemon@example.org>",
        f"To: {path}",
        "Subject: Undelivered Mail Returned to Sender",
        "Auto-Submitted: auto-replied",
        "MIME-Version: 1.0",
        'Content-Type: multipart/report; report-type=delivery-status; boundary="part"',
        "",
        "--part",
        "Content-Type: text/plain",
        "",
        f"Your message could not be delivered to {email}.",
        "--part",
        "Content-Type: message/delivery-status",
        "",
        "Reporting-MTA: dns; mx.example.org",
        "",
        f"Final-Recipient: rfc822; {email}",
        "Action: failed",
        "Status: 5.1.1",
        f"Diagnostic-Code: smtp; 550 {data.REFUSAL}",
        "",
        "--part--",
        "",
    )
    return "\r\n".join(lines).encode()
