"""Away, and who stands in: the days, the chain of stand-ins, what is refused."""

from datetime import date, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.people import privacy
from portal.people.actions import change_staff, note_absence, remove_absence
from portal.people.jobs import forget_old_absences
from portal.people.queries import absences_of, away_on, stands_in_for
from portal.people.rules import AbsenceRefused, all_covered_by, check_absence
from tests.conftest import Time
from tests.factories import make_staff, public_id_of, signed_in

TODAY = date(2026, 3, 4)
AWAY = "/recruiting/profile/away"


def note(person_id: int, stand_in_id: int, first: date = TODAY, days: int = 1) -> None:
    """Away for so many days from `first`."""
    last = first + timedelta(days=days - 1)
    note_absence(person_id, stand_in_id, first, last, actor_id=person_id, today=TODAY, now=clock.now())


@pytest.fixture
def team(app: Flask) -> tuple[int, int, int]:
    return make_staff("Rita Sander"), make_staff("Omar Haddad"), make_staff("Lena Walczak")


def test_stand_in_covers_from_the_first_day_to_the_last(team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar, TODAY, days=3)
    covered = [stands_in_for(omar, TODAY + timedelta(days=n)) for n in range(-1, 4)]
    assert covered == [[], [rita], [rita], [rita], []]
    assert stands_in_for(rita, TODAY) == stands_in_for(lena, TODAY) == []


def test_who_stands_in_and_is_away_passes_it_on(team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar, days=5)
    note(omar, lena, TODAY + timedelta(days=1), days=1)
    assert stands_in_for(lena, TODAY) == []
    assert stands_in_for(lena, TODAY + timedelta(days=1)) == [rita, omar]
    assert stands_in_for(lena, TODAY + timedelta(days=2)) == []


def test_page_notes_days_and_strikes_them_out(app: Flask, team: tuple[int, int, int]) -> None:
    rita, omar, _lena = team
    browser = signed_in(app, rita)
    page = browser.submit(browser.get(AWAY), from_on="2026-03-04", until_on="2026-03-13", stand_in=public_id_of(omar))
    assert "Wednesday 4 March 2026 – Friday 13 March 2026 Away now Omar Haddad stands in" in page.text
    assert "Today one colleague is covered here: Rita Sander" in signed_in(app, omar).get(AWAY).text
    page = browser.submit(page, action="/remove")
    assert "Away now" not in page.text
    assert stands_in_for(omar, TODAY) == []


def test_admin_notes_it_for_a_colleague_who_fell_ill(app: Flask, team: tuple[int, int, int]) -> None:
    rita, omar, _lena = team
    admin = signed_in(app, make_staff("Vera Admin", Role.ADMIN))
    path = f"/recruiting/admin/staff/{public_id_of(rita)}/away"
    admin.submit(admin.get(path), from_on="2026-03-04", until_on="2026-03-06", stand_in=public_id_of(omar))
    assert "Away until Friday 6 March 2026. Omar Haddad stands in." in admin.get("/recruiting/admin/staff").text
    admin.submit(admin.get(path), action="/remove")
    assert away_on(TODAY) == {}


@pytest.mark.parametrize(
    ("values", "says"),
    [
        ({"from_on": "", "until_on": "2026-03-06"}, "choose the first day"),
        ({"from_on": "2026-03-06", "until_on": "2026-03-05"}, "last day is before the first"),
        ({"from_on": "2026-03-01", "until_on": "2026-03-03"}, "days are over"),
        ({"from_on": "2026-03-06", "until_on": "2027-04-06"}, "longer than a year"),
        ({"from_on": "2026-03-06", "until_on": "2026-03-06", "stand_in": ""}, "choose a colleague"),
    ],
)
@pytest.mark.only("sqlite")  # refused before the database is asked
def test_days_that_make_no_sense_are_told_and_kept(
    app: Flask, team: tuple[int, int, int], values: dict[str, str], says: str
) -> None:
    rita, omar, _lena = team
    browser = signed_in(app, rita)
    sent = {"stand_in": public_id_of(omar), **values}
    page = browser.submit(browser.get(AWAY), expect=422, **sent)
    assert says in page.text
    assert page.form(having="from_on").values["until_on"] == values["until_on"]
    assert absences_of(rita, TODAY) == []


def test_days_cannot_overlap_and_two_cannot_stand_in_for_each_other(team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar, days=5)
    with pytest.raises(AbsenceRefused, match="noted already"):
        note(rita, lena, TODAY + timedelta(days=4), days=3)
    with pytest.raises(AbsenceRefused, match="each other"):
        note(omar, rita, TODAY + timedelta(days=4))
    note(omar, lena, TODAY + timedelta(days=4))
    with pytest.raises(AbsenceRefused, match="each other"):
        note(lena, rita, TODAY + timedelta(days=4))
    note(omar, rita, TODAY + timedelta(days=5))
    note(rita, lena, TODAY + timedelta(days=6))


def test_only_who_may_do_the_work_stands_in(app: Flask, team: tuple[int, int, int]) -> None:
    rita, omar, _lena = team
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    with pytest.raises(AbsenceRefused, match="recruiter or an admin"):
        note(rita, hugo)
    assert "Hugo Berg" not in signed_in(app, rita).get(AWAY).body
    note(hugo, omar)
    change_staff(omar, role=Role.RECRUITER, lead_id=None, is_active=False)
    with pytest.raises(AbsenceRefused, match="recruiter or an admin"):
        note(rita, omar)


def test_nobody_strikes_out_the_days_of_another(app: Flask, team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar)
    public_id = absences_of(rita, TODAY)[0].public_id
    with pytest.raises(NotFound):
        remove_absence(public_id, lena, lena, clock.now())
    browser = signed_in(app, lena)
    token = browser.get(AWAY).form(having="from_on").values["csrf_token"]
    browser.post(f"{AWAY}/{public_id}/remove", {"csrf_token": token}, expect=404)
    assert len(absences_of(rita, TODAY)) == 1


def test_who_left_needs_no_stand_in_and_who_takes_over_stands_in(team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar, days=5)
    with transaction():
        privacy.hand_over(omar, lena, clock.now())
    assert stands_in_for(lena, TODAY) == [rita]
    change_staff(rita, role=Role.RECRUITER, lead_id=None, is_active=False)
    assert stands_in_for(lena, TODAY) == []


def test_who_is_away_and_takes_over_has_their_lead_as_stand_in(team: tuple[int, int, int]) -> None:
    rita, omar, lena = team
    note(rita, omar, days=5)
    change_staff(rita, role=Role.RECRUITER, lead_id=lena, is_active=True)
    with transaction():
        privacy.hand_over(omar, rita, clock.now())
    assert stands_in_for(lena, TODAY) == [rita]


def test_absences_are_forgotten_after_three_months(team: tuple[int, int, int], time: Time) -> None:
    rita, omar, _lena = team
    note(rita, omar)
    time.pass_by(days=92)
    forget_old_absences(clock.now())
    assert len(absences_of(rita, TODAY)) == 1
    time.pass_by(days=1)
    forget_old_absences(clock.now())
    forget_old_absences(clock.now())
    assert absences_of(rita, TODAY) == []


people = st.integers(1, 7)


@given(st.dictionaries(people, people))
def test_all_work_is_somebodys_as_long_as_somebody_is_here(away: dict[int, int]) -> None:
    covered = {one: all_covered_by(one, away) for one in range(1, 8)}
    for one, gone in covered.items():
        assert one not in gone
        assert set(gone) <= set(away)
    for gone in away:
        end, seen = gone, {gone}
        while end in away and away[end] not in seen:
            end = away[end]
            seen.add(end)
        if end not in away:
            assert gone in covered[end], "whoever is here at the end of the chain covers it"


@given(st.lists(st.tuples(people, people), max_size=12))
def test_what_passes_the_check_never_ends_in_a_circle(asked: list[tuple[int, int]]) -> None:
    away: dict[int, set[int]] = {}
    for person, stand_in in asked:
        try:
            check_absence(person, stand_in, TODAY, TODAY, TODAY, away)
        except AbsenceRefused:
            continue
        away[person] = {stand_in}
    here = {one: min(who) for one, who in away.items()}
    for gone in away:
        assert any(gone in all_covered_by(one, here) for one in range(1, 8) if one not in away)
