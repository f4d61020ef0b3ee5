"""A database that cannot be read: every page says so in plain words, with its headers and its number."""

from collections.abc import Iterator

import pytest
from flask import Flask

from portal.core.db import db, end_reading
from tests.factories import make_person, signed_in, visitor


@pytest.fixture
def breaks(app: Flask) -> Iterator[None]:
    """Errors are answered, as on a server; the sessions of devices are gone."""
    app.testing = False
    app.config["PROPAGATE_EXCEPTIONS"] = False
    yield
    app.testing = True
    app.config["PROPAGATE_EXCEPTIONS"] = True


def _rename(before: str, after: str) -> None:
    end_reading()
    with db.engines["write"].begin() as connection:
        connection.exec_driver_sql(f"ALTER TABLE {before} RENAME TO {after}")


@pytest.mark.usefixtures("breaks")
@pytest.mark.parametrize("path", ["/", "/me/", "/nothing-here"])
def test_signed_in_person_reads_what_is_wrong_and_the_number_to_quote(app: Flask, path: str) -> None:
    browser = signed_in(app, make_person())
    _rename("device_session", "gone")
    try:
        answer = browser.client.get(path)
    finally:
        _rename("gone", "device_session")
    assert answer.status_code in {500, 503}
    assert "try again in a minute" in answer.text
    assert answer.headers["X-Request-ID"] in answer.text
    assert answer.headers["Cache-Control"] == "no-store"


@pytest.mark.usefixtures("breaks")
def test_machines_hear_that_the_process_lives(app: Flask) -> None:
    browser = signed_in(app, make_person())
    _rename("device_session", "gone")
    try:
        assert browser.client.get("/healthz").status_code == 200
        assert visitor(app).client.get("/").status_code == 200
    finally:
        _rename("gone", "device_session")
