"""Whether members gain from seeing openings first: numbers with the people behind them, and no more than they say."""

import csv
import io
from dataclasses import dataclass
from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.rules.early_access import FEWEST, Counts, Reached, Verdict, verdict
from portal.applications.states import ApplicationStatus, EventKind
from portal.community.models import Membership, PersonArea
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from tests.conftest import START, Time, counted_statements
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_person,
    make_published,
    make_staff,
    opening_id_of,
    public_id_of,
    signed_in,
)
from tests.pages import Browser, Page, is_named

REPORT = "/recruiting/openings/early-access"
PUBLIC = START + timedelta(days=3)
MONDAY = date(2026, 3, 9)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@dataclass
class Desk:
    """A recruiter who signs in anew for each page, as days may have passed."""

    app: Flask
    rita: int

    @property
    def browser(self) -> Browser:
        return signed_in(self.app, self.rita)

    def get(self, path: str, expect: int = 200) -> Page:
        return self.browser.get(path, expect=expect)


@pytest.fixture
def desk(app: Flask, rita: int) -> Desk:
    return Desk(app, rita)


@pytest.fixture
def opening(app: Flask, rita: int) -> int:
    """Published for members at the beginning, for everybody three days later."""
    slug = make_published("Nurse", recruiter_id=rita, public_at=PUBLIC)
    return session().scalars(select(Opening.id).where(Opening.slug == slug)).one()


def name_of(opening_id: int) -> str:
    end_reading()
    return session().scalars(select(Opening.public_id).where(Opening.id == opening_id)).one()


def member(name: str = "Ada Lind", *, area: str = "data", days: float = -10, left: float | None = None) -> int:
    """A member who joined so many days after the beginning, and left so many days after it."""
    person_id = make_person(name)
    with transaction() as own:
        left_at = None if left is None else START + timedelta(days=left)
        own.add(Membership(person_id=person_id, joined_at=START + timedelta(days=days), left_at=left_at))
        own.add(PersonArea(person_id=person_id, area=area))
    return person_id


def apply(opening_id: int, rita: int, person_id: int, status: ApplicationStatus = ApplicationStatus.RECEIVED) -> Made:
    """An application that was made here, now."""
    return make_application(opening_id, rita, person_id=person_id, status=status, source="")


def numbers(page: Page) -> dict[str, list[str]]:
    """The counts of the table of groups, a row each."""
    assert page.tree is not None
    rows: dict[str, list[str]] = {}
    for row in page.tree.iter("{http://www.w3.org/1999/xhtml}tr"):
        cells = [" ".join("".join(cell.itertext()).split()) for cell in row]
        if len(cells) == 5 and cells[0] != "Who":
            rows[cells[0]] = cells[1:]
    return rows


def one(desk: Desk, opening_id: int) -> Page:
    return desk.get(f"/recruiting/openings/{name_of(opening_id)}/early-access")


def test_without_early_days_the_report_says_what_would_fill_it(desk: Desk) -> None:
    make_published("Baker")
    page = desk.get(REPORT)
    assert "No opening had early access yet" in page.text
    assert REPORT in desk.get("/recruiting/openings").links


def test_who_applied_when_and_as_whom(opening: int, rita: int, desk: Desk, time: Time) -> None:
    ada, ben, cleo, dora = member("Ada"), member("Ben"), make_person("Cleo"), member("Dora", days=-10, left=1)
    time.pass_by(days=1)
    apply(opening, rita, ada)
    time.pass_by(days=2)
    for person in (ben, cleo, dora):
        apply(opening, rita, person)
    make_application(opening, rita, name="From an import")
    page = one(desk, opening)
    assert numbers(page) == {
        "Members, in the early days": ["1", "0", "0", "0"],
        "Members, later": ["1", "0", "0", "0"],
        "Everybody else": ["2", "0", "0", "0"],
    }
    assert "1 application that came with an import does not count" in page.text
    assert "3 members could see it first" in page.text
    early = desk.get(next(link for link in page.links if "group=early" in link))
    assert "Ada" in early.text
    assert not is_named("Ben", early.text)
    assert f"/recruiting/candidates/{public_id_of(ada)}" in early.links
    assert "From an import" not in desk.get(f"{REPORT}/people?opening={name_of(opening)}").text


def test_the_early_days_end_at_the_second_at_which_everybody_sees_it(
    opening: int, rita: int, desk: Desk, time: Time
) -> None:
    ada, ben = member("Ada"), member("Ben")
    time.at = PUBLIC - timedelta(seconds=1)
    apply(opening, rita, ada)
    time.at = PUBLIC
    apply(opening, rita, ben)
    assert {row: cells[0] for row, cells in numbers(one(desk, opening)).items()} == {
        "Members, in the early days": "1",
        "Members, later": "1",
        "Everybody else": "0",
    }


def test_only_members_of_those_days_whose_interests_fit_could_see_it(opening: int, desk: Desk, time: Time) -> None:
    member("Fits")
    member("Other interest", area="design")
    member("Left before", left=-1)
    member("Left within", left=1)
    member("Came within", days=2)
    member("Came after", days=3)
    time.at = PUBLIC
    people = desk.get(f"{REPORT}/people?opening={name_of(opening)}&group=could-see")
    assert people.heading == "Members who could see it first"
    for name in ("Fits", "Left within", "Came within"):
        assert name in people.text
    for name in ("Other interest", "Left before", "Came after"):
        assert name not in people.text
    assert "3 members could see it first" in one(desk, opening).text


def test_an_opening_that_stopped_before_it_was_public_was_open_to_nobody_after(
    opening: int, desk: Desk, time: Time
) -> None:
    member("Before")
    member("After", days=2)
    with transaction() as own:
        own.get_one(Opening, opening).stopped_at = START + timedelta(days=1)
    time.at = PUBLIC
    assert "1 member could see it first" in one(desk, opening).text


def test_how_far_somebody_came_is_what_their_page_said(opening: int, rita: int, desk: Desk, time: Time) -> None:
    made = [apply(opening, rita, member(name)) for name in ("Ada", "Ben", "Cleo", "Dora")]
    time.at = PUBLIC
    status = ApplicationStatus
    add_event(made[0].id, EventKind.MOVED, status=status.INTERVIEWING, promised=PUBLIC.date())
    add_event(made[0].id, status=status.NOT_SELECTED)
    add_event(made[1].id, EventKind.MOVED, status=status.OFFER_MADE, promised=PUBLIC.date())
    add_event(made[1].id, status=status.HIRED)
    add_event(made[2].id, status=status.OFFER_DECLINED)
    unsent(made[3], rita)
    page = one(desk, opening)
    assert numbers(page)["Members, in the early days"] == ["4", "3", "2", "1"]
    for reached, names in {"interview": ("Ada", "Ben", "Cleo"), "offer": ("Ben", "Cleo"), "hired": ("Ben",)}.items():
        people = desk.get(next(link for link in page.links if "group=early" in link and f"reached={reached}" in link))
        for name in ("Ada", "Ben", "Cleo", "Dora"):
            assert (name in people.text) is (name in names), (reached, name)


def unsent(made: Made, rita: int) -> None:
    """A letter that waits, so that their page does not say it yet."""
    scope = StaffScope(rita, Role.RECRUITER)
    end_reading()
    view = find_for_staff(made.public_id, scope)
    assert view is not None
    write_to_candidate(
        made.public_id,
        scope=scope,
        proposal=Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", MONDAY, "Hugo was ill."),
        seen_event_id=view.newest_event_id,
        now=clock.now(),
    )


def test_while_only_members_see_it_there_is_nobody_to_compare_with(opening: int, desk: Desk) -> None:
    assert "Only members can see it so far" in one(desk, opening).text
    page = desk.get(REPORT)
    assert "None of them is open to everybody yet" in page.text
    assert "Only members until then" in page.text


def test_few_people_are_told_as_numbers_and_never_as_shares(opening: int, rita: int, desk: Desk, time: Time) -> None:
    for number in range(3):
        apply(opening, rita, member(f"Member {number}"), ApplicationStatus.INTERVIEWING)
    time.at = PUBLIC
    page = one(desk, opening)
    assert "Too few to say whether members gained." in page.text
    assert "%" not in page.text


def test_many_people_have_shares_and_a_plain_word(opening: int, rita: int, desk: Desk, time: Time) -> None:
    for number in range(FEWEST):
        apply(opening, rita, member(f"Member {number}"), ApplicationStatus.INTERVIEWING)
    time.at = PUBLIC
    for number in range(FEWEST):
        apply(opening, rita, make_person(f"Other {number}"))
    page = desk.get(REPORT)
    assert "Members who applied early came to an interview more often than everybody else." in page.text
    assert numbers(page)["Members, in the early days"][1] == "20 100%"
    assert "It does not show that early access was the reason" in page.text


def test_the_file_holds_every_opening_and_runs_nothing(opening: int, rita: int, desk: Desk, time: Time) -> None:
    with transaction() as own:
        own.get_one(Opening, opening).title = "=1+1"
    apply(opening, rita, member())
    answer = desk.browser.client.get(f"{REPORT}.csv")
    rows = list(csv.reader(io.StringIO(answer.get_data(as_text=True).removeprefix("\ufeff"))))
    assert rows[0][0] == "Opening"
    assert rows[1] == [
        *("'=1+1", name_of(opening), "2026-03-04", "2026-03-07", "1", "Members, in the early days"),
        *("1", "0", "0", "0"),
    ]
    assert len(rows) == 4


def test_an_opening_that_everybody_saw_at_once_says_so(app: Flask, desk: Desk) -> None:
    slug = make_published("Baker")
    page = desk.get(f"/recruiting/openings/{opening_id_of(slug)}/early-access")
    assert page.heading == "Baker"
    assert "from the same moment on" in page.text
    desk.get("/recruiting/openings/nothing-here/early-access", expect=404)
    desk.get(f"{REPORT}/people?opening=nothing-here", expect=404)


def test_hiring_managers_have_no_such_pages(app: Flask, opening: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    with transaction() as own:
        own.get_one(Opening, opening).hiring_manager_id = hugo
    browser = signed_in(app, hugo)
    for path in (REPORT, f"{REPORT}.csv", f"{REPORT}/people", f"/recruiting/openings/{name_of(opening)}/early-access"):
        assert browser.client.get(path).status_code == 404
    assert REPORT not in browser.get("/recruiting/openings").links


def test_a_group_with_nobody_says_so_and_wrong_words_narrow_nothing(opening: int, rita: int, desk: Desk) -> None:
    apply(opening, rita, member())
    empty = desk.get(f"{REPORT}/people?opening={name_of(opening)}&group=other&reached=hired")
    assert "Nobody is behind this number" in empty.text
    everybody = desk.get(f"{REPORT}/people?opening={name_of(opening)}&group=nonsense&reached=nonsense")
    assert "Ada Lind" in everybody.text


def test_more_openings_ask_nothing_more(app: Flask, rita: int) -> None:
    make_published("First", recruiter_id=rita, public_at=PUBLIC)
    browser = signed_in(app, rita)
    browser.get(REPORT)
    with counted_statements() as few:
        browser.get(REPORT)
    for number in range(5):
        slug = make_published(f"Nurse {number}", recruiter_id=rita, public_at=PUBLIC)
        found = session().scalars(select(Opening.id).where(Opening.slug == slug)).one()
        apply(found, rita, member(f"Member {number}"))
    with counted_statements() as many:
        browser.get(REPORT)
    assert len(many) == len(few) <= 6


COUNTS = st.integers(0, 400).flatmap(lambda n: st.builds(Counts, st.just(n), st.integers(0, n)))


@given(COUNTS, COUNTS)
def test_the_word_turns_with_the_groups_and_needs_enough_people(early: Counts, others: Counts) -> None:
    said, turned = verdict(early, others), verdict(others, early)
    opposite = {Verdict.MORE_OFTEN: Verdict.LESS_OFTEN, Verdict.LESS_OFTEN: Verdict.MORE_OFTEN}
    assert turned is opposite.get(said, said)
    if min(early.applied, others.applied) < FEWEST:
        assert said is Verdict.TOO_FEW
    if said is Verdict.MORE_OFTEN:
        assert early.interview / early.applied > others.interview / others.applied
    for group in (early, others):
        assert (group.share(Reached.INTERVIEW) is None) is (group.applied < FEWEST)


@pytest.mark.parametrize(
    ("early", "others", "said"),
    [
        (Counts(19, 19), Counts(400, 0), Verdict.TOO_FEW),
        (Counts(20, 6), Counts(20, 3), Verdict.NO_DIFFERENCE),
        (Counts(20, 0), Counts(400, 0), Verdict.NO_DIFFERENCE),
        (Counts(100, 40), Counts(400, 80), Verdict.MORE_OFTEN),
        (Counts(100, 5), Counts(400, 80), Verdict.LESS_OFTEN),
    ],
)
def test_a_small_gap_is_no_gap(early: Counts, others: Counts, said: Verdict) -> None:
    assert verdict(early, others) is said
