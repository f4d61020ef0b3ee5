"""What we hold about the person who is signed in: a copy of it, erasing it, and joining two records of theirs."""

from dataclasses import dataclass
from datetime import datetime

from flask import Blueprint, flash, redirect, render_template, request, send_file, url_for
from werkzeug.wrappers import Response

from portal.accounts.actions import allow_password_change, check_present_password, renew_session
from portal.accounts.queries import AccountRow, account_of_session, beginning_of
from portal.accounts.rules import TooOften, WrongPassword, is_fresh
from portal.company.queries import privacy_contact
from portal.core.clock import now
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.keeping.actions import ask_for_copy, note_fetched
from portal.keeping.queries import CopyRow, copy_path, find_copy, is_to_be_erased, newest_copy
from portal.privacy.actions import NothingToJoin, NotPossible, StillAtWork, leave_for_good
from portal.privacy.actions import join_records as join_both
from portal.privacy.forms import EraseForm, ProofForm
from portal.privacy.queries import held_about, what_would_join
from portal.privacy.queries.copies import at_stake
from portal.privacy.queries.sealing import records_to_seal
from portal.privacy.rules import survivors
from portal.web.identity import Identity, identity
from portal.web.signing_in import forget, remember

blueprint = Blueprint("privacy", __name__)
Answer = Response | str | tuple[str, int]
#: Rows of a section that are shown at once; the rest is one click away on the same page.
_SECTION_ROWS = 12


@blueprint.get("/privacy")
def held() -> str:
    """All of it, in sections, each with how long and who sees it."""
    return render_template(
        "candidate/privacy/held.html",
        sections=held_about(identity().person_id),
        section_rows=_SECTION_ROWS,
        is_unfolded=request.args.get("open") == "all",
        contact=privacy_contact(),
        survivors=survivors(),
        copy_row=newest_copy(identity().person_id),
        at=now(),
    )


@dataclass(frozen=True)
class Proof:
    """What shows that it is them and not whoever found the device: a sign-in just now, their password, or a mail."""

    own: AccountRow
    is_fresh: bool

    @property
    def asks_password(self) -> bool:
        return not self.is_fresh and self.own.password_hash is not None

    @property
    def asks_mail(self) -> bool:
        return not self.is_fresh and self.own.password_hash is None

    def check(self, form: ProofForm, at: datetime) -> None:
        """Raises WrongPassword, TooOften."""
        if form.present is not None:
            allow_password_change(self.own.account_id, at)
            check_present_password(self.own, form.present.data or "")


def _proof(me: Identity, at: datetime) -> Proof:
    own = account_of_session(me.session_id)
    if own is None:
        raise NotFound
    return Proof(own, is_fresh(beginning_of(me.session_id).at, at))


def _is_shown(form: ProofForm, proof: Proof, at: datetime) -> bool:
    """Whether the form is valid and whoever sent it is them; else it says what is wrong."""
    if proof.asks_mail or not form.validate_on_submit():
        return False
    try:
        proof.check(form, at)
    except WrongPassword as error:
        form.put_error("present", error)
    except TooOften as error:
        form.put_error("", error)
    else:
        return True
    return False


@blueprint.route("/privacy/copy", methods=["GET", "POST"])
def copy() -> Answer:
    """Ask for a copy, see how it comes along, and fetch it."""
    me, at = identity(), now()
    proof = _proof(me, at)
    form = ProofForm(asks_password=proof.asks_password)
    if _is_shown(form, proof, at):
        ask_for_copy(me.person_id, me.person_id, at)
        return redirect(url_for("candidate.privacy.copy"), 303)
    return _copy_page(me, proof, form, at), 422 if form.is_submitted() else 200


@blueprint.get("/privacy/copy/state")
def copy_state() -> str:
    """How the copy comes along, for the page that waits for it."""
    return render_template("candidate/privacy/_copy_state.html", copy_row=newest_copy(identity().person_id), at=now())


@blueprint.post("/privacy/copy/<public_id>")
def fetch_copy(public_id: str) -> Answer:
    """The file itself, for whom it is about alone, and only when they have just shown that it is them."""
    me, at = identity(), now()
    found = find_copy(me.person_id, public_id)
    if found is None:
        raise NotFound
    proof = _proof(me, at)
    form = ProofForm(asks_password=proof.asks_password)
    if not _is_shown(form, proof, at):
        return _copy_page(me, proof, form, at), 422
    path = copy_path(public_id)
    if not found.can_be_fetched(at) or not path.is_file():
        flash(_("That copy is gone by now. Ask for a fresh one."), "info")
        return redirect(url_for("candidate.privacy.copy"), 303)
    note_fetched(found.public_id, me.person_id, me.public_id, at)
    return _download(found)


def _download(found: CopyRow) -> Response:
    name = f"my-data-{found.asked_at:%Y-%m-%d}.zip"
    return send_file(copy_path(found.public_id), "application/zip", as_attachment=True, download_name=name)


def _copy_page(me: Identity, proof: Proof, form: ProofForm, at: datetime) -> str:
    return render_template(
        "candidate/privacy/copy.html", form=form, proof=proof, copy_row=newest_copy(me.person_id), at=at, email=me.email
    )


@blueprint.route("/privacy/erase", methods=["GET", "POST"])
def erase() -> Answer:
    """What happens, what survives and whom it touches; then an address to type, and it is done."""
    me, at = identity(), now()
    proof = _proof(me, at)
    form = EraseForm(me.email, asks_password=proof.asks_password)
    if not me.is_staff and _is_shown(form, proof, at):
        try:
            leave_for_good(me.person_id, me.person_id, at)
        except (StillAtWork, Busy) as error:
            form.put_error("", error)
        else:
            forget()
            flash(_("You are signed out. One last mail comes, and then all that we held about you is gone."), "success")
            return redirect(url_for("public.community.home"), 303)
    page = render_template(
        "candidate/privacy/erase.html",
        form=form,
        proof=proof,
        stake=at_stake(me.person_id, at),
        sealed=records_to_seal(me.person_id),
        survivors=survivors(),
        is_leaving=is_to_be_erased(me.person_id),
        is_staff=me.is_staff,
        email=me.email,
    )
    return page, 422 if form.is_submitted() else 200


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
