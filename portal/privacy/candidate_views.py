"""What we hold about the person who is signed in."""

from flask import Blueprint, render_template

from portal.company.queries import privacy_contact
from portal.privacy.queries import held_about
from portal.web.identity import identity

blueprint = Blueprint("privacy", __name__)
#: Rows of a section that are shown at once; the rest is one click away on the same page.
_SECTION_ROWS = 12


@blueprint.get("/privacy")
def held() -> str:
    """All of it, in sections, each with how long and who sees it."""
    return render_template(
        "candidate/privacy/held.html",
        sections=held_about(identity().person_id),
        section_rows=_SECTION_ROWS,
        contact=privacy_contact(),
    )
