"""Interviews as their candidate reads them: nothing internal is selected here."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, Final

from sqlalchemy import bindparam, case, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import Owner, Shown, with_shown
from portal.applications.rules import Ahead
from portal.applications.states import OPEN_STATUSES, ApplicationStatus
from portal.core.db import fetch
from portal.interviews.models import (
    Interview,
    InterviewHistory,
    InterviewNeed,
    InterviewTime,
    InterviewWish,
    PanelMember,
    QuestionAhead,
)
from portal.interviews.rules.own import (
    THEIR_TURN,
    TO_COME,
    Facts,
    Said,
    Seen,
    Stand,
    also_at,
    as_ahead,
    as_seen,
    is_move_news,
    may_choose,
    may_prepare,
    may_tell,
    own_zone,
    stand_of,
    words_now,
)
from portal.interviews.states import InterviewFormat, TimeState, WishKind
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Address, Person, Staff, StaffPicture
from portal.people.queries import Profile


@dataclass(frozen=True)
class OwnInterview:
    """An interview, as far as one sentence about it needs."""

    id: int
    public_id: str
    person_id: int
    application_public_id: str
    opening_title: str
    title: str
    format: InterviewFormat
    minutes: int
    #: IANA zone in which it was arranged.
    zone: str
    #: Who arranges it; where nobody does any more, who looks after the application.
    arranger_name: str
    free_times: int
    #: What they told us last that we have not answered.
    wish: WishKind | None
    is_open: bool
    seen: Seen
    stand: Stand
    #: Whether it had another time before, and that is still news.
    is_moved: bool

    @property
    def starts_at(self) -> datetime | None:
        """When it is, as far as they know."""
        return self.seen.starts_at

    @property
    def also_at(self) -> str:
        """The same time on the clocks of whoever arranged it; empty where they show the same."""
        return also_at(self.seen.starts_at, self.zone) if self.seen.starts_at else ""

    @property
    def clock(self) -> str:
        """The city on whose clock the reader reads `starts_at`."""
        return own_zone()

    @property
    def is_their_turn(self) -> bool:
        """Whether it waits for an answer of theirs."""
        return self.stand in THEIR_TURN

    @property
    def has_time_ahead(self) -> bool:
        """Whether it has a time that has not passed."""
        return self.starts_at is not None and self.stand in TO_COME


@dataclass(frozen=True)
class OwnTime:
    """A time that was proposed and can be had."""

    public_id: str
    starts_at: datetime
    also_at: str


@dataclass(frozen=True)
class OwnQuestion:
    """What they want to ask."""

    public_id: str
    words: str


@dataclass(frozen=True)
class OwnWish:
    """Something they told us about it, the newest first; whether we have answered."""

    kind: WishKind
    words: str
    told_at: datetime
    is_answered: bool


@dataclass(frozen=True)
class OwnPage:
    """One interview, as its own page needs it."""

    one: OwnInterview
    place: str
    about: str
    prepare: str
    criteria: Sequence[str]
    contact_name: str
    contact_phone: str
    sequence: int
    #: What would make it accessible, as they told us; empty: nothing.
    need: str
    #: What we wrote when something last happened to it, and what of that says how it stands now.
    last_words: str
    words_now: str
    organizer_email: str
    times: Sequence[OwnTime] = ()
    panel: Sequence[Profile] = ()
    questions: Sequence[OwnQuestion] = ()
    wishes: Sequence[OwnWish] = field(default_factory=list)

    @property
    def phone_link(self) -> str:
        """The number as a tel: link dials it."""
        return "".join(ch for ch in self.contact_phone if ch.isdigit() or ch == "+")

    def may(self, kind: WishKind, now: datetime) -> bool:
        """Whether they can still tell us this."""
        return may_tell(kind, self.one.stand, self.one.starts_at, now)

    @property
    def may_choose(self) -> bool:
        """Whether a time is to be chosen here."""
        return bool(self.times) and may_choose(self.one.stand, self.one.starts_at)

    @property
    def may_prepare(self) -> bool:
        """Whether questions and needs can still be told."""
        return may_prepare(self.one.stand)

    def last(self, *kinds: WishKind) -> OwnWish | None:
        """What they told us last of these kinds."""
        return next((wish for wish in self.wishes if wish.kind in kinds), None)


_Arranger = aliased(Person, name="arranger")
_Contact = aliased(Person, name="contact")
_FREE_TIMES = (
    select(func.count(InterviewTime.id))
    .where(InterviewTime.interview_id == Interview.id)
    .where(InterviewTime.state == TimeState.OFFERED)
    .where(InterviewTime.starts_at > bindparam("now", type_=InterviewTime.starts_at.type))
    .correlate(Interview)
    .scalar_subquery()
)
_OPEN_WISH = (
    select(InterviewWish.kind)
    .where(InterviewWish.interview_id == Interview.id)
    .where(InterviewWish.closed_at.is_(None))
    .where(InterviewWish.kind != WishKind.RUNNING_LATE)
    .order_by(InterviewWish.id.desc())
    .limit(1)
    .correlate(Interview)
    .scalar_subquery()
)
_COLUMNS: Final = (
    Interview.id,
    Interview.public_id,
    Application.person_id,
    Application.public_id,
    Opening.title,
    Interview.title,
    Interview.format,
    Interview.minutes,
    Interview.zone,
    func.coalesce(_Arranger.name, Owner.name),
    _FREE_TIMES,
    _OPEN_WISH,
    Shown.status,
    Interview.state,
    Interview.starts_at,
)
#: How many of the columns, at their end, are not told as they are.
_MADE: Final = (Shown.status, Interview.state, Interview.starts_at)
#: What has happened to it, one row each; an interview of which nothing is noted has one row without.
_HISTORY: Final = (
    InterviewHistory.kind,
    InterviewHistory.starts_before,
    Delivery.state,
    InterviewHistory.words,
    InterviewHistory.created_at,
)


def _lines_where(condition: Any, *more: Any) -> Any:
    return (
        with_shown(
            select(*_COLUMNS, *_HISTORY, *more)
            .select_from(Interview)
            .join(Application, Application.id == Interview.application_id)
            .join(Opening, Opening.id == Application.opening_id)
            .join(Owner, Owner.id == Application.owner_id)
            .outerjoin(_Arranger, _Arranger.id == Interview.arranged_by_id)
            .outerjoin(InterviewHistory, InterviewHistory.interview_id == Interview.id)
            .outerjoin(Delivery, Delivery.id == InterviewHistory.delivery_id)
        )
        .where(condition)
        .order_by(
            case((Interview.starts_at.is_(None), 0), else_=1), Interview.starts_at, Interview.id, InterviewHistory.id
        )
    )


_OF_PERSON = _lines_where(Application.person_id == bindparam("person_id"))
_PAGE = (
    _lines_where(
        Interview.public_id == bindparam("public_id"),
        Interview.place,
        Interview.about,
        Interview.prepare,
        Interview.criteria,
        func.coalesce(_Contact.name, ""),
        Interview.contact_phone,
        Interview.sequence,
        func.coalesce(InterviewNeed.words, ""),
        func.coalesce(Address.email, ""),
    )
    .where(Application.person_id == bindparam("person_id"))
    .outerjoin(_Contact, _Contact.id == Interview.contact_id)
    .outerjoin(InterviewNeed, InterviewNeed.interview_id == Interview.id)
    .outerjoin(
        Address,
        (Address.person_id == func.coalesce(Interview.arranged_by_id, Application.owner_id)) & Address.is_primary,
    )
)
_TIMES = (
    select(InterviewTime.public_id, InterviewTime.starts_at)
    .where(InterviewTime.interview_id == bindparam("id"))
    .where(InterviewTime.state == TimeState.OFFERED)
    .where(InterviewTime.starts_at > bindparam("now", type_=InterviewTime.starts_at.type))
    .order_by(InterviewTime.starts_at)
)
_TAKEN = (
    select(InterviewTime.id)
    .join(Interview, Interview.id == InterviewTime.interview_id)
    .where(Interview.id == bindparam("id"))
    .where(InterviewTime.public_id == bindparam("time_id"))
    .where(InterviewTime.starts_at == Interview.starts_at)
)
_PANEL = (
    select(
        Staff.person_id,
        Person.public_id,
        Person.name,
        Staff.introduction,
        Staff.say_name,
        Staff.school,
        Staff.talks,
        func.coalesce(StaffPicture.public_id, ""),
    )
    .select_from(PanelMember)
    .join(Staff, Staff.person_id == PanelMember.staff_id)
    .join(Person, Person.id == Staff.person_id)
    .outerjoin(StaffPicture, StaffPicture.person_id == Staff.person_id)
    .where(PanelMember.interview_id == bindparam("id"))
    .order_by(PanelMember.added_at, Person.name, Person.id)
)
_QUESTIONS = (
    select(QuestionAhead.public_id, QuestionAhead.words)
    .where(QuestionAhead.interview_id == bindparam("id"))
    .order_by(QuestionAhead.id)
)
_WISHES = (
    select(InterviewWish.kind, InterviewWish.words, InterviewWish.created_at, InterviewWish.closed_at.is_not(None))
    .where(InterviewWish.interview_id == bindparam("id"))
    .order_by(InterviewWish.id.desc())
)


def interviews_of(person_id: int, now: datetime) -> list[OwnInterview]:
    """All of the person's own that they know of: what has no time yet first, then by time."""
    rows = fetch(_OF_PERSON, {"person_id": person_id, "now": now}).all()
    groups = (list(found) for _id, found in groupby(rows, key=itemgetter(0)))
    lines = (_line(found[0], _history(found), now) for found in groups)
    return [line for line in lines if line is not None]


def ahead_of(interviews: Iterable[OwnInterview]) -> dict[str, list[Ahead]]:
    """What these are to their candidate, by the public id of the application."""
    found: dict[str, list[Ahead]] = {}
    own = list(interviews)
    newest = {one.application_public_id: one.id for one in sorted(own, key=lambda one: one.id)}
    for one in own:
        ahead = as_ahead(one.stand, one.starts_at, one.clock, is_moved=one.is_moved)
        # One that was called off says how it stands only while no other was arranged since.
        is_past = one.stand is Stand.CANCELLED and newest[one.application_public_id] != one.id
        if ahead is not None and not is_past:
            found.setdefault(one.application_public_id, []).append(ahead)
    return found


def find_own_interview(person_id: int, public_id: str, now: datetime) -> OwnPage | None:
    """The person's own interview with this public id, once they know of it; nobody else's."""
    rows = fetch(_PAGE, {"person_id": person_id, "public_id": public_id, "now": now}).all()
    history = _history(rows)
    one = _line(rows[0], history, now) if rows else None
    if one is None:
        return None
    place, about, prepare, criteria, contact, phone, sequence, need, email = rows[0][len(_COLUMNS) + len(_HISTORY) :]
    values = {"id": one.id, "now": now}
    return OwnPage(
        one=one,
        place=place,
        about=about,
        prepare=prepare,
        criteria=[line.strip("-* ") for line in criteria.splitlines() if line.strip("-* ")],
        contact_name=contact,
        contact_phone=phone,
        sequence=sequence,
        need=need,
        last_words=next((said.words for said in reversed(history) if said.is_known and said.words), ""),
        words_now=words_now(one.stand, history),
        organizer_email=email,
        times=[] if one.seen.is_changing else [_time(made[0], made[1], one.zone) for made in fetch(_TIMES, values)],
        panel=[Profile(*made) for made in fetch(_PANEL, {"id": one.id})],
        questions=[OwnQuestion(*made) for made in fetch(_QUESTIONS, {"id": one.id})],
        wishes=[OwnWish(*made) for made in fetch(_WISHES, {"id": one.id})],
    )


def is_taken(interview_id: int, time_id: str) -> bool:
    """Whether this proposed time is the one that it has now."""
    return fetch(_TAKEN, {"id": interview_id, "time_id": time_id}).scalar() is not None


def _time(public_id: str, starts_at: datetime, zone: str) -> OwnTime:
    return OwnTime(public_id, starts_at, also_at(starts_at, zone))


def _history(rows: Sequence[Any]) -> list[Said]:
    made = (row[len(_COLUMNS) : len(_COLUMNS) + len(_HISTORY)] for row in rows)
    return [Said(*one) for one in made if one[0] is not None]


def _line(row: Any, history: Sequence[Said], now: datetime) -> OwnInterview | None:
    line = row[: len(_COLUMNS)]
    *_first, minutes, _zone, _name, free_times, wish, status, state, starts_at = line
    seen = as_seen(state, starts_at, history)
    if seen is None:
        return None
    is_open = ApplicationStatus(status) in OPEN_STATUSES
    stand = stand_of(seen, Facts(minutes, free_times, wish, is_open), now)
    # All but what is made into the rest here.
    return OwnInterview(*(*line[: -len(_MADE)], is_open, seen, stand, is_move_news(seen, history, now)))
