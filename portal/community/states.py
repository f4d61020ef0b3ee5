"""What a member can say about themselves by choosing: career stage and way of working."""

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
