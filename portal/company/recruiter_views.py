"""The settings page for admins."""

from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.company.actions import change_settings
from portal.company.forms import SettingsForm
from portal.company.queries import areas_in, company_settings, privacy_contact
from portal.company.rules import SettingsChanged, version_of
from portal.company.states import ACCENTS, SETTING_LABELS, Setting
from portal.core.clock import now
from portal.core.i18n import gettext as _
from portal.web.identity import identity

blueprint = Blueprint("company", __name__)


@blueprint.route("/admin/settings", methods=["GET", "POST"])
def settings() -> Response | tuple[str, int]:
    """One form for all; what somebody else saved meanwhile is shown beside what was typed here."""
    stored = company_settings()
    form = SettingsForm(stored, version=version_of(stored))
    status, differences = 200, list[tuple[str, str, str]]()
    if form.validate_on_submit():
        try:
            changed = change_settings(form.values(), form.version.data or "", actor_id=identity().person_id, now=now())
        except SettingsChanged as error:
            status, differences = 409, _show_both(form, error)
        else:
            flash(_("Saved.") if changed else _("Nothing was changed."), "success" if changed else "info")
            return redirect(url_for("recruiting.company.settings"), 303)
    elif form.is_submitted():
        status = 422
    page = render_template(
        "recruiting/company/settings.html", form=form, differences=differences, contact=privacy_contact()
    )
    return page, status


def _show_both(form: SettingsForm, error: SettingsChanged) -> list[tuple[str, str, str]]:
    """Keep what was typed, and say what is saved now where it differs; saving once more is then a decision."""
    form.put_error("", error)
    saved, typed = company_settings(), form.values()
    form.version.data = version_of(saved)
    return [
        (str(SETTING_LABELS[name]), _in_words(name, saved[name]), _in_words(name, typed[name]))
        for name in Setting
        if saved[name] != typed[name]
    ]


def _in_words(name: Setting, value: Any) -> str:
    if name is Setting.AREAS:
        return ", ".join(area.label for area in areas_in(value))
    if name is Setting.ACCENT:
        return str(dict(ACCENTS)[value])
    if name is Setting.PRIVACY_CONTACT:
        return ", ".join(part for part in (value["name"], value["email"]) if part) or _("Nobody named")
    return str(value) or _("Nothing")
