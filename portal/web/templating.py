"""What every page's template can use."""

import hashlib
from collections.abc import Callable, MutableMapping
from functools import cache
from typing import Any

from flask import Flask
from flask.templating import Environment
from jinja2 import StrictUndefined

from portal.core.i18n import babel_locale
from portal.core.paths import STATIC
from portal.core.settings import Settings
from portal.core.templating import prepare_environment
from portal.web.identity import Identity, maybe_identity

#: For whoever is asking: home_href and the menus navigation, account_links, footer_links.
Menus = Callable[[Identity | None], dict[str, Any]]


class _SharingEnvironment(Environment):
    """Templates share the site's globals: no template has any of its own.

    At each `import` Jinja compares the globals of both templates. In the copies that it makes by default that is a
    loop in Python, a tenth of a page's work.
    """

    def make_globals(self, d: MutableMapping[str, Any] | None) -> MutableMapping[str, Any]:
        return super().make_globals(d) if d else self.globals


class Site(Flask):
    """Flask with our templates' environment: an extension may ask for it before `prepare_templates` does."""

    jinja_environment = _SharingEnvironment


def prepare_templates(app: Flask, settings: Settings, menus: Menus) -> None:
    """Set up Jinja as pages need it."""
    environment = app.jinja_env
    environment.undefined = StrictUndefined
    environment.trim_blocks = True
    environment.lstrip_blocks = True
    environment.globals["asset"] = asset
    prepare_environment(environment)

    @app.context_processor
    def page_context() -> dict[str, Any]:
        locale = babel_locale()
        return {
            "org_name": settings.org_name,
            "page_locale": locale.language,
            "page_direction": locale.text_direction,
            "me": maybe_identity(),
            **menus(maybe_identity()),
        }


@cache
def asset(name: str) -> str:
    """The address of a static file, with a version that changes with its content."""
    version = hashlib.sha256((STATIC / name).read_bytes()).hexdigest()[:12]
    return f"/static/{name}?v={version}"
