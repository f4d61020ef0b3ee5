"""How interviews began, as those said who were interviewed: who may still say so, and the totals."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import select

from portal.applications.rules.applying import week_of
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.interviews.models import ImpressionTicket, InterviewImpression
from portal.interviews.rules.afterwards import Impressions, InWeek, impressions_of, shown_impressions
from portal.openings.models import Opening


@dataclass(frozen=True)
class OpeningImpressions:
    """How the interviews for one opening began."""

    public_id: str
    title: str
    said: Impressions


@dataclass(frozen=True)
class ShownImpressions:
    """What may be shown: openings with enough answers, the most first, and the others together."""

    openings: list[OpeningImpressions]
    #: None where those together are too few as well, or the asker sees their own openings only.
    others: Impressions | None


def ticket_hash(public_id: str) -> str:
    """What stands for the right to say how an interview began; nobody makes it without our secret key."""
    key = current_settings().secret_key.encode()
    return hmac.new(key, f"impression:{public_id}".encode(), hashlib.sha256).hexdigest()


def may_say(public_id: str) -> bool:
    """Whether nobody has said yet how this interview began, and it is not too long ago."""
    found = select(ImpressionTicket.ticket_hash).where(ImpressionTicket.ticket_hash == ticket_hash(public_id))
    return fetch(found).first() is not None


def impressions_for(asker_id: int, role: Role, now: datetime) -> ShownImpressions:
    """How interviews began: of all openings for recruiters and admins, for hiring managers of their own."""
    statement = (
        select(
            Opening.id,
            Opening.public_id,
            Opening.title,
            Opening.hiring_manager_id,
            InterviewImpression.week_on,
            InterviewImpression.was_on_time,
            InterviewImpression.had_time_to_ask,
            InterviewImpression.count,
        )
        .join(Opening, Opening.id == InterviewImpression.opening_id)
        .order_by(Opening.title, Opening.id, InterviewImpression.week_on)
    )
    is_manager = role not in {Role.RECRUITER, Role.ADMIN}
    names: dict[int, tuple[str, str]] = {}
    rows: dict[tuple[int, date], list[tuple[bool, bool, int]]] = {}
    for opening_id, public_id, title, manager_id, week_on, *said in fetch(statement):
        if not is_manager or manager_id == asker_id:
            names[opening_id] = (public_id, title)
        rows.setdefault((opening_id, week_on), []).append((said[0], said[1], said[2]))
    answers = [InWeek(opening_id, week_on, impressions_of(said)) for (opening_id, week_on), said in rows.items()]
    # All are parted for everybody alike: what stands with the others for some would else stand by itself for others.
    shown, others = shown_impressions(answers, week_of(day_of(now, company_zone())))
    lines = [OpeningImpressions(*names[opening_id], shown[opening_id]) for opening_id in names if opening_id in shown]
    lines.sort(key=lambda line: -line.said.count)
    # What is hidden of one's own openings is a part of what is hidden of all: to show both would let one subtract.
    return ShownImpressions(lines, None if is_manager else others)
