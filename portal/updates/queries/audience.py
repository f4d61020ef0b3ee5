"""Who is in an audience, and what mail to them would come to now."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, bindparam, false, func, select

from portal.community.models import Membership, PersonArea
from portal.company.queries import ContactBudget, company_zone, contact_budget, quiet_hours
from portal.contact.models import ConsentEvent, ContactPreferences, CountedContact, Suppression
from portal.contact.queries import address_hash, preferences_in
from portal.contact.rules import WANTED_FOR, ConsentFact, Facts, Verdict, Wanted, fold, may_contact
from portal.contact.rules import CountedContact as Counted
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.i18n import is_zone
from portal.people.models import Address, Person
from portal.segments.queries import people_in, rules_of_segment
from portal.segments.rules import Group, SegmentRefused, from_json
from portal.updates.rules import Reach, UpdateContent, reach_of
from portal.updates.states import PURPOSES, Audience

#: People about whose mail is decided at most for one page.
MOST_ASKED: Final = 5000
_ABOUT: Final = (
    select(
        Person.id,
        Person.timezone,
        Address.email,
        ContactPreferences.rhythms,
        ContactPreferences.is_paused,
        ContactPreferences.paused_until_on,
        ContactPreferences.quiet_from,
        ContactPreferences.quiet_until,
        ContactPreferences.surveys_off_at,
        ContactPreferences.rests_until,
    )
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Person.id)
    .where(Person.id.in_(bindparam("ids", expanding=True)))
    .order_by(Person.id)
)
_LEDGER: Final = (
    select(
        ConsentEvent.person_id,
        ConsentEvent.purpose,
        ConsentEvent.action,
        ConsentEvent.actor_id.is_(None),
        ConsentEvent.occurred_at,
    )
    .where(ConsentEvent.person_id.in_(bindparam("ids", expanding=True)))
    .order_by(ConsentEvent.id)
)
_COUNTED: Final = (
    select(CountedContact.person_id, CountedContact.budget, CountedContact.purpose, CountedContact.counted_at)
    .where(CountedContact.person_id.in_(bindparam("ids", expanding=True)))
    .where(CountedContact.budget == bindparam("budget", type_=CountedContact.budget.type))
    .where(CountedContact.counted_at > bindparam("since", type_=CountedContact.counted_at.type))
    .order_by(CountedContact.counted_at, CountedContact.id)
)
_SUPPRESSED: Final = (
    select(Suppression.address_hash)
    .where(Suppression.address_hash.in_(bindparam("hashes", expanding=True)))
    .where(Suppression.lifted_at.is_(None))
)
_MEMBERS: Final = select(Membership.person_id.label("person_id")).where(Membership.left_at.is_(None))


@dataclass(frozen=True)
class Target:
    """An audience as the database is asked for it; `today` is the day in the company's zone."""

    audience: Audience
    areas: tuple[str, ...]
    #: The rules of its segment; None: it has none, or they are gone.
    tree: Group | None
    today: date
    #: Colleagues who ask or publish. A segment is counted and sent to without them: whoever chooses the rules must not
    #: learn by that what was noted about themselves (decision 0028).
    without: frozenset[int] = frozenset()


def segment_tree(public_id: str) -> Group | None:
    """The rules of a segment as they are now; None once it was removed, or when they cannot be read any more."""
    return rules_of_segment(public_id) if public_id else None


def read_tree(stored: Any) -> Group | None:
    """Rules as they were stored; None when they cannot be read any more."""
    try:
        return from_json(stored)
    except SegmentRefused:
        return None


def target_of(content: UpdateContent, today: date) -> Target:
    """Whom `content` is for, by the rules of its segment as they are now."""
    tree = segment_tree(content.segment) if content.audience is Audience.SEGMENT else None
    return Target(content.audience, content.areas, tree, today)


def _people(target: Target) -> Select[Any]:
    """The ids of the people whom `target` holds now, as a statement with the one column `person_id`.

    For everybody means for the members, as far as it is about feeds and mail.
    """
    if target.audience is Audience.SEGMENT:
        if target.tree is None:
            return _MEMBERS.where(false())
        people = people_in(target.tree, target.today).where(Person.id.not_in(target.without))
        return people.with_only_columns(Person.id.label("person_id"))
    if target.audience is Audience.AREAS:
        interested = select(PersonArea.person_id).where(PersonArea.area.in_(target.areas))
        return _MEMBERS.where(Membership.person_id.in_(interested))
    return _MEMBERS


def count_people(target: Target) -> int:
    """How many people `target` holds now."""
    return int(fetch(select(func.count()).select_from(_people(target).subquery())).scalar_one())


def next_people(target: Target, after_id: int, count: int) -> list[int]:
    """At most `count` of the people whom `target` holds now, by id, the first above `after_id`."""
    found = _people(target).subquery()
    statement = select(found.c.person_id).where(found.c.person_id > after_id).order_by(found.c.person_id).limit(count)
    return [person_id for (person_id,) in fetch(statement)]


def those_in(target: Target, ids: Sequence[int]) -> list[int]:
    """Those of these people whom `target` holds now, by id."""
    found = _people(target).subquery()
    statement = select(found.c.person_id).where(found.c.person_id.in_(ids)).order_by(found.c.person_id)
    return [person_id for (person_id,) in fetch(statement)]


def reach_now(content: UpdateContent, asker_id: int, now: datetime) -> Reach:
    """Whom `content` would reach if the asker published it now, and what mail to them would come to.

    Of very many people the decision is asked for the first `MOST_ASKED`.
    """
    wanted = WANTED_FOR[PURPOSES[content.kind]]
    target = replace(target_of(content, day_of(now, company_zone())), without=frozenset({asker_id}))
    ids = next_people(target, 0, MOST_ASKED)
    total = len(ids) if len(ids) < MOST_ASKED else count_people(target)
    return reach_of(total, verdicts_for(ids, wanted, now).values())


def verdicts_for(ids: Sequence[int], wanted: Wanted, now: datetime) -> dict[int, Verdict]:
    """Whether mail could go now to each of these people, by their id; whoever is gone is not in it."""
    if not ids:
        return {}
    return {person_id: may_contact(facts, wanted, now) for person_id, facts in _facts(ids, wanted, now)}


def _facts(ids: Sequence[int], wanted: Wanted, now: datetime) -> Iterator[tuple[int, Facts]]:
    """What decides about mail to each of these people; as `contact.queries.facts_about` does for one."""
    home, budget, quiet = company_zone(), contact_budget(), quiet_hours()
    rows = fetch(_ABOUT, {"ids": list(ids)}).all()
    hashes = {row.id: address_hash(row.email) for row in rows if row.email}
    suppressed = {found for (found,) in fetch(_SUPPRESSED, {"hashes": sorted(set(hashes.values()))})}
    ledger, counted = _ledger(ids), _counted(ids, wanted, budget, now)
    for row in rows:
        states = fold(ledger.get(row.id, ()))
        facts = Facts(
            is_there=row.email is not None,
            is_suppressed=hashes.get(row.id) in suppressed,
            zone=row.timezone if is_zone(row.timezone) else home,
            company_zone=home,
            consents=frozenset(purpose for purpose, state in states.items() if state.is_given),
            preferences=preferences_in(row),
            counted=tuple(counted.get(row.id, ())),
            quiet=quiet,
            community_per_month=budget.community_per_month,
            check_in_days=budget.check_in_days,
        )
        yield row.id, facts


def _ledger(ids: Sequence[int]) -> dict[int, list[ConsentFact]]:
    found: dict[int, list[ConsentFact]] = {}
    for person_id, purpose, action, is_own, occurred_at in fetch(_LEDGER, {"ids": list(ids)}):
        found.setdefault(person_id, []).append(ConsentFact(purpose, action, bool(is_own), occurred_at))
    return found


def _counted(ids: Sequence[int], wanted: Wanted, budget: ContactBudget, now: datetime) -> dict[int, list[Counted]]:
    since = now - timedelta(days=max(budget.check_in_days, 31) + 2)
    found: dict[int, list[Counted]] = {}
    for person_id, *facts in fetch(_COUNTED, {"ids": list(ids), "budget": wanted.budget, "since": since}):
        found.setdefault(person_id, []).append(Counted(*facts))
    return found
