"""What we hold about who a person is: name, addresses, language; and, for staff, their work here."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from portal.company.queries import company_zone
from portal.core.db import Model, session, transaction
from portal.core.i18n import LOCALES, format_day, language_name
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.actions import forget_old_absences
from portal.people.models import Address, Person, Staff, StaffAbsence, StaffPicture
from portal.people.queries import has_said_profile
from portal.people.rules import is_zone_assumed

TABLES: tuple[type[Model], ...] = (Person, Address, Staff, StaffPicture, StaffAbsence)


def export(person_id: int) -> list[ExportSection]:
    """Who the person is to us, and their work here if they are staff."""
    person = session().get(Person, person_id)
    if person is None:
        return []
    staff = session().get(Staff, person_id)
    sections = [_about(person)]
    return [*sections, _work(staff)] if staff is not None else sections


def _about(person: Person) -> ExportSection:
    rows = [(_("Name"), person.name), (_("Language"), language_name(person.locale)), (_("Time zone"), person.timezone)]
    if person.phone:
        rows.append((_("Telephone"), person.phone))
    addresses = session().scalars(select(Address).where(Address.person_id == person.id).order_by(Address.id)).all()
    for address in addresses:
        since = _("confirmed on %(day)s", day=format_day(address.confirmed_at)) if address.confirmed_at else ""
        rows.append((_("E-mail"), f"{address.email}, {since or _('not confirmed yet')}"))
    rows.append((_("Known to us since"), format_day(person.created_at)))
    return ExportSection(
        title=_("Who you are"),
        rows=rows,
        kept=_("For as long as we know you."),
        seen_by=_("You, and the people who recruit here."),
        extra={
            "public_id": person.public_id,
            "name": person.name,
            "language": person.locale,
            "time_zone": person.timezone,
            "telephone": person.phone,
            "known_since": person.created_at.isoformat(),
            "addresses": [
                {"address": one.email, "confirmed_at": one.confirmed_at.isoformat() if one.confirmed_at else None}
                for one in addresses
            ],
        },
    )


def _work(staff: Staff) -> ExportSection:
    return ExportSection(
        title=_("Your work here"),
        rows=[
            (_("Role"), str(staff.role)),
            (_("What candidates read beside your name"), staff.introduction),
            *_told(staff),
            (_("On the staff since"), format_day(staff.created_at)),
            *_absences(staff.person_id),
        ],
        kept=_("For as long as you work here."),
        seen_by=_("Your colleagues. Candidates see what you say of yourself, and your picture; not when you are away."),
    )


def _told(staff: Staff) -> list[tuple[str, str]]:
    picture = session().scalar(select(StaffPicture.created_at).where(StaffPicture.person_id == staff.person_id))
    told = [
        (_("How to say your name"), staff.say_name),
        (_("School"), staff.school),
        (_("Talks and articles"), staff.talks.replace("\n", "; ")),
        (_("Your invitation went to"), staff.invited_email or ""),
        (_("Your picture"), _("since %(day)s", day=format_day(picture)) if picture else ""),
    ]
    return [(label, words) for label, words in told if words]


def _absences(person_id: int) -> list[tuple[str, str]]:
    rows = session().execute(
        select(StaffAbsence.from_on, StaffAbsence.until_on)
        .where(StaffAbsence.person_id == person_id)
        .order_by(StaffAbsence.from_on, StaffAbsence.id)
    )
    return [
        (_("Away"), _("%(first)s to %(last)s", first=format_day(row.from_on), last=format_day(row.until_on)))
        for row in rows
    ]


def erase(person_id: int, now: datetime) -> None:
    """Empty who the person is; the row without a name stays, so that what others did keeps its place.

    Runs after the features above, which let go of addresses and staff first. Joins the transaction.
    """
    with transaction() as own:
        person = own.get(Person, person_id, with_for_update=True)
        if person is None:
            return
        own.execute(delete(Address).where(Address.person_id == person_id))
        own.execute(update(Staff).where(Staff.lead_id == person_id).values(lead_id=None))
        own.execute(delete(StaffPicture).where(StaffPicture.person_id == person_id))
        own.execute(
            delete(StaffAbsence).where(or_(StaffAbsence.person_id == person_id, StaffAbsence.stand_in_id == person_id))
        )
        own.execute(delete(Staff).where(Staff.person_id == person_id))
        person.name, person.phone, person.locale, person.timezone = "", "", LOCALES[0], "UTC"
        person.claimed_at = None


def retention(now: datetime) -> None:
    """When colleagues were away is forgotten after three months; all else is decided by what people do with us."""
    forget_old_absences(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """All addresses and what `kept_id` lacks come from `gone_id`, whose row stays empty. Joins the transaction."""
    with transaction() as own:
        kept, gone = (own.get_one(Person, i, with_for_update=True) for i in (kept_id, gone_id))
        own.execute(update(Address).where(Address.person_id == gone_id).values(person_id=kept_id, is_primary=False))
        kept.name, kept.phone = kept.name or gone.name, kept.phone or gone.phone
        if is_zone_assumed(kept.timezone, company_zone(), has_said=has_said_profile(kept_id)):
            kept.timezone = gone.timezone
        claims = [moment for moment in (kept.claimed_at, gone.claimed_at) if moment is not None]
        kept.claimed_at = min(claims, default=None)
        kept.created_at = min(kept.created_at, gone.created_at)
        _merge_staff(kept_id, gone_id)
        gone.name, gone.phone, gone.claimed_at = "", "", None


def _merge_staff(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        gone = own.get(Staff, gone_id)
        if gone is not None and own.get(Staff, kept_id) is None:
            own.add(
                Staff(
                    person_id=kept_id,
                    role=gone.role,
                    lead_id=gone.lead_id if gone.lead_id != kept_id else None,
                    is_active=gone.is_active,
                    invited_email=gone.invited_email,
                    invited_at=gone.invited_at,
                    introduction=gone.introduction,
                    say_name=gone.say_name,
                    school=gone.school,
                    talks=gone.talks,
                    created_at=gone.created_at,
                )
            )
            own.flush()
            own.execute(update(StaffPicture).where(StaffPicture.person_id == gone_id).values(person_id=kept_id))
            own.execute(
                update(StaffAbsence)
                .where(StaffAbsence.person_id == gone_id)
                .where(StaffAbsence.stand_in_id != kept_id)
                .values(person_id=kept_id)
            )
        hand_over_reports(gone_id, kept_id)
        _hand_over_stand_ins(gone_id, kept_id)
        if gone is not None:
            # The row stays, inactive, until what points to it has been handed over.
            gone.is_active, gone.lead_id = False, None
            gone.invited_email, gone.invited_at = None, None
            gone.introduction = gone.say_name = gone.school = gone.talks = ""
            own.execute(delete(StaffPicture).where(StaffPicture.person_id == gone_id))
            own.execute(delete(StaffAbsence).where(StaffAbsence.person_id == gone_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Those who reported to `from_id` report to `to_id`, who also stands in as promised. Joins the transaction."""
    hand_over_reports(from_id, to_id)
    _hand_over_stand_ins(from_id, to_id)


def _hand_over_stand_ins(from_id: int, to_id: int) -> None:
    """Whoever is away has `to_id` for `from_id`; whoever is away and takes over themselves has their lead, if any."""
    with transaction() as own:
        theirs = select(StaffAbsence).where(StaffAbsence.stand_in_id == from_id).order_by(StaffAbsence.id)
        for absence in own.scalars(theirs.with_for_update()):
            if absence.person_id != to_id:
                absence.stand_in_id = to_id
                continue
            lead_id = own.scalar(select(Staff.lead_id).where(Staff.person_id == to_id))
            lead = own.get(Staff, lead_id) if lead_id is not None and lead_id != from_id else None
            if lead is None or not lead.is_active or lead.invited_at is not None:
                own.delete(absence)
            else:
                absence.stand_in_id = lead.person_id
        own.flush()


def hand_over_reports(from_id: int, to_id: int) -> None:
    """Nobody ends up as their own lead: `to_id` gets the lead of `from_id`, if that is somebody else."""
    with transaction() as own:
        above = own.scalar(select(Staff.lead_id).where(Staff.person_id == from_id))
        own.execute(update(Staff).where(Staff.lead_id == from_id).where(Staff.person_id != to_id).values(lead_id=to_id))
        own.execute(
            update(Staff)
            .where(Staff.lead_id == from_id)
            .where(Staff.person_id == to_id)
            .values(lead_id=above if above != to_id else None)
        )
