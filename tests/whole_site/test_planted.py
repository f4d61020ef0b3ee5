"""The guards over the routes catch what they guard against: each walks over a site with one careless thing in it."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from flask import Flask, Response
from werkzeug.routing import Rule

from portal.core.db import db
from portal.navigation import menus_for
from portal.site import mount
from portal.web.application import csrf, make_flask
from tests.conftest import settings_for
from tests.pages import OwnContextClient
from tests.whole_site import careless
from tests.whole_site.routes import (
    LOOKING,
    ROLES,
    answered_without_headers,
    changed_by_looking,
    changed_too_much,
    posted_without_token,
    read_too_much,
    wrong_headers,
)
from tests.whole_site.world import World, make_world

pytestmark = pytest.mark.only("sqlite")


@pytest.fixture
def site(app: Flask) -> Iterator[World]:
    """A world on a site of its own, whose views and gates may be replaced."""
    settings = settings_for(app.config["SQLALCHEMY_DATABASE_URI"])
    own = make_flask(settings, menus_for, {"TESTING": True})
    mount(own, settings)
    own.test_client_class = OwnContextClient
    with own.app_context():
        yield make_world(own)
        db.session.remove()
        for engine in db.engines.values():
            engine.dispose()


def rules_of(site: World, endpoint: str) -> list[Rule]:
    """What leads to `endpoint`."""
    return list(site.app.url_map.iter_rules(endpoint))


def plant(site: World, endpoint: str, view: Callable[..., Any]) -> list[Rule]:
    """Let `view` answer for `endpoint`; what leads there."""
    site.app.view_functions[endpoint] = view
    return rules_of(site, endpoint)


def test_a_page_that_does_not_ask_whose_it_is(site: World) -> None:
    rules = plant(site, "candidate.applications.show", careless.show_to_anybody)
    urls = {whose: site.url(rules[0], whose) for whose in ("ada", "bob")}
    assert read_too_much(site, rules) == [
        f"{name} got 200 OK at {urls[whose]}" for name in ROLES for whose in urls if name != whose
    ]


@pytest.mark.parametrize(
    ("view", "status"), [(careless.show_to_all_staff, "200 OK"), (careless.forbid, "403 FORBIDDEN")]
)
def test_a_page_about_a_colleagues_opening(site: World, view: Callable[[str], str], status: str) -> None:
    rules = plant(site, "recruiting.applications.show", view)
    assert read_too_much(site, rules) == [f"hugo got {status} at {site.url(rules[0], 'bob')}"]


def test_a_page_without_its_gate(site: World) -> None:
    rules = plant(site, "recruiting.candidates.show", careless.show_person)
    for blueprint in ("recruiting", "recruiting.candidates"):
        del site.app.before_request_funcs[blueprint]
    assert read_too_much(site, rules) == [
        f"{name} got 200 OK at {site.url(rules[0], whose)}"
        for name in ("visitor", "ada", "bob", "hugo")
        for whose in ("ada", "bob")
    ]


def test_a_page_without_its_permission(site: World) -> None:
    del site.app.before_request_funcs["recruiting.audit"]
    found = read_too_much(site, rules_of(site, "recruiting.audit.index"))
    assert set(found) == {f"{name} got 200 OK at /recruiting/admin/audit" for name in ("hugo", "rita")}


def test_a_gate_that_leads_past_the_sign_in_page(site: World) -> None:
    site.app.before_request_funcs["recruiting"] = [careless.send_strangers_home]
    found = read_too_much(site, rules_of(site, "recruiting.audit.index"))
    assert set(found) == {"visitor was sent to / from /recruiting/admin/audit"}


def test_a_page_that_tells_candidates_the_sources_words(site: World) -> None:
    rules = plant(site, "candidate.applications.show", careless.show_what_staff_see)
    assert read_too_much(site, rules) == [
        f"{name} was shown a secret at {site.url(rules[0], name)}" for name in ("ada", "bob")
    ]


def test_a_post_that_does_not_ask_whose_it_is(site: World) -> None:
    rules = plant(site, "candidate.accounts.sign_out_device", careless.end_device)
    found = changed_too_much(site, rules)
    assert f"ada got 303 SEE OTHER at {rules[0].rule}" in found
    assert "device_session has changed" in found


def test_a_post_that_asks_too_late(site: World) -> None:
    rules = plant(site, "candidate.accounts.sign_out_device", careless.end_device_and_ask_later)
    found = changed_too_much(site, rules)
    assert f"ada got 404 NOT FOUND at {rules[0].rule}" not in found
    assert "device_session has changed" in found


def test_a_post_without_its_permission(site: World) -> None:
    del site.app.before_request_funcs["recruiting.company"]
    found = changed_too_much(site, rules_of(site, "recruiting.company.areas"))
    assert found == [f"{name} got 303 SEE OTHER at /recruiting/admin/settings/areas" for name in ("hugo", "rita")]


@pytest.mark.parametrize(
    ("view", "answers"), [(careless.join_at_once, {"200 OK"}), (careless.join_and_complain, set())]
)
def test_a_post_that_is_exempt_from_the_token(site: World, view: Callable[[], str], answers: set[str]) -> None:
    csrf.exempt(view)
    rules = plant(site, "candidate.community.join", view)
    found = posted_without_token(site, rules)
    told = {f"ada got {answer} at {rules[0].rule}" for answer in answers}
    assert {line for line in found if line.startswith("ada")} == told
    assert "membership has changed" in found


def test_a_site_that_asks_for_no_token(site: World) -> None:
    site.app.config["WTF_CSRF_CHECK_DEFAULT"] = False
    found = posted_without_token(site, rules_of(site, "public.accounts.sign_out"))
    assert "ada got 303 SEE OTHER at /sign-out" in found
    assert "device_session has changed" in found


@pytest.mark.parametrize(
    ("endpoint", "view", "tables"),
    [
        ("candidate.journey.home", careless.remember_the_clock, {"person", "audit_record"}),
        ("public.privacy.notice", careless.remember_the_visit, {"person"}),
    ],
)
def test_a_look_that_changes_something(site: World, endpoint: str, view: Callable[[], str], tables: set[str]) -> None:
    rules = plant(site, endpoint, view)
    assert set(changed_by_looking(site, rules, LOOKING * 2)) == {f"{table} has changed" for table in tables}


@pytest.mark.parametrize(
    ("view", "line"),
    [
        (careless.bring_own_policy, "Content-Security-Policy is 'default-src *'"),
        (careless.leave_open_cookie, "a cookie is not HttpOnly"),
    ],
)
def test_a_view_that_weakens_a_header(site: World, view: Callable[[], Response], line: str) -> None:
    rules = plant(site, "public.privacy.notice", view)
    assert answered_without_headers(site, rules) == [
        f"{name} at /privacy: {line}" for name in ("visitor", "ada", "admin")
    ]


def test_a_page_that_browsers_keep(site: World) -> None:
    site.app.after_request_funcs[None].insert(0, careless.let_browsers_keep_it)
    found = answered_without_headers(site, rules_of(site, "candidate.journey.home"))
    assert "ada at /me/: Cache-Control is 'public, max-age=300'" in found


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("Content-Security-Policy", ""),
        ("X-Frame-Options", "SAMEORIGIN"),
        ("X-Content-Type-Options", ""),
        ("Referrer-Policy", "unsafe-url"),
        ("X-Request-ID", ""),
        ("Cache-Control", "private"),
        ("Set-Cookie", "seen=1; SameSite=Lax"),
        ("Set-Cookie", "seen=1; HttpOnly"),
    ],
)
def test_an_answer_with_one_wrong_header(app: Flask, name: str, value: str) -> None:
    answer = app.test_client().get("/privacy")
    assert wrong_headers(answer) == []
    answer.headers[name] = value
    assert len(wrong_headers(answer)) == 1


def test_a_page_that_hands_its_token_on(app: Flask) -> None:
    (rule,) = app.url_map.iter_rules("public.community.confirm")
    answer = app.test_client().get("/privacy")
    assert wrong_headers(answer, rule) == ["Referrer-Policy is 'same-origin'"]
