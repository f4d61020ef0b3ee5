"""Every component in its states, at /dev/components; only in development."""

from typing import Any

from flask import Blueprint, render_template
from wtforms import (
    BooleanField,
    DateField,
    FileField,
    PasswordField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import Length

from portal.core.clock import now
from portal.web.forms import CleanedField, Form, options, required

blueprint = Blueprint("design", __name__)
_STAGES = [("in_review", "In review"), ("interviewing", "Interviewing")]
_AREAS = [("engineering", "Engineering"), ("data", "Data"), ("design", "Design"), ("finance", "Finance")]


class SampleForm(Form):
    """One field of each kind; its words stay untranslated, as only we read them."""

    name = StringField("Your name", [required("Tell us what to call you."), Length(max=200)])
    email = CleanedField("E-mail", [required("Write an address like name@example.org.")], clean=str.strip, kind="email")
    password = PasswordField("Password", [required("Choose a password.")])
    areas = SelectMultipleField("What interests you?", choices=options(_AREAS))
    career_stage = RadioField(
        "Are you looking?", [required("Choose one.")], choices=options([("a", "Actively"), ("n", "Not now")])
    )
    fairness = RadioField("How fair was it?", choices=options([(str(n), str(n)) for n in range(11)]))
    country = SelectField("Country", choices=options([("pt", "Portugal"), ("se", "Sweden"), ("ng", "Nigeria")]))
    place = StringField("Where would you like to work?")
    skills = StringField("Skills")
    starts_on = DateField("You could start on")
    about = TextAreaField("What you would like to be asked about", [required("Write a sentence or two.")])
    cv = FileField("CV")
    code = StringField("Your code", [required("The code has six digits.")])
    consent = BooleanField("Write to me about new openings that fit", [required("Please tick this, or use Cancel.")])
    stage_applied = SelectField("Application Review", choices=options(_STAGES))
    stage_screen = SelectField("Recruiter Phone Screen", choices=options(_STAGES))
    stage_panel = SelectField("Onsite / Panel", choices=options(_STAGES))


@blueprint.get("/components")
def components() -> str:
    """The style guide."""
    plain: Any = SampleForm(formdata=None)
    refused: Any = SampleForm(formdata=None, prefix="refused")
    refused.validate()
    return render_template(
        "dev/design/components.html", form=plain, form_with_errors=refused, now=now(), suggest_url=""
    )
