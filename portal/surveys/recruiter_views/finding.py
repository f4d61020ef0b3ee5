"""What all pages of surveys need: the blueprint, and the survey that is asked for."""

from flask import Blueprint

from portal.core.errors import NotFound
from portal.core.permissions import Permission
from portal.surveys.queries.surveys import SurveyView, find_survey
from portal.web.identity import identity

blueprint = Blueprint("surveys", __name__)


def find(public_id: str) -> SurveyView:
    """The survey with this public id; raises NotFound."""
    view = find_survey(public_id)
    if view is None:
        raise NotFound
    return view


def require_writer() -> None:
    """Whoever may not write to candidates finds nothing here."""
    if not identity().may(Permission.WRITE_TO_CANDIDATES):
        raise NotFound


def find_to_write(public_id: str) -> SurveyView:
    """The survey with this public id, for somebody who may say what candidates are asked; raises NotFound."""
    require_writer()
    return find(public_id)
