"""Every route: who may call it, that nothing changes by looking, that nothing is posted from elsewhere."""

import pytest
from flask import Flask

from tests.whole_site.access import ACCESS
from tests.whole_site.routes import (
    changed_by_looking,
    changed_since,
    changed_too_much,
    fingerprint,
    has_wrong_headers,
    is_too_much,
    looks,
    missing_from_table,
    numbers_without_end,
    posted_without_token,
    routes,
    token_of,
    wrong_headers,
)
from tests.whole_site.world import World


@pytest.mark.only("sqlite")
def test_every_route_says_who_may_call_it(app: Flask) -> None:
    missing = missing_from_table(app, ACCESS)
    assert missing == set(), "give each a line in ACCESS of tests/whole_site/access.py: who may call it"


@pytest.mark.only("sqlite")
def test_numbers_in_addresses_end_where_those_of_databases_do(app: Flask) -> None:
    assert numbers_without_end(app) == []
    # Without ours every number would be taken.
    plain = Flask("plain")
    plain.add_url_rule("/<int:number>", "number")
    assert numbers_without_end(plain) == ["/<int:number>"]


@pytest.mark.only("sqlite")
def test_a_route_that_says_nothing_is_found(app: Flask) -> None:
    shorter = {key: value for key, value in ACCESS.items() if key != ("GET", "recruiting.desk.home")}
    assert missing_from_table(app, shorter) == {("GET", "recruiting.desk.home")}


@pytest.mark.only("sqlite")  # who may do what is asked before any database is
def test_looking_shows_no_more_than_the_table_says_has_its_headers_and_changes_nothing(world: World) -> None:
    """One walk for what is asked of each answer: a page costs more than the questions about it."""
    rules, before = routes(world.app, "GET"), fingerprint()
    found = [line for look in looks(world, rules) for line in (*is_too_much(look), *has_wrong_headers(look))]
    # Whoever looks again finds what the first look has left; where no id stands, the walk has looked twice.
    again = changed_by_looking(world, [rule for rule in rules if rule.arguments])
    assert found + changed_since(before) + again == []


# The others look at everything before their nonsense is sent (faults/test_nonsense.py).
@pytest.mark.only("postgresql")
def test_a_hiring_managers_looks_change_nothing(world: World) -> None:
    assert changed_by_looking(world, routes(world.app, "GET"), ["hugo"]) == []


@pytest.mark.only("postgresql")  # who may do what is asked before any database is
def test_nobody_changes_more_than_the_table_says(world: World) -> None:
    assert changed_too_much(world, routes(world.app, "POST")) == []


@pytest.mark.only("sqlite")  # who may do what is asked before any database is
def test_nothing_is_posted_without_the_token_of_the_page(world: World) -> None:
    assert posted_without_token(world, routes(world.app, "POST")) == []


@pytest.mark.only("sqlite")
def test_an_error_has_its_headers(world: World) -> None:
    assert wrong_headers(world.browsers["visitor"].client.get("/nothing-here")) == []
    assert wrong_headers(world.browsers["visitor"].client.post("/join")) == []


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
