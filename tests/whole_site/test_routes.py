"""Every route: who may call it, that nothing changes by looking, that nothing is posted from elsewhere."""

import pytest
from flask import Flask

from tests.whole_site.access import ACCESS
from tests.whole_site.routes import (
    answered_without_headers,
    changed_by_looking,
    changed_too_much,
    missing_from_table,
    numbers_without_end,
    posted_without_token,
    read_too_much,
    routes,
    token_of,
    wrong_headers,
)
from tests.whole_site.world import World


@pytest.mark.only("sqlite")
def test_every_route_says_who_may_call_it(app: Flask) -> None:
    assert missing_from_table(app, ACCESS) == set()


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
def test_nobody_reads_more_than_the_table_says(world: World) -> None:
    assert read_too_much(world, routes(world.app, "GET")) == []


@pytest.mark.only("postgresql")  # who may do what is asked before any database is
def test_nobody_changes_more_than_the_table_says(world: World) -> None:
    assert changed_too_much(world, routes(world.app, "POST")) == []


@pytest.mark.only("sqlite")  # who may do what is asked before any database is
def test_nothing_is_posted_without_the_token_of_the_page(world: World) -> None:
    assert posted_without_token(world, routes(world.app, "POST")) == []


def test_looking_changes_nothing(world: World, database: str) -> None:
    # Whoever looks again finds what the first look has left, whichever database keeps it.
    looks = 2 if database == "sqlite" else 1
    assert changed_by_looking(world, routes(world.app, "GET"), looks) == []


@pytest.mark.only("sqlite")
def test_every_answer_has_its_headers(world: World) -> None:
    assert answered_without_headers(world, routes(world.app, "GET")) == []
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
