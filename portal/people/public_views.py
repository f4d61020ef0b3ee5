"""The pictures of the people who work here, for whoever reads who to ask."""

from flask import Blueprint, Response

from portal.core.errors import NotFound
from portal.people.queries import find_picture
from portal.web.headers import lasts_for_the_reader
from portal.web.identity import for_machines

blueprint = Blueprint("people", __name__)


@blueprint.get("/pictures/<public_id>")
@lasts_for_the_reader
@for_machines
def picture(public_id: str) -> Response:
    """A picture under its own random name, a new one for each; a browser may show it and do nothing else with it."""
    found = find_picture(public_id)
    if found is None:
        raise NotFound
    response = Response(found.content, mimetype=found.media_type)
    response.headers["Content-Disposition"] = "inline"
    return response
