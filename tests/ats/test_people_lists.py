"""A list of people without an opening: looked at first, added as a whole, and a yes only with its proof."""

import io
from datetime import date
from typing import Any

import openpyxl
import pytest
from flask import Flask
from sqlalchemy import select

from portal.ats.rules.people_lists import NoAddresses, PeopleRead, map_people, read_people
from portal.ats.states import DateOrder
from portal.contact.actions import stop, suppress
from portal.contact.models import ConsentEvent
from portal.contact.queries import consent_states
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.people.queries import known_person
from portal.prospects.models import LookedAt, Prospect
from portal.prospects.queries import find_prospect
from portal.prospects.states import ProspectSource
from tests import factories
from tests.pages import Browser, Page
from tests.prospects.meeting import invited, work

pytestmark = pytest.mark.both_in_soak
HEADER = "E-mail,Name,Source,Met on,Link,Consent date,Consent words,Consent source,Gender"
GOOD = "noel@example.org,Noël Petit,PyData Warsaw,2026-03-02,https://talks.example/maps,,,,m"
YES = 'zoe@example.org,Zoë Ås,,,,2026-02-01,"Yes, send me news",Stand at PyData,f'
TODAY = date(2026, 3, 4)


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.com")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return factories.signed_in(app, rita)


def send(desk: Browser, content: str | bytes, *, name: str = "people.csv", expect: int = 200, **said: Any) -> Page:
    """Upload a list; the page that says what would happen."""
    data = content.encode() if isinstance(content, str) else content
    values = {"source": "earlier_list", "source_note": "Newsletter of 2025", "obtained_on": "2026-03-01", **said}
    page = desk.get("/recruiting/imports/people")
    return desk.submit(page, having="file", file=(io.BytesIO(data), name), expect=expect, **values)


def read(*rows: str) -> PeopleRead:
    """What becomes of these rows below the usual header."""
    columns = map_people(HEADER.split(","))
    cells = [(number, row.split(",")) for number, row in enumerate(rows, start=2)]
    return read_people(columns, cells, DateOrder.DMY, today=TODAY, oldest_consent=date(2024, 3, 4))


def test_looking_at_a_list_adds_nobody_and_sending_it_adds_all(app: Flask, desk: Browser) -> None:
    page = send(desk, f"{HEADER}\n{GOOD}\n{YES}\n", purpose="insider_updates")
    for words in (
        "What would happen",
        "Noël Petit",
        "Zoë Ås",
        "Said yes on Sunday 1 February 2026",
        "Gender: not read",
    ):
        assert words in page.text
    end_reading()
    assert known_person("noel@example.org") is None
    done = desk.submit(page, having="csrf_token", action=page.path)
    for words in ("2 people were added", "1 yes was taken over", "Noël Petit"):
        assert words in done.text
    noel, zoe = (known_person(f"{name}@example.org") for name in ("noel", "zoe"))
    assert noel is not None
    assert zoe is not None
    row, other = (find_prospect(one.public_id) for one in (noel, zoe))
    assert row is not None
    assert other is not None
    assert (row.source, row.source_note, row.obtained_on) == (
        ProspectSource.EARLIER_LIST,
        "PyData Warsaw",
        date(2026, 3, 2),
    )
    assert (other.source_note, other.obtained_on) == ("Newsletter of 2025", date(2026, 3, 1))
    assert session().scalars(select(LookedAt.url)).all() == ["https://talks.example/maps"]
    entry = session().scalars(select(ConsentEvent)).one()
    assert (entry.person_id, entry.words, entry.source) == (zoe.person_id, "Yes, send me news", "Stand at PyData")
    assert entry.occurred_at.date() == date(2026, 2, 1)
    assert other.erased_on is None, "who said yes to mail stays as long as that holds"
    assert row.erased_on == date(2026, 4, 3)


def test_a_workbook_is_read_as_well(desk: Browser) -> None:
    book = openpyxl.Workbook()
    assert book.active is not None
    book.active.append(["Email", "First name", "Last name"])
    book.active.append(["noel@example.org", "Noël", "Petit"])
    file = io.BytesIO()
    book.save(file)
    assert "Noël Petit" in send(desk, file.getvalue(), name="people.xlsx").text


def test_each_row_that_is_nobody_is_named_with_its_column(desk: Browser) -> None:
    suppress("gone@example.org", code=550, words="no such user", now=clock.now())
    rows = [GOOD, "nobody,Nobody,,,,,,,", "noel@example.org,Twice,,,,,,,", "gone@example.org,Gone,,,,,,,"]
    rows.append("late@example.org,Late,,31.12.2027,,,,,")
    page = send(desk, "\n".join([HEADER, *rows]))
    for words in ("is not an address", "stands further up already", "came back", "has not come yet", "Met on"):
        assert words in page.text
    desk.submit(page, having="csrf_token", action=page.path)
    end_reading()
    assert len(session().scalars(select(Prospect.person_id)).all()) == 1


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        ("a@x.org,A,,,,2026-02-01,,Stand,", "Consent words", "must all be there"),
        ("a@x.org,A,,,,,Yes,Stand,", "Consent date", "must all be there"),
        ("a@x.org,A,,,,2026-02-01,Yes,,", "Consent source", "must all be there"),
        ("a@x.org,A,,,,soon,Yes,Stand,", "Consent date", "cannot be read"),
        ("a@x.org,A,,,,2027-02-01,Yes,Stand,", "Consent date", "not come yet"),
        ("a@x.org,A,,,,2020-02-01,Yes,Stand,", "Consent date", "too old"),
        ("a@x.org,A,,,not a link,,,,", "Link", "whole address"),
    ],
)
def test_what_proves_nothing_is_left_out_and_said(row: str, column: str, why: str) -> None:
    found = read(row)
    assert [(one.email, one.consent, one.link) for one in found.people] == [("a@x.org", None, "")]
    assert [(one.row, one.column) for one in found.warned] == [(2, column)]
    assert why in found.warned[0].reason


def test_no_yes_is_taken_over_a_withdrawal(app: Flask, desk: Browser) -> None:
    zoe = factories.make_person("Zoë Ås", "zoe@example.org")
    stop(zoe, (Purpose.INSIDER_UPDATES,), source="/unsubscribe", now=clock.now())
    page = send(desk, f"{HEADER}\n{YES}\n", purpose="insider_updates")
    assert "1 row is somebody we know" in page.text
    assert "0 people were added" in desk.submit(page, having="csrf_token", action=page.path).text
    end_reading()
    assert not consent_states(zoe)[Purpose.INSIDER_UPDATES].is_given
    assert len(session().scalars(select(ConsentEvent)).all()) == 1


def test_somebody_we_know_gets_a_yes_that_they_never_took_back(app: Flask, desk: Browser) -> None:
    zoe = factories.make_person("Zoë", "zoe@example.org")
    for _again in range(2):
        page = send(desk, f"{HEADER}\n{YES}\n", purpose="insider_updates")
        desk.submit(page, having="csrf_token", action=page.path)
    end_reading()
    assert consent_states(zoe)[Purpose.INSIDER_UPDATES].is_given
    assert len(session().scalars(select(ConsentEvent)).all()) == 1, "sending the list again says nothing new"
    assert find_prospect(factories.public_id_of(zoe)) is None


def test_without_saying_what_they_agreed_to_no_yes_is_taken(desk: Browser) -> None:
    page = send(desk, f"{HEADER}\n{YES}\n")
    assert "Say above what people said yes to" in page.text
    desk.submit(page, having="csrf_token", action=page.path)
    end_reading()
    assert session().scalars(select(ConsentEvent)).all() == []


def test_days_that_fit_both_ways_are_asked_about(desk: Browser) -> None:
    page = send(desk, "Email,Met on\nnoel@example.org,03/02/2026\n")
    assert "fit both ways" in page.text
    page = desk.submit(page, having="dates", dates="dmy")
    assert "Add 1 person" in page.text
    desk.submit(page, having="csrf_token", action=page.path)
    noel = known_person("noel@example.org")
    assert noel is not None
    row = find_prospect(noel.public_id)
    assert row is not None
    assert row.obtained_on == date(2026, 2, 3)


def test_days_with_dots_are_not_asked_about(desk: Browser) -> None:
    page = send(desk, "Email,Met on\nnoel@example.org,03.02.2026\n")
    assert "fit both ways" not in page.text
    desk.submit(page, having="csrf_token", action=page.path)
    noel = known_person("noel@example.org")
    assert noel is not None
    row = find_prospect(noel.public_id)
    assert row is not None
    assert row.obtained_on == date(2026, 2, 3)


def test_a_file_that_is_no_list_of_people_is_refused(desk: Browser) -> None:
    assert "no column of e-mail addresses" in send(desk, "Name,Town\nA,B\n", expect=422).text
    assert "is empty" in send(desk, "", expect=422).text
    many = "Email\n" + "\n".join(f"a{number}@x.org" for number in range(1001))
    assert "at most 1000 people" in send(desk, many, expect=422).text
    with pytest.raises(NoAddresses):
        map_people(["Name"])


def test_nobody_else_opens_a_list_that_somebody_uploaded(app: Flask, desk: Browser) -> None:
    path = send(desk, f"{HEADER}\n{GOOD}\n").path
    other = factories.signed_in(app, factories.make_staff("Omar", Role.RECRUITER))
    other.get(path, expect=404)
    factories.signed_in(app, factories.make_staff("Hugo", Role.HIRING_MANAGER)).get(path, expect=404)


def test_a_cell_that_is_a_formula_or_markup_is_only_text(desk: Browser) -> None:
    row = 'noel@example.org,"=1+1 <script>alert(1)</script>",,,,,,,'
    page = send(desk, f"{HEADER}\n{row}\n")
    done = desk.submit(page, having="csrf_token", action=page.path)
    assert "<script>alert" not in page.body + done.body
    assert "=1+1 <script>alert(1)</script>" in done.text


def test_who_came_with_a_list_is_invited_and_told_where_from(app: Flask, desk: Browser, rita: int) -> None:
    page = send(desk, f"{HEADER}\n{GOOD}\n")
    desk.submit(page, having="csrf_token", action=page.path)
    noel = known_person("noel@example.org")
    assert noel is not None
    assert invited(rita, noel.public_id).count == 1
    work(app)
    assert "PyData Warsaw" in desk.get("/recruiting/prospects?among=invited").text
