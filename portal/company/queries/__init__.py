"""What the company has set."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from email.utils import parseaddr
from typing import Any

from sqlalchemy import bindparam, select

from portal.company.models import CompanyLogo, CompanySetting
from portal.company.rules import (
    Area,
    CompanyEndReason,
    Holiday,
    Hours,
    Look,
    WorkCalendar,
    end_reasons_in,
    holidays_between,
    look_of,
    look_of_hue,
)
from portal.company.states import ACCENT_HUES, AREAS, DEFAULTS, Setting
from portal.core.clock import monotonic
from portal.core.db import db, fetch, session
from portal.core.migrations import head, revision_of
from portal.core.settings import current_settings


@dataclass(frozen=True)
class PrivacyContact:
    """Whom to ask about one's data."""

    name: str
    email: str


@dataclass(frozen=True)
class Logo:
    """A logo as a page shows it: where its picture is, and its measures in pixels."""

    version: str
    width: int
    height: int


@dataclass(frozen=True)
class LogoFile:
    """The picture of a logo."""

    content: bytes
    media_type: str


@dataclass(frozen=True)
class ContactBudget:
    """How often a person hears from the company over all senders."""

    community_per_month: int
    #: At most one check-in in so many days.
    check_in_days: int


@dataclass(frozen=True)
class Restore:
    """The newest restore of a backup."""

    #: From when the backup is, and when it was restored.
    made_at: datetime
    at: datetime
    #: Whether community mail and surveys still wait until an admin lets them go.
    is_held: bool
    #: Letters about people's own matters that waited in the backup, and people who were erased again.
    own_count: int
    erased_count: int


@dataclass(frozen=True)
class Retention:
    """Months after which a person is erased who did not ask to be kept."""

    community_months: int
    rejected_months: int
    #: Places of openings where something else holds after an ending: {"place", "months", "sealed_years"}.
    places: tuple[Mapping[str, Any], ...] = ()


_ALL = select(CompanySetting.name, CompanySetting.value).order_by(CompanySetting.name)
_LOGO = select(CompanyLogo.content, CompanyLogo.media_type).where(CompanyLogo.version == bindparam("version"))
#: Nothing is promised, sent or asked further ahead.
_AHEAD = timedelta(days=366)
_KEPT = "company_settings"
#: Seconds for which a row of many small transactions believes what one of them has read.
_BELIEVED = 1.0


@dataclass
class _Shared:
    """The settings that several transactions use one after the other, and since when; None: not read yet."""

    settings: dict[Setting, Any] | None = None
    read_at: float = 0.0


_shared: ContextVar[_Shared | None] = ContextVar("shared_settings", default=None)


def company_settings() -> dict[Setting, Any]:
    """Every setting as stored, the defaults where nothing was changed.

    Read once for a request, a job or a transaction: a page asks for several of them.
    """
    kept = session().info
    if _KEPT not in kept:
        kept[_KEPT] = _read_or_shared()
    return dict(kept[_KEPT])


@contextmanager
def sharing_settings() -> Iterator[None]:
    """Within this block many small transactions read the settings once a second, not each of them.

    For sending mail, which is one transaction a message; what an admin changes counts a second later.
    """
    token = _shared.set(_Shared())
    try:
        yield
    finally:
        _shared.reset(token)


def _read_or_shared() -> dict[Setting, Any]:
    shared = _shared.get()
    if shared is None:
        return _read()
    if shared.settings is None or monotonic() - shared.read_at > _BELIEVED:
        shared.settings, shared.read_at = _read(), monotonic()
    return shared.settings


def _read() -> dict[Setting, Any]:
    stored = {name: value for name, value in fetch(_ALL)}
    return {name: stored.get(name, default) for name, default in DEFAULTS.items()}


def forget_settings() -> None:
    """Read the settings anew when they are asked for next: they were changed."""
    for reader in (session(), db.session()):
        reader.info.pop(_KEPT, None)
    if (shared := _shared.get()) is not None:
        shared.settings = None


def setting(name: Setting) -> Any:
    """One setting as stored, or its default."""
    return company_settings()[name]


def company_name() -> str:
    """The company's name as candidates know it."""
    return str(setting(Setting.NAME)) or current_settings().org_name


def company_zone() -> str:
    """The IANA time zone that the company's days and office hours are in."""
    return str(setting(Setting.ZONE)) or current_settings().timezone


def work_calendar(first: date, last: date) -> WorkCalendar:
    """The company's working days; holidays are known from `first` to `last` only."""
    return WorkCalendar(
        frozenset(holiday.on for holiday in days_off(first, last)), frozenset(setting(Setting.WORKING_WEEK))
    )


def calendar_from(today: date) -> WorkCalendar:
    """The company's working days for everything that is planned on `today`: holidays are known for a year ahead."""
    return work_calendar(today, today + _AHEAD)


def days_off(first: date, last: date, locale: str = "") -> list[Holiday]:
    """The holidays from `first` to `last`, by date: the country's and the company's own.

    `locale` says in which language the country's are called where there is one to choose.
    """
    stored = company_settings()
    where = stored[Setting.HOLIDAYS]
    return holidays_between(first, last, where["country"], where["region"], stored[Setting.OWN_DAYS], locale)


def quiet_hours() -> Hours:
    """When a person is not disturbed, in their own zone."""
    return _hours(setting(Setting.QUIET_HOURS))


def office_hours() -> Hours:
    """When endings and feedback go out, on working days, in the company's zone."""
    return _hours(setting(Setting.OFFICE_HOURS))


def _hours(stored: dict[str, str]) -> Hours:
    return Hours(time.fromisoformat(stored["start"]), time.fromisoformat(stored["end"]))


def contact_budget() -> ContactBudget:
    """How often one person hears from the company where they chose nothing themselves."""
    return ContactBudget(**setting(Setting.CONTACT_BUDGET))


def last_restore() -> Restore | None:
    """When a backup was restored last; None when none ever was."""
    stored = setting(Setting.RESTORED)
    if not stored["at"]:
        return None
    return Restore(
        made_at=datetime.fromisoformat(stored["made_at"]),
        at=datetime.fromisoformat(stored["at"]),
        is_held=stored["is_held"],
        own_count=stored["own_count"],
        erased_count=stored["erased_count"],
    )


def is_held_after_restore() -> bool:
    """Whether community mail and surveys wait because a backup was restored."""
    return bool(setting(Setting.RESTORED)["is_held"])


def pace() -> dict[str, int]:
    """Working days until the next word, by the status that a candidate reads (open ones only)."""
    return dict(setting(Setting.PACE))


def retention() -> Retention:
    """How long people are kept."""
    stored = setting(Setting.RETENTION)
    return Retention(stored["community_months"], stored["rejected_months"], tuple(stored.get("places", ())))


def undo_minutes() -> int:
    """For how many minutes what was decided can be undone before the candidate is told; 0 for not at all."""
    return int(setting(Setting.UNDO_MINUTES))


def areas() -> list[Area]:
    """The areas of interest that people choose from, in the company's order."""
    return areas_in(setting(Setting.AREAS))


def areas_in(stored: list[dict[str, str]]) -> list[Area]:
    """Stored areas with the labels that the reader sees."""
    shipped = {key: str(label) for key, label in AREAS}
    return [Area(area["key"], area["label"] or shipped.get(area["key"], area["key"])) for area in stored]


def end_reasons() -> list[CompanyEndReason]:
    """Why applications end, in the company's own words for itself; those that are retired, too."""
    return end_reasons_in(setting(Setting.END_REASONS))


def end_reasons_offered(ending: str) -> dict[str, str]:
    """The reasons that colleagues choose from for this ending: key and words, in their order."""
    return {one.key: one.label for one in end_reasons() if ending in one.endings and not one.is_retired}


def end_reasons_known(ending: str) -> frozenset[str]:
    """The keys that an ending of this kind can carry: what was chosen before it was retired still goes."""
    return frozenset(one.key for one in end_reasons() if ending in one.endings)


def end_reason_labels() -> dict[str, str]:
    """The words of every reason by its key, as they read today."""
    return {one.key: one.label for one in end_reasons()}


def accent() -> str:
    """The name of the company's accent colour; empty for the one of the stylesheet, and for a colour of its own."""
    chosen = str(setting(Setting.ACCENT))
    return "" if chosen == DEFAULTS[Setting.ACCENT] or chosen.startswith("#") else chosen


def own_colour() -> str:
    """The company's colour as "#rrggbb" when it is none of those that come with the program, else empty."""
    chosen = str(setting(Setting.ACCENT))
    return chosen if chosen.startswith("#") else ""


def company_look() -> Look:
    """The company's colour in every shade, for what has no stylesheet: mails."""
    colour = own_colour()
    return look_of(colour) if colour else look_of_hue(ACCENT_HUES[accent() or str(DEFAULTS[Setting.ACCENT])])


def logo() -> Logo | None:
    """The company's logo, when it has one."""
    stored = setting(Setting.LOGO)
    return Logo(**stored) if stored["version"] else None


def logo_file(version: str) -> LogoFile | None:
    """The picture itself; None when it is that of another time."""
    row = fetch(_LOGO, {"version": version}).first()
    return LogoFile(*row) if row is not None else None


def team() -> str:
    """How people work together here, in the company's own words; may be empty."""
    return str(setting(Setting.TEAM))


def privacy_notice() -> str:
    """The company's own privacy notice, as `rules.blocks_of` reads it; empty for ours."""
    return str(setting(Setting.PRIVACY_NOTICE))


def imprint() -> str:
    """Who answers for the site, as `rules.blocks_of` reads it; may be empty."""
    return str(setting(Setting.IMPRINT))


def has_changed(name: Setting) -> bool:
    """Whether somebody has changed this from its default."""
    return bool(setting(name) != DEFAULTS[name])


def introduction() -> str:
    """Who the company is, in a sentence or two of its own; may be empty."""
    return str(setting(Setting.INTRODUCTION))


def privacy_contact() -> PrivacyContact:
    """Whom to ask about one's data: who the company has named, else whoever reads the answers to our mails."""
    stored, settings = setting(Setting.PRIVACY_CONTACT), current_settings()
    return PrivacyContact(stored["name"] or company_name(), stored["email"] or parseaddr(settings.mail_from)[1])


def is_database_ready() -> bool:
    """Whether the database has the shape that this version of the program needs."""
    return revision_of(db.engine) == head()
