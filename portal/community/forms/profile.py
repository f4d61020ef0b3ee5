"""What people say about themselves besides their lists; every field may stay empty."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any, TypeVar

from wtforms import BooleanField, DateField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.community.forms.offered import NOT_SAID, labelled
from portal.community.rules import (
    LINK_LENGTH,
    MAX_LINKS,
    WORDS_LENGTH,
    Availability,
    Birthday,
    Choices,
    NoSuchDay,
    NotALink,
    NotAnAmount,
    OtherOffers,
    PayWish,
    Profile,
    TooManyLinks,
    amount_from,
    birthday_from,
    currency_choices,
    links_from,
    month_names,
    words_from,
)
from portal.community.states import (
    INDUSTRY_LABELS,
    NOTICE_LABELS,
    PAY_PERIOD_LABELS,
    SENIORITY_LABELS,
    WHEN_FREE_LABELS,
    Industry,
    Notice,
    PayPeriod,
    Seniority,
    WhenFree,
)
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, MultipleBoxes, at_most, options

_LONGEST_WAIT = timedelta(days=730)
_SEPARATORS_LENGTH = 30


class ProfileFields(Form):
    """Experience, beginning, pay, plans, what one is glad to be asked about, and other offers."""

    seniority = SelectField(_l("How much experience do you bring?"), [Optional()], default=NOT_SAID)
    industries = MultipleBoxes(_l("Which industries do you know from the inside?"))
    availability = RadioField(_l("From when could you begin?"), [Optional()], default=NOT_SAID)
    availability_from = DateField(_l("First day you could work"), [Optional()])
    availability_notice = SelectField(_l("Your notice period"), [Optional()], default=NOT_SAID)
    pay = StringField(_l("What do you hope to earn?"), [at_most(_SEPARATORS_LENGTH)])
    pay_currency = SelectField(_l("Currency"), [Optional()], default=NOT_SAID)
    pay_period = SelectField(_l("For"), [Optional()], default=str(PayPeriod.YEAR))
    three_years = TextAreaField(_l("Where do you want to be in three years?"), [at_most(WORDS_LENGTH)])
    proud_of = TextAreaField(_l("Which projects or talks are you glad to be asked about?"), [at_most(WORDS_LENGTH)])
    links = TextAreaField(_l("Links to them"), [at_most(MAX_LINKS * (LINK_LENGTH + 2))])
    education = TextAreaField(_l("What have you learned, and where?"), [at_most(WORDS_LENGTH)])
    motivates = TextAreaField(_l("What motivates you?"), [at_most(WORDS_LENGTH)])
    worries = TextAreaField(_l("What worries you about a change?"), [at_most(WORDS_LENGTH)])
    birthday = BooleanField(_l("I would like a note on my birthday."))
    birthday_day = SelectField(_l("Day"), [Optional()], default=NOT_SAID)
    birthday_month = SelectField(_l("Month"), [Optional()], default=NOT_SAID)
    offers = TextAreaField(_l("Have you been offered something else?"), [at_most(WORDS_LENGTH)])
    offers_by = DateField(_l("You must answer it by"), [Optional()])

    def __init__(self, kept: Choices, **rest: Any) -> None:
        super().__init__(**rest)
        self.kept = kept
        self.amount = 0
        self.chosen_links: tuple[str, ...] = ()
        self.chosen_birthday: Birthday | None = None
        for field, choices in _offered().items():
            self[field].choices = options(choices)

    def validate_pay(self, field: StringField) -> None:
        if not (field.data or "").strip():
            return
        try:
            self.amount = amount_from(field.data or "")
        except NotAnAmount as error:
            raise ValidationError(error.message) from error

    def validate_links(self, field: TextAreaField) -> None:
        try:
            self.chosen_links = links_from(field.data or "")
        except (NotALink, TooManyLinks) as error:
            raise ValidationError(error.message) from error

    def problems_on(self, today: date) -> list[tuple[str, str]]:
        """Answers that are only half there, or of a day that cannot be meant: (field, what to say beside it)."""
        found = [
            ("availability_from", self._wrong_first_day(today)),
            ("availability_notice", self._wrong_notice()),
            ("pay_currency", _("Please choose a currency as well.") if self._lacks_currency() else ""),
            ("birthday_day", self._wrong_birthday()),
            ("offers_by", self._wrong_deadline(today)),
        ]
        return [(field, words) for field, words in found if words]

    def _wrong_first_day(self, today: date) -> str:
        day, before = self.availability_from.data, self.kept.wishes.profile.availability
        is_kept = before is not None and day == before.from_on
        if self.availability.data != WhenFree.FROM_A_DAY:
            is_new = day is not None and not is_kept
            return _("Choose “From a day on” as well, or empty this field.") if is_new else ""
        if day is None:
            return _("Please say from which day on.")
        is_near = today <= day <= today + _LONGEST_WAIT
        return "" if is_kept or is_near else _("Please choose a day from today on, within the next two years.")

    def _wrong_notice(self) -> str:
        notice, before = self.availability_notice.data, self.kept.wishes.profile.availability
        if self.availability.data != WhenFree.AFTER_NOTICE:
            is_new = notice and not (before and notice == str(before.notice or NOT_SAID))
            return _("Choose “After my notice period” as well, or empty this field.") if is_new else ""
        return ""

    def _lacks_currency(self) -> bool:
        return bool((self.pay.data or "").strip()) and not self.pay_currency.data

    def _wrong_birthday(self) -> str:
        day, month = self.birthday_day.data, self.birthday_month.data
        if not self.birthday.data:
            is_new = (day or month) and (day, month) != _day_and_month(self.kept.wishes.profile.birthday)
            return _("Tick that you would like a note as well, or empty both fields.") if is_new else ""
        if not day or not month:
            return _("Please choose the day and the month.")
        if self.birthday_day.errors or self.birthday_month.errors:
            return ""
        try:
            self.chosen_birthday = birthday_from(int(day), int(month))
        except NoSuchDay as error:
            return error.message
        return ""

    def _wrong_deadline(self, today: date) -> str:
        day, before = self.offers_by.data, self.kept.offers
        if day is None:
            return ""
        if not words_from(self.offers.data or ""):
            is_new = before is None or day != before.decide_by
            return _("Please say in a word what it is, or empty this field.") if is_new else ""
        is_kept = before is not None and day == before.decide_by
        is_near = today <= day <= today + _LONGEST_WAIT
        return "" if is_kept or is_near else _("Please choose a day from today on, within the next two years.")

    def said_of_profile(self) -> dict[str, Any]:
        """What stands here, by part as in `rules.parts_of`; of a part with an error, nothing that may be kept."""
        words = {name: words_from(self[name].data or "") for name in _WRITTEN}
        return {
            "seniority": _one_of(Seniority, self.seniority.data),
            "industries": tuple(Industry(key) for key in self.industries.data or () if key in set(Industry)),
            "availability": self._said_availability(),
            "pay": self._said_pay(),
            **words,
            "links": self.chosen_links,
            "birthday": self.chosen_birthday if self.birthday.data else None,
            "offers": self._said_offers(),
        }

    def _said_availability(self) -> Availability | None:
        when = _one_of(WhenFree, self.availability.data)
        if when is None:
            return None
        return Availability(
            when,
            self.availability_from.data if when is WhenFree.FROM_A_DAY else None,
            _one_of(Notice, self.availability_notice.data) if when is WhenFree.AFTER_NOTICE else None,
        )

    def _said_pay(self) -> PayWish | None:
        period = _one_of(PayPeriod, self.pay_period.data)
        return PayWish(self.amount, self.pay_currency.data, period) if self.amount and period else None

    def _said_offers(self) -> OtherOffers | None:
        words = words_from(self.offers.data or "")
        return OtherOffers(words, self.offers_by.data) if words else None


def profile_fields_of(profile: Profile, offers: OtherOffers | None) -> dict[str, Any]:
    """What is kept, as the form has it."""
    free, pay, birthday = profile.availability, profile.pay, profile.birthday
    return {
        "seniority": str(profile.seniority or NOT_SAID),
        "industries": [str(industry) for industry in profile.industries],
        "availability": str(free.when) if free else NOT_SAID,
        "availability_from": free.from_on if free else None,
        "availability_notice": str(free.notice or NOT_SAID) if free else NOT_SAID,
        "pay": f"{pay.amount}" if pay else "",
        "pay_currency": pay.currency if pay else NOT_SAID,
        "pay_period": str(pay.period if pay else PayPeriod.YEAR),
        **{name: getattr(profile, name) for name in _WRITTEN},
        "links": "\n".join(profile.links),
        "birthday": birthday is not None,
        "birthday_day": _day_and_month(birthday)[0],
        "birthday_month": _day_and_month(birthday)[1],
        "offers": offers.words if offers else "",
        "offers_by": offers.decide_by if offers else None,
    }


_WRITTEN = ("three_years", "proud_of", "education", "motivates", "worries")
_Word = TypeVar("_Word", bound=StrEnum)


def _offered() -> dict[str, list[tuple[str, str]]]:
    open_question = (NOT_SAID, _("I would rather not say"))
    return {
        "seniority": [open_question, *labelled(SENIORITY_LABELS)],
        "industries": labelled(INDUSTRY_LABELS),
        "availability": [*labelled(WHEN_FREE_LABELS), open_question],
        "availability_notice": [(NOT_SAID, _("Not said")), *labelled(NOTICE_LABELS)],
        "pay_currency": [(NOT_SAID, _("Choose")), *currency_choices()],
        "pay_period": labelled(PAY_PERIOD_LABELS),
        "birthday_day": [(NOT_SAID, _("Day")), *((str(day), str(day)) for day in range(1, 32))],
        "birthday_month": [
            (NOT_SAID, _("Month")),
            *((str(number), name) for number, name in enumerate(month_names(), start=1)),
        ],
    }


def _one_of(words: type[_Word], value: str | None) -> _Word | None:
    return words(value) if value in set(words) else None


def _day_and_month(birthday: Birthday | None) -> tuple[str, str]:
    return (str(birthday.day), str(birthday.month)) if birthday else (NOT_SAID, NOT_SAID)
