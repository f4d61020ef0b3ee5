"""What a person looks for, says of themselves and wants to hear, saved as one."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete

from portal.audit.actions import record
from portal.community.actions.saying import locked_person, note_consents
from portal.community.models import OtherOffers, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.queries import choices_of, preferences_of, wishes_in
from portal.community.rules import Choices, Profile, Wishes, days_said, moved_parts, settled
from portal.community.rules import OtherOffers as Offers
from portal.community.states import CareerStage
from portal.contact.actions import change_preferences as change_contact_preferences
from portal.contact.states import Purpose
from portal.core.db import transaction
from portal.core.i18n import local
from portal.outbox.actions import look_again
from portal.people.models import Person

_PREFERENCES = "/me/preferences"
#: What is saved as somebody goes is one entry in the log, until they rest for so long.
_SITTING = timedelta(minutes=10)


def save_preferences(
    person_id: int,
    said: Mapping[str, Any],
    *,
    seen: str,
    shown: Sequence[Purpose],
    ticked: Sequence[Purpose],
    now: datetime,
) -> None:
    """Keep what a page of preferences says, all of it or nothing; mail that waits is looked at again at once.

    `said` is by part as in `rules.parts_of`, `seen` the marks that came with the page; `shown` are the boxes that came
    ticked, `ticked` those that were sent. Raises ChosenElsewhere.
    """
    with transaction():
        person = locked_person(person_id)
        kept = choices_of(person_id)
        wanted = settled(kept, said, seen)
        _keep_told(person, kept, wanted, now)
        if wanted.mail != kept.mail:
            change_contact_preferences(person_id, wanted.mail, now)
        note_consents(person_id, shown, ticked, _PREFERENCES, now)
        look_again(person_id, now)


def change_preferences(
    person_id: int, wishes: Wishes, *, shown: Sequence[Purpose], ticked: Sequence[Purpose], now: datetime
) -> None:
    """Keep what a person looks for, and note what they said about being written to.

    `shown` are the boxes that came ticked with their page, `ticked` those they sent. Does not make them a member.
    """
    with transaction():
        person = locked_person(person_id)
        kept = choices_of(person_id)
        _keep_told(person, kept, Choices(wishes, kept.mail, kept.offers), now)
        note_consents(person_id, shown, ticked, _PREFERENCES, now)


def say_stage(person_id: int, stage: CareerStage, now: datetime) -> None:
    """Keep whether somebody looks for work, said today, whether or not it is what they said before."""
    with transaction():
        person = locked_person(person_id)
        row = _row_of(person_id, now)
        row.career_stage, row.career_stage_on = stage, local(now).date()
        _note_sitting(person, row, now)


def forget_other_offers(person_id: int, now: datetime) -> bool:
    """Delete what somebody told of other offers, as the process they told it for has ended; False if there was none."""
    with transaction() as session:
        person = locked_person(person_id)
        row = session.get(OtherOffers, person_id)
        if row is None:
            return False
        session.delete(row)
        subject = f"person:{person.public_id}"
        record("community.forget_other_offers", subject, actor_id=None, now=now, person_id=person_id)
        return True


def _keep_told(person: Person, kept: Choices, wanted: Choices, now: datetime) -> None:
    has_moved = bool(moved_parts(kept.wishes, wanted.wishes))
    if not has_moved and wanted.offers == kept.offers:
        return
    row, today = _row_of(person.id, now), local(now).date()
    if has_moved:
        _keep_wishes(row, wanted.wishes, today)
    if wanted.offers != kept.offers:
        _keep_offers(person.id, wanted.offers, today)
    _note_sitting(person, row, now)


def _row_of(person_id: int, now: datetime) -> Preferences:
    with transaction() as session:
        row = session.get(Preferences, person_id)
        if row is None:
            # Nothing was said before, so nothing was noted either: the first change is an entry of its own.
            row = Preferences(person_id=person_id, work_modes=[], changed_at=now - _SITTING)
            session.add(row)
            session.flush()
        return row


def _note_sitting(person: Person, row: Preferences, now: datetime) -> None:
    is_new = row.changed_at <= now - _SITTING
    row.changed_at = now
    if is_new:
        subject = f"person:{person.public_id}"
        record("community.change_preferences", subject, actor_id=person.id, now=now, person_id=person.id)


def _keep_wishes(row: Preferences, wishes: Wishes, today: date) -> None:
    before = preferences_of(row.person_id)
    days = days_said(before.said_on, wishes_in(before), wishes, today)
    row.career_stage, row.career_stage_on = wishes.career_stage, days.pop("career_stage", None)
    row.said_on = {part: day.isoformat() for part, day in days.items()}
    row.work_modes = [str(mode) for mode in wishes.work_modes]
    _keep_profile(row, wishes.profile)
    with transaction() as session:
        for table in (PersonArea, PersonSkill, PersonPlace):
            session.execute(delete(table).where(table.person_id == row.person_id))
        session.add_all(PersonArea(person_id=row.person_id, area=area) for area in sorted(set(wishes.areas)))
        session.add_all(PersonSkill(person_id=row.person_id, skill=key, label=label) for key, label in wishes.skills)
        session.add_all(PersonPlace(person_id=row.person_id, place=key, label=label) for key, label in wishes.places)
        session.flush()


def _keep_profile(row: Preferences, profile: Profile) -> None:
    free, pay, birthday = profile.availability, profile.pay, profile.birthday
    row.seniority = profile.seniority
    row.industries = [str(industry) for industry in profile.industries]
    row.when_free = free.when if free else None
    row.free_from, row.notice = (free.from_on, free.notice) if free else (None, None)
    row.pay_amount, row.pay_period = (pay.amount, pay.period) if pay else (None, None)
    row.pay_currency = pay.currency if pay else ""
    row.birth_day, row.birth_month = (birthday.day, birthday.month) if birthday else (None, None)
    row.three_years, row.proud_of, row.education = profile.three_years, profile.proud_of, profile.education
    row.motivates, row.worries, row.links = profile.motivates, profile.worries, list(profile.links)


def _keep_offers(person_id: int, offers: Offers | None, today: date) -> None:
    with transaction() as session:
        row = session.get(OtherOffers, person_id)
        if offers is None:
            if row is not None:
                session.delete(row)
        elif row is None:
            session.add(OtherOffers(person_id=person_id, words=offers.words, decide_by=offers.decide_by, said_on=today))
        else:
            row.words, row.decide_by, row.said_on = offers.words, offers.decide_by, today
        session.flush()
