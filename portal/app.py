"""Putting the application together."""

import gc
from typing import Any

from flask import Flask

from portal.core.logs import configure_logs
from portal.core.settings import Settings, SettingsError, current_settings, install_settings
from portal.navigation import menus_for
from portal.site import mount
from portal.web.application import make_flask


def create_app(settings: Settings | None = None, overrides: dict[str, Any] | None = None) -> Flask:
    """The whole site on `settings` (default: the environment's); raises SettingsError."""
    chosen = settings or current_settings()
    install_settings(chosen)
    configure_logs(chosen.log_format)
    app = make_flask(chosen, menus_for, overrides)
    if chosen.is_production and app.debug:
        raise SettingsError(["FLASK_DEBUG must not be set in production"])
    mount(app, chosen)
    # All that stands now stays. To look through it again for garbage takes a fifth of a second, now and then in the
    # middle of a page, or of a transaction for which others wait.
    gc.freeze()
    return app
