"""What members look for and whether they said yes to job alerts, some hundreds at a time."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select

from portal.community.models import Membership
from portal.contact.models import ConsentEvent
from portal.contact.rules import ConsentFact, fold
from portal.contact.states import Purpose
from portal.core.db import fetch
from portal.openings.queries import wants_of
from portal.openings.rules import Wants


@dataclass(frozen=True, slots=True)
class Member:
    """A member, as far as job alerts go."""

    person_id: int
    wants: Wants
    #: Since when the ledger says yes to job alerts; None: it does not.
    yes_since: datetime | None

    @property
    def has_yes(self) -> bool:
        return self.yes_since is not None


_MEMBERS = select(Membership.person_id).where(Membership.left_at.is_(None)).order_by(Membership.person_id)
_AFTER = _MEMBERS.where(Membership.person_id > bindparam("after_id")).limit(bindparam("count"))
_BY_ID = _MEMBERS.where(Membership.person_id.in_(bindparam("ids", expanding=True)))
_LEDGER = (
    select(ConsentEvent.person_id, ConsentEvent.action, ConsentEvent.actor_id.is_(None), ConsentEvent.occurred_at)
    .where(ConsentEvent.person_id.in_(bindparam("ids", expanding=True)))
    .where(ConsentEvent.purpose == Purpose.JOB_ALERTS)
    .order_by(ConsentEvent.person_id, ConsentEvent.id)
)


def members_after(after_id: int, count: int) -> list[Member]:
    """`count` members by id, the first above `after_id`. Three statements."""
    return _members(fetch(_AFTER, {"after_id": after_id, "count": count}).scalars().all())


def members_by_id(ids: Collection[int]) -> dict[int, Member]:
    """Those of these people who are members. Three statements."""
    return {one.person_id: one for one in _members(fetch(_BY_ID, {"ids": list(ids)}).scalars().all())}


def _members(ids: Sequence[int]) -> list[Member]:
    facts: dict[int, list[ConsentFact]] = defaultdict(list)
    for person_id, action, is_own, occurred_at in fetch(_LEDGER, {"ids": list(ids)}):
        facts[person_id].append(ConsentFact(Purpose.JOB_ALERTS, action, bool(is_own), occurred_at))
    wanted = wants_of(ids)
    return [
        Member(person_id, wanted.get(person_id, Wants()), _yes_since(facts.get(person_id, []))) for person_id in ids
    ]


def _yes_since(facts: list[ConsentFact]) -> datetime | None:
    """Since when it has been yes without a break."""
    since: datetime | None = None
    for count, fact in enumerate(facts, 1):
        state = fold(facts[:count]).get(Purpose.JOB_ALERTS)
        since = (since or fact.occurred_at) if state is not None and state.is_given else None
    return since
