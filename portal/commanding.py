"""The site as a command needs it: made, with nobody asking."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask

from portal.app import create_app
from portal.core.logs import configure_logs
from portal.core.settings import current_settings


@contextmanager
def opened_site() -> Iterator[Flask]:
    """The site inside its context, for a command."""
    app = create_app()
    # A command says what it did in its own words; the log of every step belongs to server and worker.
    configure_logs(current_settings().log_format, logging.WARNING)
    with app.app_context():
        yield app
