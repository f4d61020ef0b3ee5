"""The world that the whole-site tests walk through."""

import pytest
from flask import Flask

from tests.whole_site.world import World, make_world


@pytest.fixture
def world(app: Flask) -> World:
    """Two of everything."""
    return make_world(app)
