"""To whom the work of a colleague goes who leaves; and what is asked before a copy is fetched or somebody is erased."""

from typing import Any

from wtforms import PasswordField, SelectField, StringField
from wtforms.validators import ValidationError

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.queries import StaffRow
from portal.people.rules import normalise_address
from portal.web.forms import CleanedField, Form, at_most, options, required

_REASON_LENGTH = 200


class LeavingForm(Form):
    """Who takes over; there is no such question where nothing is looked after."""

    receiver = SelectField(_l("Who takes over"), [required(_l("Please choose who takes over."))])

    def __init__(self, receivers: list[StaffRow], *, is_needed: bool, **rest: Any) -> None:
        super().__init__(**rest)
        if not is_needed:
            del self.receiver
            return
        choices = [(row.public_id, row.name or row.email) for row in receivers]
        self.receiver.choices = options([("", _("Choose a colleague")), *choices])
        self._ids = {row.public_id: row.person_id for row in receivers}

    @property
    def receiver_id(self) -> int | None:
        """Who was chosen, if anybody had to be; the form is valid."""
        return self._ids[self.receiver.data] if self.receiver is not None else None


class ProofForm(Form):
    """That it is really them: the present password of those who have one and did not sign in just now."""

    present = PasswordField(_l("Present password"), [required(_l("Please enter your present password."))])

    def __init__(self, *, asks_password: bool, **rest: Any) -> None:
        super().__init__(**rest)
        if not asks_password:
            del self.present


class EraseForm(ProofForm):
    """The second step before somebody is erased: they type the address that is about to go."""

    address = CleanedField(
        _l("Your e-mail address, to confirm"), [required(_l("Please type your e-mail address."))], clean=str.strip
    )

    def __init__(self, own_address: str, *, asks_password: bool, **rest: Any) -> None:
        super().__init__(asks_password=asks_password, **rest)
        self._own_address = own_address

    def validate_address(self, field: StringField) -> None:
        if (field.data or "").casefold() != self._own_address.casefold():
            raise ValidationError(_("This is not %(email)s.", email=self._own_address))


class ReasonForm(Form):
    """Why an admin opens what is sealed."""

    reason = StringField(_l("Why"), [required(_l("Please say why.")), at_most(_REASON_LENGTH)])


class CopyReasonForm(Form):
    """Why an admin has a copy made for somebody; it stands on a page with the next."""

    copy_reason = StringField(_l("Why"), [required(_l("Please say why.")), at_most(_REASON_LENGTH)])


class EraseReasonForm(Form):
    """Why an admin erases somebody."""

    erase_reason = StringField(_l("Why"), [required(_l("Please say why.")), at_most(_REASON_LENGTH)])


class FindForm(Form):
    """Whose request it is, by one of their addresses."""

    email = CleanedField(
        _l("E-mail"), [required(_l("Please type an address.")), at_most(254)], clean=normalise_address, kind="email"
    )
