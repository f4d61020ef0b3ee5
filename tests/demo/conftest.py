"""The demo, told once and copied for each test."""

import shutil

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import end_reading
from portal.demo.actions import load_demo
from tests.conftest import _dispose, _folder

_TOLD = _folder / "demo.sqlite3"


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The site with the whole story up to the moment at which tests begin."""
    if _TOLD.exists():
        _dispose()
        for suffix in ("-wal", "-shm"):
            (_folder / f"test.sqlite3{suffix}").unlink(missing_ok=True)
        shutil.copyfile(_TOLD, _folder / "test.sqlite3")
    else:
        load_demo(clock.now())
        end_reading()
        _dispose()
        shutil.copyfile(_folder / "test.sqlite3", _TOLD)
    return app
