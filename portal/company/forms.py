"""What the settings page asks."""

from typing import Any

from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.validators import ValidationError

from portal.company.queries import areas_in
from portal.company.rules import (
    MAX_INTRODUCTION_LENGTH,
    Area,
    InvalidAreas,
    areas_from,
    clean_contact_address,
)
from portal.company.states import ACCENTS, AREAS, SETTING_LABELS, Setting
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CleanedField, Form, at_most, required


def one_line(text: str) -> str:
    """`text` without line breaks and doubled spaces."""
    return " ".join(text.split())


class SettingsForm(Form):
    """What a company changes from day to day; `version` says which settings the page showed."""

    version = HiddenField()
    introduction = TextAreaField(SETTING_LABELS[Setting.INTRODUCTION], [at_most(MAX_INTRODUCTION_LENGTH)])
    accent = RadioField(SETTING_LABELS[Setting.ACCENT], [required()])
    areas = TextAreaField(SETTING_LABELS[Setting.AREAS], [required(_l("Please keep at least one area."))])
    contact_name = CleanedField(_l("Name"), [at_most(200)], clean=one_line)
    contact_email = CleanedField(_l("E-mail"), [at_most(254)], clean=clean_contact_address, kind="email")

    def __init__(self, stored: dict[Setting, Any], **rest: Any) -> None:
        self._known = areas_in(stored[Setting.AREAS])
        contact = stored[Setting.PRIVACY_CONTACT]
        super().__init__(
            data={
                "introduction": stored[Setting.INTRODUCTION],
                "accent": stored[Setting.ACCENT],
                "areas": "\n".join(area.label for area in self._known),
                "contact_name": contact["name"],
                "contact_email": contact["email"],
                **rest,
            }
        )
        self.accent.choices = [(key, str(label)) for key, label in ACCENTS]
        self._areas: list[Area] = []

    def validate_areas(self, field: TextAreaField) -> None:
        shipped = [Area(key, str(label)) for key, label in AREAS]
        try:
            self._areas = areas_from(field.data or "", [*self._known, *shipped])
        except InvalidAreas as error:
            raise ValidationError(error.message) from error

    def values(self) -> dict[Setting, Any]:
        """What was entered, as it is stored; only after the form was found valid."""
        labels = {key: str(label) for key, label in AREAS}
        return {
            Setting.AREAS: [
                {"key": area.key, "label": "" if labels.get(area.key) == area.label else area.label}
                for area in self._areas
            ],
            Setting.ACCENT: self.accent.data,
            Setting.INTRODUCTION: (self.introduction.data or "").strip().replace("\r\n", "\n"),
            Setting.PRIVACY_CONTACT: {"name": self.contact_name.data or "", "email": self.contact_email.data or ""},
        }
