"""What is asked of people who join."""

from collections.abc import Collection
from typing import Any

from wtforms import StringField
from wtforms.validators import ValidationError

from portal.accounts.rules import clean_code
from portal.community.forms.offered import choices_of, words_of
from portal.company.rules import Area
from portal.contact.states import Purpose
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.rules import clean_name, normalise_address
from portal.web.forms import CleanedField, Form, HumanForm, MultipleBoxes, at_most, options, required


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
        self.areas.choices = options(choices_of(areas))
        self.consents.choices = options(words_of(purposes))

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
        self.consents.choices = options(words_of(purposes))

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that were ticked."""
        return [Purpose(value) for value in self.consents.data or []]
