"""What is asked of people who join, and of what they look for."""

from collections.abc import Collection
from typing import Any

from wtforms import HiddenField, RadioField, SelectMultipleField, StringField, TextAreaField
from wtforms.form import BaseForm
from wtforms.validators import Optional, ValidationError

from portal.accounts.rules import clean_code
from portal.community.adapters import places, skills
from portal.community.rules import (
    EntryTooLong,
    Folded,
    TooManyEntries,
    places_from,
    skills_from,
)
from portal.community.states import CAREER_STAGE_LABELS, WORK_MODE_LABELS, CareerStage, WorkMode
from portal.company.rules import Area
from portal.contact.rules import PURPOSE_WORDS
from portal.contact.states import Purpose
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.rules import clean_name, normalise_address
from portal.web.forms import CleanedField, Form, HumanForm, at_most, required

_MAX_TYPED = 6000
_NOT_SAID = ""


def _choices_of(areas: list[Area]) -> list[tuple[str, str]]:
    return [(area.key, area.label) for area in areas]


def _words_of(purposes: Collection[Purpose]) -> list[tuple[str, str]]:
    return [(str(purpose), str(PURPOSE_WORDS[purpose])) for purpose in purposes]


class MultipleBoxes(SelectMultipleField):
    """Any number of boxes to tick; what is sent must be one of them.

    Its name tells the component `choices` that these are boxes and not radio buttons.
    """

    def pre_validate(self, form: BaseForm) -> None:
        known = {value for value, *_rest in self.iter_choices()}
        if not known.issuperset(self.data or ()):
            raise ValidationError(_("Please choose from what is offered here."))


class JoinForm(HumanForm):
    """Name, address, interests and two consents; none of the boxes comes ticked."""

    name = CleanedField(_l("Your name"), [required(_l("Please tell us what to call you."))], clean=clean_name)
    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter your e-mail address."))], clean=normalise_address, kind="email"
    )
    areas = MultipleBoxes(_l("What interests you?"))
    consents = MultipleBoxes(_l("What may we write to you about?"))

    def __init__(self, areas: list[Area], purposes: Collection[Purpose], **rest: Any) -> None:
        super().__init__(**rest)
        self.areas.choices = _choices_of(areas)
        self.consents.choices = _words_of(purposes)

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that were ticked."""
        return [Purpose(value) for value in self.consents.data or []]


class ConfirmCodeForm(Form):
    """The six digits of the mail that confirms an address."""

    code = StringField(_l("Code"), [required(_l("Please enter the six digits of the code.")), at_most(40)])

    def validate_code(self, field: StringField) -> None:
        field.data = clean_code(field.data or "")
        if not field.data:
            raise ValidationError(_("The code has six digits. You find it in the mail."))


class JoinSignedInForm(Form):
    """The two consents, for somebody who is signed in and joins."""

    consents = MultipleBoxes(_l("What may we write to you about?"))

    def __init__(self, purposes: Collection[Purpose], **rest: Any) -> None:
        super().__init__(prefix="join", **rest)
        self.consents.choices = _words_of(purposes)

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that were ticked."""
        return [Purpose(value) for value in self.consents.data or []]


class PreferencesForm(Form):
    """What a person looks for, and what they want to hear; every field may stay empty."""

    career_stage = RadioField(_l("Are you looking for work?"), [Optional()])
    areas = MultipleBoxes(_l("What interests you?"))
    skills = TextAreaField(_l("What are you good at?"), [at_most(_MAX_TYPED)])
    places = TextAreaField(_l("Where would you work?"), [at_most(_MAX_TYPED)])
    work_modes = MultipleBoxes(_l("How would you like to work?"))
    consents = MultipleBoxes(_l("What may we write to you about?"))
    #: The boxes that came ticked with the page: what was moved since is what the person says.
    consents_shown = HiddenField()

    def __init__(
        self, areas: list[Area], purposes: Collection[Purpose], locale: str, *, has_stage: bool, **rest: Any
    ) -> None:
        super().__init__(**rest)
        self.areas.choices = _choices_of(areas)
        self.consents.choices = _words_of(purposes)
        self.work_modes.choices = [(str(mode), str(WORK_MODE_LABELS[mode])) for mode in WorkMode]
        stages = [(str(stage), str(CAREER_STAGE_LABELS[stage])) for stage in CareerStage]
        self.career_stage.choices = [*stages, (_NOT_SAID, _("I would rather not say"))] if has_stage else stages
        self.locale = locale
        self.chosen_skills: list[Folded] = []
        self.chosen_places: list[Folded] = []

    def validate_skills(self, field: TextAreaField) -> None:
        try:
            self.chosen_skills = skills_from(field.data or "", skills())
        except (TooManyEntries, EntryTooLong) as error:
            raise ValidationError(error.message) from error

    def validate_places(self, field: TextAreaField) -> None:
        try:
            self.chosen_places = places_from(field.data or "", places(self.locale))
        except (TooManyEntries, EntryTooLong) as error:
            raise ValidationError(error.message) from error

    @property
    def stage(self) -> CareerStage | None:
        """What was chosen, if anything."""
        return CareerStage(self.career_stage.data) if self.career_stage.data else None

    @property
    def modes(self) -> list[WorkMode]:
        """The ways of working that were ticked."""
        return [WorkMode(value) for value in self.work_modes.data or []]

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that are ticked."""
        return [Purpose(value) for value in self.consents.data or []]

    @property
    def purposes_shown(self) -> list[Purpose]:
        """The consents that were ticked when the page was made."""
        known = {str(purpose): purpose for purpose in Purpose}
        return [known[word] for word in (self.consents_shown.data or "").split() if word in known]
