"""What we hold about keeping somebody: copies of theirs, that they are to be erased, that we asked them to stay."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.company.queries import company_zone
from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.keeping.actions import forget_copies_of, forget_old_records, sweep_copies
from portal.keeping.models import ErasureRequest, PersonalCopy, StayQuestion
from portal.keeping.queries.sealed import sealed_records
from portal.people.models import Address
from portal.prospects.queries import erased_hash

TABLES: tuple[type[Model], ...] = (PersonalCopy, ErasureRequest, StayQuestion)


def export(person_id: int) -> list[ExportSection]:
    """Copies that were asked for, whether we asked them to stay, an erasure under way, and what is sealed since one."""
    copies = fetch(
        select(PersonalCopy.asked_at, PersonalCopy.good_until)
        .where(PersonalCopy.person_id == person_id)
        .order_by(PersonalCopy.id.desc())
    )
    rows = [(_("Copy of your data asked for"), format_moment(row.asked_at)) for row in copies]
    asked = session().get(StayQuestion, person_id)
    if asked is not None:
        rows.append((_("We asked whether you want to stay"), format_day(asked.asked_on)))
    leaving = session().get(ErasureRequest, person_id)
    if leaving is not None:
        rows.append((_("Your erasure was asked for"), format_moment(leaving.asked_at)))
    emails = fetch(select(Address.email).where(Address.person_id == person_id).order_by(Address.id))
    for email in emails.scalars():
        for one in sealed_records(erased_hash(email)):
            day = format_day(one.keep_until)
            until = _("sealed until %(day)s, as the law of %(place)s demands", day=day, place=one.place)
            rows.append((_("From before you were erased"), until))
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Copies, and how long you stay"),
            rows=rows,
            kept=_("For as long as we know you. A copy itself is deleted 24 hours after it was made."),
            seen_by=_("You, and admins here. A copy only you can fetch."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the copies with their files, and what was asked; joins the transaction."""
    forget_copies_of(person_id)
    with transaction() as own:
        own.execute(delete(ErasureRequest).where(ErasureRequest.person_id == person_id))
        own.execute(update(ErasureRequest).where(ErasureRequest.asked_by_id == person_id).values(asked_by_id=None))
        own.execute(delete(StayQuestion).where(StayQuestion.person_id == person_id))


def retention(now: datetime) -> None:
    """Copies go after a day, sealed records on the day that the law names."""
    sweep_copies(now)
    forget_old_records(now, company_zone())


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """A copy of the other record says only a part: it goes. Who asked to be erased there did not ask here."""
    forget_copies_of(gone_id)
    with transaction() as own:
        own.execute(delete(ErasureRequest).where(ErasureRequest.person_id == gone_id))
        own.execute(delete(StayQuestion).where(StayQuestion.person_id == gone_id))
        own.execute(update(ErasureRequest).where(ErasureRequest.asked_by_id == gone_id).values(asked_by_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
