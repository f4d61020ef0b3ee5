"""What we hold about the person who is signed in, and joining two records of theirs."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import renew_session
from portal.company.queries import privacy_contact
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.privacy.actions import NothingToJoin, NotPossible
from portal.privacy.actions import join_records as join_both
from portal.privacy.queries import held_about, what_would_join
from portal.web.identity import identity
from portal.web.signing_in import remember

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


@blueprint.get("/account/addresses/join")
def join_records() -> str:
    """Only somebody who has confirmed an address reads what belongs to it: as much as by signing in with it."""
    return render_template(
        "candidate/privacy/join_records.html",
        joining=what_would_join(identity().person_id, now()),
        contact=privacy_contact(),
    )


@blueprint.post("/account/addresses/join")
def join_them() -> Response:
    me, at = identity(), now()
    try:
        email = join_both(me.person_id, me.session_id, at)
    except NothingToJoin as error:
        flash(error.message, "info")
        return redirect(url_for("candidate.accounts.account"), 303)
    except NotPossible as error:
        flash(error.message, "warning")
        return redirect(url_for("candidate.privacy.join_records"), 303)
    remember(renew_session(me.session_id, me.person_id, at))
    flash(_("Both records are one now, and %(email)s is one of your addresses.", email=email), "success")
    return redirect(url_for("candidate.accounts.account"), 303)
