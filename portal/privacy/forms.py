"""To whom the work of a colleague goes who leaves."""

from typing import Any

from wtforms import SelectField

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.queries import StaffRow
from portal.web.forms import Form, options, required


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
