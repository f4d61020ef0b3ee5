"""Conditions on the `Person` of a statement: whether they can be invited, and whether anything speaks against it."""

from functools import cache
from typing import Any, Final

from sqlalchemy import (
    BindParameter,
    Boolean,
    ColumnElement,
    Integer,
    String,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    literal,
    or_,
    select,
    true,
    type_coerce,
)
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import SHOWN_ID
from portal.applications.states import ApplicationStatus
from portal.community.models import Membership, PersonArea, PersonPlace, Preferences
from portal.community.states import WorkMode
from portal.contact.models import ConsentEvent, Suppression
from portal.contact.states import ConsentAction, Purpose
from portal.fitting.models import Invitation
from portal.fitting.states import STANDING, LeftOut
from portal.people.models import Address, Person

#: The purpose by which somebody hears of an opening.
PURPOSE: Final = Purpose.JOB_ALERTS
AREA: Final = bindparam("area", type_=String)
_IS_MEMBER: Final = exists().where(Membership.person_id == Person.id).where(Membership.left_at.is_(None))
_Reached = aliased(Address, name="reached")


def list_of(name: str, kind: Any) -> Any:
    """A list that comes with each run."""
    return bindparam(name, type_=kind, expanding=True)


def _has_applied() -> ColumnElement[bool]:
    opening_id = bindparam("opening_id", type_=Integer)
    return exists().where(Application.person_id == Person.id).where(Application.opening_id == opening_id)


def _is_invited() -> ColumnElement[bool]:
    return (
        exists()
        .where(Invitation.person_id == Person.id)
        .where(Invitation.opening_id == bindparam("opening_id", type_=Integer))
        .where(Invitation.state.in_(STANDING))
    )


def _is_hired() -> ColumnElement[bool]:
    """By what they read now, so that a hiring which was taken back is none."""
    return (
        exists()
        .where(Application.person_id == Person.id)
        .where(ApplicationEvent.application_id == Application.id)
        .where(ApplicationEvent.status == ApplicationStatus.HIRED)
        # Not to be looked up by: what they read is asked only of those who were ever hired.
        .where(ApplicationEvent.id + 0 == SHOWN_ID)
    )


def has_said_yes() -> ColumnElement[bool]:
    """Whether the ledger says yes to job alerts, as `contact.rules.fold` reads it, of the `Person` around it.

    Nothing was withdrawn or expired since the last yes; and after a withdrawal, only their own yes counts.
    """

    def newest(action: ConsentAction, *, is_own: bool = False) -> Any:
        said = ConsentEvent.action == action
        meant = and_(said, ConsentEvent.actor_id.is_(None)) if is_own else said
        return func.coalesce(func.max(case((meant, ConsentEvent.id))), 0)

    given, own = newest(ConsentAction.GIVEN), newest(ConsentAction.GIVEN, is_own=True)
    withdrawn = newest(ConsentAction.WITHDRAWN)
    stands = and_(
        given > newest(ConsentAction.EXPIRED),
        given > withdrawn,
        or_(withdrawn == 0, own > withdrawn),
    )
    counted = (
        select(case((stands, 1), else_=0))
        .where(ConsentEvent.person_id == Person.id)
        .where(ConsentEvent.purpose == PURPOSE)
        .correlate(Person)
        .scalar_subquery()
    )
    return counted == 1


def _is_reachable() -> ColumnElement[bool]:
    """They have an address, and mail to the one that we write to does not come back."""
    comes_back = (
        exists()
        .where(Suppression.person_id == Person.id)
        .where(Suppression.lifted_at.is_(None))
        .where(Suppression.address == _Reached.email)
        .correlate(Person, _Reached)
    )
    return exists().where(_Reached.person_id == Person.id).where(_Reached.is_primary).where(~comes_back)


def _is_theirs() -> ColumnElement[bool]:
    """Before it is public: a member whose interests match, as `openings.rules.is_visible` says."""
    is_interested = exists().where(PersonArea.person_id == Person.id).where(PersonArea.area == AREA)
    return and_(_IS_MEMBER, or_(AREA == "", is_interested))


@cache
def reason_of(is_early: bool) -> Any:
    """Of a `Person`: why they are left out; empty: they are not."""
    return case(
        (_has_applied(), literal(str(LeftOut.APPLIED))),
        (_is_invited(), literal(str(LeftOut.INVITED))),
        (_is_hired(), literal(str(LeftOut.HIRED))),
        (~has_said_yes(), literal(str(LeftOut.NO_YES))),
        (~_is_reachable(), literal(str(LeftOut.UNREACHABLE))),
        (~(_is_theirs() if is_early else true()), literal(str(LeftOut.NOT_THEIRS_YET))),
        else_=literal(""),
    )


def nothing_speaks_against() -> ColumnElement[bool]:
    """Whether nothing that they said is something else than the opening says, as `openings.rules.speaks_against`."""
    return and_(~_says_other_area(), ~_says_other_work(), or_(~_says_other_places(), _works_from_anywhere()))


def _says_other_area() -> ColumnElement[bool]:
    said = exists().where(PersonArea.person_id == Person.id)
    return and_(AREA != "", said, ~said.where(PersonArea.area == AREA))


def _says_other_work() -> ColumnElement[bool]:
    """They brought other experience, or would work in other ways only."""
    seniority = bindparam("seniority", type_=String)
    is_offered = or_(*(and_(_offers(mode), _has_mode(mode)) for mode in WorkMode))
    is_any_offered = or_(*(_offers(mode) for mode in WorkMode))
    return _said(
        or_(
            and_(seniority != "", type_coerce(Preferences.seniority, String) != seniority),
            and_(is_any_offered, _has_any_mode(), ~is_offered),
        )
    )


def _said(what: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether their preferences say that.

    A value and no EXISTS: PostgreSQL would take it for true of next to nobody, and join everybody with everybody.
    """
    found = select(case((what, 1), else_=0)).where(Preferences.person_id == Person.id).correlate(Person)
    return func.coalesce(found.scalar_subquery(), 0) == 1


def _says_other_places() -> ColumnElement[bool]:
    said = exists().where(PersonPlace.person_id == Person.id)
    return and_(
        bindparam("has_places", type_=Boolean), said, ~said.where(PersonPlace.place.in_(list_of("places", String)))
    )


def _works_from_anywhere() -> ColumnElement[bool]:
    """It can be done remotely, and they did not rule that out."""
    rules_out = _said(and_(_has_any_mode(), ~_has_mode(WorkMode.REMOTE)))
    return and_(_offers(WorkMode.REMOTE), ~rules_out)


def _offers(mode: WorkMode) -> BindParameter[bool]:
    return bindparam(f"is_{mode}", type_=Boolean)


def _has_mode(mode: WorkMode) -> ColumnElement[bool]:
    return cast(Preferences.work_modes, Text).contains(f'"{mode}"', autoescape=True)


def _has_any_mode() -> ColumnElement[bool]:
    return or_(*(_has_mode(mode) for mode in WorkMode))
