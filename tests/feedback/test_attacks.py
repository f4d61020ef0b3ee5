"""Nobody reads feedback that is not theirs: two candidates, a manager of another opening, links, forged forms."""

from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.rules.following import FOLLOWING, follow_more
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.feedback.actions.approving import take_back_feedback
from portal.feedback.actions.reading import read_feedback
from portal.feedback.actions.retracting import write_anew
from portal.feedback.models import FeedbackReading
from portal.feedback.queries.own import own_words
from portal.feedback.states import FeedbackState
from portal.outbox.models import Delivery
from portal.privacy.queries import held_about
from tests.conftest import Time
from tests.factories import Made, signed_in, visitor
from tests.feedback.written import (
    SECRET,
    People,
    approved,
    draft,
    handed_in,
    make_people,
    retracted,
    row,
    scope,
    sent,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
State = Callable[[People, Time], object]


def _taken_back(people: People, time: Time) -> None:
    approved(people)
    take_back_feedback(people.ada.public_id, scope=scope(people.rita), now=clock.now())


def _begun_anew(people: People, time: Time) -> None:
    retracted(people, time)
    write_anew(people.ada.public_id, scope=scope(people.rita), now=clock.now())


def _for_approval_anew(people: People, time: Time) -> None:
    _begun_anew(people, time)
    handed_in(people)


#: Every state in which no candidate may read it.
UNREAD: dict[str, State] = {
    "draft": lambda people, _time: draft(people),
    "for approval": lambda people, _time: handed_in(people),
    "approved, not accepted": lambda people, _time: approved(people),
    "taken back": _taken_back,
    "retracted": retracted,
    "begun anew": _begun_anew,
    "for approval anew": _for_approval_anew,
}


def addresses(app: Flask, made: Made) -> Iterator[str]:
    """Every page of candidates, and every public one that is about something, with this application's id in it."""
    adapter = app.url_map.bind("localhost")
    for rule in app.url_map.iter_rules():
        is_of_candidates = str(rule.endpoint).startswith("candidate.")
        is_public = str(rule.endpoint).startswith("public.") and bool(rule.arguments)
        if "GET" not in (rule.methods or ()) or not (is_of_candidates or is_public):
            continue
        values = {name: "0" if name == "number" else made.public_id for name in rule.arguments}
        yield adapter.build(rule.endpoint, values)


@pytest.mark.parametrize("state", UNREAD)
def test_no_address_of_a_candidate_reaches_words_that_are_not_sent(app: Flask, time: Time, state: str) -> None:
    people = make_people()
    UNREAD[state](people, time)
    ada = signed_in(app, people.ada.person_id)
    for address in addresses(app, people.ada):
        answer = ada.client.get(address, follow_redirects=True)
        assert SECRET not in answer.get_data(as_text=True).lower(), f"{address} while {state}"
    assert own_words(people.ada.person_id, people.ada.public_id) is None


def test_no_address_gives_it_to_anybody_else_once_it_was_sent_and_read(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    for browser in (signed_in(app, people.bob.person_id), visitor(app)):
        for address in addresses(app, people.ada):
            answer = browser.client.get(address, follow_redirects=True)
            assert SECRET not in answer.get_data(as_text=True).lower(), address


def test_who_follows_by_a_link_learns_that_it_is_there_and_reads_nothing(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    read_feedback(people.ada.person_id, people.ada.public_id, clock.now())
    reader = visitor(app)
    with reader.client.session_transaction() as cookie:
        cookie[FOLLOWING] = follow_more(None, people.ada.public_id, clock.now(), clock.now() + timedelta(days=30))
    page = reader.get(f"/me/applications/{people.ada.public_id}")
    assert "There is feedback for you. Sign in" in page.text
    assert SECRET not in page.body.lower()
    answer = reader.client.get(f"/me/applications/{people.ada.public_id}/feedback")
    assert answer.status_code == 303
    assert "/sign-in" in answer.headers["Location"]
    token = next(form.values["csrf_token"] for form in page.forms)
    for more in ("/read", "/thanks", "/helped", ""):
        path = f"/me/applications/{people.ada.public_id}/feedback{more}"
        answer = reader.client.post(path, data={"csrf_token": token, "question": "Why?"})
        assert answer.status_code == 303
        assert "/sign-in" in answer.headers["Location"]


@pytest.mark.parametrize("state", UNREAD)
def test_no_post_reads_words_that_are_not_sent(app: Flask, time: Time, state: str) -> None:
    people = make_people()
    UNREAD[state](people, time)
    ada = signed_in(app, people.ada.person_id)
    token = _token(ada)
    for more in ("/read", "/thanks", "/helped", ""):
        path = f"/me/applications/{people.ada.public_id}/feedback{more}"
        answer = ada.client.post(path, data={"csrf_token": token, "helped": "yes", "question": "Why?"})
        assert answer.status_code == 404, path
    assert session().scalar(select(FeedbackReading)) is None


@pytest.mark.parametrize("state", UNREAD)
def test_no_export_and_no_mail_carries_words_that_are_not_sent(app: Flask, time: Time, state: str) -> None:
    people = make_people()
    UNREAD[state](people, time)
    assert SECRET not in str(held_about(people.ada.person_id)).lower()
    for mail in session().scalars(select(Delivery)):
        assert SECRET not in (mail.subject + mail.text + mail.html).lower()


def test_once_sent_no_mail_carries_it_either(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    for mail in session().scalars(select(Delivery)):
        assert SECRET not in (mail.subject + mail.text + mail.html).lower()


def test_another_candidate_finds_nothing_there_and_changes_nothing(app: Flask, time: Time) -> None:
    people = make_people()
    sent(people, time)
    bob = signed_in(app, people.bob.person_id)
    bob.get(f"/me/applications/{people.ada.public_id}/feedback", expect=404)
    token = _token(bob)
    for more in ("/read", "/thanks", "/helped", ""):
        path = f"/me/applications/{people.ada.public_id}/feedback{more}"
        answer = bob.client.post(path, data={"csrf_token": token, "helped": "yes", "question": "What is it?"})
        assert answer.status_code == 404, path
    assert session().scalar(select(FeedbackReading)) is None


def test_a_manager_of_another_opening_finds_nothing_there(app: Flask, time: Time) -> None:
    people = make_people()
    handed_in(people)
    lena = signed_in(app, people.lena)
    token = _token(lena)
    for more in ("", "/preview", "/approve", "/retract"):
        lena.get(f"/recruiting/applications/{people.ada.public_id}/feedback{more}", expect=404)
    for more in ("", "/preview", "/approve", "/take-back", "/retract", "/anew"):
        path = f"/recruiting/applications/{people.ada.public_id}/feedback{more}"
        answer = lena.client.post(path, data={"csrf_token": token, "revision": "2", "do": "approve", "words": "x"})
        assert answer.status_code == 404, path
    assert row(people).state is FeedbackState.FOR_APPROVAL


def test_whoever_works_here_does_not_write_about_themselves(app: Flask) -> None:
    people = make_people()
    draft(people)
    browser = signed_in(app, people.ada.person_id)
    browser.get(f"/recruiting/applications/{people.ada.public_id}/feedback", expect=404)


def test_fields_that_no_form_has_change_nothing(app: Flask) -> None:
    people = make_people()
    draft(people)
    hugo = signed_in(app, people.hugo)
    page = hugo.get(f"/recruiting/applications/{people.ada.public_id}/feedback")
    more = {"state": "approved", "approver_id": "1", "author_id": "1", "is_alone": "true", "delivery_id": "1"}
    hugo.client.post(page.path, data={**page.form(having="strong").values, **more, "strong": "Changed."})
    assert (row(people).state, row(people).author_id, row(people).strong) == (
        FeedbackState.DRAFT,
        people.hugo,
        "Changed.",
    )
    assert not row(people).is_alone
    assert row(people).delivery_id is None


def test_a_criterion_that_nobody_stated_is_refused(app: Flask) -> None:
    people = make_people()
    hugo = signed_in(app, people.hugo)
    page = hugo.get(f"/recruiting/applications/{people.ada.public_id}/feedback")
    hugo.submit(page, having="strong", strong="You asked.", criterion="Be twenty years old", expect=422)


def test_markup_in_feedback_is_shown_and_does_nothing(app: Flask, time: Time) -> None:
    people = make_people()
    polyglot = '"><script>alert(1)</script>{{7*7}} javascript:alert(1)'
    revision = draft(people)
    hugo = signed_in(app, people.hugo)
    page = hugo.get(f"/recruiting/applications/{people.ada.public_id}/feedback")
    hugo.submit(page, having="strong", strong=polyglot, resource=polyglot)
    assert row(people).revision > revision
    for more in ("", "/preview"):
        page = hugo.get(f"/recruiting/applications/{people.ada.public_id}/feedback{more}")
        assert "<script>alert(1)" not in page.body
        assert "49" not in page.text.split("javascript")[0]


def test_role_alone_does_not_open_it_for_a_hiring_manager(app: Flask) -> None:
    people = make_people()
    with pytest.raises(Exception, match="nothing here"):
        draft(people, author=people.lena, role=Role.HIRING_MANAGER)


def _token(browser: Browser) -> str:
    page = browser.get("/me/account")
    return str(next(form.values["csrf_token"] for form in page.forms if "csrf_token" in form.values))
