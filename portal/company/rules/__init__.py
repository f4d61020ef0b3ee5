"""What the company decides, as pure rules: working days, looks, texts, areas of interest, saving at the same time."""

from portal.company.rules.areas import MAX_AREA_LENGTH, MAX_AREAS, Area, InvalidAreas, areas_from
from portal.company.rules.calendar import (
    MONDAY_TO_FRIDAY,
    NO_HOLIDAYS,
    Holiday,
    Hours,
    WorkCalendar,
    countries,
    holidays_between,
    regions_of,
    working_days_after,
)
from portal.company.rules.colours import (
    InvalidColour,
    Look,
    Shades,
    clean_colour,
    contrast,
    look_of,
    look_of_hue,
    stylesheet_of,
)
from portal.company.rules.end_reasons import (
    MAX_END_REASON_LENGTH,
    CompanyEndReason,
    InvalidEndReason,
    end_reasons_in,
    reworded,
    stored_end_reasons,
    with_new,
)
from portal.company.rules.keeping import InvalidPlaces, places_from, places_text
from portal.company.rules.own_days import InvalidDays, own_days_from, own_days_text
from portal.company.rules.pictures import MAX_LOGO_SIZE, InvalidLogo, check_logo_shape
from portal.company.rules.saving import InvalidContact, SettingsChanged, clean_contact_address, version_of
from portal.company.rules.texts import Block, BlockKind, blocks_of

MAX_INTRODUCTION_LENGTH = 300
MAX_TEXT_LENGTH = 30_000
MAX_PROMISE_WORDS = 5_000

__all__ = [
    "MAX_AREAS",
    "MAX_AREA_LENGTH",
    "MAX_END_REASON_LENGTH",
    "MAX_INTRODUCTION_LENGTH",
    "MAX_LOGO_SIZE",
    "MAX_PROMISE_WORDS",
    "MAX_TEXT_LENGTH",
    "MONDAY_TO_FRIDAY",
    "NO_HOLIDAYS",
    "Area",
    "Block",
    "BlockKind",
    "CompanyEndReason",
    "Holiday",
    "Hours",
    "InvalidAreas",
    "InvalidColour",
    "InvalidContact",
    "InvalidDays",
    "InvalidEndReason",
    "InvalidLogo",
    "InvalidPlaces",
    "Look",
    "SettingsChanged",
    "Shades",
    "WorkCalendar",
    "areas_from",
    "blocks_of",
    "check_logo_shape",
    "clean_colour",
    "clean_contact_address",
    "contrast",
    "countries",
    "end_reasons_in",
    "holidays_between",
    "look_of",
    "look_of_hue",
    "own_days_from",
    "own_days_text",
    "places_from",
    "places_text",
    "regions_of",
    "reworded",
    "stored_end_reasons",
    "stylesheet_of",
    "version_of",
    "with_new",
    "working_days_after",
]
