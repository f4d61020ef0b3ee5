"""What all pages of pools need: the blueprint, the pool an address is about, and the way to whom one was choosing."""

from typing import Any

from flask import Blueprint, flash, redirect, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries.choosing import filters_in
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.pools.queries import PoolView, find_pool

blueprint = Blueprint("pools", __name__)


def found_pool(public_id: str) -> PoolView:
    """The pool, open or closed; 404 when there is none."""
    pool = find_pool(public_id)
    if pool is None:
        raise NotFound
    return pool


def to_pool(public_id: str) -> Response:
    """The way to the page of a pool."""
    return redirect(url_for("recruiting.pools.show", public_id=public_id), 303)


def closed_meanwhile(public_id: str) -> Response:
    """The way to a pool that was closed before what was asked could be done, with a word about it."""
    flash(_("This pool has been closed, and nobody is in it any more."), "warning")
    return to_pool(public_id)


def chosen_arguments() -> dict[str, Any]:
    """Who was chosen to be put into a pool, as this address says it, to lead back to it."""
    arguments = request.args
    known: dict[str, Any] = {name: arguments.getlist(name) for name in ("a", "p") if arguments.getlist(name)}
    if arguments.get("all"):
        known["all"] = "y"
    return known | filters_in(arguments)
