"""The pools that a person is in: what they are for is told to them, why they were chosen stays with colleagues."""

from datetime import datetime

from sqlalchemy import delete, func, or_, select, update

from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Person
from portal.pools.models import Pool, PoolMember
from portal.pools.queries import told_pools

TABLES: tuple[type[Model], ...] = (Pool, PoolMember)


def export(person_id: int) -> list[ExportSection]:
    """Each pool they are in with what it is for; the words of colleagues why they are in it stay with colleagues."""
    found = told_pools(person_id)
    told = ExportSection(
        title=_("Groups we have put you in"),
        rows=[
            (
                one.name,
                _(
                    "%(purpose)s Since %(day)s; looked after by %(name)s.",
                    purpose=one.purpose if one.purpose.endswith(".") else f"{one.purpose}.",
                    day=format_day(one.added_at),
                    name=one.owner_name or _("a colleague"),
                ),
            )
            for one in found
        ],
        kept=_("Until the group is closed, or somebody takes you out; it is looked at at least once a year."),
        seen_by=_(
            "The people who recruit here. Their words on why they thought of you are working notes, which are not part "
            "of what is shown here. You can ask us about them at any time."
        ),
        empty=_("None. Colleagues may put people together by hand to get in touch with them later."),
        extra={
            "pools": [{"name": one.name, "purpose": one.purpose, "since": one.added_at.isoformat()} for one in found]
        },
    )
    return [told, *_work(person_id)]


def _work(person_id: int) -> list[ExportSection]:
    """For staff: what they look after, and how many they have put in or let go."""
    names = session().scalars(select(Pool.name).where(Pool.owner_id == person_id).order_by(Pool.id)).all()
    put = session().scalar(select(func.count(PoolMember.id)).where(PoolMember.added_by_id == person_id)) or 0
    closed = session().scalar(select(func.count(Pool.id)).where(Pool.closed_by_id == person_id)) or 0
    if not names and not put and not closed:
        return []
    return [
        ExportSection(
            title=_("Pools you work with"),
            rows=[
                *((_("You look after"), name) for name in names),
                (_("People you put into one"), str(put)),
                (_("Pools you closed"), str(closed)),
            ],
            kept=_("For as long as the pool is kept."),
            seen_by=_("Your colleagues; those who are in a pool see your name while you look after it."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """The person leaves every pool, and why they were in it goes; joins the transaction.

    Pools they look after as staff are handed over before; what they did stays, by somebody without a name.
    """
    with transaction() as own:
        own.execute(delete(PoolMember).where(PoolMember.person_id == person_id))


def retention(now: datetime) -> None:
    """Somebody is in a pool until it is closed; its owner is asked about it at least once a year."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """A pool that either is in `kept_id` is in, once, for the reason it had first; joins the transaction.

    What came is marked, so that `actions.give_back` can undo it.
    """
    with transaction() as own:
        came_from = own.get_one(Person, gone_id).public_id
        members = select(PoolMember).where(or_(PoolMember.person_id == kept_id, PoolMember.person_id == gone_id))
        first: dict[int, PoolMember] = {}
        for member in own.scalars(members.order_by(PoolMember.added_at, PoolMember.id)).all():
            kept = first.setdefault(member.pool_id, member)
            if kept is not member:
                own.delete(member)
                kept.came_from, kept.is_of_both = came_from, True
            elif member.person_id == gone_id:
                member.came_from, member.is_of_both = came_from, False
        own.flush()
        own.execute(update(PoolMember).where(PoolMember.person_id == gone_id).values(person_id=kept_id))
        own.execute(
            update(PoolMember).where(PoolMember.added_by_id == gone_id).values(added_by_id=kept_id, form_key=None)
        )
        own.execute(update(Pool).where(Pool.closed_by_id == gone_id).values(closed_by_id=kept_id))
    hand_over(gone_id, kept_id, now)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` looks after the pools of `from_id`, who keeps having put people in; joins the transaction."""
    with transaction() as own:
        own.execute(update(Pool).where(Pool.owner_id == from_id).values(owner_id=to_id, version=Pool.version + 1))
