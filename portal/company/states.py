"""The settings a company changes from day to day, and what each is before anybody changes it."""

from enum import StrEnum
from typing import Any, Final

from portal.core.i18n import lazy_gettext as _l


class Setting(StrEnum):
    """Everything that stands on the settings page, in its order there."""

    ACCENT = "accent"
    INTRODUCTION = "introduction"
    AREAS = "areas"
    PRIVACY_CONTACT = "privacy_contact"


SETTING_LABELS: Final[dict[Setting, str]] = {
    Setting.ACCENT: _l("Colour"),
    Setting.INTRODUCTION: _l("Introduction"),
    Setting.AREAS: _l("Areas of interest"),
    Setting.PRIVACY_CONTACT: _l("Whom people ask about their data"),
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

#: What each setting is before anybody changes it. An area without a label of its own has the one in `AREAS`, which is
#: translated when shown.
DEFAULTS: Final[dict[Setting, Any]] = {
    Setting.ACCENT: "teal",
    Setting.INTRODUCTION: "",
    Setting.AREAS: [{"key": key, "label": ""} for key, _label in AREAS],
    Setting.PRIVACY_CONTACT: {"name": "", "email": ""},
}
