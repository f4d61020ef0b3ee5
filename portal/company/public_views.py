"""What machines ask: are you alive, are you ready, what may be indexed; and the company's accent for every page."""

from typing import Any

from flask import Blueprint, Response, redirect, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from portal.company.queries import accent, is_database_ready
from portal.core.logs import log
from portal.web.identity import for_machines

blueprint = Blueprint("machines", __name__)

#: What search engines have no business with: people's own pages, work, and links that stand in mails.
_NOT_FOR_ROBOTS = (
    "/me",
    "/recruiting",
    "/confirm/",
    "/sign-in/",
    "/reset",
    "/follow/",
    "/invitation/",
    "/dev/",
)


@blueprint.get("/healthz")
@for_machines
def healthz() -> Response:
    """The process answers; nothing else is asked."""
    return Response("ok\n", mimetype="text/plain")


@blueprint.get("/readyz")
@for_machines
def readyz() -> Response:
    """The database can be reached and is at the newest migration; else 503, and traffic should go elsewhere."""
    try:
        is_ready = is_database_ready()
    except SQLAlchemyError as error:
        log.error("not_ready", exc_info=error)
        is_ready = False
    return Response("ready\n" if is_ready else "not ready\n", 200 if is_ready else 503, mimetype="text/plain")


@blueprint.get("/robots.txt")
@for_machines
def robots() -> Response:
    """Public pages may be indexed, the others not."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS), "Allow: /"]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@for_machines
def favicon() -> AnyResponse:
    """For programs that do not read a page's own link to its icon."""
    return redirect(url_for("static", filename="icons/logo.svg"))


@blueprint.app_context_processor
def company_look() -> dict[str, Any]:
    """The company's accent, for every page; a page that says the database is down wears the default."""
    try:
        return {"org_accent": accent()}
    except SQLAlchemyError:
        return {"org_accent": ""}
