"""What we hold about people without an opening, and the pages about people that were looked at."""

from datetime import datetime

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from portal.company.queries import areas, company_zone
from portal.contact.queries import consent_states
from portal.core.clock import day_of
from portal.core.db import Model, insert_into, session, transaction
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Address
from portal.prospects.models import ErasedAddress, LookedAt, Prospect
from portal.prospects.queries import erased_hash
from portal.prospects.states import GROUND_WORDS, SOURCE_WORDS

TABLES: tuple[type[Model], ...] = (Prospect, LookedAt)


def export(person_id: int) -> list[ExportSection]:
    """How somebody came to us, the pages about them that were looked at; for staff, how many people they added."""
    return [*_how_we_met(person_id), *_pages(person_id), *_work(person_id)]


def _how_we_met(person_id: int) -> list[ExportSection]:
    row = session().get(Prospect, person_id)
    if row is None:
        return []
    labels = {area.key: area.label for area in areas()}
    guessed = ", ".join(labels.get(key, key) for key in row.areas)
    rows = [
        (_("Where we got your name and address"), str(SOURCE_WORDS[row.source]) % {"note": row.source_note}),
        (_("On"), format_day(row.obtained_on)),
        (_("Why we may"), str(GROUND_WORDS[row.ground])),
        (_("Added here on"), format_day(row.added_at)),
        *([(_("Areas we thought of"), guessed)] if guessed else []),
        *([(_("Invited on"), format_day(row.invited_at))] if row.invited_at else []),
    ]
    return [
        ExportSection(
            title=_("How we came to know you"),
            rows=rows,
            kept=_(
                "For as long as we know you. When you are erased, a code made of your address with a secret key stays, "
                "with the day, so that nobody here adds or invites you again. You can join by yourself at any time."
            ),
            seen_by=_("You, and the people who recruit here."),
        )
    ]


def _pages(person_id: int) -> list[ExportSection]:
    pages = session().scalars(
        select(LookedAt).where(LookedAt.person_id == person_id).order_by(LookedAt.looked_on.desc(), LookedAt.id.desc())
    )
    rows = [
        (page.url, _("looked at on %(day)s, found by: %(how)s", day=format_day(page.looked_on), how=page.found_by))
        for page in pages
    ]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Public pages about you that we looked at"),
            rows=rows,
            kept=_("For as long as we know you."),
            seen_by=_("You, and the people who recruit here."),
        )
    ]


def _work(person_id: int) -> list[ExportSection]:
    added = session().scalar(select(func.count(Prospect.person_id)).where(Prospect.added_by_id == person_id)) or 0
    if not added:
        return []
    return [
        ExportSection(
            title=_("People you added"),
            rows=[(_("How many"), str(added))],
            kept=_("For as long as those you added are known here."),
            seen_by=_("Your colleagues."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete it all; what stays of each address is a keyed hash with the day. Before people lets the addresses go.

    Joins the transaction.
    """
    with transaction() as own:
        row = own.get(Prospect, person_id)
        zone = company_zone()
        emails = own.scalars(select(Address.email).where(Address.person_id == person_id).order_by(Address.id)).all()
        purposes = {
            str(purpose): [str(state.decided_by.action), day_of(state.decided_by.occurred_at, zone).isoformat()]
            for purpose, state in consent_states(person_id).items()
        }
        for email in emails:
            invited_on = day_of(row.invited_at, zone) if row is not None and row.invited_at else None
            values = {"invited_on": invited_on, "erased_on": day_of(now, zone), "purposes": purposes}
            own.execute(
                insert_into(ErasedAddress, own.get_bind().dialect.name)
                .values(address_hash=erased_hash(email), **values)
                .on_conflict_do_update(index_elements=["address_hash"], set_=values)
            )
        own.execute(delete(Prospect).where(Prospect.person_id == person_id))
        own.execute(delete(LookedAt).where(LookedAt.person_id == person_id))


def retention(now: datetime) -> None:
    """Whoever does not answer is erased by a job that can erase all of a person, see `privacy.jobs`."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either has is one person's; of two ways in which they came to us the first counts. Joins the transaction."""
    with transaction() as own:
        _merge_prospects(own, kept_id, gone_id)
        own.execute(update(LookedAt).where(LookedAt.person_id == gone_id).values(person_id=kept_id))
        for column in (Prospect.added_by_id, Prospect.invited_by_id):
            own.execute(update(Prospect).where(column == gone_id).values({column: kept_id}))
        own.execute(update(LookedAt).where(LookedAt.noted_by_id == gone_id).values(noted_by_id=kept_id))


def _merge_prospects(own: Session, kept_id: int, gone_id: int) -> None:
    gone, kept = own.get(Prospect, gone_id), own.get(Prospect, kept_id)
    if gone is None:
        return
    if kept is None:
        own.execute(update(Prospect).where(Prospect.person_id == gone_id).values(person_id=kept_id))
        own.expire_all()
        return
    if gone.added_at < kept.added_at:
        kept.source, kept.source_note, kept.obtained_on = gone.source, gone.source_note, gone.obtained_on
        kept.ground, kept.added_at, kept.added_by_id = gone.ground, gone.added_at, gone.added_by_id
    if kept.invited_at is None:
        kept.delivery_id, kept.invited_at, kept.invited_by_id = gone.delivery_id, gone.invited_at, gone.invited_by_id
    kept.areas = list(dict.fromkeys([*kept.areas, *gone.areas]))
    kept.leaves_at = kept.leaves_at or gone.leaves_at
    own.delete(gone)
    own.flush()


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever added or invited somebody keeps having done so; nothing more is owed to them."""
