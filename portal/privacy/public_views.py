"""The privacy notice, for everybody."""

from flask import Blueprint, render_template

from portal.company.queries import privacy_contact, privacy_notice
from portal.company.rules import blocks_of

blueprint = Blueprint("privacy", __name__)


@blueprint.get("/privacy")
def notice() -> str:
    """What we hold, why, how long, who sees it, and whom to ask: in the company's words if it has written any."""
    return render_template("public/privacy/notice.html", contact=privacy_contact(), blocks=blocks_of(privacy_notice()))
