"""The page of outgoing mail: what did not arrive, what is held, what was stopped, and trying again."""

import pytest
from flask import Flask

from portal.contact.actions import choose, suppress
from portal.contact.queries import is_suppressed
from portal.contact.states import Purpose, Timing
from portal.core import clock
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_failed_try, note_server_trouble
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import MailClass, Reason
from tests import factories
from tests.conftest import Time
from tests.outbox.letters import delivery, person, put, states
from tests.pages import Browser

PAGE = "/recruiting/admin/mail"


@pytest.fixture
def alma(app: Flask) -> Browser:
    """The browser of an admin."""
    return factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org"))


def lose(number: int = 1, words: str = "5.1.1 no such user", code: int = 550) -> int:
    """A message that came back; returns the delivery's id."""
    delivery_id = put(number)
    fail(Refused(Reason.REFUSED, code, words, True))
    return delivery_id


def fail(outcome: Refused | TryLater) -> None:
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, outcome, clock.now())


def test_when_all_is_well_the_page_says_so(alma: Browser) -> None:
    page = alma.get(PAGE)
    assert page.heading == "Outgoing mail"
    assert "Everything arrived" in page.text
    assert "Nothing is held" in alma.get(f"{PAGE}?show=held").text
    assert "Nothing was stopped" in alma.get(f"{PAGE}?show=stopped").text
    assert alma.get(f"{PAGE}?show=nonsense&reason=nonsense&page=99").status == 200


def test_a_letter_that_came_back_stands_there_with_its_reason(alma: Browser) -> None:
    lose()
    page = alma.get(PAGE)
    assert "person1@example.org" in page.text
    assert "The other side refused it for good 550" in page.text
    assert PAGE in alma.get("/recruiting/").links


def test_a_recruiter_does_not_see_it(app: Flask) -> None:
    rita = factories.signed_in(app, factories.make_staff("Rita Sander", Role.RECRUITER, "rita@example.org"))
    assert rita.client.get(PAGE).status_code == 404
    assert PAGE not in rita.get("/recruiting/").links


def test_mail_is_found_by_address(alma: Browser) -> None:
    lose(1)
    lose(2)
    page = alma.get(f"{PAGE}?to=PERSON2@")
    assert "person2@example.org" in page.text
    assert "person1@example.org" not in page.text
    assert "Nothing fits" in alma.get(f"{PAGE}?to=%25").text


def test_an_address_that_came_back_is_tried_again_only_knowingly(alma: Browser) -> None:
    key = delivery(lose()).key
    form = alma.get(f"{PAGE}/{key}").form(having="lift")
    refused = alma.post(form.action, form.values, expect=422)
    assert "Please say that we should try it again" in refused.text
    assert states() == ["dead"]
    alma.post(form.action, {**form.values, "lift": "y"})
    assert states() == ["queued"]
    assert not is_suppressed("person1@example.org")
    assert claim_next("worker", clock.now()) is not None
    log = alma.get("/recruiting/admin/audit").text
    assert "Let a message be tried again" in log


def test_a_letter_of_a_living_address_is_tried_again_with_one_tap(alma: Browser) -> None:
    number = lose(1, "5.7.1 we do not like this")
    form = alma.get(f"{PAGE}/{delivery(number).key}").form(action="/retry")
    assert "lift" not in form.names
    alma.post(form.action, form.values)
    row = delivery(number)
    assert (row.state, row.attempts, row.failed_reason) == ("queued", 0, None)


def test_all_of_one_reason_are_tried_again_at_once(alma: Browser) -> None:
    for number in range(3):
        lose(number, "5.7.1 we do not like this")
    lose(3)
    lose(4, "no", 554)
    page = alma.get(f"{PAGE}/reasons/refused-550")
    assert "4 messages" in page.text
    form = page.form(having="csrf_token", action="/reasons/refused-550")
    answer = alma.post(form.action, form.values)
    assert states() == ["queued", "queued", "queued", "dead", "dead"]
    assert "3 messages will be tried again" in answer.text
    alma.post(form.action, {**form.values, "lift": "y"})
    assert states() == ["queued"] * 4 + ["dead"]


def test_a_reason_of_which_there_is_none_is_not_there(alma: Browser) -> None:
    assert alma.client.get(f"{PAGE}/reasons/refused-550").status_code == 404


def test_what_is_held_says_until_when(app: Flask, time: Time) -> None:
    time.at = time.at.replace(hour=22)
    alma = factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org"))
    ada = person("Ada", "person1@example.org")
    choose(ada, Purpose.INSIDER_UPDATES, True, source="test", now=clock.now())
    number = put(
        1, person_id=ada, mail_class=MailClass.COMMUNITY, purpose=Purpose.INSIDER_UPDATES, timing=Timing.WAKING
    )
    assert claim_next("worker", clock.now()) is None
    page = alma.get(f"{PAGE}?show=held")
    assert "It is quiet time where they are" in page.text
    assert "Thursday 5 March 2026" in page.text
    assert "It is held for now" in alma.get(f"{PAGE}/{delivery(number).key}").text


def test_what_was_stopped_says_why_and_its_address_can_be_freed(alma: Browser) -> None:
    ada = person("Ada", "person1@example.org")
    choose(ada, Purpose.INSIDER_UPDATES, True, source="test", now=clock.now())
    suppress("person1@example.org", code=550, words="no such user", now=clock.now())
    number = put(1, person_id=ada, mail_class=MailClass.COMMUNITY, purpose=Purpose.INSIDER_UPDATES)
    assert claim_next("worker", clock.now()) is None
    assert "Mail to this address came back before" in alma.get(f"{PAGE}?show=stopped").text
    page = alma.get(f"{PAGE}/{delivery(number).key}")
    form = page.form(action="/lift")
    alma.post(form.action, form.values)
    assert not is_suppressed("person1@example.org")
    assert states() == ["cancelled"]
    alma.post(form.action, form.values)


def test_a_server_that_is_down_and_slow_domains_are_shown(alma: Browser) -> None:
    put(1)
    put(2, to="ada@slow.example")
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    down = TryLater(Reason.UNREACHABLE, 0, "Connection refused", Blame.SERVER)
    mark_failed_try(claimed, down, clock.now())
    note_server_trouble(down, clock.now())
    fail(TryLater(Reason.BUSY, 421, "slow down", Blame.DOMAIN))
    page = alma.get(PAGE)
    assert "Our mail server takes nothing" in page.text
    assert "2 messages wait" in page.text
    assert "slow.example" in page.text
    assert "421 slow down" in page.text


def test_what_was_sent_is_nobodys_business_here(alma: Browser) -> None:
    assert alma.client.get(f"{PAGE}/{delivery(put(1)).key}").status_code == 404
