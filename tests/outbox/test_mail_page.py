"""The page of outgoing mail: what did not arrive, what is held, what was stopped, and trying again."""

from datetime import timedelta

import pytest
from flask import Flask

from portal.contact.actions import choose, suppress
from portal.contact.queries import is_suppressed
from portal.contact.states import Purpose, Timing
from portal.core import clock
from portal.core.db import transaction
from portal.core.leases import give_back_job, take_job
from portal.core.permissions import Role
from portal.outbox.actions import (
    claim_next,
    forget_quiet_domains,
    mark_failed_try,
    mark_sent,
    note_server_trouble,
    note_server_works,
)
from portal.outbox.models import Delivery
from portal.outbox.rules import Blame, Refused, TryLater
from portal.outbox.states import MailClass, Reason
from tests import factories
from tests.conftest import Time
from tests.outbox.letters import delivery, person, put, states
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

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
    assert "The other side refused it for good 550 5.1.1" in page.text
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
    page = alma.get(f"{PAGE}/reasons/refused-550-5.7.1")
    assert "3 messages" in page.text
    form = page.form(having="csrf_token", action="/reasons/refused-550-5.7.1")
    answer = alma.post(form.action, form.values)
    assert states() == ["queued", "queued", "queued", "dead", "dead"]
    assert "3 messages will be tried again" in answer.text
    form = alma.get(f"{PAGE}/reasons/refused-550-5.1.1").form(having="csrf_token", action="/refused-550-5.1.1")
    assert "1 was left" in alma.post(form.action, form.values).text
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
    assert "It cannot be reached. This began on" in page.text
    assert "slow.example" in page.text
    assert "421 slow down" in page.text
    assert "Everything arrived" not in page.text
    assert "Nothing was given up" in page.text


def test_what_was_sent_is_nobodys_business_here(alma: Browser) -> None:
    number = put(1)
    claimed = claim_next("worker", clock.now())
    assert claimed is not None
    mark_sent(claimed, clock.now())
    assert alma.client.get(f"{PAGE}/{delivery(number).key}").status_code == 404


def test_a_message_says_what_kind_of_mail_it_is_in_words(alma: Browser) -> None:
    key = delivery(lose()).key
    for address in (PAGE, f"{PAGE}/{key}"):
        text = alma.get(address).text
        assert "A message about an application" in text
        assert "applications/message" not in text


def lose_link(number: int, kind: str = "accounts/sign_in") -> int:
    """A mail with a link that lasts an hour; it came back."""
    delivery_id = put(number, to="ada@example.org")
    with transaction() as own:
        own.get_one(Delivery, delivery_id).kind = kind
    fail(Refused(Reason.REFUSED, 550, "5.7.1 we do not like this"))
    return delivery_id


def test_what_would_come_too_late_is_left_out_and_the_button_says_how_many_go(alma: Browser, time: Time) -> None:
    lose_link(1)  # a newer one has gone since
    lose_link(2)
    lose_link(3, "accounts/password_changed")  # no link in it
    put(4, expires_at=clock.now() + timedelta(minutes=30))
    fail(Refused(Reason.REFUSED, 550, "5.7.1 we do not like this"))
    assert "Try 3 again" in alma.get(PAGE).text
    page = alma.get(f"{PAGE}/reasons/refused-550-5.7.1")
    assert "4 messages." in page.text
    assert "1 of them is left out: it would come too late" in page.text
    assert "Try 3 again" in page.text
    time.pass_by(minutes=31)
    assert "Try 2 again" in alma.get(PAGE).text
    time.pass_by(minutes=30)
    page = alma.get(f"{PAGE}/reasons/refused-550-5.7.1")
    assert "3 of them are left out" in page.text
    form = page.form(having="csrf_token", action="/reasons/refused-550-5.7.1")
    assert "1 message will be tried again" in alma.post(form.action, form.values).text
    assert states() == ["dead", "dead", "queued", "dead"]
    page = alma.get(PAGE)
    assert "Too late for all of them" in page.text
    assert alma.get(f"{PAGE}/reasons/refused-550-5.7.1").heading == "Outgoing mail"


def test_one_whose_link_has_run_out_says_so_and_is_not_tried_again(alma: Browser, time: Time) -> None:
    key = delivery(lose_link(1)).key
    form = alma.get(f"{PAGE}/{key}").form(action="/retry")
    time.pass_by(hours=1)
    page = alma.get(f"{PAGE}/{key}")
    assert "It would come too late" in page.text
    assert "Try it again" not in page.text
    assert "It would come too late" in alma.post(form.action, form.values, expect=422).text
    assert states() == ["dead"]


def test_what_expired_while_it_waited_says_so(alma: Browser, time: Time) -> None:
    key = delivery(put(1, expires_at=clock.now() + timedelta(hours=1))).key
    time.pass_by(hours=2)
    assert claim_next("worker", clock.now()) is None
    assert "Its time had passed while it waited" in alma.get(f"{PAGE}?show=stopped").text
    assert "Its time had passed while it waited" in alma.get(f"{PAGE}/{key}").text


def test_refusals_of_different_kinds_stand_on_different_lines_with_what_was_said(alma: Browser) -> None:
    lose(1, "5.1.1 no such user")
    lose(2, "5.7.1 relaying denied")
    lose(3, "5.7.1 relaying denied")
    page = alma.get(PAGE)
    assert "550 5.7.1 2 Try 2 again" in page.text
    assert "550 5.1.1 1 Try 1 again" in page.text
    assert page.text.count("550 5.7.1 relaying denied") == 2
    listed = alma.get(f"{PAGE}?reason=refused-550-5.7.1")
    assert "person1@" not in listed.text
    assert "person3@" in listed.text


def test_links_to_two_messages_to_one_address_say_which_is_which(alma: Browser) -> None:
    put(1, to="ada@example.org")
    put(2, to="ada@example.org")
    page = alma.get(f"{PAGE}?show=waiting")
    assert page.text.count("ada@example.org : News 1") == 1
    assert page.text.count("ada@example.org : News 2") == 1


def test_what_waits_can_be_seen_with_its_next_try_and_its_last_answer(alma: Browser, time: Time) -> None:
    assert "Nothing waits" in alma.get(f"{PAGE}?show=waiting").text
    key = delivery(put(1)).key
    fail(TryLater(Reason.NOT_NOW, 450, "4.2.0 greylisted"))
    put(2)
    page = alma.get(f"{PAGE}?show=waiting")
    assert "The other side could not take it yet 450 4.2.0 greylisted" in page.text
    assert "Its turn has not come yet As soon as it can" in page.text
    assert "1 message is tried again because its receiver put it off" in page.text
    assert "The last answer was: 450 4.2.0 greylisted" in page.text
    page = alma.get(f"{PAGE}/{key}")
    assert "It waits to go" in page.text
    assert "Next try" in page.text
    assert "Try it again" not in page.text


def test_when_no_worker_runs_the_page_says_so_and_what_to_do(alma: Browser, time: Time) -> None:
    put(1)
    page = alma.get(PAGE)
    assert "No worker runs, so no mail goes out" in page.text
    assert "None has ever run. 1 message waits. Nothing is lost." in page.text
    assert "portal worker" in page.text
    works("outbox/show_life", time)
    assert "No worker runs" not in alma.get(PAGE).text
    time.pass_by(minutes=3)
    assert "None has given a sign of life since Wednesday 4 March 2026" in alma.get(PAGE).text
    assert take_job("ats/run_imports", "worker", clock.now())
    assert "No worker runs" not in alma.get(PAGE).text, "it is in the middle of a long job"


def works(job: str, time: Time) -> None:
    """A worker runs a job."""
    assert take_job(job, "worker", time.at)
    give_back_job(job, "worker", time.at, timedelta(minutes=1))


def test_what_happened_in_the_night_stands_there_for_a_week(app: Flask, time: Time) -> None:
    put(1)
    key = delivery(put(2, expires_at=time.at + timedelta(hours=1))).key
    down = TryLater(Reason.UNREACHABLE, 0, "Connection refused", Blame.SERVER)
    note_server_trouble(down, clock.now())
    time.pass_by(hours=12)
    assert note_server_works(clock.now()) == timedelta(hours=12)
    assert claim_next("worker", clock.now()) is not None
    assert claim_next("worker", clock.now()) is None
    alma = factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org"))
    page = alma.get(PAGE)
    assert "Our mail server was in trouble this week" in page.text
    assert "From Wednesday 4 March 2026" in page.text
    assert "3 messages went late. 1 had lost its use by then and was stopped." in page.text
    assert "It cannot be reached: Connection refused" in page.text
    assert "Its time had passed" in alma.get(f"{PAGE}/{key}").text
    forget_quiet_domains(clock.now() + timedelta(days=8))
    assert "was in trouble" not in alma.get(PAGE).text


def test_a_hiccup_of_the_mail_server_is_nobodys_news(alma: Browser, time: Time) -> None:
    note_server_trouble(TryLater(Reason.BUSY, 421, "later", Blame.SERVER), clock.now())
    time.pass_by(minutes=2)
    note_server_works(clock.now())
    assert "was in trouble" not in alma.get(PAGE).text
