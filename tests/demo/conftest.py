"""The demo, told once and copied for each test."""

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import end_reading
from portal.demo.actions import load_demo
from tests.conftest import bring_back, is_kept, keep


@pytest.fixture
def demo(app: Flask) -> Flask:
    """The site with the whole story up to the moment at which tests begin."""
    if is_kept("demo"):
        bring_back("demo")
    else:
        load_demo(clock.now())
        end_reading()
        keep("demo")
    return app
