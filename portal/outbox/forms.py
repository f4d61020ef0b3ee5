"""What somebody says before mail is tried again, or about mail that came in."""

from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, RadioField, SelectField, StringField

from portal.core.i18n import lazy_gettext as _l
from portal.outbox.rules.incoming import LIFT_WORDS
from portal.web.forms import Form, at_most, options, required

_ADDRESS_LENGTH = 254


class RetryForm(Form):
    """One dead letter again; `lift` is only there when mail to its address is not allowed any more."""

    lift = BooleanField(_l("Let mail go to this address again. I know that it came back."))

    def __init__(self, *, is_suppressed: bool, **rest: Any) -> None:
        super().__init__(**rest)
        if not is_suppressed:
            del self.lift


class RetryAllForm(Form):
    """All dead letters of one reason again."""

    lift = BooleanField(_l("Also where mail to the address came back: let mail go there again."))


class LiftForm(Form):
    """Why mail may go to an address again from which it came back."""

    address = SelectField(_l("Address"))
    reason = RadioField(_l("How do you know that it works?"), [required(_l("Please say how you know."))])

    def __init__(self, suppressed: Sequence[str]) -> None:
        super().__init__()
        self.address.choices = options([(one, one) for one in suppressed])
        self.reason.choices = options([(str(why), str(words)) for why, words in LIFT_WORDS.items()])


class GiveForm(Form):
    """Whose a mail is that nobody could place."""

    address = StringField(
        _l("Their address, as we know it"),
        [required(_l("Please type the address of who wrote it.")), at_most(_ADDRESS_LENGTH)],
    )

    def __init__(self, address: str = "") -> None:
        """`address`: of whom it came from, if we know them."""
        super().__init__(data={"address": address})
