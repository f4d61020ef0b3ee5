"""The settings a company changes from day to day, and what each is before anybody changes it."""

from enum import StrEnum
from typing import Any, Final

from portal.core.i18n import lazy_gettext as _l


class Setting(StrEnum):
    """Everything that stands on the settings pages, and what was found out about the sender's domain."""

    ACCENT = "accent"
    INTRODUCTION = "introduction"
    AREAS = "areas"
    END_REASONS = "end_reasons"
    PRIVACY_CONTACT = "privacy_contact"
    NAME = "name"
    TEAM = "team"
    ZONE = "zone"
    HOLIDAYS = "holidays"
    OWN_DAYS = "own_days"
    WORKING_WEEK = "working_week"
    OFFICE_HOURS = "office_hours"
    QUIET_HOURS = "quiet_hours"
    CONTACT_BUDGET = "contact_budget"
    PACE = "pace"
    UNDO_MINUTES = "undo_minutes"
    RETENTION = "retention"
    PRIVACY_NOTICE = "privacy_notice"
    IMPRINT = "imprint"
    LOGO = "logo"
    SENDER_CHECK = "sender_check"
    FEEDBACK = "feedback"
    PROMISE_WORDS = "promise_words"
    PROMISE_CONTACT = "promise_contact"
    RESTORED = "restored"


class FeedbackWay(StrEnum):
    """How feedback after interviews is given, as the company decides for a country or an opening."""

    WRITTEN = "written"
    TELEPHONE = "telephone"
    NONE = "none"


FEEDBACK_WAY_LABELS: Final[dict[FeedbackWay, str]] = {
    FeedbackWay.WRITTEN: _l("In writing"),
    FeedbackWay.TELEPHONE: _l("By telephone"),
    FeedbackWay.NONE: _l("We give none"),
}


SETTING_LABELS: Final[dict[Setting, str]] = {
    Setting.ACCENT: _l("Colour"),
    Setting.INTRODUCTION: _l("Introduction"),
    Setting.AREAS: _l("Areas of interest"),
    Setting.END_REASONS: _l("Why applications end"),
    Setting.PRIVACY_CONTACT: _l("Whom people ask about their data"),
    Setting.NAME: _l("Name of the company"),
    Setting.TEAM: _l("How you work together"),
    Setting.ZONE: _l("Time zone"),
    Setting.HOLIDAYS: _l("Public holidays"),
    Setting.OWN_DAYS: _l("Days off of your own"),
    Setting.WORKING_WEEK: _l("Working week"),
    Setting.OFFICE_HOURS: _l("Office hours"),
    Setting.QUIET_HOURS: _l("Quiet hours"),
    Setting.CONTACT_BUDGET: _l("How often people hear from you"),
    Setting.PACE: _l("Pace"),
    Setting.UNDO_MINUTES: _l("Time to undo"),
    Setting.RETENTION: _l("How long data is kept"),
    Setting.PRIVACY_NOTICE: _l("Privacy notice"),
    Setting.IMPRINT: _l("Imprint"),
    Setting.LOGO: _l("Logo"),
    Setting.SENDER_CHECK: _l("Records of the sender's domain"),
    Setting.RESTORED: _l("The last restore"),
    Setting.FEEDBACK: _l("Feedback after interviews"),
    Setting.PROMISE_WORDS: _l("Words of your own"),
    Setting.PROMISE_CONTACT: _l("Whom people tell when you break a promise"),
}

#: The colour of buttons, links and marks; the stylesheet knows each by its key, and the first without being told.
ACCENTS: Final[tuple[tuple[str, str], ...]] = (
    ("teal", _l("Teal")),
    ("green", _l("Green")),
    ("blue", _l("Blue")),
    ("violet", _l("Violet")),
    ("plum", _l("Plum")),
    ("rose", _l("Rose")),
    ("clay", _l("Clay")),
    ("ochre", _l("Ochre")),
)

#: Their hues, in degrees of OKLCH, as in the stylesheet.
ACCENT_HUES: Final[dict[str, float]] = {
    "teal": 178,
    "green": 150,
    "blue": 245,
    "violet": 290,
    "plum": 330,
    "rose": 8,
    "clay": 42,
    "ochre": 85,
}

#: Areas of interest a new company starts with, in the order they are shown: key and label.
AREAS: Final[tuple[tuple[str, str], ...]] = (
    ("engineering", _l("Engineering")),
    ("data", _l("Data")),
    ("it_security", _l("IT and security")),
    ("product", _l("Product")),
    ("design", _l("Design")),
    ("research", _l("Research and science")),
    ("marketing", _l("Marketing")),
    ("communications", _l("Communications")),
    ("sales", _l("Sales")),
    ("customer_support", _l("Customer support")),
    ("operations", _l("Operations")),
    ("logistics", _l("Logistics and purchasing")),
    ("production", _l("Production and trades")),
    ("finance", _l("Finance")),
    ("legal", _l("Legal")),
    ("people", _l("People")),
    ("administration", _l("Administration")),
    ("health_care", _l("Health and care")),
    ("teaching", _l("Teaching and training")),
    ("hospitality", _l("Hospitality and retail")),
)

#: The endings as candidates read them, in the order in which an ending is chosen.
ENDING_LABELS: Final[dict[str, str]] = {
    "not_selected": _l("Not selected"),
    "hired": _l("Hired"),
    "offer_declined": _l("Offer declined"),
    "withdrawn": _l("Withdrawn"),
    "opening_cancelled": _l("Opening cancelled"),
}

#: The reason that always stays, for every ending: whoever chooses it says in a few words what it was.
SOMETHING_ELSE: Final = "other"
#: Why applications end, for the company itself, as a new one begins: key, words, and the endings it is offered for.
SHIPPED_END_REASONS: Final[tuple[tuple[str, str, tuple[str, ...]], ...]] = (
    ("stronger_candidate", _l("Somebody else fits better"), ("not_selected",)),
    ("missing_skill", _l("A skill is missing that the work needs"), ("not_selected",)),
    ("missing_experience", _l("Experience is missing that the work needs"), ("not_selected",)),
    ("best_fit", _l("The best fit"), ("hired",)),
    ("other_offer", _l("They took another offer"), ("offer_declined", "withdrawn")),
    ("expectations", _l("Pay, hours or place do not fit"), ("not_selected", "offer_declined", "withdrawn")),
    ("not_reached", _l("They did not answer any more"), ("not_selected",)),
    ("their_plans", _l("Their plans have changed"), ("offer_declined", "withdrawn")),
    ("no_need", _l("The work is not needed any more"), ("opening_cancelled",)),
    ("no_budget", _l("There is no money for it"), ("opening_cancelled",)),
    ("filled_otherwise", _l("It was filled in another way"), ("opening_cancelled",)),
    (SOMETHING_ELSE, _l("Something else"), tuple(ENDING_LABELS)),
)

#: What each setting is before anybody changes it. An area without a label of its own has the one in `AREAS`, which is
#: translated when shown.
DEFAULTS: Final[dict[Setting, Any]] = {
    Setting.ACCENT: "teal",
    Setting.INTRODUCTION: "",
    Setting.AREAS: [{"key": key, "label": ""} for key, _label in AREAS],
    # As areas: one without words of its own has those in `SHIPPED_END_REASONS`. None is ever taken away, only retired.
    Setting.END_REASONS: [
        {"key": key, "label": "", "endings": list(endings), "is_retired": False}
        for key, _label, endings in SHIPPED_END_REASONS
    ],
    Setting.PRIVACY_CONTACT: {"name": "", "email": ""},
    # Empty: what the environment says (PORTAL_ORG_NAME, PORTAL_TIMEZONE).
    Setting.NAME: "",
    Setting.TEAM: "",
    Setting.ZONE: "",
    # ISO 3166-1, and a part of the country as the package `holidays` calls it; empty: no public holidays are known.
    Setting.HOLIDAYS: {"country": "", "region": ""},
    # Each {"on": "2026-12-24" or "12-24" for every year, "name": ...}.
    Setting.OWN_DAYS: [],
    # As `date.weekday()` counts.
    Setting.WORKING_WEEK: [0, 1, 2, 3, 4],
    # Local time, HH:MM.
    Setting.OFFICE_HOURS: {"start": "09:00", "end": "17:00"},
    Setting.QUIET_HOURS: {"start": "21:00", "end": "08:00"},
    Setting.CONTACT_BUDGET: {"community_per_month": 2, "check_in_days": 90},
    # Working days until the next word, by the status that a candidate reads.
    Setting.PACE: {"received": 15, "in_review": 5, "interviewing": 3, "decision_pending": 3, "offer_made": 3},
    Setting.UNDO_MINUTES: 15,
    # In months from the last sign of life of a member, and from the ending of who was rejected and is no member.
    Setting.RETENTION: {"community_months": 24, "rejected_months": 6, "places": []},
    # Markdown; empty: the notice that comes with the program, and no imprint.
    Setting.PRIVACY_NOTICE: "",
    Setting.IMPRINT: "",
    # Of the picture in `company_logo`: its version, and its measures in pixels; without a version there is none.
    Setting.LOGO: {"version": "", "width": 0, "height": 0},
    # When the records of which domain were last looked for, and what came of it; `setup` writes and reads it.
    Setting.SENDER_CHECK: {"domain": "", "selector": "", "checked_on": "", "found": {}},
    # A `FeedbackWay`, and others by country (ISO 3166-1, two letters).
    Setting.FEEDBACK: {"way": "written", "countries": {}},
    # What stands at the head of the page of promises; empty: nothing of the company's own.
    Setting.PROMISE_WORDS: "",
    # Empty: whom people ask about their data.
    Setting.PROMISE_CONTACT: {"name": "", "email": ""},
    # Of the newest restore: from when its backup is, when it was, whether mail still waits for an admin, how many
    # letters about people's own matters waited in the backup, and how many people were erased again.
    Setting.RESTORED: {"made_at": "", "at": "", "is_held": False, "own_count": 0, "erased_count": 0},
}

#: What the promises to those who apply are made of: when one of these changes, they have a new version.
PROMISED: Final[frozenset[Setting]] = frozenset(
    {
        Setting.PACE,
        Setting.WORKING_WEEK,
        Setting.HOLIDAYS,
        Setting.OFFICE_HOURS,
        Setting.RETENTION,
        Setting.FEEDBACK,
        Setting.PROMISE_WORDS,
    }
)
#: Days in which feedback is given, from the day on which the ending could be read to that day itself.
FEEDBACK_DAYS: Final = 7
#: Automatic notes in a row without a word of a person; then somebody else is asked.
NOTES_IN_A_ROW: Final = 2
#: Working days in which that person answers or ends it; then an admin has to.
DAYS_TO_ANSWER: Final = 20

#: The open statuses as candidates read them, which each have a pace of their own.
PACE_LABELS: Final[dict[str, str]] = {
    "received": _l("Received"),
    "in_review": _l("In review"),
    "interviewing": _l("Interviewing"),
    "decision_pending": _l("Decision pending"),
    "offer_made": _l("Offer made"),
}

WEEKDAYS: Final[tuple[str, ...]] = (
    _l("Monday"),
    _l("Tuesday"),
    _l("Wednesday"),
    _l("Thursday"),
    _l("Friday"),
    _l("Saturday"),
    _l("Sunday"),
)
