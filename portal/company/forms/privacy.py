"""What the page about privacy and the imprint asks."""

from typing import Any

from wtforms import TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.company.forms import SubjectForm, one_line, text_of, whole_number
from portal.company.rules import MAX_TEXT_LENGTH, InvalidPlaces, clean_contact_address, places_from, places_text
from portal.company.states import SETTING_LABELS, Setting
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CleanedField, at_most


class PrivacyForm(SubjectForm):
    """What the company says about people's data, and how long it keeps them."""

    SETTINGS = (Setting.PRIVACY_CONTACT, Setting.RETENTION, Setting.PRIVACY_NOTICE, Setting.IMPRINT)
    contact_name = CleanedField(_l("Name"), [at_most(200)], clean=one_line)
    contact_email = CleanedField(_l("E-mail"), [Optional(), at_most(254)], clean=clean_contact_address, kind="email")
    community_months = whole_number(_l("Months for members"), 1, 120)
    rejected_months = whole_number(_l("Months after an ending"), 1, 120)
    places = TextAreaField(_l("Places with months of their own"), [at_most(MAX_TEXT_LENGTH)])
    privacy_notice = TextAreaField(SETTING_LABELS[Setting.PRIVACY_NOTICE], [at_most(MAX_TEXT_LENGTH)])
    imprint = TextAreaField(SETTING_LABELS[Setting.IMPRINT], [at_most(MAX_TEXT_LENGTH)])

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        contact = stored[Setting.PRIVACY_CONTACT]
        return {
            "contact_name": contact["name"],
            "contact_email": contact["email"],
            "privacy_notice": stored[Setting.PRIVACY_NOTICE],
            "imprint": stored[Setting.IMPRINT],
            **stored[Setting.RETENTION],
            "places": places_text(stored[Setting.RETENTION].get("places", ())),
        }

    def validate_places(self, field: TextAreaField) -> None:
        try:
            self._places = places_from(field.data or "")
        except InvalidPlaces as error:
            raise ValidationError(error.message) from error

    def values(self) -> dict[Setting, Any]:
        return {
            Setting.PRIVACY_CONTACT: {"name": self.contact_name.data or "", "email": self.contact_email.data or ""},
            Setting.RETENTION: {
                "community_months": self.community_months.data,
                "rejected_months": self.rejected_months.data,
                "places": self._places,
            },
            Setting.PRIVACY_NOTICE: text_of(self.privacy_notice),
            Setting.IMPRINT: text_of(self.imprint),
        }
