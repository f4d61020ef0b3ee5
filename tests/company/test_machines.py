"""What machines ask."""

import pytest
from flask import Flask

from portal.core.db import db
from tests.conftest import counted_statements
from tests.factories import make_person, signed_in

pytestmark = pytest.mark.both_in_soak


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/robots.txt", "/favicon.ico"])
def test_machines_get_no_cookie(app: Flask, path: str) -> None:
    response = app.test_client().get(path)
    assert response.status_code in {200, 302}
    assert "Set-Cookie" not in response.headers


def test_being_alive_asks_no_database(app: Flask) -> None:
    with counted_statements() as seen:
        response = app.test_client().get("/healthz")
    assert (response.text, response.mimetype) == ("ok\n", "text/plain")
    assert seen == []


@pytest.mark.parametrize("path", ["/healthz", "/robots.txt", "/favicon.ico"])
def test_machines_that_send_a_session_cookie_ask_no_database_either(app: Flask, path: str) -> None:
    browser = signed_in(app, make_person())
    with counted_statements() as seen:
        response = browser.client.get(path)
    assert response.status_code in {200, 302}
    assert seen == []


@pytest.mark.only("sqlite")
def test_a_database_of_another_shape_is_not_ready(app: Flask) -> None:
    assert app.test_client().get("/readyz").status_code == 200
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '0000'")
    response = app.test_client().get("/readyz")
    assert response.status_code == 503
    assert len(response.text.splitlines()) == 1


def test_robots_stay_away_from_private_pages(app: Flask) -> None:
    lines = app.test_client().get("/robots.txt").text.splitlines()
    assert {"Disallow: /me", "Disallow: /recruiting", "Disallow: /follow/"} <= set(lines)


@pytest.mark.only("sqlite")
@pytest.mark.parametrize("path", ["/me", "/recruiting", "/me//applications", "/recruiting//admin/staff"])
def test_where_an_address_leads_does_not_depend_on_the_host_that_a_request_claims(app: Flask, path: str) -> None:
    response = app.test_client().get(path, headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"})
    assert response.status_code == 308
    assert response.headers["Location"].startswith("/")
    assert not response.headers["Location"].startswith("//")
    assert "evil.example" not in response.headers["Location"]
