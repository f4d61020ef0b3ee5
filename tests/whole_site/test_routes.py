"""Every route: who may call it, that nothing changes by looking, that nothing is posted from elsewhere."""

import hashlib
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.core.db import Model, db, end_reading
from portal.core.permissions import Permission, Role, is_allowed
from portal.web.headers import CONTENT_SECURITY_POLICY
from tests.pages import Browser
from tests.whole_site.access import ACCESS, ANYONE, DEVELOPMENT, FOLLOWER, SIGNED_IN
from tests.whole_site.world import World

ROLES = {
    "visitor": None,
    "ada": Role.CANDIDATE,
    "bob": Role.CANDIDATE,
    "hugo": Role.HIRING_MANAGER,
    "rita": Role.RECRUITER,
    "admin": Role.ADMIN,
}
SECRETS = ("secret stage", "culture fit", "secret label")


def routes(app: Flask, method: str) -> Iterator[Rule]:
    """Every rule that answers `method`."""
    for rule in sorted(app.url_map.iter_rules(), key=lambda one: one.rule):
        if method in (rule.methods or ()):
            yield rule


def missing_from_table(app: Flask, table: dict[tuple[str, str], str]) -> set[tuple[str, str]]:
    """Routes without a line, and lines without a route."""
    here = {
        (method, str(rule.endpoint))
        for method in ("GET", "POST", "PUT", "PATCH", "DELETE")
        for rule in routes(app, method)
    }
    return here ^ set(table)


@pytest.mark.only("sqlite")
def test_every_route_says_who_may_call_it(app: Flask) -> None:
    assert missing_from_table(app, ACCESS) == set()


@pytest.mark.only("sqlite")
def test_a_route_that_says_nothing_is_found(app: Flask) -> None:
    shorter = {key: value for key, value in ACCESS.items() if key != ("GET", "recruiting.desk.home")}
    assert missing_from_table(app, shorter) == {("GET", "recruiting.desk.home")}


def expected(access: str, role: Role | None, *, is_own: bool) -> set[int]:
    """The answers that a GET may give."""
    if access in {ANYONE, DEVELOPMENT}:
        return {200, 302, 303, 404, 410}
    if role is None:
        return {303}
    if access == SIGNED_IN:
        return {200}
    if access == FOLLOWER:
        return {200} if is_own else {404}
    return {200, 303} if is_allowed(role, Permission(access)) and is_own else {404}


def test_nobody_reads_more_than_the_table_says(world: World) -> None:
    """Each role with every id of Ada's and of Bob's: 404, not 403, for what is not theirs."""
    for name in ROLES:
        check_reading(world, name)


def check_reading(world: World, name: str) -> None:
    """Everything that `name` could try to read."""
    browser = world.browsers[name]
    for rule in routes(world.app, "GET"):
        access = ACCESS["GET", str(rule.endpoint)]
        for whose in ("ada", "bob"):
            is_own = access != FOLLOWER or name == whose
            if str(rule.endpoint) == "recruiting.applications.show" and name == "hugo":
                is_own = whose == "ada"
            url = world.url(rule, whose)
            answer = browser.client.get(url)
            assert answer.status_code in expected(access, ROLES[name], is_own=is_own), (
                f"{name} got {answer.status} at {url}"
            )
            if answer.status_code == 303 and access not in {ANYONE, DEVELOPMENT}:
                assert answer.location.startswith("/sign-in") == (ROLES[name] is None), url
            if ROLES[name] in {None, Role.CANDIDATE} and access != DEVELOPMENT:
                assert not any(secret in answer.get_data(as_text=True) for secret in SECRETS), url


def token_of(browser: Browser) -> str:
    """A CSRF token that is good in this browser."""
    page = browser.get("/privacy")
    for form in page.forms:
        if "csrf_token" in form.values:
            return str(form.values["csrf_token"])
    return str(browser.get("/sign-in").form(having="email").values["csrf_token"])


def test_nobody_changes_more_than_the_table_says(world: World) -> None:
    """Posts with a good CSRF token to what is not theirs: 404 or the sign-in page, and nothing has changed."""
    before = fingerprint()
    for name in ROLES:
        check_writing(world, name)
    assert fingerprint() == before


def check_writing(world: World, name: str) -> None:
    """Everything that `name` could try to change and may not."""
    browser, role = world.browsers[name], ROLES[name]
    token = token_of(browser)
    for rule in routes(world.app, "POST"):
        access = ACCESS["POST", str(rule.endpoint)]
        if access == ANYONE:
            continue
        whose = "bob" if name != "bob" else "ada"
        is_foreign = access == SIGNED_IN and "public_id" in rule.arguments
        if role is not None and not is_foreign and (access == SIGNED_IN or is_allowed(role, Permission(access))):
            continue
        answer = browser.client.post(world.url(rule, whose), data={"csrf_token": token})
        assert answer.status_code == (303 if role is None else 404), f"{name} got {answer.status} at {rule.rule}"


def test_nothing_is_posted_without_the_token_of_the_page(world: World) -> None:
    before = fingerprint()
    for name in ("visitor", "ada", "admin"):
        for rule in routes(world.app, "POST"):
            answer = world.browsers[name].client.post(world.url(rule), data={"name": "x", "message": "x"})
            assert answer.status_code == 400, f"{rule.rule} answered {answer.status} without a token"
    assert fingerprint() == before


def test_looking_changes_nothing(world: World) -> None:
    before = fingerprint()
    for name in ("visitor", "ada", "hugo", "rita", "admin") * 2:
        for rule in routes(world.app, "GET"):
            world.browsers[name].client.get(world.url(rule))
    assert fingerprint() == before


def fingerprint() -> dict[str, str]:
    """What stands in every table."""
    end_reading()
    with db.engines["write"].connect() as connection:
        found = {
            table.name: hashlib.sha256(
                repr(sorted(map(repr, connection.execute(select(table)).all()))).encode()
            ).hexdigest()
            for table in Model.metadata.sorted_tables
        }
        connection.rollback()
    return found


@pytest.mark.only("sqlite")
def test_every_answer_has_its_headers(world: World) -> None:
    for rule in routes(world.app, "GET"):
        for name in ("visitor", "ada", "admin"):
            check_headers(world.browsers[name].client.get(world.url(rule)), rule)
    check_headers(world.browsers["visitor"].client.get("/nothing-here"), None)
    check_headers(world.browsers["visitor"].client.post("/join"), None)


def check_headers(answer: TestResponse, rule: Rule | None) -> None:
    """The security headers, exactly."""
    endpoint = str(rule.endpoint) if rule else ""
    where = rule.rule if rule else "an error page"
    headers = answer.headers
    if not endpoint.startswith("dev.mailbox."):
        assert headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY, where
        assert headers["X-Frame-Options"] == "DENY", where
    assert headers["X-Content-Type-Options"] == "nosniff", where
    assert headers["Referrer-Policy"] in {"no-referrer", "same-origin"}, where
    assert headers["X-Request-ID"], where
    if rule and "token" in rule.arguments:
        assert headers["Referrer-Policy"] == "no-referrer", where
    if endpoint != "static":
        assert headers["Cache-Control"] == "no-store", where
    for cookie in headers.getlist("Set-Cookie"):
        assert "HttpOnly" in cookie, where
        assert "SameSite=Lax" in cookie, where


def test_a_nul_byte_breaks_nothing(world: World) -> None:
    admin = world.browsers["admin"]
    for rule in routes(world.app, "GET"):
        if "public_id" in rule.arguments:
            url = world.url(rule)
            public_id = world.values(rule)["public_id"]
            assert admin.client.get(url.replace(public_id, "a%00b")).status_code == 404, rule.rule
    for path in ("/recruiting/applications", "/recruiting/candidates", "/recruiting/admin/audit"):
        assert admin.client.get(f"{path}?q=a%00b").status_code == 400
    token = token_of(admin)
    assert admin.client.post("/join", data={"csrf_token": token, "name": "a\x00b"}).status_code == 400
