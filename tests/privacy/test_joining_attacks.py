"""Joining records of which only one address was shown, a mailbox that two people read, and parting again."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.actions import join as join_community
from portal.community.actions import leave_community
from portal.contact.actions import choose, stop_surveys
from portal.contact.queries import consent_states, contact_preferences
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.outbox.models import Delivery
from portal.people.queries import staff_name
from tests.accounts.addresses import (
    NEW,
    add,
    addresses,
    applicant,
    apply_for,
    ask_for,
    confirm_link,
    join_both,
    keep_link,
    person_at,
    press,
    signed_in_browser,
)
from tests.accounts.test_found_device import copy_of
from tests.accounts.visitors import (
    ADA,
    NORA,
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
#: A mailbox of an old job, read by somebody else as well.
WORK = "ada@work.example"
BOSS = "boss@work.example"
SHARED = "family@home.example"
_APART = TokenKind.KEEP_APART


def _mails(email: str, kind: str) -> int:
    return [letter.kind for letter in letters(email)].count(kind)


def _come_in(app: Flask, email: str) -> Browser:
    browser = Browser(app)
    ask(browser, email)
    press(browser, sign_in_link(email))
    return browser


def test_whoever_reads_one_address_of_a_record_does_not_get_all_of_it(app: Flask) -> None:
    ada = join()
    join(BOSS, "A boss")
    add(signed_in_browser(app), WORK)
    application = apply_for(ada)
    reader = signed_in_browser(app, BOSS)
    page = add(reader, WORK)
    assert "belongs to a record that has another address as well" in page.text
    assert ADA not in page.text
    assert "Data Analyst" not in page.text
    assert not [form for form in page.forms if form.action.endswith("/addresses/join")]
    token = reader.get("/me/account").form(having="name").values["csrf_token"]
    refused = reader.post("/me/account/addresses/join", {"csrf_token": token})
    assert "That record has another address as well" in refused.text
    assert applicant(application) == ada
    assert addresses(ADA) == [(ADA, True), (WORK, False)]
    assert addresses(BOSS) == [(BOSS, True)]


def test_a_record_whose_owner_can_still_object_does_not_join(app: Flask) -> None:
    """A thief in an open browser adds an address, and takes the record over with it from an account of their own."""
    ada = join()
    join(NORA, "A thief")
    add(signed_in_browser(app), NEW)
    objection = keep_link(ADA)
    thief = signed_in_browser(app, NORA)
    assert "another address as well" in add(thief, NEW).text
    press(Browser(app), objection)
    assert addresses(ADA) == [(ADA, True)]
    assert person_at(ADA) == ada


def test_who_shows_every_address_of_a_record_joins_it(app: Flask) -> None:
    ada, other = join(), join(NORA, "Ada L.")
    theirs = apply_for(other)
    add(signed_in_browser(app, NORA), WORK)
    browser = signed_in_browser(app)
    assert "another address as well" in add(browser, WORK).text
    page = join_both(browser, add(browser, NORA))
    assert "Both records are one now" in page.text
    assert applicant(theirs) == ada
    assert {email for email, _is_primary in addresses(ADA)} == {ADA, NORA, WORK}


@pytest.mark.parametrize("what", ["add", "change"])
def test_a_copy_of_the_cookie_is_out_once_two_records_are_one(app: Flask, what: str) -> None:
    join()
    join(NORA, "Ada L.")
    browser = signed_in_browser(app)
    ask_for(browser, NORA, what)
    page = press(browser, confirm_link(NORA))
    thief = copy_of(browser)
    assert is_in(thief)
    join_both(browser, page)
    assert is_in(browser)
    assert not is_in(thief)


def test_two_of_three_addresses_are_not_enough(app: Flask) -> None:
    join()
    join(NORA, "Ada L.")
    for email in (WORK, NEW):
        add(signed_in_browser(app, NORA), email)
    browser = signed_in_browser(app)
    add(browser, WORK)
    assert "another address as well" in add(browser, NEW).text
    assert {email for email, _is_primary in addresses(NORA)} == {NORA, WORK, NEW}


def test_what_was_shown_counts_for_an_hour(app: Flask, time: Time) -> None:
    join()
    join(NORA, "Ada L.")
    add(signed_in_browser(app, NORA), WORK)
    browser = signed_in_browser(app)
    add(browser, WORK)
    time.pass_by(minutes=61)
    assert "another address as well" in add(browser, NORA).text


def test_who_signs_in_to_the_larger_record_joins_the_smaller_from_there(app: Flask) -> None:
    ada, small = join(), join(NORA, "Ada L.")
    theirs = apply_for(small)
    add(signed_in_browser(app), WORK)
    browser = _come_in(app, WORK)
    browser.submit(browser.get("/me/account/addresses/add"), email=NORA)
    join_both(browser, press(browser, confirm_link(NORA)))
    assert applicant(theirs) == ada


def test_the_offer_says_whose_record_it_is_and_since_when(app: Flask, time: Time) -> None:
    join()
    apply_for(import_person(SHARED, "Bo Lind"), "Baker")
    time.pass_by(days=2)
    page = add(signed_in_browser(app), SHARED)
    assert "Under the name Bo Lind" in page.text
    assert "Known to us since Wednesday 4 March 2026" in page.text
    assert "Baker" in page.text
    assert "Is that somebody else" in page.text


def test_a_record_of_the_same_name_is_not_called_somebody_else(app: Flask) -> None:
    join()
    import_person(SHARED, "Ada Lind")
    assert "somebody else" not in add(signed_in_browser(app), SHARED).text


def test_every_address_of_both_is_told_of_joining(app: Flask) -> None:
    join()
    browser = signed_in_browser(app)
    add(browser, WORK)
    join(SHARED, "Bo Lind")
    join_both(browser, add(browser, SHARED))
    for email in (ADA, WORK, SHARED):
        assert _mails(email, "accounts/records_joined") == 1, email
    assert "Hello Bo Lind" in last_letter(SHARED).text
    assert "Hello Ada Lind" in last_letter(WORK).text
    end_reading()
    named = session().execute(
        select(Delivery.to_address, Delivery.to_name).where(Delivery.kind == "accounts/records_joined")
    )
    assert {tuple(row) for row in named} == {(ADA, "Ada Lind"), (WORK, "Ada Lind"), (SHARED, "Bo Lind")}
    for email, others in ((ADA, (SHARED, "Bo Lind")), (SHARED, (ADA, "Ada Lind"))):
        for one in others:
            assert one not in last_letter(email).text


def test_the_other_reader_of_a_shared_mailbox_has_their_record_back_and_nothing_else(app: Flask) -> None:
    ada, bo = join(), join(SHARED, "Bo Lind", "the other password")
    own, theirs = apply_for(ada), apply_for(bo, "Baker")
    browser = signed_in_browser(app)
    join_both(browser, add(browser, SHARED))
    assert applicant(theirs) == ada
    page = press(Browser(app), keep_link(SHARED, _APART))
    assert "separate again" in page.text
    assert addresses(ADA) == [(ADA, True)]
    assert addresses(SHARED) == [(SHARED, True)]
    assert (applicant(own), applicant(theirs)) == (ada, person_at(SHARED))
    assert [staff_name(person_at(email)) for email in (ADA, SHARED)] == ["Ada Lind", "Bo Lind"]
    # Nothing of Ada's is harmed: her device and her password are good.
    assert is_in(browser)
    assert sign_in(Browser(app)).status == 303
    reader = _come_in(app, SHARED)
    assert reader.get(f"/me/applications/{theirs}").status == 200
    reader.get(f"/me/applications/{own}", expect=404)
    browser.get(f"/me/applications/{theirs}", expect=404)


def test_who_joined_a_record_cannot_take_its_address_away(app: Flask) -> None:
    """Who reads a mailbox with another joins its record, and then says that it was not them."""
    boss, ada = join(BOSS, "A boss"), join(WORK, "Ada Lind", "the other password")
    theirs = apply_for(ada)
    reader = signed_in_browser(app, BOSS)
    join_both(reader, add(reader, WORK))
    press(Browser(app), keep_link(BOSS, _APART))
    assert addresses(WORK) == [(WORK, True)]
    assert applicant(theirs) == person_at(WORK) != boss
    assert addresses(BOSS) == [(BOSS, True)]
    assert not is_in(reader)
    assert is_in(_come_in(app, WORK))


def test_nor_with_the_link_of_another_notice(app: Flask) -> None:
    boss, ada = join(BOSS, "A boss"), join(WORK, "Ada Lind", "the other password")
    theirs = apply_for(ada)
    reader = signed_in_browser(app, BOSS)
    add(reader, NEW)
    join_both(reader, add(reader, WORK))
    press(Browser(app), keep_link(BOSS))
    assert addresses(BOSS) == [(BOSS, True)]
    assert addresses(WORK) == [(WORK, True)]
    assert applicant(theirs) == person_at(WORK) != boss


def test_an_address_that_came_with_its_record_takes_nothing_but_that_back(app: Flask) -> None:
    ada = join()
    join(SHARED, "Bo Lind", "the other password")
    own = apply_for(ada)
    browser = signed_in_browser(app)
    ask_for(browser, SHARED)
    page = join_both(browser, press(browser, confirm_link(SHARED)))
    browser.submit(page, action="/addresses/keep", having="email", button="Keep")
    browser.submit(browser.get("/me/account"), action="/addresses/choose", having="email")
    press(Browser(app), keep_link(SHARED))
    assert addresses(ADA) == [(ADA, True)]
    assert addresses(SHARED) == [(SHARED, True)]
    assert applicant(own) == ada


def test_an_address_that_changed_with_a_joined_record_is_taken_back_whole(app: Flask, time: Time) -> None:
    ada = join()
    join(NORA, "A thief", "the thief's password")
    own = apply_for(ada)
    thief = signed_in_browser(app)
    ask_for(thief, NORA)
    join_both(thief, press(thief, confirm_link(NORA)))
    assert addresses(ADA) == [(NORA, True), (ADA, False)]
    time.pass_by(days=6)
    press(Browser(app), keep_link(ADA))
    assert addresses(ADA) == [(ADA, True)]
    assert addresses(NORA) == [(NORA, True)]
    assert (applicant(own), person_at(ADA)) == (ada, ada)
    assert not is_in(thief)


def test_parting_works_for_fourteen_days_and_once(app: Flask, time: Time) -> None:
    for email, days in ((NORA, 13), (NEW, 14)):
        join(email, "Ada L.")
        join(f"other-{email}", "Ada L.")
        browser = signed_in_browser(app, email)
        join_both(browser, add(browser, f"other-{email}"))
        link = keep_link(email, _APART)
        time.pass_by(days=days)
        Browser(app).get(link, expect=200 if days < 14 else 404)
        if days < 14:
            press(Browser(app), link)
            assert "fourteen days" in Browser(app).get(link, expect=404).text
            Browser(app).get(keep_link(f"other-{email}", _APART), expect=404)
            assert addresses(email) == [(email, True)]


def test_parting_gives_nobody_a_right_to_write(app: Flask) -> None:
    ada, bo = join(), join(SHARED, "Bo Lind", "the other password")
    for person_id in (ada, bo):
        join_community(person_id, [Purpose.EVENTS, Purpose.JOB_ALERTS], clock.now())
    choose(bo, Purpose.EVENTS, False, source="/test", now=clock.now())
    stop_surveys(bo, clock.now())
    browser = signed_in_browser(app)
    join_both(browser, add(browser, SHARED))
    leave_community(ada, clock.now())
    press(Browser(app), keep_link(SHARED, _APART))
    for email in (ADA, SHARED):
        states = consent_states(person_at(email))
        assert not any(state.is_given for state in states.values()), email
        assert states[Purpose.EVENTS].action is ConsentAction.WITHDRAWN
        assert contact_preferences(person_at(email)).is_without_surveys


def test_mail_that_went_to_an_address_is_shown_to_its_reader_after_parting(app: Flask) -> None:
    join()
    join(SHARED, "Bo Lind", "the other password")
    browser = signed_in_browser(app)
    join_both(browser, add(browser, SHARED))
    press(Browser(app), keep_link(ADA, _APART))
    end_reading()
    rows = session().execute(select(Delivery.to_address, Delivery.person_id).where(Delivery.to_address == SHARED))
    assert {row.person_id for row in rows} <= {person_at(SHARED), None}


def test_links_of_one_kind_part_nothing_else(app: Flask) -> None:
    join()
    join(SHARED, "Bo Lind")
    browser = signed_in_browser(app)
    join_both(browser, add(browser, SHARED))
    token = keep_link(ADA, _APART).rsplit("/", 1)[1]
    for path in ("/keep-address", "/keep-address/stay", "/address", "/sign-in", "/confirm"):
        Browser(app).get(f"{path}/{token}", expect=404)


@pytest.mark.parametrize("role", [Role.RECRUITER, Role.ADMIN])
def test_a_colleagues_record_still_never_joins(app: Flask, role: Role) -> None:
    join()
    hire(RITA, role)
    assert "belongs to a colleague" in add(signed_in_browser(app), RITA).text
