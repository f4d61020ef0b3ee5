"""A person's preferences, and joining for those who are signed in already."""

from typing import NamedTuple

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.community import actions
from portal.community.adapters import places, skills
from portal.community.forms import JoinSignedInForm, PreferencesForm, kept_in_words, mail_choices_of
from portal.community.queries import PreferencesRow, choices_of, is_member, preferences_of, wishes_in
from portal.community.rules import Choices, ChosenElsewhere, PlaceIndex, marks_of, suggest
from portal.community.states import CareerStage
from portal.company.queries import areas, contact_budget, privacy_contact, quiet_hours
from portal.contact.queries import ConsentRow, consents_of, contact_preferences
from portal.contact.rules import OFFERED_AT_JOINING, Preferences, hold_of, why_for_person
from portal.contact.states import ConsentAction, Purpose, WhyHeld
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.i18n import babel_locale, format_day
from portal.core.i18n import gettext as _
from portal.outbox.queries import held_for
from portal.web.identity import identity

Answer = AnyResponse | str | tuple[str, int]

blueprint = Blueprint("community", __name__)


#: Only community mail waits for these reasons.
_HELD_FOR_THEM = frozenset({WhyHeld.PAUSED, WhyHeld.RESTING, WhyHeld.BUDGET, WhyHeld.RHYTHM})


class Part(NamedTuple):
    """One thing a person can tell us, whether they did, and what it would be good for."""

    name: str
    is_there: bool
    good_for: str


@blueprint.route("/preferences", methods=["GET", "POST"])
def preferences() -> Answer:
    me = identity()
    known, consents = preferences_of(me.person_id), consents_of(me.person_id)
    chosen = contact_preferences(me.person_id)
    form = _form(known, consents, chosen)
    if not form.validate_on_submit():
        status = 422 if form.is_submitted() else 200
        return _page(form, _join_form(known, consents), known, consents, chosen, status)
    try:
        actions.save_preferences(
            me.person_id,
            form.said(),
            seen=form.seen.data or "",
            shown=form.purposes_shown,
            ticked=form.purposes,
            now=now(),
        )
    except ChosenElsewhere as error:
        return _show_both(form, error)
    flash(_("Saved. You can change this at any time."), "success")
    return redirect(url_for("candidate.community.preferences"), 303)


def _show_both(form: PreferencesForm, error: ChosenElsewhere) -> Answer:
    """What was typed, and beside it what was saved meanwhile; saving once more is then a decision."""
    # What this request read at first may be from before the other change.
    end_reading()
    person_id = identity().person_id
    known, consents, kept = preferences_of(person_id), consents_of(person_id), choices_of(person_id)
    form.put_error("", error)
    for part in error.parts:
        question, answer = form[part].label.text, kept_in_words(form, part, kept)
        form[part].errors = [_("%(question)s Saved now: %(answer)s", question=question, answer=answer)]
    form.seen.data = marks_of(kept)
    return _page(form, _join_form(known, consents), known, consents, kept.mail, 409)


@blueprint.post("/join")
def join() -> Answer:
    me = identity()
    known, consents = preferences_of(me.person_id), consents_of(me.person_id)
    form = _join_form(known, consents)
    if form is None:
        return redirect(url_for("candidate.community.preferences"), 303)
    if not form.validate():
        # The other form on the page is shown as it is kept, not as this one was sent.
        chosen = contact_preferences(me.person_id)
        return _page(_form(known, consents, chosen, formdata=None), form, known, consents, chosen, 422)
    actions.join(me.person_id, form.purposes, now())
    flash(_("Welcome to the community. It is good to have you here."), "success")
    return redirect(url_for("candidate.community.preferences"), 303)


@blueprint.route("/leave", methods=["GET", "POST"])
def leave() -> Answer:
    me = identity()
    if request.method == "POST":
        if actions.leave_community(me.person_id, now()):
            flash(_("You have left the community. Your applications stay as they are."), "success")
        return redirect(url_for("candidate.journey.home"), 303)
    return render_template(
        "candidate/community/leave.html",
        is_member=is_member(me.person_id),
        words=actions.LEAVING_WORDS,
        contact=privacy_contact(),
    )


@blueprint.get("/preferences/skills.json")
def suggest_skills() -> Response:
    found = suggest(request.args.get("q", "")[:100], skills().entries)
    return jsonify([entry.label for entry in found])


@blueprint.get("/preferences/places.json")
def suggest_places() -> Response:
    found = suggest(request.args.get("q", "")[:100], _places().entries)
    return jsonify([entry.label for entry in found])


def _language() -> str:
    return str(babel_locale()).replace("_", "-")


def _places() -> PlaceIndex:
    return places(_language())


def _form(known: PreferencesRow, consents: list[ConsentRow], chosen: Preferences, **rest: None) -> PreferencesForm:
    given = [row.purpose for row in consents if row.is_given]
    labels, today = _places().labels, day_of(now(), identity().timezone)
    kept = {
        "career_stage": known.career_stage,
        "areas": list(known.areas),
        "skills": "\n".join(skill.label for skill in known.skills),
        "places": "".join(f"{labels.get(key, label)}\n" for key, label in known.places),
        "work_modes": [str(mode) for mode in known.work_modes],
        "consents": [str(purpose) for purpose in given],
        "consents_shown": " ".join(given),
        **mail_choices_of(chosen, today),
        "seen": marks_of(Choices(wishes_in(known), chosen)),
    }
    return PreferencesForm(
        areas(),
        _asked_here(known, consents),
        _language(),
        chosen=chosen,
        today=today,
        has_stage=known.career_stage is not None,
        data=kept if request.method == "GET" or "formdata" in rest else None,
        **rest,
    )


def _asked_here(known: PreferencesRow, consents: list[ConsentRow]) -> list[Purpose]:
    """The boxes of the preferences: those of joining, for members, and whatever a person said yes to.

    Also what was there when the page was made: a link from a mail may have taken it back meanwhile.
    """
    shown = set(request.form.get("consents_shown", "").split())
    return [
        row.purpose
        for row in consents
        if row.is_given or str(row.purpose) in shown or (known.is_member and row.purpose in OFFERED_AT_JOINING)
    ]


def _join_form(known: PreferencesRow, consents: list[ConsentRow]) -> JoinSignedInForm | None:
    """For those who are not members: the invitation, asking only what they have not said yes to."""
    if known.is_member:
        return None
    given = {row.purpose for row in consents if row.is_given}
    return JoinSignedInForm([purpose for purpose in OFFERED_AT_JOINING if purpose not in given])


def _page(
    form: PreferencesForm,
    join_form: JoinSignedInForm | None,
    known: PreferencesRow,
    consents: list[ConsentRow],
    chosen: Preferences,
    status: int,
) -> tuple[str, int]:
    page = render_template(
        "candidate/community/preferences.html",
        form=form,
        join_form=join_form,
        known=known,
        parts=_parts(known),
        states={str(row.purpose): _state_in_words(row) for row in consents},
        stage_hints=_stage_hints(),
        usual_quiet=_usual_quiet(),
        per_month=contact_budget().community_per_month,
        waiting=_waiting(identity().person_id, chosen) if any(row.is_given for row in consents) else [],
        has_now_and_then=any(f.name != f"rhythm_{Purpose.JOB_ALERTS}" for f in form.rhythm_fields),
    )
    return page, status


def _state_in_words(row: ConsentRow) -> str:
    day = format_day(row.decided_at) if row.decided_at else ""
    if row.is_given:
        return _("You said yes on %(day)s. Untick it and we stop.", day=day)
    if row.action is ConsentAction.WITHDRAWN:
        return _("You took this back on %(day)s. We do not write about it.", day=day)
    if row.action is ConsentAction.EXPIRED:
        return _("Your yes ran out on %(day)s. We do not write about it.", day=day)
    return _("You have not said yes. We do not write about it.")


def _waiting(person_id: int, chosen: Preferences) -> list[tuple[str, str]]:
    """Community mail that is held back now, and why; nothing of what waits about an application."""
    return [
        (mail.subject, why_for_person(hold_of(mail.reason, mail.until, chosen)))
        for mail in held_for(person_id)
        if mail.reason in _HELD_FOR_THEM
    ]


def _usual_quiet() -> str:
    usual = quiet_hours()
    return _(
        "The usual hours are %(start)s to %(end)s on your clock.",
        start=f"{usual.start:%H:%M}",
        end=f"{usual.end:%H:%M}",
    )


def _stage_hints() -> dict[str, str]:
    return {
        str(CareerStage.ACTIVELY_LOOKING): _("I want to change soon."),
        str(CareerStage.OPEN_TO_IT): _("I am fine where I am, and would listen to something good."),
        str(CareerStage.NOT_LOOKING_NOW): _("Please do not offer me work for now."),
    }


def _parts(known: PreferencesRow) -> list[Part]:
    return [
        Part(_("Areas"), bool(known.areas), _("so that we think of you for the right kind of work")),
        Part(_("Skills"), bool(known.skills), _("so that a recruiter sees at once what you are good at")),
        Part(_("Places"), bool(known.places), _("so that nobody offers you work where you cannot be")),
        Part(_("Way of working"), bool(known.work_modes), _("so that remote, hybrid or on site fits your life")),
        Part(_("Whether you are looking"), known.career_stage is not None, _("so that we write when you want it")),
    ]
