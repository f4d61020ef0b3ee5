"""A second address: added, and what belongs to it joined; one of them is the one we write to."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.accounts.actions import ask_for_address, confirm_new_address
from portal.accounts.jobs import forget_expired
from portal.accounts.models import Account, AddressRequest
from portal.accounts.queries import devices_of
from portal.applications.models import Application
from portal.audit.models import AuditRecord
from portal.community.actions import join as join_community
from portal.community.actions import leave_community
from portal.community.queries import is_member, preferences_of
from portal.contact.actions import choose
from portal.contact.queries import consent_states
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.people.models import Person
from portal.people.queries import find_staff, known_person
from portal.privacy.actions import join_records
from tests import factories
from tests.accounts.addresses import (
    add,
    addresses,
    apply_for,
    ask_for,
    confirm_link,
    join_both,
    keep_link,
    press,
    signed_in_browser,
    written_to,
)
from tests.accounts.visitors import (
    ADA,
    NORA,
    PASSWORD,
    RITA,
    ask,
    hire,
    import_person,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
    sign_in_link,
)
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

OTHER = "ada@other.example"
_THREADS = 8


def _of(person_id: int) -> set[str]:
    end_reading()
    return set(session().scalars(select(Application.public_id).where(Application.person_id == person_id)))


def test_a_new_address_stands_beside_the_first(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = add(browser, OTHER)
    assert f"{OTHER} is yours now" in page.text
    assert addresses(ADA) == [(ADA, True), (OTHER, False)]
    assert last_letter(ADA).kind == "accounts/address_added"
    elsewhere = Browser(app)
    ask(elsewhere, OTHER)
    press(elsewhere, sign_in_link(OTHER))
    assert is_in(elsewhere)


def test_the_one_we_write_to_can_be_chosen(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = add(browser, OTHER)
    browser.submit(page, action="/addresses/choose", having="email")
    assert written_to(ADA) == OTHER
    assert addresses(ADA) == [(OTHER, True), (ADA, False)]


def test_an_address_is_removed_after_seven_days_and_its_reader_is_told(app: Flask, time: Time) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.submit(add(browser, OTHER), action="/addresses/remove", having="email")
    assert f"{OTHER} is removed on Wednesday 11 March 2026" in page.text
    assert last_letter(OTHER).kind == "accounts/address_removed"
    time.pass_by(days=7)
    forget_expired(clock.now())
    assert addresses(ADA) == [(ADA, True)]
    assert known_person(OTHER) is None


def test_neither_the_one_we_write_to_nor_the_last_is_removed(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    page = browser.get("/me/account")
    token = page.form(having="name").values["csrf_token"]
    refused = browser.post("/me/account/addresses/remove", {"csrf_token": token, "email": ADA})
    assert "We write to this address" in refused.text
    assert addresses(ADA) == [(ADA, True)]


def test_what_is_removed_in_the_name_of_its_owner_is_taken_back(app: Flask) -> None:
    join()
    thief = signed_in_browser(app)
    page = add(thief, OTHER)
    page = thief.submit(page, action="/addresses/choose", having="email")
    thief.submit(page, action="/addresses/remove", having="email")
    owner, link = Browser(app), keep_link(ADA)
    press(owner, link)
    assert addresses(ADA) == [(ADA, True)]
    assert not is_in(thief)


@pytest.mark.parametrize("what", ["choose", "remove", "keep"])
def test_nobody_touches_the_address_of_another(app: Flask, what: str) -> None:
    join()
    join(NORA, "Nora Berg")
    browser = signed_in_browser(app, NORA)
    token = browser.get("/me/account").form(having="name").values["csrf_token"]
    for email in (ADA, "nobody@demo.example", ""):
        browser.post(f"/me/account/addresses/{what}", {"csrf_token": token, "email": email}, expect=404)
    assert addresses(ADA) == [(ADA, True)]


def test_nothing_is_said_of_a_record_before_its_address_is_confirmed(app: Flask) -> None:
    join()
    imported = import_person(OTHER, "A. Lind")
    apply_for(imported, "Secret Role")
    browser = signed_in_browser(app)
    page = ask_for(browser, OTHER, "add")
    assert "Secret Role" not in page.text + last_letter(OTHER).text
    assert "Nothing waits to be joined" in browser.get("/me/account/addresses/join").text
    assert "application" not in browser.get(confirm_link(OTHER)).text


def test_an_imported_record_joins_with_its_applications(app: Flask) -> None:
    ada, imported = join(), import_person(OTHER, "A. Lind")
    own, theirs = apply_for(ada), {apply_for(imported, "Baker"), apply_for(imported, "Nurse")}
    browser = signed_in_browser(app)
    page = add(browser, OTHER)
    assert "We found 2 applications under that address. They join yours." in page.text
    assert "Baker" in page.text
    assert _of(ada) == {own}
    page = join_both(browser, page)
    assert "Both records are one now" in page.text
    assert _of(ada) == {own, *theirs}
    assert addresses(ADA) == [(ADA, True), (OTHER, False)]
    assert session().get_one(Person, ada).name == "Ada Lind"
    for public_id in theirs:
        browser.get(f"/me/applications/{public_id}")


def test_not_now_leaves_both_as_they_are(app: Flask, time: Time) -> None:
    ada, imported = join(), import_person(OTHER, "A. Lind")
    apply_for(imported)
    browser = signed_in_browser(app)
    add(browser, OTHER)
    browser.get("/me/account")
    time.pass_by(minutes=61)
    assert "Nothing waits to be joined" in browser.get("/me/account/addresses/join").text
    forget_expired(clock.now())
    assert session().scalars(select(AddressRequest)).all() == []
    assert (len(_of(ada)), len(_of(imported))) == (0, 1)


def test_changing_to_the_address_of_another_record_joins_it_and_moves_there(app: Flask) -> None:
    ada, other = join(), join(OTHER, "Ada L.", "the other password")
    theirs = apply_for(other)
    browser = signed_in_browser(app)
    ask_for(browser, OTHER)
    join_both(browser, press(browser, confirm_link(OTHER)))
    assert _of(ada) == {theirs}
    assert addresses(ADA) == [(OTHER, True), (ADA, False)]
    assert [letter.kind for letter in letters(ADA)][-2:] == ["accounts/address_changed", "accounts/records_joined"]
    assert is_in(browser)


def test_two_accounts_are_two_ways_into_one_record(app: Flask) -> None:
    ada = join()
    join(OTHER, "Ada L.", "the other password")
    elsewhere = Browser(app)
    sign_in(elsewhere, OTHER, "the other password")
    browser = signed_in_browser(app)
    page = add(browser, OTHER)
    assert "You can sign in with either address" in page.text
    join_both(browser, page)
    assert not is_in(elsewhere)
    for email, password in ((ADA, PASSWORD), (OTHER, "the other password")):
        way = Browser(app)
        sign_in(way, email, password)
        assert ADA in way.get("/me/account").text
    assert session().scalars(select(Account.person_id).distinct()).all() == [ada]


def test_a_consent_that_was_withdrawn_on_either_side_stays_withdrawn(app: Flask) -> None:
    ada, other = join(), join(OTHER, "Ada L.")
    for person_id, withdrawn in ((ada, Purpose.EVENTS), (other, Purpose.JOB_ALERTS)):
        for purpose in (Purpose.EVENTS, Purpose.JOB_ALERTS, Purpose.CHECK_INS):
            choose(person_id, purpose, True, source="/test", now=clock.now())
        choose(person_id, withdrawn, False, source="/test", now=clock.now())
    browser = signed_in_browser(app)
    join_both(browser, add(browser, OTHER))
    end_reading()
    states = {purpose: state.action for purpose, state in consent_states(ada).items()}
    assert states == {
        Purpose.EVENTS: ConsentAction.WITHDRAWN,
        Purpose.JOB_ALERTS: ConsentAction.WITHDRAWN,
        Purpose.CHECK_INS: ConsentAction.GIVEN,
    }


def test_two_members_are_one_member(app: Flask, time: Time) -> None:
    ada, other = join(), join(OTHER, "Ada L.")
    since = clock.now()
    join_community(other, [], clock.now())
    time.pass_by(days=3)
    join_community(ada, [], clock.now())
    browser = signed_in_browser(app)
    join_both(browser, add(browser, OTHER))
    end_reading()
    assert preferences_of(ada).joined_at == since
    assert not is_member(other)


def test_who_left_last_is_no_member_after_joining_the_records(app: Flask, time: Time) -> None:
    ada, other = join(), join(OTHER, "Ada L.")
    join_community(other, [Purpose.EVENTS], clock.now())
    join_community(ada, [], clock.now())
    time.pass_by(days=1)
    leave_community(ada, clock.now())
    browser = signed_in_browser(app)
    join_both(browser, add(browser, OTHER))
    end_reading()
    assert not is_member(ada)
    assert not any(state.is_given for state in consent_states(ada).values())


def test_both_applications_to_one_opening_stay(app: Flask) -> None:
    ada, other = join(), import_person(OTHER, "A. Lind")
    rita = factories.make_staff("Rita Sander", Role.RECRUITER, RITA)
    opening = factories.make_opening("Baker")
    both = {factories.make_application(opening, rita, person_id=one).public_id for one in (ada, other)}
    browser = signed_in_browser(app)
    join_both(browser, add(browser, OTHER))
    assert _of(ada) == both


def test_a_colleagues_record_never_joins_by_its_address(app: Flask) -> None:
    ada, rita = join(), hire(RITA)
    browser = signed_in_browser(app)
    page = add(browser, RITA)
    assert "belongs to a colleague" in page.text
    with pytest.raises(PortalError):
        join_records(ada, devices_of(ada, clock.now())[0].session_id, clock.now())
    end_reading()
    assert find_staff(ada) is None
    assert addresses(RITA) == [(RITA, True)]
    assert find_staff(rita) is not None
    assert browser.client.get("/recruiting/").status_code == 404


def test_two_colleagues_do_notjoin_both(app: Flask) -> None:
    hire(ADA, Role.HIRING_MANAGER, "Ada Lind")
    hire(RITA)
    browser = signed_in_browser(app)
    assert "belongs to a colleague" in add(browser, RITA).text


def test_a_colleague_joins_the_applications_of_their_private_address(app: Flask) -> None:
    rita, private = hire(RITA), join(OTHER, "Rita S.")
    theirs = apply_for(private)
    browser = signed_in_browser(app, RITA)
    join_both(browser, add(browser, OTHER))
    staff = find_staff(rita)
    assert staff is not None
    assert staff.role is Role.RECRUITER
    assert staff.email == RITA
    assert theirs in _of(rita)


def test_a_record_that_joined_is_taken_back_out_of_reach_of_a_thief(app: Flask) -> None:
    join()
    join(OTHER, "A thief", "the thief's password")
    thief = signed_in_browser(app)
    join_both(thief, add(thief, OTHER))
    press(Browser(app), keep_link(ADA, TokenKind.KEEP_APART))
    assert addresses(ADA) == [(ADA, True)]
    assert not is_in(thief)
    way = Browser(app)
    way.submit(way.get("/sign-in"), email=OTHER, password="the thief's password", expect=422)


def _at_once(app: Flask, count: int, work: object) -> list[object]:
    start = Barrier(min(count, _THREADS))

    def run(number: int) -> object:
        with app.app_context():
            if number < _THREADS:
                start.wait()
            try:
                return work(number)  # type: ignore[operator]  # a function of a number
            except PortalError as error:
                return error
            finally:
                end_reading()

    end_reading()
    with ThreadPoolExecutor(_THREADS) as pool:
        return list(pool.map(run, range(count)))


def _session_of(app: Flask, person_id: int, email: str) -> int:
    sign_in(Browser(app), email)
    end_reading()
    return devices_of(person_id, clock.now())[0].session_id


def test_one_link_pressed_fifty_times_at_once_has_one_effect(app: Flask) -> None:
    ada = join()
    session_id = _session_of(app, ada, ADA)
    ask_for_address(ada, OTHER, is_change=True, browser_secret="", now=clock.now())
    token = last_letter(OTHER).token(TokenKind.NEW_ADDRESS)
    results = _at_once(app, 50, lambda _n: confirm_new_address(token, ada, session_id, clock.now()))
    assert sum(not isinstance(one, PortalError) for one in results) == 1
    assert addresses(ADA) == [(OTHER, True), (ADA, False)]
    assert [letter.kind for letter in letters(ADA)].count("accounts/address_changed") == 1


def test_two_records_that_join_each_other_at_once_are_one(app: Flask) -> None:
    ada, nora = join(), join(NORA, "Ada L.")
    own = {apply_for(ada), apply_for(nora, "Baker")}
    sides = [(ada, ADA, NORA), (nora, NORA, ADA)]
    sessions = {person_id: _session_of(app, person_id, email) for person_id, email, _other in sides}
    for person_id, _email, other in sides:
        ask_for_address(person_id, other, is_change=False, browser_secret="", now=clock.now())
        token = last_letter(other).token(TokenKind.NEW_ADDRESS)
        confirm_new_address(token, person_id, sessions[person_id], clock.now())

    def merge(number: int) -> object:
        person_id = sides[number % 2][0]
        return join_records(person_id, sessions[person_id], clock.now())

    results = _at_once(app, _THREADS, merge)
    end_reading()
    assert sum(not isinstance(one, PortalError) for one in results) == 1
    person = known_person(ADA)
    assert person is not None
    assert _of(person.person_id) == own
    assert {email for email, _is_primary in addresses(ADA)} == {ADA, NORA}
    merges = select(func.count()).select_from(AuditRecord).where(AuditRecord.action == "privacy.merge_people")
    assert session().scalar(merges) == 1
