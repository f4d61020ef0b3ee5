"""Feedback that is owed, as colleagues see it in lists and on its pages."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Integer, and_, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import Owner, StaffScope, is_in_scope, with_people
from portal.company.states import FeedbackWay
from portal.core.db import UTCDateTime, fetch
from portal.core.permissions import Role
from portal.feedback.models import Feedback, FeedbackDebt
from portal.feedback.states import DebtState, FeedbackForm, FeedbackState
from portal.interviews.models import Interview, PanelMember
from portal.interviews.states import InterviewState
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person


class Shows(StrEnum):
    """Which debts a list shows."""

    OPEN = "open"
    HELD = "held"
    GIVEN = "given"


class Whose(StrEnum):
    """Whose debts a list shows."""

    MINE = "mine"
    ALL = "all"


@dataclass(frozen=True)
class OwedLine:
    """Feedback that is or was owed, in a list of the staff's."""

    application_id: int
    public_id: str
    person_name: str
    email: str
    opening_title: str
    owner_name: str
    state: DebtState
    form: FeedbackForm
    way: FeedbackWay
    due_on: date
    asked_at: datetime | None
    settled_at: datetime | None
    called_by_name: str
    #: What was written so far, by whom, and how its mail stands; None when nothing was.
    written: FeedbackState | None
    author_name: str
    #: A colleague sent the draft back.
    is_returned: bool
    mail: DeliveryState | None
    #: Whether the asker may open the application; panel members may not always.
    is_in_scope: bool
    #: Who was on the panels, by name, and an interview in which the asker was; empty when in none.
    panel: tuple[str, ...] = ()
    interview_id: str = ""

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email


@dataclass(frozen=True)
class DebtView:
    """A debt, whole, as colleagues see it."""

    id: int
    event_id: int
    application_id: int
    public_id: str
    person_id: int
    person_name: str
    email: str
    opening_title: str
    owner_id: int
    owner_name: str
    #: Since when they can read how it ended.
    ended_at: datetime
    state: DebtState
    form: FeedbackForm
    way: FeedbackWay
    due_on: date
    asked_at: datetime | None
    settled_at: datetime | None
    hold_reason: str
    hold_words: str
    ask_name: str
    held_by_name: str
    called_on: date | None
    called_by_id: int | None
    called_by_name: str
    call_words: str
    delivery_id: int | None
    #: How the mail stands that tells of a hold.
    delivery_state: DeliveryState | None
    written: FeedbackState | None
    #: All that stands of their interviews is called missed, see `rules.held_before`.
    is_called_missed: bool

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email


_Ending = aliased(ApplicationEvent, name="ending")
_EndingMail = aliased(Delivery, name="ending_mail")
_HoldMail = aliased(Delivery, name="hold_mail")
_FeedbackMail = aliased(Delivery, name="feedback_mail")
_Author = aliased(Person, name="author")
_Ask = aliased(Person, name="ask")
_HeldBy = aliased(Person, name="held_by")
_CalledBy = aliased(Person, name="called_by")
_Panelist = aliased(Person, name="panelist")
_ME = bindparam("me", type_=Integer)
#: Interviews that took place, or may have.
HELD = (InterviewState.DONE, InterviewState.CONFIRMED, InterviewState.MOVED)
#: Interviews that are called missed; the rules say which of them count all the same.
MISSED = (InterviewState.MISSED_BY_THEM, InterviewState.MISSED_BY_US)
_STATES = {Shows.OPEN: DebtState.OPEN, Shows.HELD: DebtState.HELD, Shows.GIVEN: DebtState.GIVEN}

#: The newest debt of the `Application` around it that was not for an ending which was taken back.
NEWEST = (
    select(func.max(FeedbackDebt.id))
    .where(FeedbackDebt.application_id == Application.id)
    .where(FeedbackDebt.state != DebtState.VOID)
    .correlate(Application)
    .scalar_subquery()
)


def _has_interview(states: Sequence[InterviewState]) -> ColumnElement[bool]:
    return (
        exists()
        .where(Interview.application_id == Application.id)
        .where(Interview.state.in_(states))
        .correlate(Application)
    )


def _is_on_panel() -> ColumnElement[bool]:
    return (
        exists()
        .where(Interview.application_id == Application.id)
        .where(Interview.state.in_(HELD))
        .where(PanelMember.interview_id == Interview.id)
        .where(PanelMember.staff_id == _ME)
        .correlate(Application)
    )


def _is_seen_by(role: Role) -> ColumnElement[bool]:
    """Hiring managers see what they owe themselves; nobody sees their own."""
    if role in {Role.RECRUITER, Role.ADMIN}:
        return Application.person_id != _ME
    is_theirs = or_(Opening.hiring_manager_id == _ME, _is_on_panel())
    return and_(Application.person_id != _ME, is_theirs)


def _is_mine() -> ColumnElement[bool]:
    return or_(Application.owner_id == _ME, Opening.hiring_manager_id == _ME, _is_on_panel())


#: Whether `:me` owes feedback to anybody: they look after the application, lead its opening, or were on a panel.
HAS_OWED = (
    exists()
    .where(FeedbackDebt.state == DebtState.OPEN)
    .where(Application.id == FeedbackDebt.application_id)
    .where(Opening.id == Application.opening_id)
    .where(Application.person_id != _ME)
    .where(_is_mine())
)


def _debts(*columns: Any) -> Any:
    return _with_debt(select(*columns), FeedbackDebt.application_id == Application.id)


def _with_debt(statement: Any, on: ColumnElement[bool], *, is_outer: bool = False) -> Any:
    return (
        with_people(statement)
        .join(FeedbackDebt, on, isouter=is_outer)
        .outerjoin(Feedback, Feedback.application_id == Application.id)
        .outerjoin(_CalledBy, _CalledBy.id == FeedbackDebt.called_by_id)
    )


@cache
def _lines(role: Role, shows: Shows, whose: Whose) -> Any:
    """Built once: building it costs as much as running it."""
    statement = (
        _debts(
            Application.id,
            Application.public_id,
            Person.name,
            func.coalesce(Address.email, ""),
            Opening.title,
            Owner.name,
            FeedbackDebt.state,
            FeedbackDebt.form,
            FeedbackDebt.way,
            FeedbackDebt.due_on,
            FeedbackDebt.asked_at,
            FeedbackDebt.settled_at,
            func.coalesce(_CalledBy.name, ""),
            Feedback.state,
            func.coalesce(_Author.name, ""),
            case((Feedback.returned_words != "", 1), else_=0) == 1,
            _FeedbackMail.state,
            case((is_in_scope(_ME, role), 1), else_=0) == 1,
            func.count().over(),
        )
        .outerjoin(_Author, _Author.id == Feedback.author_id)
        .outerjoin(_FeedbackMail, _FeedbackMail.id == Feedback.delivery_id)
        .where(FeedbackDebt.state == _STATES[shows])
        .where(_is_seen_by(role))
    )
    if whose is Whose.MINE:
        statement = statement.where(_is_mine())
    if shows is Shows.GIVEN:
        statement = statement.where(FeedbackDebt.settled_at >= bindparam("since", type_=UTCDateTime()))
        statement = statement.order_by(FeedbackDebt.settled_at.desc(), FeedbackDebt.id.desc())
    else:
        statement = statement.order_by(FeedbackDebt.due_on, FeedbackDebt.id)
    return statement.offset(bindparam("first", type_=Integer)).limit(bindparam("count", type_=Integer))


def owed_to_candidates(
    scope: StaffScope, whose: Whose, shows: Shows, since: datetime, first: int, count: int
) -> tuple[list[OwedLine], int]:
    """`count` debts from number `first`, the soonest first, and how many there are; given ones newest first `since`."""
    values: dict[str, Any] = {"me": scope.person_id, "first": first, "count": count}
    if shows is Shows.GIVEN:
        values["since"] = since
    rows = fetch(_lines(scope.role, shows, whose), values).all()
    lines = [OwedLine(*row[:-1]) for row in rows]
    return _with_panels(lines, scope.person_id), rows[0][-1] if rows else 0


_PANELS = (
    select(Interview.application_id, Interview.public_id, PanelMember.staff_id, _Panelist.name)
    .join(PanelMember, PanelMember.interview_id == Interview.id)
    .join(_Panelist, _Panelist.id == PanelMember.staff_id)
    .where(Interview.application_id.in_(bindparam("ids", expanding=True, type_=Integer)))
    .where(Interview.state.in_(HELD))
    .order_by(Interview.application_id, _Panelist.name, PanelMember.staff_id, Interview.id)
)


def _with_panels(lines: Sequence[OwedLine], me_id: int) -> list[OwedLine]:
    if not lines:
        return []
    names: dict[int, dict[int, str]] = {}
    mine: dict[int, str] = {}
    for application_id, interview_id, staff_id, name in fetch(_PANELS, {"ids": [one.application_id for one in lines]}):
        names.setdefault(application_id, {})[staff_id] = name
        if staff_id == me_id:
            mine[application_id] = interview_id
    return [
        replace(
            one,
            panel=tuple(names.get(one.application_id, {}).values()),
            interview_id=mine.get(one.application_id, ""),
        )
        for one in lines
    ]


#: The fields of a `DebtView`.
VIEW_COLUMNS: tuple[Any, ...] = (
    FeedbackDebt.id,
    FeedbackDebt.event_id,
    Application.id,
    Application.public_id,
    Application.person_id,
    Person.name,
    func.coalesce(Address.email, ""),
    Opening.title,
    Application.owner_id,
    Owner.name,
    func.coalesce(_EndingMail.sent_at, _Ending.created_at, type_=UTCDateTime()),
    FeedbackDebt.state,
    FeedbackDebt.form,
    FeedbackDebt.way,
    FeedbackDebt.due_on,
    FeedbackDebt.asked_at,
    FeedbackDebt.settled_at,
    FeedbackDebt.hold_reason,
    FeedbackDebt.hold_words,
    func.coalesce(_Ask.name, ""),
    func.coalesce(_HeldBy.name, ""),
    FeedbackDebt.called_on,
    FeedbackDebt.called_by_id,
    func.coalesce(_CalledBy.name, ""),
    FeedbackDebt.call_words,
    FeedbackDebt.delivery_id,
    _HoldMail.state,
    Feedback.state,
    case((_has_interview(MISSED) & ~_has_interview(HELD), 1), else_=0) == 1,
)


def with_newest_debt(statement: Any) -> Any:
    """From the applications, join all that a `DebtView` says; nothing where there is no debt."""
    return (
        _with_debt(statement, FeedbackDebt.id == NEWEST, is_outer=True)
        .outerjoin(_Ending, _Ending.id == FeedbackDebt.event_id)
        .outerjoin(_EndingMail, _EndingMail.id == _Ending.delivery_id)
        .outerjoin(_Ask, _Ask.id == FeedbackDebt.ask_id)
        .outerjoin(_HeldBy, _HeldBy.id == FeedbackDebt.held_by_id)
        .outerjoin(_HoldMail, _HoldMail.id == FeedbackDebt.delivery_id)
    )


_VIEW = with_newest_debt(select(*VIEW_COLUMNS)).where(FeedbackDebt.id.is_not(None))
_OF_APPLICATION = _VIEW.where(Application.id == bindparam("application_id", type_=Integer))


@cache
def _in_scope(role: Role) -> Any:
    return _VIEW.where(Application.public_id == bindparam("public_id")).where(is_in_scope(_ME, role))


def debt_of(application_id: int) -> DebtView | None:
    """The debt of an application that stands, or that was settled last; None when it never had one."""
    row = fetch(_OF_APPLICATION, {"application_id": application_id}).one_or_none()
    return DebtView(*row) if row else None


def find_debt(public_id: str, scope: StaffScope) -> DebtView | None:
    """The same of the application with this public id, if the asker may see that."""
    row = fetch(_in_scope(scope.role), {"public_id": public_id, "me": scope.person_id}).one_or_none()
    return DebtView(*row) if row else None


_TO_DO = (
    with_people(
        select(
            Application.public_id,
            Application.person_id,
            Application.owner_id,
            Opening.title,
            FeedbackDebt.due_on,
            ApplicationEvent.public_id,
        )
    )
    .join(FeedbackDebt, FeedbackDebt.application_id == Application.id)
    .join(ApplicationEvent, ApplicationEvent.id == FeedbackDebt.event_id)
    .where(FeedbackDebt.state == DebtState.OPEN)
    .order_by(FeedbackDebt.due_on, FeedbackDebt.id)
)


@dataclass(frozen=True)
class ToDo:
    """Feedback that somebody owes, as their task says it."""

    public_id: str
    person_id: int
    owner_id: int
    opening_title: str
    due_on: date
    event_public_id: str


def open_debts() -> list[ToDo]:
    """Everything that is owed and neither given nor held, the soonest first."""
    return [ToDo(*row) for row in fetch(_TO_DO)]
