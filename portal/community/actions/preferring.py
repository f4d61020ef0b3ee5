"""What a person looks for and what they want to hear, saved as one."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import delete

from portal.audit.actions import record
from portal.community.actions.saying import locked_person, note_consents
from portal.community.models import PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.queries import choices_of
from portal.community.rules import Wishes, is_same_wish, settled
from portal.contact.actions import change_preferences as change_contact_preferences
from portal.contact.states import Purpose
from portal.core.db import transaction
from portal.core.i18n import local
from portal.outbox.actions import look_again

_PREFERENCES = "/me/preferences"


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
        locked_person(person_id)
        kept = choices_of(person_id)
        wanted = settled(kept, said, seen)
        if not is_same_wish(wanted.wishes, kept.wishes):
            _keep_wishes(person_id, wanted.wishes, now)
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
        _keep_wishes(person_id, wishes, now)
        note_consents(person_id, shown, ticked, _PREFERENCES, now)


def _keep_wishes(person_id: int, wishes: Wishes, now: datetime) -> None:
    with transaction() as session:
        person = locked_person(person_id)
        row = session.get(Preferences, person_id)
        if row is None:
            row = Preferences(person_id=person_id, work_modes=[], changed_at=now)
            session.add(row)
        if row.career_stage is not wishes.career_stage:
            row.career_stage = wishes.career_stage
            row.career_stage_on = local(now).date() if wishes.career_stage else None
        row.work_modes = [str(mode) for mode in wishes.work_modes]
        row.changed_at = now
        session.execute(delete(PersonArea).where(PersonArea.person_id == person_id))
        session.execute(delete(PersonSkill).where(PersonSkill.person_id == person_id))
        session.execute(delete(PersonPlace).where(PersonPlace.person_id == person_id))
        session.add_all(PersonArea(person_id=person_id, area=area) for area in sorted(set(wishes.areas)))
        session.add_all(PersonSkill(person_id=person_id, skill=key, label=label) for key, label in wishes.skills)
        session.add_all(PersonPlace(person_id=person_id, place=key, label=label) for key, label in wishes.places)
        session.flush()
        record(
            "community.change_preferences",
            f"person:{person.public_id}",
            actor_id=person_id,
            now=now,
            person_id=person_id,
        )
