"""What goes over TLS in production, whom we believe about where a request comes from, and what our log says of it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from flask import Flask, request

from portal.app import create_app
from portal.core.db import db
from portal.core.logs import redact
from portal.core.settings import current_settings, install_settings
from portal.web.signing_in import client_address

TOKEN = "Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF"


@pytest.fixture
def site(app: Flask) -> Iterator[Flask]:
    """The site behind one proxy with TLS."""
    before = current_settings()
    made = create_app(replace(before, base_url="https://talent.example", trusted_proxies=1), {"TESTING": True})
    try:
        yield made
    finally:
        install_settings(before)
        with made.app_context():
            db.session.remove()
            for engine in db.engines.values():
                engine.dispose()


@pytest.mark.only("sqlite")
def test_cookies_are_ours_alone_and_browsers_stay_with_tls(site: Flask) -> None:
    answer = site.test_client().get("/sign-in", base_url="https://talent.example")
    assert answer.headers["Strict-Transport-Security"] == "max-age=31536000; includeSubDomains"
    cookies = answer.headers.getlist("Set-Cookie")
    assert cookies
    for cookie in cookies:
        assert cookie.startswith("__Host-")
        assert all(mark in cookie for mark in ("; Secure", "; HttpOnly", "; Path=/", "; SameSite=Lax"))
        assert "Domain" not in cookie


@pytest.mark.only("sqlite")
def test_only_the_last_proxy_is_believed_and_only_about_the_network_address(site: Flask) -> None:
    claims = {"X-Forwarded-For": "1.2.3.4, 9.9.9.9", "X-Forwarded-Host": "evil.example", "X-Forwarded-Prefix": "/evil"}
    seen = []
    with site.app_context():
        site.before_request_funcs.setdefault(None, []).append(lambda: seen.append((client_address(), request.host)))
        answer = site.test_client().get("/me/", headers=claims, base_url="https://talent.example")
    assert seen == [("9.9.9.9", "talent.example")]
    assert answer.headers["Location"] == "/sign-in?next=/me/"


def test_a_log_line_holds_no_address_and_no_token() -> None:
    said = redact(f"ada@example.org opened /sign-in/{TOKEN} for Ada <ada+x@mail.example.org>")
    assert TOKEN not in said
    assert "@" not in said
