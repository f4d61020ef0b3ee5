"""Working days: the working week, the holidays of a country or region, and days that a company adds itself."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time, timedelta
from functools import cache, lru_cache
from typing import Final

import holidays

MONDAY_TO_FRIDAY: Final = frozenset(range(5))


@dataclass(frozen=True)
class WorkCalendar:
    """Which days somebody is at work; without anything, Mondays to Fridays."""

    holidays: frozenset[date] = frozenset()
    #: Days of the week as `date.weekday()` counts them, Monday is 0.
    weekdays: frozenset[int] = MONDAY_TO_FRIDAY

    def __post_init__(self) -> None:
        if not self.weekdays & frozenset(range(7)):
            raise ValueError("a working week needs a day")

    def is_working_day(self, day: date) -> bool:
        """Whether somebody is at work on `day`."""
        return day.weekday() in self.weekdays and day not in self.holidays


#: Mondays to Fridays, whatever the country.
NO_HOLIDAYS: Final = WorkCalendar()


@dataclass(frozen=True)
class Hours:
    """From `start` to before `end`, in somebody's local time; over midnight when `end` is not later than `start`."""

    start: time
    end: time

    def covers(self, moment: time) -> bool:
        """Whether `moment` lies in these hours; when start and end are one time, none does."""
        if self.start <= self.end:
            return self.start <= moment < self.end
        return moment >= self.start or moment < self.end


@dataclass(frozen=True)
class Holiday:
    """A day off and what it is called; `is_own` when the company itself named it."""

    on: date
    name: str
    is_own: bool


def working_days_after(day: date, count: int, calendar: WorkCalendar = NO_HOLIDAYS) -> list[date]:
    """The next `count` working days after `day`, in order."""
    days: list[date] = []
    while len(days) < count:
        day += timedelta(days=1)
        if calendar.is_working_day(day):
            days.append(day)
    return days


def holidays_between(
    first: date, last: date, country: str, region: str, own: Sequence[Mapping[str, str]], locale: str = ""
) -> list[Holiday]:
    """The days off from `first` to `last`, by date; the company's own name for a day outranks the country's.

    `country` is ISO 3166-1 and `region` a key of `regions_of`, either may be empty. Each of `own` has a name, and
    `on`: a date in ISO form, or month and day ("12-24") for one in every year. Source of the days of countries: the
    package `holidays`, public holidays with the days observed instead, named in `locale` where it can.
    """
    years = tuple(range(first.year, last.year + 1))
    found: dict[date, Holiday] = {}
    if country:
        for on, name in _public_holidays(country, region, years, locale).items():
            found[on] = Holiday(on, name, False)
    for entry in own:
        for on in _days_of(entry["on"], years):
            found[on] = Holiday(on, entry["name"], True)
    return [found[on] for on in sorted(found) if first <= on <= last]


@cache
def countries() -> tuple[str, ...]:
    """ISO 3166-1 codes of the countries whose holidays are known."""
    return tuple(code for code in sorted(holidays.list_supported_countries(include_aliases=False)) if len(code) == 2)


@cache
def regions_of(country: str) -> dict[str, str]:
    """The parts of `country` with holidays of their own: the key of each with its name; none for most countries."""
    if country not in countries():
        return {}
    known = holidays.country_holidays(country)
    names = {key: name for name, key in getattr(known, "subdivisions_aliases", {}).items()}
    return {key: names.get(key, key) for key in sorted(known.subdivisions, key=lambda key: str(names.get(key, key)))}


@lru_cache(64)
def _public_holidays(country: str, region: str, years: tuple[int, ...], locale: str) -> dict[date, str]:
    known = holidays.country_holidays(country)
    spoken = [language for language in known.supported_languages if language.split("_")[0] == locale.split("_")[0]]
    language = spoken[0] if locale and spoken else None
    return dict(holidays.country_holidays(country, subdiv=region or None, years=years, language=language))


def _days_of(on: str, years: Iterable[int]) -> list[date]:
    if len(on) > len("12-24"):
        return [date.fromisoformat(on)]
    month, day = (int(part) for part in on.split("-"))
    # 29 February is a day off only in the years that have one.
    return [date(year, month, day) for year in years if (month, day) != (2, 29) or _is_leap(year)]


def _is_leap(year: int) -> bool:
    return year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
