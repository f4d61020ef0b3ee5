"""Mail to one person that came back, for whoever looks after them; and letting mail go there again."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.outbox.actions import lift_with_reason
from portal.outbox.forms import LiftForm
from portal.outbox.queries import came_back, find_reader
from portal.outbox.rules.incoming import BOUNCE_WORDS
from portal.outbox.states import WhyLifted
from portal.web.identity import identity
from portal.wording.queries import title_of

blueprint = Blueprint("came_back", __name__)
Answer = Response | tuple[str, int]


@blueprint.route("/candidates/<public_id>/mail", methods=["GET", "POST"])
def show(public_id: str) -> Answer:
    """What came back, and a form where mail does not go any more."""
    reader = find_reader(public_id, identity().person_id)
    if reader is None:
        raise NotFound
    form = LiftForm(reader.suppressed)
    if request.method == "POST" and reader.suppressed and form.validate_on_submit():
        try:
            lift_with_reason(
                reader.person_id,
                form.address.data,
                WhyLifted(form.reason.data),
                actor_id=identity().person_id,
                now=now(),
            )
        except NotFound:
            flash(_("Mail to this address may go already."), "info")
        else:
            flash(_("Mail may go to %(address)s again.", address=form.address.data), "success")
        return redirect(url_for(".show", public_id=public_id), 303)
    page = render_template(
        "recruiting/came_back/show.html",
        reader=reader,
        form=form,
        lines=[(title_of(one.kind), BOUNCE_WORDS[one.bounce], one) for one in came_back(reader.person_id)],
    )
    return page, 422 if form.is_submitted() and reader.suppressed else 200
