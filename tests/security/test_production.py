"""Production does not start on what is only good for looking around."""

from pathlib import Path

import pytest
from flask import Flask

from portal.app import create_app
from portal.core.db import db, end_reading
from portal.core.settings import SettingsError, current_settings, install_settings, read_settings
from tests.core.live import LIVE
from tests.factories import make_staff
from tests.faults.test_commands import check_one_line, run


@pytest.mark.only("sqlite")
def test_the_demos_people_are_not_served(app: Flask, tmp_path: Path) -> None:
    make_staff("Rita Sander", email="rita@demo.example")
    end_reading()
    url = db.engine.url.render_as_string(hide_password=False)
    done = run(tmp_path, "serve", "--port", "8979", **LIVE, PORTAL_DATABASE_URL=url)
    check_one_line(done, 1, "demo's people are in this database")


def test_debugging_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    before = current_settings()
    try:
        with pytest.raises(SettingsError, match="FLASK_DEBUG"):
            create_app(read_settings({**LIVE, "PORTAL_DATA_DIR": str(tmp_path)}))
    finally:
        install_settings(before)
