"""What candidates read of a colleague, and when a colleague is away: changed by themselves and by admins."""

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.people.actions import (
    ProfileWords,
    change_words,
    note_absence,
    remove_absence,
    remove_picture,
    set_picture,
)
from portal.people.adapters import PICTURE_LIMIT
from portal.people.forms import AbsenceForm, ProfileForm
from portal.people.queries import (
    Profile,
    absences_of,
    active_recruiters,
    active_staff,
    find_active_staff,
    profile_of,
    stands_in_for,
)
from portal.people.rules import AbsenceRefused
from portal.web.audiences import accepts_upload
from portal.web.identity import identity

#: One's own.
own = Blueprint("profile", __name__)
#: Those of the others, for admins.
colleagues = Blueprint("colleagues", __name__)
Answer = Response | str | tuple[str, int]
#: Room for the words beside the picture.
_UPLOAD_LIMIT = PICTURE_LIMIT + 64 * 1024


@own.route("/profile", methods=["GET", "POST"])
@accepts_upload(_UPLOAD_LIMIT)
def edit() -> Answer:
    return _edit(identity().person_id, is_own=True)


@own.post("/profile/picture/remove")
def take_picture_away() -> Response:
    return _take_picture_away(identity().person_id, is_own=True)


@own.route("/profile/away", methods=["GET", "POST"])
def away() -> Answer:
    return _away(identity().person_id, is_own=True)


@own.post("/profile/away/<absence_id>/remove")
def strike_out(absence_id: str) -> Response:
    return _strike_out(identity().person_id, absence_id, is_own=True)


@colleagues.route("/admin/staff/<public_id>/profile", methods=["GET", "POST"], endpoint="edit")
@accepts_upload(_UPLOAD_LIMIT)
def edit_of(public_id: str) -> Answer:
    return _edit(_person_id(public_id), is_own=False)


@colleagues.post("/admin/staff/<public_id>/picture/remove", endpoint="take_picture_away")
def take_picture_away_of(public_id: str) -> Response:
    return _take_picture_away(_person_id(public_id), is_own=False)


@colleagues.route("/admin/staff/<public_id>/away", methods=["GET", "POST"], endpoint="away")
def away_of(public_id: str) -> Answer:
    return _away(_person_id(public_id), is_own=False)


@colleagues.post("/admin/staff/<public_id>/away/<absence_id>/remove", endpoint="strike_out")
def strike_out_of(public_id: str, absence_id: str) -> Response:
    return _strike_out(_person_id(public_id), absence_id, is_own=False)


def _person_id(public_id: str) -> int:
    row = find_active_staff(public_id)
    if row is None:
        raise NotFound
    return row.person_id


def _profile(person_id: int) -> Profile:
    found = profile_of(person_id)
    if found is None:
        raise NotFound
    return found


def _to(name: str, profile: Profile, *, is_own: bool, absence_id: str | None = None) -> str:
    """The address of one of the pages above, for oneself or for a colleague."""
    if is_own:
        return url_for(f"recruiting.profile.{name}", absence_id=absence_id)
    return url_for(f"recruiting.colleagues.{name}", public_id=profile.public_id, absence_id=absence_id)


def _edit(person_id: int, *, is_own: bool) -> Answer:
    profile, me, at = _profile(person_id), identity(), now()
    form = ProfileForm(obj=profile)
    if form.validate_on_submit():
        words = ProfileWords(
            introduction=form.introduction.data or "",
            say_name=form.say_name.data or "",
            school=form.school.data or "",
            talks=form.talks.data or "",
        )
        change_words(person_id, words, me.person_id, at)
        if form.clean_picture is not None:
            set_picture(person_id, form.clean_picture.content, form.clean_picture.media_type, me.person_id, at)
        flash(_("Saved. Candidates read it from now on."), "success")
        return redirect(_to("edit", profile, is_own=is_own), 303)
    page = render_template(
        "recruiting/staff/profile.html", form=form, profile=profile, is_own=is_own, to=_links(profile, is_own=is_own)
    )
    return page, 422 if form.is_submitted() else 200


def _links(profile: Profile, *, is_own: bool) -> dict[str, str]:
    return {name: _to(name, profile, is_own=is_own) for name in ("edit", "take_picture_away", "away")}


def _take_picture_away(person_id: int, *, is_own: bool) -> Response:
    profile = _profile(person_id)
    remove_picture(person_id, identity().person_id, now())
    flash(_("The picture is gone."), "success")
    return redirect(_to("edit", profile, is_own=is_own), 303)


def _away(person_id: int, *, is_own: bool) -> Answer:
    profile, me, at = _profile(person_id), identity(), now()
    today = day_of(at, company_zone())
    form = AbsenceForm([row for row in active_recruiters() if row.person_id != person_id])
    if form.validate_on_submit() and form.from_on.data and form.until_on.data:
        try:
            note_absence(
                person_id,
                form.stand_in_id,
                form.from_on.data,
                form.until_on.data,
                actor_id=me.person_id,
                today=today,
                now=at,
            )
        except AbsenceRefused as error:
            form.put_error("from_on", error)
        else:
            flash(_("Noted. On these days your stand-in sees what is due."), "success")
            return redirect(_to("away", profile, is_own=is_own), 303)
    names = {row.person_id: row.name or row.email for row in active_staff()}
    absences = absences_of(person_id, today)
    page = render_template(
        "recruiting/staff/away.html",
        form=form,
        profile=profile,
        is_own=is_own,
        today=today,
        absences=[(row, _to("strike_out", profile, is_own=is_own, absence_id=row.public_id)) for row in absences],
        covers=[names[one] for one in stands_in_for(person_id, today) if one in names],
        to=_links(profile, is_own=is_own),
    )
    return page, 422 if form.is_submitted() else 200


def _strike_out(person_id: int, absence_id: str, *, is_own: bool) -> Response:
    profile = _profile(person_id)
    remove_absence(absence_id, person_id, identity().person_id, now())
    flash(_("Removed."), "success")
    return redirect(_to("away", profile, is_own=is_own), 303)
