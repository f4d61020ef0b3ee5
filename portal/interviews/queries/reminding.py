"""Who is to be reminded of which interview, and which thanks are due."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any, Final

from sqlalchemy import bindparam, select

from portal.applications.models import Application
from portal.applications.queries.shown import (
    Later,
    LaterDelivery,
    Shown,
    is_on_its_way,
    with_later,
    with_shown,
)
from portal.applications.states import ENDINGS, OPEN_STATUSES, EventKind
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.interviews.models import Interview, InterviewHistory, InterviewNeed, PanelMember
from portal.interviews.queries.arranged import Arranged, find_arranged
from portal.interviews.queries.untold import panel_told
from portal.interviews.rules.afterwards import Met, is_need_over, thanks_from, thanks_key, thanks_until
from portal.interviews.rules.reminding import LONGEST, Ahead, reminder_due, reminder_key
from portal.interviews.states import HistoryKind, InterviewState
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person, Staff

#: States in which an interview with a time is going to take place, or has and nobody has said so.
STANDS: Final = (InterviewState.CONFIRMED, InterviewState.MOVED)
#: What gives an interview its time.
_SETTLES: Final = (HistoryKind.CHOSEN, HistoryKind.MOVED)
_ON_ITS_WAY: Final = frozenset({DeliveryState.QUEUED, DeliveryState.LEASED})
#: The mails that remind, as the outbox calls them.
REMINDERS: Final = ("interviews/reminder", "interviews/reminder_hour", "interviews/panel_reminder")
#: So far back interviews are looked at that may be thanked for; `rules.thanks_until` says which are.
_LOOK_BACK: Final = timedelta(days=3)


@dataclass(frozen=True)
class Reminder:
    """One person who is to be reminded of one interview now."""

    interview_id: int
    public_id: str
    person_id: int
    is_candidate: bool
    starts_at: datetime
    ahead: Ahead

    @property
    def key(self) -> str:
        return reminder_key(self.public_id, self.starts_at, self.ahead, None if self.is_candidate else self.person_id)


_SOON: Final = (
    with_shown(
        select(Interview.id, Interview.public_id, Interview.starts_at, Interview.created_at, Application.person_id)
        .select_from(Interview)
        .join(Application, Application.id == Interview.application_id)
    )
    .where(Interview.state.in_(STANDS))
    .where(Interview.starts_at > bindparam("now"))
    .where(Interview.starts_at <= bindparam("until"))
    .where(Shown.status.in_(OPEN_STATUSES))
    .order_by(Interview.starts_at, Interview.id)
)
_SETTLED: Final = (
    select(InterviewHistory.interview_id, InterviewHistory.created_at, Delivery.state, Delivery.sent_at)
    .outerjoin(Delivery, Delivery.id == InterviewHistory.delivery_id)
    .where(InterviewHistory.interview_id.in_(bindparam("ids", expanding=True)))
    .where(InterviewHistory.kind.in_(_SETTLES))
    .order_by(InterviewHistory.id)
)
_MEMBERS: Final = (
    select(PanelMember.interview_id, PanelMember.staff_id)
    .join(Staff, Staff.person_id == PanelMember.staff_id)
    .where(PanelMember.interview_id.in_(bindparam("ids", expanding=True)))
    .where(Staff.is_active)
    .where(Staff.invited_at.is_(None))
    .order_by(PanelMember.staff_id)
)
_KEYS: Final = select(Delivery.dedupe_key).where(Delivery.dedupe_key.in_(bindparam("keys", expanding=True)))


def reminders_due(now: datetime) -> list[Reminder]:
    """Whom to remind of what now, the next interview first; whoever was reminded of that time already is left out.

    While the letter that tells of a new time is on its way nobody is reminded of that; nor is a colleague whose own
    mail about it waits (`untold.py`).
    """
    soon = fetch(_SOON, {"now": now, "until": now + LONGEST}).all()
    ids = [row[0] for row in soon]
    if not ids:
        return []
    settled = {row[0]: row[1:] for row in fetch(_SETTLED, {"ids": ids})}
    members: dict[int, list[int]] = {}
    for interview_id, staff_id in fetch(_MEMBERS, {"ids": ids}):
        members.setdefault(interview_id, []).append(staff_id)
    told = panel_told([row[1] for row in soon])
    due = []
    for interview_id, public_id, starts_at, created_at, candidate_id in soon:
        ahead = _ahead(starts_at, settled.get(interview_id), created_at, now)
        if ahead is not None:
            due.append(Reminder(interview_id, public_id, candidate_id, True, starts_at, ahead))
            others = (one for one in members.get(interview_id, []) if one != candidate_id)
            due += [
                Reminder(interview_id, public_id, one, False, starts_at, ahead)
                for one in others
                if _has_news(told, (public_id, one), starts_at, now)
            ]
    written = _written([one.key for one in due])
    return [one for one in due if one.key not in written]


def _has_news(
    told: Mapping[tuple[str, int], datetime | None], seat: tuple[str, int], starts_at: datetime, now: datetime
) -> bool:
    """Whether a reminder tells this seat something: not before it is told of the time at all, nor again just after."""
    if seat not in told:
        return True
    told_at = told[seat]
    return told_at is not None and reminder_due(starts_at, told_at, now) is not None


def is_still_due(one: Reminder, now: datetime) -> bool:
    """Whether this reminder is due now as well: read again inside the transaction that writes it."""
    return any(due == one for due in reminders_due(now))


def _ahead(starts_at: datetime, settled: Any, created_at: datetime, now: datetime) -> Ahead | None:
    settled_at = created_at
    if settled is not None:
        said_at, state, sent_at = settled
        if state in _ON_ITS_WAY:
            return None
        settled_at = sent_at or said_at
    return reminder_due(starts_at, settled_at, now)


def _written(keys: Sequence[str]) -> set[str]:
    return set(fetch(_KEYS, {"keys": list(keys)}).scalars()) if keys else set()


def waiting_reminders() -> list[tuple[str, str]]:
    """Reminders that wait in the outbox, by what names each, with their cause."""
    rows = fetch(
        select(Delivery.dedupe_key, Delivery.cause)
        .where(is_on_its_way(Delivery.state))
        .where(Delivery.kind.in_(REMINDERS))
        .order_by(Delivery.id)
    )
    return [(key, cause) for key, cause in rows]


def standing_at(public_ids: Sequence[str]) -> dict[str, datetime]:
    """When those of these interviews are that are going to take place."""
    rows = fetch(
        select(Interview.public_id, Interview.starts_at)
        .where(Interview.public_id.in_(public_ids))
        .where(Interview.state.in_(STANDS))
        .where(Interview.starts_at.is_not(None))
    )
    return {public_id: starts_at for public_id, starts_at in rows if starts_at is not None}


@dataclass(frozen=True)
class ThanksDue:
    """An application to thank for, and the day of its interviews."""

    application_id: int
    application_public_id: str
    person_id: int
    day: date
    #: The last of its interviews that day.
    interview_id: int

    @property
    def key(self) -> str:
        return thanks_key(self.application_public_id, self.day)


@dataclass(frozen=True)
class Thanks:
    """What a mail of thanks says besides who they are."""

    last: Arranged
    #: The names of all who took part that day.
    panel: tuple[str, ...]
    owner_name: str
    #: By when they hear from us; None where nothing is promised that has not passed.
    next_day: date | None


_MET: Final = (
    select(
        Interview.application_id,
        Application.public_id,
        Application.person_id,
        Interview.id,
        Interview.starts_at,
        Interview.minutes,
        Interview.state,
        Interview.closed_at,
    )
    .join(Application, Application.id == Interview.application_id)
    .where(Interview.starts_at >= bindparam("since"))
    .where(Interview.starts_at < bindparam("until"))
    .where(Interview.state.in_((*STANDS, InterviewState.DONE)))
    .where(Application.is_held.is_(False))
    .order_by(Interview.application_id, Interview.starts_at, Interview.id)
)
_STANDING: Final = with_later(
    with_shown(
        select(Shown.status, Shown.kind, Shown.next_update_by, Person.name, Later.status, LaterDelivery.state)
        .select_from(Application)
        .join(Person, Person.id == Application.owner_id)
    )
).where(Application.id == bindparam("application_id"))
_NAMES: Final = (
    select(Person.name)
    .distinct()
    .join(PanelMember, PanelMember.staff_id == Person.id)
    .where(PanelMember.interview_id.in_(bindparam("ids", expanding=True)))
    .where(Person.name != "")
    .order_by(Person.name)
)


def thanks_due(now: datetime, zone: str) -> list[ThanksDue]:
    """Whom to thank now, and for which day on the company's calendar in `zone`; each day once."""
    due = [one for one, _ids in _days_met(now, zone)]
    written = _written([one.key for one in due])
    return [one for one in due if one.key not in written]


def _days_met(now: datetime, zone: str) -> list[tuple[ThanksDue, list[int]]]:
    """Those of whom thanks are due by the clock, with the ids of the interviews of that day."""
    rows = fetch(_MET, {"since": now - _LOOK_BACK, "until": now + LONGEST}).all()
    found = []
    for (_application_id, day), grouped in groupby(rows, key=lambda row: (row[0], day_of(row[4], zone))):
        on_day = list(grouped)
        start = thanks_from([Met(*row[4:]) for row in on_day], day, zone)
        if start is not None and start <= now < thanks_until(day, zone):
            application_id, public_id, person_id, interview_id = on_day[-1][:4]
            due = ThanksDue(application_id, public_id, person_id, day, interview_id)
            found.append((due, [row[3] for row in on_day]))
    return found


def thanks_to_say(due: ThanksDue, now: datetime, zone: str) -> Thanks | None:
    """What these thanks say now; None when there are none to say: it ended, an ending waits, or nothing took place."""
    ids = next((ids for one, ids in _days_met(now, zone) if one == due), None)
    last = find_arranged(due.interview_id) if ids else None
    if ids is None or last is None:
        return None
    row = fetch(_STANDING, {"application_id": due.application_id}).one()
    status, kind, until, owner_name, later_status, later_state = row
    is_ending = later_status in ENDINGS and later_state in _ON_ITS_WAY
    if status not in OPEN_STATUSES or is_ending:
        return None
    is_kept = until is not None and kind is not EventKind.ESCALATED and until >= day_of(now, zone)
    names = tuple(fetch(_NAMES, {"ids": ids}).scalars())
    return Thanks(last, names, owner_name, until if is_kept else None)


def waiting_thanks() -> list[tuple[str, str]]:
    """Mails of thanks that wait in the outbox: what names each, and its cause."""
    rows = fetch(
        select(Delivery.dedupe_key, Delivery.cause)
        .where(is_on_its_way(Delivery.state))
        .where(Delivery.kind == "interviews/thanks")
        .order_by(Delivery.id)
    )
    return [(key, cause) for key, cause in rows]


def thanks_standing(now: datetime, zone: str) -> set[str]:
    """What names the thanks that still have their reason."""
    return {one.key for one, _ids in _days_met(now, zone) if thanks_to_say(one, now, zone) is not None}


def needs_to_forget(today: date, zone: str) -> list[int]:
    """Ids of interviews whose needs are not needed any more."""
    rows = fetch(
        select(Interview.id, Interview.state, Interview.starts_at)
        .join(InterviewNeed, InterviewNeed.interview_id == Interview.id)
        .order_by(Interview.id)
    )
    return [interview_id for interview_id, state, starts_at in rows if is_need_over(state, starts_at, zone, today)]
