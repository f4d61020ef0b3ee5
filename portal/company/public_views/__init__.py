"""What machines ask: are you alive, are you ready, what may be indexed; and how the company looks, for every page."""

import hashlib
from typing import Any

from flask import Blueprint, Response, abort, redirect, render_template, request, url_for
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.wrappers import Response as AnyResponse

from portal.company.queries import accent, company_name, is_database_ready, logo, logo_file, own_colour
from portal.company.queries import imprint as company_imprint
from portal.company.rules import InvalidColour, blocks_of, clean_colour, stylesheet_of
from portal.core.logs import log
from portal.core.settings import current_settings
from portal.web.headers import lasts
from portal.web.identity import for_machines

blueprint = Blueprint("machines", __name__)

#: Pixels; the height of our own mark.
_LOGO_HEIGHT = 30
#: What search engines have no business with: people's own pages, work, and links that stand in mails.
_NOT_FOR_ROBOTS = (
    "/me",
    "/recruiting",
    "/confirm/",
    "/sign-in/",
    "/address/",
    "/keep-address/",
    "/reset",
    "/follow/",
    "/invitation/",
    "/unsubscribe/",
    "/preferences/",
    "/stay/",
    "/surveys/",
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
    """Public pages may be indexed, the others not; the site's map names those that change."""
    lines = ["User-agent: *", *(f"Disallow: {path}" for path in _NOT_FOR_ROBOTS), "Allow: /"]
    base = current_settings().base_url
    maps = ("sitemap.xml", "sitemap-updates.xml", "sitemap-you-said-we-did.xml")
    lines += ["", *(f"Sitemap: {base}/{one}" for one in maps)]
    return Response("\n".join(lines) + "\n", mimetype="text/plain")


@blueprint.get("/favicon.ico")
@for_machines
def favicon() -> AnyResponse:
    """For programs that do not read a page's own link to its icon."""
    return redirect(url_for("static", filename="icons/logo.svg"))


@blueprint.get("/look.css")
@lasts
@for_machines
def look() -> Response:
    """A colour of a company's own, for light and dark pages; the address names the colour, so nothing is read."""
    try:
        colour = clean_colour(request.args.get("colour", ""))
    except InvalidColour:
        abort(404)
    return Response(stylesheet_of(colour), mimetype="text/css")


@blueprint.get("/logo")
@lasts
@for_machines
def logo_picture() -> Response:
    """The company's logo."""
    found = logo_file(request.args.get("v", ""))
    if found is None:
        abort(404)
    return Response(found.content, mimetype=found.media_type)


@blueprint.get("/imprint")
def imprint() -> str:
    """Who answers for the site, in the company's own words."""
    text = company_imprint()
    if not text:
        abort(404)
    return render_template("public/machines/imprint.html", blocks=blocks_of(text))


@blueprint.app_context_processor
def company_look() -> dict[str, Any]:
    """How the company looks, for every page; a page that says the database is down wears the default."""
    try:
        return {
            "org_accent": accent(),
            "org_colour_href": _stylesheet_address(own_colour()),
            "org_logo": _logo(),
            "org_name": company_name(),
        }
    except SQLAlchemyError:
        return {"org_accent": "", "org_colour_href": "", "org_logo": None}


def _stylesheet_address(colour: str) -> str:
    """Where a page finds its colour; empty for those of the site's own stylesheet."""
    if not colour:
        return ""
    version = hashlib.sha256(stylesheet_of(colour).encode()).hexdigest()[:8]
    return url_for("public.machines.look", colour=colour.removeprefix("#"), v=version)


def _logo() -> dict[str, Any] | None:
    """The logo with the width that it has at the height of our own mark."""
    found = logo()
    if found is None:
        return None
    return {
        "href": url_for("public.machines.logo_picture", v=found.version),
        "width": max(1, round(_LOGO_HEIGHT * found.width / found.height)),
        "height": _LOGO_HEIGHT,
    }
