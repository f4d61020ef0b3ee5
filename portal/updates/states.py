"""What an update is about, whom it is for, and where it stands."""

from enum import StrEnum
from typing import Final

from portal.contact.states import Purpose
from portal.core.i18n import lazy_gettext as _l


class UpdateState(StrEnum):
    """Where an update stands; who may read it depends on its audience as well, see `rules.may_read`."""

    #: Being written; only recruiters see it.
    DRAFT = "draft"
    #: Whole, and goes out by itself at its time; to be changed it is taken off the schedule first.
    SCHEDULED = "scheduled"
    #: Its audience is being written down; nobody reads it before that is done.
    PUBLISHING = "publishing"
    PUBLISHED = "published"
    #: Published, and changed since: it says what was corrected and when.
    CORRECTED = "corrected"
    #: Taken back for good: who could read it reads that, everybody else finds nothing.
    WITHDRAWN = "withdrawn"


#: The legal moves; `rules.check_move` asks here.
MOVES: Final[dict[UpdateState, frozenset[UpdateState]]] = {
    UpdateState.DRAFT: frozenset({UpdateState.SCHEDULED, UpdateState.PUBLISHING}),
    UpdateState.SCHEDULED: frozenset({UpdateState.DRAFT, UpdateState.PUBLISHING}),
    UpdateState.PUBLISHING: frozenset({UpdateState.PUBLISHED, UpdateState.WITHDRAWN}),
    UpdateState.PUBLISHED: frozenset({UpdateState.CORRECTED, UpdateState.WITHDRAWN}),
    UpdateState.CORRECTED: frozenset({UpdateState.CORRECTED, UpdateState.WITHDRAWN}),
    UpdateState.WITHDRAWN: frozenset(),
}

#: States in which its readers read it.
READABLE: Final = frozenset({UpdateState.PUBLISHED, UpdateState.CORRECTED})

STATE_LABELS: Final[dict[UpdateState, str]] = {
    UpdateState.DRAFT: _l("Draft"),
    UpdateState.SCHEDULED: _l("Scheduled"),
    UpdateState.PUBLISHING: _l("Being published"),
    UpdateState.PUBLISHED: _l("Published"),
    UpdateState.CORRECTED: _l("Corrected"),
    UpdateState.WITHDRAWN: _l("Withdrawn"),
}


class UpdateKind(StrEnum):
    """What an update is about; each kind has things it must say, see `rules.missing`."""

    COMPANY_NEWS = "company_news"
    MARKET = "market"
    PAY_BANDS = "pay_bands"
    TEAM_LIFE = "team_life"
    CAREER_RESOURCE = "career_resource"
    MEMBER_STORY = "member_story"
    EVENT = "event"
    EARLY_ACCESS = "early_access"


KIND_LABELS: Final[dict[UpdateKind, str]] = {
    UpdateKind.COMPANY_NEWS: _l("Company news"),
    UpdateKind.MARKET: _l("Insight: the market"),
    UpdateKind.PAY_BANDS: _l("Insight: pay bands"),
    UpdateKind.TEAM_LIFE: _l("Insight: team life"),
    UpdateKind.CAREER_RESOURCE: _l("Career resource"),
    UpdateKind.MEMBER_STORY: _l("Member story"),
    UpdateKind.EVENT: _l("Event"),
    UpdateKind.EARLY_ACCESS: _l("Early access"),
}

#: What people said yes to that lets a kind go by mail.
PURPOSES: Final[dict[UpdateKind, Purpose]] = {
    **dict.fromkeys(UpdateKind, Purpose.INSIDER_UPDATES),
    UpdateKind.EVENT: Purpose.EVENTS,
    UpdateKind.EARLY_ACCESS: Purpose.JOB_ALERTS,
}


class Audience(StrEnum):
    """Whom an update is for."""

    #: Everybody who finds the page; members have it in their feed.
    EVERYBODY = "everybody"
    #: Whoever is a member when they look.
    MEMBERS = "members"
    #: Members who were interested in one of its areas when it was published.
    AREAS = "areas"
    #: The people of a segment when it was published.
    SEGMENT = "segment"


AUDIENCE_LABELS: Final[dict[Audience, str]] = {
    Audience.EVERYBODY: _l("Everybody"),
    Audience.MEMBERS: _l("All members"),
    Audience.AREAS: _l("Members with certain interests"),
    Audience.SEGMENT: _l("A segment"),
}
