"""Each request of these tests runs in a context of its own, as on a server: nothing of the test leaks into it."""

import pytest
from flask import Flask

from tests.factories import OwnContextClient


@pytest.fixture(autouse=True)
def own_context(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if "app" in request.fixturenames:
        app: Flask = request.getfixturevalue("app")
        monkeypatch.setattr(app, "test_client_class", OwnContextClient)
