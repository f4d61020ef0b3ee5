"""What an admin says before mail is tried again."""

from typing import Any

from wtforms import BooleanField

from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form


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
