"""The whole page of preferences as one form."""

from collections.abc import Collection
from datetime import date
from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.community.adapters import places, skills
from portal.community.forms.mail import MailChoices, pause_in_words, quiet_in_words
from portal.community.forms.offered import NOT_SAID, choices_of, labelled, words_of
from portal.community.forms.profile import ProfileFields
from portal.community.rules import (
    Choices,
    EntryTooLong,
    Folded,
    TooManyEntries,
    availability_in_words,
    birthday_in_words,
    offers_in_words,
    parts_of,
    pay_in_words,
    places_from,
    skills_from,
)
from portal.community.states import CAREER_STAGE_LABELS, WORK_MODE_LABELS, CareerStage, WorkMode
from portal.company.rules import Area
from portal.contact.states import Purpose
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import MultipleBoxes, at_most, options

_MAX_TYPED = 6000
#: Fields that belong to a part of another name.
_PART_OF = {"pause_until": "pause"}


class PreferencesForm(MailChoices, ProfileFields):
    """What a person looks for, says of themselves and wants to hear; every field may stay empty."""

    career_stage = RadioField(_l("Are you looking for work?"), [Optional()])
    areas = MultipleBoxes(_l("What interests you?"))
    skills = TextAreaField(_l("What are you good at?"), [at_most(_MAX_TYPED)])
    places = TextAreaField(_l("Where would you work?"), [at_most(_MAX_TYPED)])
    work_modes = MultipleBoxes(_l("How would you like to work?"))
    consents = MultipleBoxes(_l("What may we write to you about?"))
    #: The boxes that came ticked with the page: what was moved since is what the person says.
    consents_shown = HiddenField()

    def __init__(
        self, areas: list[Area], purposes: Collection[Purpose], locale: str, *, kept: Choices, today: date, **rest: Any
    ) -> None:
        super().__init__(purposes, kept.mail, today, kept=kept, **rest)
        self.areas.choices = options(choices_of(areas))
        self.consents.choices = options(words_of(purposes))
        self.work_modes.choices = options(labelled(WORK_MODE_LABELS))
        stages = labelled(CAREER_STAGE_LABELS)
        has_stage = kept.wishes.career_stage is not None
        self.career_stage.choices = options([*stages, (NOT_SAID, _("I would rather not say"))] if has_stage else stages)
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

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that no answer is only half there."""
        is_valid: bool = super().validate(extra_validators)
        problems = self.problems_on(self.today)
        for name, problem in problems:
            # What could not be read at all is said already.
            if not self[name].errors:
                self[name].errors = [problem]
        return is_valid and not problems

    def said(self) -> dict[str, Any]:
        """What stands on the page, by part as in `rules.parts_of`, without the parts that need another look."""
        said = {
            "career_stage": CareerStage(self.career_stage.data) if self._has_stage() else None,
            "areas": tuple(self.areas.data or ()),
            "skills": tuple(self.chosen_skills),
            "places": tuple(self.chosen_places),
            "work_modes": tuple(WorkMode(value) for value in self.work_modes.data or () if value in set(WorkMode)),
            **self.said_of_profile(),
            **self.said_of_mail(),
        }
        wrong = self.wrong_parts
        return {part: value for part, value in said.items() if part not in wrong}

    def _has_stage(self) -> bool:
        return self.career_stage.data in set(CareerStage)

    @property
    def wrong_parts(self) -> set[str]:
        """The parts, as in `rules.parts_of`, of which something is wrong on the page."""
        return {_part_of(field.name) for field in self if field.errors}

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that are ticked."""
        return [Purpose(value) for value in self.consents.data or []]

    @property
    def purposes_shown(self) -> list[Purpose]:
        """The consents that were ticked when the page was made."""
        known = {str(purpose): purpose for purpose in Purpose}
        return [known[word] for word in (self.consents_shown.data or "").split() if word in known]


def kept_in_words(form: PreferencesForm, part: str, kept: Choices) -> str:
    """What is saved of one part of the page, as its reader would say it."""
    value = parts_of(kept)[part]
    if part in _IN_WORDS:
        return str(_IN_WORDS[part](value)) if value else _("nothing")
    if part == "pause":
        return pause_in_words(*value)
    if part == "quiet":
        return quiet_in_words(value)
    if part == "surveys":
        return _("yes") if value else _("no")
    if not hasattr(form[part], "iter_choices"):
        return str(value) or _("nothing")
    chosen = {str(one) for one in (value if isinstance(value, tuple) else (value or NOT_SAID,))}
    labels = [str(choice[1]) for choice in form[part].iter_choices() if choice[0] in chosen]
    return ", ".join(labels) or _("nothing")


def _labels(entries: Collection[Folded]) -> str:
    return "; ".join(entry.label for entry in entries)


_IN_WORDS: dict[str, Any] = {
    "skills": _labels,
    "places": _labels,
    "links": ", ".join,
    "availability": availability_in_words,
    "pay": pay_in_words,
    "birthday": birthday_in_words,
    "offers": offers_in_words,
}


def _part_of(field: str) -> str:
    """The part a field belongs to: `pay_currency` is of `pay`, `quiet_from` of `quiet`; a rhythm stands by itself."""
    if field in _PART_OF:
        return _PART_OF[field]
    first = field.split("_")[0]
    return first if first in {"pay", "quiet", "availability", "birthday", "offers"} else field
