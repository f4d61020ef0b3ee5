"""What the settings pages ask about feedback after interviews and about the page of promises."""

import re
from typing import Any, Final

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.company.forms import SubjectForm, country_name, one_line
from portal.company.rules import MAX_PROMISE_WORDS, clean_contact_address
from portal.company.states import FEEDBACK_WAY_LABELS, SETTING_LABELS, FeedbackWay, Setting
from portal.core.i18n import babel_locale
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import CleanedField, at_most, options, required

#: Groups of countries and places that only seem to be there.
_NO_COUNTRIES: Final = frozenset({"EU", "EZ", "QO", "UN", "XA", "XB", "ZZ"})
_AS_ELSEWHERE: Final = ""


class FeedbackForm(SubjectForm):
    """How feedback after interviews is given, and in which countries otherwise.

    Made by `feedback_form`, with a field for each country that has a way of its own.
    """

    SETTINGS = (Setting.FEEDBACK,)
    way = RadioField(_l("How you give it"), [required()])
    # No `Optional`, which would keep the empty one of the two from being asked for.
    new_country = SelectField(_l("One more country"))
    new_way = SelectField(_l("How you give it there"))

    def __init__(self, stored: dict[Setting, Any]) -> None:
        super().__init__(stored)
        ways = [(str(one), str(FEEDBACK_WAY_LABELS[one])) for one in FeedbackWay]
        self.way.choices = options(ways)
        for _code, chosen in self.rows:
            chosen.choices = options([*ways, (_AS_ELSEWHERE, _("As elsewhere"))])
        self.new_country.choices = options([("", _("No country")), *_countries(self._known)])
        self.new_way.choices = options([("", _("Not said yet")), *ways])

    @property
    def rows(self) -> list[tuple[str, SelectField]]:
        """The countries with a way of their own, by name, each with its field."""
        return [(code, self[f"way_{code}"]) for code in sorted(self._known, key=country_name)]

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        feedback = stored[Setting.FEEDBACK]
        self._known = list(feedback["countries"])
        return {"way": feedback["way"], **{f"way_{code}": way for code, way in feedback["countries"].items()}}

    def validate_new_way(self, field: SelectField) -> None:
        if self.new_country.data and not field.data:
            raise ValidationError(_("Please say how you give it there."))

    def validate_new_country(self, field: SelectField) -> None:
        if self.new_way.data and not field.data:
            raise ValidationError(_("Please choose the country in which you give it so."))

    def values(self) -> dict[Setting, Any]:
        ways = {code: chosen.data for code, chosen in self.rows if chosen.data != _AS_ELSEWHERE}
        if self.new_country.data:
            ways[self.new_country.data] = self.new_way.data
        return {Setting.FEEDBACK: {"way": self.way.data, "countries": dict(sorted(ways.items()))}}


def feedback_form(stored: dict[Setting, Any]) -> FeedbackForm:
    """The form with a field for each country that has a way of its own."""
    fields = {
        f"way_{code}": SelectField(country_name(code), [Optional()]) for code in stored[Setting.FEEDBACK]["countries"]
    }
    made: type[FeedbackForm] = type("FeedbackForm", (FeedbackForm,), fields)
    return made(stored)


class PromisesForm(SubjectForm):
    """What the company adds to the page of promises."""

    SETTINGS = (Setting.PROMISE_WORDS, Setting.PROMISE_CONTACT)
    words = TextAreaField(SETTING_LABELS[Setting.PROMISE_WORDS], [at_most(MAX_PROMISE_WORDS)])
    contact_name = CleanedField(_l("Name"), [at_most(200)], clean=one_line)
    contact_email = CleanedField(_l("E-mail"), [Optional(), at_most(254)], clean=clean_contact_address, kind="email")

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        contact = stored[Setting.PROMISE_CONTACT]
        return {
            "words": stored[Setting.PROMISE_WORDS],
            "contact_name": contact["name"],
            "contact_email": contact["email"],
        }

    def validate_contact_name(self, field: CleanedField) -> None:
        if field.data and not (self.contact_email.data or "").strip():
            raise ValidationError(_("Please say below where people can write to %(name)s.", name=field.data))

    def values(self) -> dict[Setting, Any]:
        return {
            Setting.PROMISE_WORDS: (self.words.data or "").strip().replace("\r\n", "\n"),
            Setting.PROMISE_CONTACT: {
                "name": self.contact_name.data or "",
                "email": self.contact_email.data or "",
            },
        }


def _countries(known: list[str]) -> list[tuple[str, str]]:
    """Every country by its name in the reader's language, without those that have a way of their own already."""
    codes = (str(code) for code in babel_locale().territories if re.fullmatch("[A-Z]{2}", str(code)))
    left = (code for code in codes if code not in _NO_COUNTRIES and code not in known)
    return sorted(((code, country_name(code)) for code in left), key=lambda one: one[1].casefold())
