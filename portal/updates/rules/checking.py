"""What an update lacks before anybody may read it."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext
from portal.updates.rules.content import UpdateContent
from portal.updates.states import Audience, UpdateKind

TITLE_LENGTH: Final = 120
SUMMARY_LENGTH: Final = 300
BODY_LENGTH: Final = 20_000
LINE_LENGTH: Final = 200
#: What was corrected, and why something was withdrawn.
WORDS_LENGTH: Final = 500


class Missing(StrEnum):
    """A part without which an update is not published."""

    TITLE = "title"
    SUMMARY = "summary"
    BODY = "body"
    SOURCE = "source"
    SOURCE_DAY = "source_on"
    EVENT_DAY = "event_on"
    EVENT_OVER = "event_over"
    EVENT_WHERE = "event_where"
    OPENING = "opening"
    OPENING_CLOSED = "opening_closed"
    EARLY_AUDIENCE = "early_audience"
    CONSENT = "consent"
    AREAS = "areas"
    SEGMENT = "segment"


MISSING_WORDS: Final[dict[Missing, str]] = {
    Missing.TITLE: _l("A title"),
    Missing.SUMMARY: _l("A summary for lists, feeds and mails"),
    Missing.BODY: _l("The text"),
    Missing.SOURCE: _l("Where the figures come from"),
    Missing.SOURCE_DAY: _l("Of which day the figures are"),
    Missing.EVENT_DAY: _l("The day of the event"),
    Missing.EVENT_OVER: _l("A day of the event that has not passed"),
    Missing.EVENT_WHERE: _l("When and where it takes place"),
    Missing.OPENING: _l("The opening it is about"),
    Missing.OPENING_CLOSED: _l("An opening that people can apply to"),
    Missing.EARLY_AUDIENCE: _l("The audience that may see the opening before everybody does: members of its area"),
    Missing.CONSENT: _l("The member's yes to exactly these words"),
    Missing.AREAS: _l("The interests of the members it is for"),
    Missing.SEGMENT: _l("The segment it is for"),
}
#: Kinds that state figures.
_WITH_SOURCE: Final = frozenset({UpdateKind.MARKET, UpdateKind.PAY_BANDS})


class PublishingBlocked(PortalError):
    """Something is missing; `missing` says what."""

    def __init__(self, missing: Collection[Missing]) -> None:
        super().__init__(
            ngettext(
                "One thing is missing before people may read this.",
                "%(count)s things are missing before people may read this.",
                len(missing),
            )
        )
        self.missing = tuple(missing)


@dataclass(frozen=True)
class OpeningFacts:
    """The opening of an early access, as far as an update about it cares."""

    is_open: bool
    #: From when everybody sees it.
    public_at: datetime | None
    #: Its area; empty: every member sees it early.
    area: str


@dataclass(frozen=True)
class Surroundings:
    """What must hold around an update for it to be published; days are those of the company's zone."""

    now: datetime
    today: date
    opening: OpeningFacts | None = None
    #: The `words_digest` that the member of a story said yes to; empty: none.
    agreed_to: str = ""
    has_segment: bool = False


#: What may come to pass once it is published, and hinders no correction.
_AFTERWARDS: Final = frozenset({Missing.EVENT_OVER, Missing.OPENING, Missing.OPENING_CLOSED, Missing.EARLY_AUDIENCE})


def missing(content: UpdateContent, around: Surroundings, *, is_out: bool = False) -> list[Missing]:
    """What is missing before people may read `content`, in the order of the page on which it is written.

    `is_out`: they read an earlier version of it already.
    """
    texts = ((Missing.TITLE, content.title), (Missing.SUMMARY, content.summary), (Missing.BODY, content.body))
    found = [part for part, text in texts if not text.strip()]
    found += [part for part in _of_kind(content, around) if not (is_out and part in _AFTERWARDS)]
    return found if is_out else found + _of_audience(content, around)


def _of_audience(content: UpdateContent, around: Surroundings) -> list[Missing]:
    found = []
    if content.audience is Audience.AREAS and not content.areas:
        found.append(Missing.AREAS)
    if content.audience is Audience.SEGMENT and not around.has_segment:
        found.append(Missing.SEGMENT)
    return found


def _of_kind(content: UpdateContent, around: Surroundings) -> list[Missing]:
    if content.kind in _WITH_SOURCE:
        checked = ((Missing.SOURCE, bool(content.source.strip())), (Missing.SOURCE_DAY, content.source_on is not None))
        return [part for part, is_there in checked if not is_there]
    if content.kind is UpdateKind.EVENT:
        return _of_event(content, around.today)
    if content.kind is UpdateKind.EARLY_ACCESS:
        return _of_opening(content, around)
    if content.kind is UpdateKind.MEMBER_STORY and around.agreed_to != content.words_digest:
        return [Missing.CONSENT]
    return []


def _of_event(content: UpdateContent, today: date) -> list[Missing]:
    found = []
    if content.event_on is None:
        found.append(Missing.EVENT_DAY)
    elif content.event_on < today:
        found.append(Missing.EVENT_OVER)
    if not content.event_where.strip():
        found.append(Missing.EVENT_WHERE)
    return found


def _of_opening(content: UpdateContent, around: Surroundings) -> list[Missing]:
    """An opening that is not everybody's yet may be named only to those who see it early."""
    opening = around.opening
    if opening is None:
        return [Missing.OPENING]
    if not opening.is_open:
        return [Missing.OPENING_CLOSED]
    if opening.public_at is not None and opening.public_at <= around.now:
        return []
    fits = content.audience is Audience.MEMBERS and not opening.area
    fits = fits or (content.audience is Audience.AREAS and (not opening.area or content.areas == (opening.area,)))
    return [] if fits else [Missing.EARLY_AUDIENCE]
