"""What a member can say about themselves by choosing: career stage, way of working, areas of interest."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class CareerStage(StrEnum):
    """How much a member wants to hear of new work; set by the member, asked again after six months."""

    ACTIVELY_LOOKING = "actively_looking"
    OPEN_TO_IT = "open_to_it"
    NOT_LOOKING_NOW = "not_looking_now"


class WorkMode(StrEnum):
    """Where a member would like to work; one may choose several."""

    REMOTE = "remote"
    HYBRID = "hybrid"
    ON_SITE = "on_site"


CAREER_STAGE_LABELS: Final[dict[CareerStage, str]] = {
    CareerStage.ACTIVELY_LOOKING: _l("Actively looking"),
    CareerStage.OPEN_TO_IT: _l("Open to it"),
    CareerStage.NOT_LOOKING_NOW: _l("Not looking now"),
}

WORK_MODE_LABELS: Final[dict[WorkMode, str]] = {
    WorkMode.REMOTE: _l("Remote"),
    WorkMode.HYBRID: _l("Hybrid"),
    WorkMode.ON_SITE: _l("On site"),
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
