"""Each condition of a segment as a part of a statement over people."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time
from typing import Any, Final
from zoneinfo import ZoneInfo

from sqlalchemy import (
    ColumnElement,
    CompoundSelect,
    Select,
    String,
    and_,
    cast,
    exists,
    false,
    or_,
    select,
    true,
    union_all,
)
from sqlalchemy.orm import InstrumentedAttribute, aliased

from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.states import EventKind
from portal.community.models import Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.states import WorkMode
from portal.contact.models import ConsentEvent, SignOfLife
from portal.contact.states import ConsentAction
from portal.core.db import db
from portal.notes.models import PersonTag
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Address, Person, Staff
from portal.pools.models import Pool, PoolMember
from portal.segments.rules import Condition, Group, first_day, statuses_from
from portal.segments.states import Field, Match, Operator

#: Mail about somebody's own application that a colleague worded or saw; all community mail counts besides.
LETTERS: Final = (
    "applications/message",
    "applications/moved",
    "applications/delayed",
    "applications/ending",
    "applications/ended_as_told",
    "applications/new_status",
    "applications/stay_in_touch",
    "applications/reverted",
    "conversations/reply",
    "conversations/reply_about",
)
#: Events that say that a colleague spoke with the candidate.
TALKS: Final = (EventKind.CALL, EventKind.TOLD_HERE)
#: A letter in one of these has not reached the mail server, or came back.
_UNSENT: Final = tuple(state for state in DeliveryState if state is not DeliveryState.SENT)
_Later, _Unsent = aliased(ApplicationEvent), aliased(Delivery)
_Joined, _Left, _Applied, _Nameless = aliased(Membership), aliased(Membership), aliased(Application), aliased(Person)
_Before, _Between, _After = aliased(ConsentEvent), aliased(ConsentEvent), aliased(ConsentEvent)
#: Who is in no segment: whoever left the community, colleagues who neither applied nor joined, and who has neither a
#: name nor an address, as an erased record and one that became part of another.
_NOT_HERE: Final = union_all(
    select(_Left.person_id.label("person_id")).where(_Left.left_at.is_not(None)),
    select(Staff.person_id)
    .where(~exists().where(_Applied.person_id == Staff.person_id))
    .where(~exists().where(_Joined.person_id == Staff.person_id).where(_Joined.left_at.is_(None))),
    select(_Nameless.id).where(_Nameless.name == "").where(~exists().where(Address.person_id == _Nameless.id)),
)
#: People who have something, by the column that names them.
Having = tuple[Select[Any], InstrumentedAttribute[Any]]
#: Fields by how few people they usually leave, and the operators that list those they leave.
_NARROW: Final = (
    *(Field.POOL, Field.TAG, Field.MARK, Field.SKILL, Field.AREA, Field.PLACE, Field.REACHED, Field.ENDING),
    *(Field.STATUS, Field.SENIORITY, Field.INDUSTRY, Field.WORK_MODE, Field.CAREER_STAGE),
)
_LISTS: Final = frozenset({Operator.ANY_OF, Operator.ALL_OF, Operator.AT_LEAST})


@dataclass(frozen=True)
class Asked:
    """When and how a segment is asked for."""

    #: A day in the company's `zone`.
    today: date
    zone: str
    #: Whether each person is looked up, as where few are left when it is asked; else those who fit are listed.
    is_looked_up: bool = False
    #: Whether the database makes joins of what is looked up, so that looking up is never worse.
    is_joined: bool = False


def is_joining() -> bool:
    """Whether the database makes joins of what is looked up for each person."""
    return db.engine.dialect.name == "postgresql"


def holds(tree: Group, today: date, zone: str, *, is_looked_up: bool = False) -> ColumnElement[bool]:
    """Of `Person`: whether the rules hold on `today`, a day in the company's `zone`.

    PostgreSQL joins what is looked up. On SQLite, where all parts must hold, the one that leaves fewest is listed, and
    of those people the rest is looked up; where no part narrows it down, every part is listed (see
    `bench/segments.py`). `is_looked_up`: they are asked of a few people only.
    """
    if is_looked_up or is_joining():
        return _group_holds(tree, Asked(today, zone, is_looked_up=True, is_joined=is_joining()))
    asked, narrowest = Asked(today, zone), _narrowest(tree)
    if narrowest is None:
        return _group_holds(tree, asked)
    rest = Group(tree.match, tuple(part for part in tree.of if part is not narrowest))
    return and_(condition_holds(narrowest, asked), _group_holds(rest, replace(asked, is_looked_up=True)))


def _narrowest(tree: Group) -> Condition | None:
    """Of parts that all must hold, the condition that is likely to leave fewest people."""
    if tree.match is not Match.ALL:
        return None
    narrow = [one for one in tree.of if isinstance(one, Condition) and one.operator in _LISTS and one.field in _NARROW]
    return min(narrow, key=lambda one: _NARROW.index(one.field), default=None)


def _group_holds(group: Group, asked: Asked) -> ColumnElement[bool]:
    parts = [_group_holds(one, asked) if isinstance(one, Group) else condition_holds(one, asked) for one in group.of]
    if group.match is Match.ALL:
        return and_(true(), *parts)
    some = or_(false(), *parts)
    return some if group.match is Match.ANY else ~some


def condition_holds(condition: Condition, asked: Asked) -> ColumnElement[bool]:
    """Of `Person`: whether one condition holds."""
    if condition.field in {Field.LAST_CONTACT, Field.LAST_RESPONSE}:
        return _about_days(condition, asked)
    if condition.field is Field.LANGUAGE:
        reads = Person.locale.in_(condition.keys)
        return ~reads if condition.operator is Operator.NONE_OF else reads
    if condition.operator is Operator.ALL_OF:
        return and_(*(_is_one_of(_having(condition.field, [key], asked), asked) for key in condition.keys))
    some = _is_one_of(_having(condition.field, condition.keys, asked), asked)
    if condition.operator is Operator.OR_REMOTE:
        return or_(some, _is_one_of(_listed(Preferences.work_modes, [WorkMode.REMOTE]), asked))
    return ~some if condition.operator in {Operator.NO, Operator.NONE_OF} else some


def _is_one_of(people: Having, asked: Asked) -> ColumnElement[bool]:
    return _is_looked_up(people) if asked.is_looked_up else _is_listed(people)


def _is_listed(people: Having) -> ColumnElement[bool]:
    """Of `Person`: the list has them, whatever else the statement around it is about."""
    return Person.id.in_(people[0].correlate(None))


def _is_looked_up(people: Having) -> ColumnElement[bool]:
    statement, person_id = people
    return statement.where(person_id == Person.id).correlate(Person).exists()


def _having(field: Field, keys: list[str], asked: Asked) -> Having:
    if field is Field.MARK:
        return _marked(keys, asked.today)
    if field is Field.REACHED:
        return _applicants(_passed(statuses_from(keys[0])), asked)
    if field in {Field.STATUS, Field.ENDING}:
        return _applicants([*_passed(keys), _is_newest()], asked)
    return _WHO[field](keys)


def _members(keys: list[str]) -> Having:
    return select(Membership.person_id).where(Membership.left_at.is_(None)), Membership.person_id


def _listed(column: InstrumentedAttribute[Any], keys: list[Any]) -> Having:
    """Whose list in a column of `Preferences` has one of the words."""
    text = cast(column, String)
    has_one = or_(*(text.contains(f'"{key}"', autoescape=True) for key in keys))
    return select(Preferences.person_id).where(has_one), Preferences.person_id


def _applicants(told: list[ColumnElement[bool]], asked: Asked) -> Having:
    """Who has an application with an event of which all of `told` holds."""
    is_of_it = ApplicationEvent.application_id == Application.id
    people = select(Application.person_id)
    if not asked.is_looked_up or asked.is_joined:
        return people.join(ApplicationEvent, is_of_it).where(*told), Application.person_id
    # One inside the other: of a join, SQLite without statistics would begin with all events that read so.
    return people.where(exists().where(is_of_it, *told).correlate(Application)), Application.person_id


def _is_newest() -> ColumnElement[bool]:
    """Of an `ApplicationEvent`: the application reads so now."""
    return ~(
        exists()
        .where(_Later.application_id == ApplicationEvent.application_id)
        .where(_Later.id > ApplicationEvent.id)
        .where(_is_out(_Later.delivery_id))
    )


def _passed(statuses: Sequence[str]) -> list[ColumnElement[bool]]:
    """Of an `ApplicationEvent`: the application has read so at some time: its message was accepted, or needed none."""
    return [ApplicationEvent.status.in_(statuses), _is_out(ApplicationEvent.delivery_id)]


def _is_out(delivery_id: Any) -> ColumnElement[bool]:
    """Whether the letter was accepted, or there is none: said so that PostgreSQL makes one join of it."""
    return ~exists().where(_Unsent.id == delivery_id).where(_Unsent.state.in_(_UNSENT))


def _marked(kinds: list[str], today: date) -> Having:
    statement = (
        select(Application.person_id)
        .join(Mark, Mark.application_id == Application.id)
        .where(Mark.kind.in_(kinds))
        .where(Mark.removed_at.is_(None))
        .where(Mark.expires_on > today)
    )
    return statement, Application.person_id


def _in_pools(public_ids: list[str]) -> Having:
    statement = (
        select(PoolMember.person_id)
        .join(Pool, Pool.id == PoolMember.pool_id)
        .where(Pool.public_id.in_(public_ids))
        .where(Pool.closed_at.is_(None))
    )
    return statement, PoolMember.person_id


def _agreed(purposes: list[str]) -> Having:
    """Who has said yes, as `contact.rules.fold` reads the ledger.

    A yes holds until a later entry says otherwise; one that a colleague entered holds only if the person had not
    said no before, or had said yes again since.
    """
    same = [
        (one.person_id == ConsentEvent.person_id) & (one.purpose == ConsentEvent.purpose) for one in (_Before, _After)
    ]
    said_yes_between = (
        exists()
        .where(_Between.person_id == _Before.person_id, _Between.purpose == _Before.purpose)
        .where(_Between.action == ConsentAction.GIVEN, _Between.actor_id.is_(None))
        .where(_Between.id > _Before.id, _Between.id < ConsentEvent.id)
    )
    # Whoever entered it is asked about in here: beside it, an OR would keep PostgreSQL from making a join of this.
    is_none_of_theirs = (
        exists()
        .where(ConsentEvent.actor_id.is_not(None))
        .where(same[0], _Before.id < ConsentEvent.id, _Before.action == ConsentAction.WITHDRAWN)
        .where(~said_yes_between)
    )
    was_ended = exists().where(same[1], _After.id > ConsentEvent.id, _After.action != ConsentAction.GIVEN)
    statement = (
        select(ConsentEvent.person_id)
        .where(ConsentEvent.purpose.in_(purposes))
        .where(ConsentEvent.action == ConsentAction.GIVEN)
        .where(~was_ended)
        .where(~is_none_of_theirs)
    )
    return statement, ConsentEvent.person_id


def _plain(column: InstrumentedAttribute[Any], person_id: InstrumentedAttribute[Any]) -> Callable[[list[str]], Having]:
    return lambda keys: (select(person_id).where(column.in_(keys)), person_id)


_WHO: Final[dict[Field, Callable[[list[str]], Having]]] = {
    Field.MEMBER: _members,
    Field.AREA: _plain(PersonArea.area, PersonArea.person_id),
    Field.SKILL: _plain(PersonSkill.skill, PersonSkill.person_id),
    Field.SENIORITY: _plain(Preferences.seniority, Preferences.person_id),
    Field.INDUSTRY: lambda keys: _listed(Preferences.industries, keys),
    Field.PLACE: _plain(PersonPlace.place, PersonPlace.person_id),
    Field.WORK_MODE: lambda keys: _listed(Preferences.work_modes, keys),
    Field.CAREER_STAGE: _plain(Preferences.career_stage, Preferences.person_id),
    Field.TAG: _plain(PersonTag.key, PersonTag.person_id),
    Field.POOL: _in_pools,
    Field.PURPOSE: _agreed,
}


def is_contact() -> ColumnElement[bool]:
    """Of a `Delivery`: it reached the person, and is more than automatic mail about their own account."""
    return and_(
        Delivery.state == DeliveryState.SENT,
        or_(Delivery.mail_class == MailClass.COMMUNITY, Delivery.kind.in_(LETTERS)),
    )


def is_talk() -> ColumnElement[bool]:
    """Of an `ApplicationEvent`: a colleague spoke with the candidate."""
    return and_(ApplicationEvent.kind.in_(TALKS), ApplicationEvent.happened_on.is_not(None))


def _about_days(condition: Condition, asked: Asked) -> ColumnElement[bool]:
    """By lists where nothing is joined: the indexes of days give them, and they are short where the days are few.

    SQLite, which mostly has no statistics, would look somebody's letters up among all that were sent.
    """
    since = None if condition.days is None else first_day(condition.days, asked.today)
    is_response = condition.field is Field.LAST_RESPONSE
    days = _heard_since(since) if is_response else union_all(_written_since(since, asked.zone), _called_since(since))
    some = _is_in(days) if asked.is_joined else Person.id.in_(days)
    return some if condition.operator is Operator.WITHIN else ~some


def _is_in(people: Select[Any] | CompoundSelect[Any]) -> ColumnElement[bool]:
    """Of `Person`: looked up among `people`, a column of ids without any None."""
    ids = people.subquery()
    return exists().where(ids.c.person_id == Person.id).correlate(Person)


def _heard_since(since: date | None) -> Select[int]:
    people = select(SignOfLife.person_id)
    return people if since is None else people.where(SignOfLife.last_on >= since)


def _written_since(since: date | None, zone: str) -> Select[Any]:
    people = select(Delivery.person_id).where(is_contact()).where(Delivery.person_id.is_not(None))
    if since is not None:
        people = people.where(Delivery.sent_at >= datetime.combine(since, time(), ZoneInfo(zone)))
    return people


def _called_since(since: date | None) -> Select[int]:
    people = (
        select(Application.person_id)
        .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
        .where(is_talk())
    )
    return people if since is None else people.where(ApplicationEvent.happened_on >= since)


def is_known(*, is_looked_up: bool) -> ColumnElement[bool]:
    """Of `Person`: somebody who may be a candidate, is still here and has not left the community.

    `is_looked_up` suits a few people, and a database that joins.
    """
    return ~_is_in(_NOT_HERE) if is_looked_up else Person.id.not_in(_NOT_HERE)
