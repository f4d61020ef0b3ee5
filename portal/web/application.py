"""Putting Flask together, before any feature: cookies, proxies, limits, readers."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from flask import Flask, abort, current_app, request
from flask_wtf import CSRFProtect
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.middleware.proxy_fix import ProxyFix

from portal.core import db as database
from portal.core.i18n import best_locale, set_reader
from portal.core.paths import STATIC, TEMPLATES
from portal.core.settings import Settings
from portal.web.attributes import write_attributes_at_once
from portal.web.browser_zone import browser_zone
from portal.web.compression import add_compression
from portal.web.failures import number_requests, show_failures
from portal.web.headers import add_headers
from portal.web.identity import is_for_machines, login_manager, maybe_identity
from portal.web.numbers import BoundedNumber
from portal.web.templating import Menus, Site, prepare_templates

csrf = CSRFProtect()
_ZONE = "visitors_zone"
_FORM_LIMIT = 1024 * 1024
#: Candidates stay signed in on a device for so long; the session's own row may end sooner.
_COOKIE_LIFE = timedelta(days=90)


def make_flask(settings: Settings, menus: Menus, overrides: dict[str, Any] | None = None) -> Flask:
    """A Flask application without routes, on `settings`."""
    app = Site("portal", template_folder=str(TEMPLATES), static_folder=str(STATIC), static_url_path="/static")
    app.url_map.converters["int"] = BoundedNumber
    app.config.update(
        SECRET_KEY=settings.secret_key,
        SESSION_COOKIE_NAME="__Host-rapport" if settings.is_https else "rapport",
        SESSION_COOKIE_SECURE=settings.is_https,
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        PERMANENT_SESSION_LIFETIME=_COOKIE_LIFE,
        SESSION_REFRESH_EACH_REQUEST=False,
        MAX_CONTENT_LENGTH=_FORM_LIMIT,
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
        MAIL_SUPPRESS_SEND=False,
        **database.engine_settings(settings.database_url),
        **(overrides or {}),
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    database.db.init_app(app)
    with app.app_context():
        database.prepare_engines()
    add_compression(app)
    number_requests(app)
    _allow_uploads(app)
    _refuse_nul(app)
    _meet_the_reader(app, settings)
    csrf.init_app(app)
    # Templates ask for `me`; the library's own variable would ask the database for the error page as well.
    login_manager.init_app(app, add_context_processor=False)
    add_headers(app, settings)
    show_failures(app)
    write_attributes_at_once()
    prepare_templates(app, settings, menus)
    return app


def _allow_uploads(app: Flask) -> None:
    @app.before_request
    def set_limit() -> None:
        view = current_app.view_functions.get(request.endpoint or "")
        limit = getattr(view, "upload_limit", None)
        if limit is not None:
            request.max_content_length = limit


def _refuse_nul(app: Flask) -> None:
    """No keyboard types NUL, and PostgreSQL cannot store it: an address with one does not exist, a form is refused.

    So is a form with a field that has no name, which nobody after us expects.
    """

    @app.before_request
    def look_for_nul() -> None:
        if any("\x00" in str(value) for value in (request.view_args or {}).values()):
            abort(404)
        if any(name is None or "\x00" in f"{name}{value}" for name, value in _sent()):
            abort(400)


def _sent() -> Iterator[tuple[str | None, str]]:
    """Each name and value of this request, and the names of its files."""
    yield from request.args.items(multi=True)
    if request.method == "POST":
        yield from request.form.items(multi=True)
        yield from ((name, file.filename or "") for name, file in request.files.items(multi=True))


def show_visitors_the_zone(app: Flask, ask: Callable[[], str]) -> None:
    """Let people who are not signed in read times on the clock that `ask` names (the company's), an IANA zone."""
    app.extensions[_ZONE] = ask


def _zone_of_visitors(settings: Settings) -> str:
    """The environment's zone where the company's cannot be asked for, as on a page that says the database is down."""
    ask: Callable[[], str] | None = current_app.extensions.get(_ZONE)
    if ask is None or is_for_machines():
        return settings.timezone
    try:
        return ask()
    except SQLAlchemyError:
        return settings.timezone


def _meet_the_reader(app: Flask, settings: Settings) -> None:
    @app.before_request
    def set_locale() -> None:
        if request.endpoint == "static":
            return
        found = maybe_identity()
        if found is not None:
            set_reader(found.locale, found.timezone)
        else:
            zone = browser_zone() or _zone_of_visitors(settings)
            set_reader(best_locale(list(request.accept_languages.values())), zone)
