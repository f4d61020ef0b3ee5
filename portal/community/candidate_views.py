"""A person's preferences, and joining for those who are signed in already."""

from typing import Any, NamedTuple

from flask import Blueprint, Response, flash, jsonify, redirect, render_template, request, session, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.community import actions
from portal.community.adapters import places, skills
from portal.community.forms import (
    JoinSignedInForm,
    PreferencesForm,
    kept_in_words,
    mail_choices_of,
    profile_fields_of,
)
from portal.community.queries import PreferencesRow, is_member, offers_of, preferences_of, wishes_in
from portal.community.rules import (
    Choices,
    ChosenElsewhere,
    PlaceIndex,
    marks_after,
    marks_of,
    stage_question,
    suggest,
)
from portal.community.states import CareerStage
from portal.company.queries import areas, contact_budget, privacy_contact, quiet_hours
from portal.contact.queries import ConsentRow, consents_of, contact_preferences
from portal.contact.rules import OFFERED_AT_JOINING, OFFERED_TO_MEMBERS, Preferences, hold_of, why_for_person
from portal.contact.states import ConsentAction, Purpose, WhyHeld
from portal.core.clock import day_of, now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import babel_locale, format_day, language_name, local
from portal.core.i18n import gettext as _
from portal.outbox.queries import has_untold, held_for
from portal.web.identity import identity

Answer = AnyResponse | str | tuple[str, int] | tuple[Response, int]

blueprint = Blueprint("community", __name__)


_AUTOSAVE = "autosave"
#: In the signed cookie: the next page may forget what the browser kept of this form.
_JUST_SAVED = "preferences_saved"
#: Only community mail waits for these reasons.
_HELD_FOR_THEM = frozenset({WhyHeld.PAUSED, WhyHeld.RESTING, WhyHeld.BUDGET, WhyHeld.RHYTHM})


class Part(NamedTuple):
    """One thing a person can tell us, whether they did, what it would be good for, and where on the page it is."""

    name: str
    is_there: bool
    good_for: str
    href: str


class _Told(NamedTuple):
    """All that is known of what somebody chose."""

    known: PreferencesRow
    consents: list[ConsentRow]
    kept: Choices


@blueprint.route("/preferences", methods=["GET", "POST"])
def preferences() -> Answer:
    me = identity()
    told = _told_by(me.person_id)
    form = _form(told)
    is_whole = bool(form.validate_on_submit())
    if form.is_submitted() and request.headers.get("X-Requested-With") == _AUTOSAVE:
        return _save_what_is_whole(form)
    if not is_whole:
        return _page(form, _join_form(told), told, 422 if form.is_submitted() else 200)
    try:
        _save(form, form.said(), form.purposes_shown, form.purposes)
    except ChosenElsewhere as error:
        return _show_both(form, error)
    session[_JUST_SAVED] = True
    flash(_("Saved. You can change this at any time."), "success")
    return redirect(url_for("candidate.community.preferences"), 303)


def _save(form: PreferencesForm, said: dict[str, Any], shown: list[Purpose], ticked: list[Purpose]) -> None:
    seen = form.seen.data or ""
    actions.save_preferences(identity().person_id, said, seen=seen, shown=shown, ticked=ticked, now=now())


def _save_what_is_whole(form: PreferencesForm) -> Answer:
    """What is sent while somebody fills the page in: half an answer does not stand in the way of the others."""
    said, wrong = form.said(), {field.name: list(field.errors) for field in form if field.errors}
    ticked = [] if form.consents.errors else form.purposes
    try:
        _save(form, said, [] if form.consents.errors else form.purposes_shown, ticked)
    except ChosenElsewhere as error:
        return jsonify(errors={part: [error.message] for part in error.parts}), 409
    # What this request read at first is from before it saved.
    end_reading()
    told = _told_by(identity().person_id)
    hidden = {"seen": marks_after(said, form.seen.data or "")}
    if not form.consents.errors:
        hidden["consents_shown"] = " ".join(ticked)
    answer = jsonify(
        saved_at=f"{local(now()):%H:%M}",
        errors=wrong,
        hidden=hidden,
        known=render_template("candidate/community/_known.html", parts=_parts(told.known)),
        states={str(row.purpose): _state_in_words(row) for row in told.consents},
    )
    return answer, 422 if wrong else 200


def _show_both(form: PreferencesForm, error: ChosenElsewhere) -> Answer:
    """What was typed, and beside it what was saved meanwhile; saving once more is then a decision."""
    # What this request read at first may be from before the other change.
    end_reading()
    told = _told_by(identity().person_id)
    form.put_error("", error)
    for part in error.parts:
        question, answer = form[part].label.text, kept_in_words(form, part, told.kept)
        form[part].errors = [_("%(question)s Saved now: %(answer)s", question=question, answer=answer)]
    form.seen.data = marks_of(told.kept)
    return _page(form, _join_form(told), told, 409)


@blueprint.post("/preferences/stage")
def say_stage() -> Answer:
    said = request.form.get("career_stage", "")
    if said not in set(CareerStage):
        raise NotFound
    actions.say_stage(identity().person_id, CareerStage(said), now())
    flash(_("Thank you. We ask again in half a year."), "success")
    at = "candidate.community.preferences" if request.form.get("at") == "preferences" else "candidate.journey.home"
    return redirect(url_for(at), 303)


@blueprint.post("/join")
def join() -> Answer:
    me = identity()
    told = _told_by(me.person_id)
    form = _join_form(told)
    if form is None:
        return redirect(url_for("candidate.community.preferences"), 303)
    if not form.validate():
        # The other form on the page is shown as it is kept, not as this one was sent.
        return _page(_form(told, formdata=None), form, told, 422)
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


def _told_by(person_id: int) -> _Told:
    known, offers = preferences_of(person_id), offers_of(person_id)
    kept = Choices(wishes_in(known), contact_preferences(person_id), offers.offers if offers else None)
    return _Told(known, consents_of(person_id), kept)


def _form(told: _Told, **rest: None) -> PreferencesForm:
    known, mail = told.known, told.kept.mail
    given = [row.purpose for row in told.consents if row.is_given]
    labels, today = _places().labels, day_of(now(), identity().timezone)
    kept = {
        "career_stage": known.career_stage,
        "areas": list(known.areas),
        "skills": "\n".join(skill.label for skill in known.skills),
        "places": "".join(f"{labels.get(key, label)}\n" for key, label in known.places),
        "work_modes": [str(mode) for mode in known.work_modes],
        "consents": [str(purpose) for purpose in given],
        "consents_shown": " ".join(given),
        **profile_fields_of(known.profile, told.kept.offers),
        **mail_choices_of(mail, today),
        "seen": marks_of(told.kept),
    }
    is_as_kept = request.method == "GET" or "formdata" in rest
    own: Any = {**rest, "data": kept if is_as_kept else None}
    return PreferencesForm(areas(), _asked_here(told), _language(), kept=told.kept, today=today, **own)


def _asked_here(told: _Told) -> list[Purpose]:
    """The boxes of the preferences: those for members, and whatever a person said yes to.

    Also what was there when the page was made: a link from a mail may have taken it back meanwhile.
    """
    shown = set(request.form.get("consents_shown", "").split())
    return [
        row.purpose
        for row in told.consents
        if row.is_given or str(row.purpose) in shown or (told.known.is_member and row.purpose in OFFERED_TO_MEMBERS)
    ]


def _join_form(told: _Told) -> JoinSignedInForm | None:
    """For those who are not members: the invitation, asking only what they have not said yes to."""
    if told.known.is_member:
        return None
    given = {row.purpose for row in told.consents if row.is_given}
    return JoinSignedInForm([purpose for purpose in OFFERED_AT_JOINING if purpose not in given])


def _page(form: PreferencesForm, join_form: JoinSignedInForm | None, told: _Told, status: int) -> tuple[str, int]:
    me, known = identity(), told.known
    page = render_template(
        "candidate/community/preferences.html",
        form=form,
        join_form=join_form,
        known=known,
        parts=_parts(known),
        states={str(row.purpose): _state_in_words(row) for row in told.consents},
        stage_hints=_stage_hints(),
        asked=stage_question(known.career_stage, known.career_stage_on, day_of(now(), me.timezone)),
        usual_quiet=_usual_quiet(),
        per_month=contact_budget().community_per_month,
        waiting=_waiting(me.person_id, told.kept.mail) if any(row.is_given for row in told.consents) else [],
        has_now_and_then=any(f.name != f"rhythm_{Purpose.JOB_ALERTS}" for f in form.rhythm_fields),
        key=f"preferences-{me.public_id}",
        is_just_saved=session.pop(_JUST_SAVED, False),
        language=language_name(me.locale),
        zone=me.timezone,
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
    """Community mail that is held back now, and why; nothing of what waits about an application.

    That a decision is why is said only when no letter waits: it may be the decision, of which they have not been told.
    """
    held = [mail for mail in held_for(person_id) if mail.reason in _HELD_FOR_THEM]
    is_hushed = any(mail.reason is WhyHeld.RESTING for mail in held) and has_untold(person_id)
    return [
        (mail.subject, why_for_person(hold_of(mail.reason, mail.until, chosen)))
        for mail in held
        if not (is_hushed and mail.reason is WhyHeld.RESTING)
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
    """What somebody can tell us that helps them; what worries them, and other offers, nobody is pressed for."""
    told, work, you, next_ = known.profile, "#you-and-work", "#what-you-bring", "#what-comes-next"
    words = [
        (_("Areas"), known.areas, _("so that we think of you for the right kind of work"), work),
        (_("Places"), known.places, _("so that nobody offers you work where you cannot be"), work),
        (_("Way of working"), known.work_modes, _("so that remote, hybrid or on site fits your life"), work),
        (_("Whether you are looking"), known.career_stage, _("so that we write when you want it"), work),
        (_("Beginning"), told.availability, _("so that nobody plans with a day you cannot keep"), work),
        (_("Pay"), told.pay, _("so that nobody wastes your time with too little"), work),
        (_("Skills"), known.skills, _("so that a recruiter sees at once what you are good at"), you),
        (_("Experience"), told.seniority, _("so that the work is neither too small nor too large"), you),
        (_("Industries"), told.industries, _("so that what you know from the inside counts"), you),
        (_("Projects and talks"), told.proud_of, _("so that people ask about what you are proud of"), you),
        (_("Three years ahead"), told.three_years, _("so that we offer a way and not only a place"), next_),
        (_("What motivates you"), told.motivates, _("so that we write of what matters to you"), next_),
    ]
    return [Part(name, bool(value), good_for, href) for name, value, good_for, href in words]
