"""What somebody says about themselves, in words: for their own page, their card and what they take away."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Final, NamedTuple, TypeVar

from babel import dates, numbers

from portal.community.rules.choices import Wishes
from portal.community.rules.profile import CURRENCIES, Availability, Birthday, OtherOffers, PayWish, Profile
from portal.community.states import (
    CAREER_STAGE_LABELS,
    INDUSTRY_LABELS,
    NOTICE_LABELS,
    PAY_PERIOD_LABELS,
    SENIORITY_LABELS,
    WHEN_FREE_LABELS,
    WORK_MODE_LABELS,
    WhenFree,
)
from portal.core.i18n import babel_locale, format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l

#: Every part as colleagues and people themselves read it, in this order.
LABELS: Final[dict[str, str]] = {
    "career_stage": _l("Looking for work"),
    "areas": _l("Areas"),
    "skills": _l("Skills"),
    "places": _l("Places"),
    "work_modes": _l("Ways of working"),
    "seniority": _l("Experience"),
    "industries": _l("Industries"),
    "availability": _l("Could begin"),
    "pay": _l("Hopes to earn"),
    "three_years": _l("In three years"),
    "proud_of": _l("Projects and talks"),
    "links": _l("Links"),
    "education": _l("Education"),
    "motivates": _l("What motivates them"),
    "worries": _l("What worries them"),
    "birthday": _l("Birthday"),
}
_WRITTEN: Final = ("three_years", "proud_of", "education", "motivates", "worries")
_T = TypeVar("_T")
#: Labels that are another word in a person's own eyes.
_OWN_LABELS: Final[dict[str, str]] = {
    "motivates": _l("What motivates you"),
    "worries": _l("What worries you"),
}


class Told(NamedTuple):
    """One thing that somebody told us: `words` may have several lines; of links, each line is one."""

    part: str
    label: str
    words: str
    #: None when it was said before days were noted.
    said_on: date | None

    @property
    def links(self) -> list[str]:
        """The addresses of pages in it, if it is a list of them."""
        return self.words.splitlines() if self.part == "links" else []


def told_of(
    wishes: Wishes, areas: Mapping[str, str], said_on: Mapping[str, date], *, to_themselves: bool = False
) -> list[Told]:
    """All that somebody told us, in words and in a fixed order; what they left open is left out.

    `areas` are the labels of areas by key. Other offers are none of it: see `offers_in_words`.
    """
    words = _words_of_wishes(wishes, areas) | _words_of_profile(wishes.profile)
    labels = LABELS | _OWN_LABELS if to_themselves else LABELS
    return [Told(part, str(labels[part]), words[part], said_on.get(part)) for part in LABELS if words[part]]


def availability_in_words(availability: Availability) -> str:
    """From when somebody could begin."""
    if availability.when is WhenFree.FROM_A_DAY and availability.from_on:
        return _("From %(day)s", day=format_day(availability.from_on))
    if availability.notice is not None:
        return _(
            "%(when)s: %(notice)s",
            when=str(WHEN_FREE_LABELS[availability.when]),
            notice=str(NOTICE_LABELS[availability.notice]),
        )
    return str(WHEN_FREE_LABELS[availability.when])


def pay_in_words(pay: PayWish) -> str:
    """What somebody expects, as "€60,000 a year"."""
    locale = babel_locale()
    pattern = str(locale.currency_formats["standard"].pattern).replace(".00", "")
    amount = numbers.format_currency(pay.amount, pay.currency, pattern, locale=locale, currency_digits=False)
    return _("%(amount)s %(period)s", amount=amount, period=str(PAY_PERIOD_LABELS[pay.period]))


def birthday_in_words(birthday: Birthday) -> str:
    """Day and month, as "4 March"; a leap year stands in for all years."""
    return dates.format_date(date(2000, birthday.month, birthday.day), "d MMMM", locale=babel_locale())


def offers_in_words(offers: OtherOffers) -> str:
    """What else somebody has been offered, and by when they must answer."""
    if offers.decide_by is None:
        return offers.words
    return _("%(words)s (to be answered by %(day)s)", words=offers.words, day=format_day(offers.decide_by))


def currency_choices() -> list[tuple[str, str]]:
    """The currencies that are offered, with their names as the reader calls them."""
    locale = babel_locale()
    return [
        (code, _("%(code)s, %(name)s", code=code, name=numbers.get_currency_name(code, locale=locale)))
        for code in CURRENCIES
    ]


def month_names() -> list[str]:
    """January to December in the reader's language."""
    names = dates.get_month_names("wide", "stand-alone", locale=babel_locale())
    return [str(names[number]) for number in range(1, 13)]


def _words_of_wishes(wishes: Wishes, areas: Mapping[str, str]) -> dict[str, str]:
    return {
        "career_stage": str(CAREER_STAGE_LABELS[wishes.career_stage]) if wishes.career_stage else "",
        "areas": ", ".join(areas.get(key, key) for key in wishes.areas),
        "skills": ", ".join(skill.label for skill in wishes.skills),
        "places": "; ".join(place.label for place in wishes.places),
        "work_modes": ", ".join(str(WORK_MODE_LABELS[mode]) for mode in wishes.work_modes),
    }


def _words_of_profile(profile: Profile) -> dict[str, str]:
    return {
        "seniority": str(SENIORITY_LABELS[profile.seniority]) if profile.seniority else "",
        "industries": ", ".join(str(INDUSTRY_LABELS[industry]) for industry in profile.industries),
        "availability": _if_said(availability_in_words, profile.availability),
        "pay": _if_said(pay_in_words, profile.pay),
        "birthday": _if_said(birthday_in_words, profile.birthday),
        "links": "\n".join(profile.links),
        **{part: str(getattr(profile, part)) for part in _WRITTEN},
    }


def _if_said(in_words: Callable[[_T], str], value: _T | None) -> str:
    return "" if value is None else in_words(value)
