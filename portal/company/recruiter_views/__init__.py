"""The settings pages for admins: an overview, and a page with one form for each subject."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.actions import change_logo, change_settings, remove_logo
from portal.company.forms import (
    AreasForm,
    CompanyForm,
    DaysForm,
    LogoForm,
    MailForm,
    PaceForm,
    SubjectForm,
    end_reasons_form,
)
from portal.company.forms.privacy import PrivacyForm
from portal.company.forms.service import PromisesForm, feedback_form
from portal.company.queries import company_settings, company_zone, days_off, logo, own_colour, privacy_contact
from portal.company.queries.service import promise_versions
from portal.company.recruiter_views.summaries import in_words, overview
from portal.company.rules import MAX_LOGO_SIZE, InvalidLogo, SettingsChanged, look_of, version_of
from portal.company.states import ENDING_LABELS, PACE_LABELS, SETTING_LABELS, Setting
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.i18n import gettext as _
from portal.core.i18n import reader
from portal.web.audiences import accepts_upload
from portal.web.identity import identity

blueprint = Blueprint("company", __name__)
Answer = Response | tuple[str, int]
_HOLIDAYS_AHEAD = timedelta(days=365)
#: Bytes of a request with a logo in it: the form around the file is small.
_MAX_UPLOAD = MAX_LOGO_SIZE + 64 * 1024


@dataclass(frozen=True)
class _Difference:
    """A setting that somebody else saved otherwise than it was typed here."""

    label: str
    saved: str
    typed: str


@blueprint.get("/admin/settings")
def settings() -> str:
    """What there is to set, and how it stands."""
    return render_template("recruiting/company/settings.html", subjects=overview(company_settings()))


@blueprint.route("/admin/settings/company", methods=["GET", "POST"])
def look() -> Answer:
    """Name, texts and colour."""
    colour = own_colour()
    return _subject(CompanyForm, "look", colour=colour, shades=look_of(colour) if colour else None, logo=logo())


@blueprint.route("/admin/settings/areas", methods=["GET", "POST"])
def areas() -> Answer:
    """What people can choose as an area of interest."""
    return _subject(AreasForm, "areas")


@blueprint.route("/admin/settings/reasons", methods=["GET", "POST"])
def reasons() -> Answer:
    """Why applications end, for colleagues: the words of each reason, and which are offered."""
    return _subject(end_reasons_form, "reasons", ending_labels=ENDING_LABELS)


@blueprint.route("/admin/settings/days", methods=["GET", "POST"])
def days() -> Answer:
    """Zone, holidays, working week and office hours, with the days off of the next twelve months."""
    today = day_of(now(), company_zone())
    ahead = days_off(today, today + _HOLIDAYS_AHEAD, reader().locale)
    return _subject(DaysForm, "days", ahead=ahead)


@blueprint.route("/admin/settings/mail", methods=["GET", "POST"])
def mail() -> Answer:
    """When and how often people hear from the company."""
    return _subject(MailForm, "mail")


@blueprint.route("/admin/settings/pace", methods=["GET", "POST"])
def pace() -> Answer:
    """How soon candidates hear from somebody again."""
    return _subject(PaceForm, "pace", keys=list(PACE_LABELS))


@blueprint.route("/admin/settings/feedback", methods=["GET", "POST"])
def feedback() -> Answer:
    """How feedback after interviews is given, and in which countries otherwise."""
    return _subject(feedback_form, "feedback")


@blueprint.route("/admin/settings/promises", methods=["GET", "POST"])
def promises() -> Answer:
    """What the company adds to the page of promises, and the versions that people applied under."""
    return _subject(PromisesForm, "promises", contact=privacy_contact(), versions=promise_versions())


@blueprint.route("/admin/settings/privacy", methods=["GET", "POST"])
def privacy() -> Answer:
    """Whom to ask, how long, the notice and the imprint."""
    return _subject(PrivacyForm, "privacy", contact=privacy_contact())


@blueprint.route("/admin/settings/logo", methods=["GET", "POST"])
@accepts_upload(_MAX_UPLOAD)
def change_picture() -> Answer:
    """A picture for the head of every page."""
    form = LogoForm()
    if form.validate_on_submit():
        try:
            change_logo(form.picture.data.read(MAX_LOGO_SIZE + 1), actor_id=identity().person_id, now=now())
        except InvalidLogo as error:
            form.put_error("picture", error)
        else:
            flash(_("Saved."), "success")
            return redirect(url_for(".change_picture"), 303)
    page = render_template("recruiting/company/change_picture.html", form=form, logo=logo())
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/admin/settings/logo/remove")
def remove_picture() -> Response:
    """Show our own mark again."""
    if remove_logo(actor_id=identity().person_id, now=now()):
        flash(_("The logo is gone."), "success")
    return redirect(url_for(".change_picture"), 303)


def _subject(make: Callable[[dict[Setting, Any]], SubjectForm], endpoint: str, **shown: Any) -> Answer:
    """The page of one subject: its form, and what somebody else saved meanwhile beside what was typed here."""
    form = make(company_settings())
    status, differences = 200, list[_Difference]()
    if form.validate_on_submit():
        try:
            changed = change_settings(form.values(), form.version.data or "", actor_id=identity().person_id, now=now())
        except SettingsChanged as error:
            status, differences = 409, _show_both(form, error)
        else:
            flash(_("Saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
            return redirect(url_for(f".{endpoint}"), 303)
    elif form.is_submitted():
        status = 422
    page = render_template(f"recruiting/company/{endpoint}.html", form=form, differences=differences, **shown)
    return page, status


def _show_both(form: SubjectForm, error: SettingsChanged) -> list[_Difference]:
    """Keep what was typed, and say what is saved now where it differs; saving once more is then a decision."""
    form.put_error("", error)
    # What this request read at first is from before the other one saved.
    end_reading()
    saved, typed = company_settings(), form.values()
    form.version.data = version_of({name: saved[name] for name in typed})
    return [
        _Difference(str(SETTING_LABELS[name]), in_words(name, saved[name]), in_words(name, typed[name]))
        for name in typed
        if saved[name] != typed[name]
    ]
