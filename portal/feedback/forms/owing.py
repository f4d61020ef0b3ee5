"""What is asked to narrow the list of what is owed, to hold feedback back, and to log a call."""

from collections.abc import Sequence
from datetime import date
from typing import Final

from flask import request
from wtforms import DateField, RadioField, SelectField, TextAreaField
from wtforms.validators import Optional

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.feedback.actions import FeedbackCall, Hold
from portal.feedback.queries import Shows, Whose
from portal.feedback.rules.owing import CALL_LENGTH, INSTEAD_LABELS, REASON_LENGTH, WORDS_LENGTH, CallInstead
from portal.people.queries import StaffRow
from portal.web.forms import Form, at_most, options, required

_SHOWS: Final = {
    Shows.OPEN: _l("Owed"),
    Shows.HELD: _l("Held back"),
    Shows.GIVEN: _l("Given lately"),
}


class OwedFilterForm(Form):
    """How the list of what is owed is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    whose = SelectField(_l("Whose"))
    show = SelectField(_l("State"))

    def __init__(self, usual: Whose) -> None:
        super().__init__(formdata=request.args)
        self.whose.choices = options([(str(Whose.MINE), _("Mine")), (str(Whose.ALL), _("All that I may see"))])
        self.show.choices = options([(str(one), str(label)) for one, label in _SHOWS.items()])
        if self.whose.data not in set(Whose):
            self.whose.data = str(usual)
        if self.show.data not in set(Shows):
            self.show.data = str(Shows.OPEN)

    @property
    def is_whose(self) -> Whose:
        """Whose debts to show."""
        return Whose(self.whose.data)

    @property
    def shows(self) -> Shows:
        """Which of them."""
        return Shows(self.show.data)


class HoldForm(Form):
    """Why feedback is held back, in two kinds of words, and whom the candidate can ask."""

    words = TextAreaField(
        _l("What they read"),
        [required(_l("Please say why in words for the candidate. They read this and no more.")), at_most(WORDS_LENGTH)],
    )
    ask = SelectField(_l("Whom they can ask"), [required(_l("Please choose whom they can ask about it."))])
    reason = TextAreaField(
        _l("Why, for us"),
        [
            required(_l("Please say why, for your colleagues and for whoever looks into it later.")),
            at_most(REASON_LENGTH),
        ],
    )

    def __init__(self, colleagues: Sequence[StaffRow], usual: str) -> None:
        super().__init__(data={"ask": usual})
        self.ask.choices = options([(row.public_id, row.name) for row in colleagues])

    @property
    def hold(self) -> Hold:
        """What was filled in."""
        return Hold(self.reason.data or "", self.words.data or "", self.ask.data or "")


class FeedbackCallForm(Form):
    """When they spoke, and of what; where it was promised in writing, why they spoke."""

    instead = RadioField(
        _l("Why not in writing"), [required(_l("We promised it in writing. Please say why it was a call."))]
    )
    called_on = DateField(_l("On which day"), [Optional()])
    words = TextAreaField(
        _l("What you told them, in a sentence"),
        [required(_l("Please say in a sentence what you told them; they read it, too.")), at_most(CALL_LENGTH)],
    )

    def __init__(self, today: date, *, is_by_telephone: bool) -> None:
        super().__init__(data={"called_on": today})
        if is_by_telephone:
            del self.instead
        else:
            self.instead.choices = options((str(one), str(INSTEAD_LABELS[one])) for one in CallInstead)

    @property
    def call(self) -> FeedbackCall:
        """What was filled in."""
        why = self.instead.data if "instead" in self else None
        return FeedbackCall(self.called_on.data, self.words.data or "", CallInstead(why) if why else None)
