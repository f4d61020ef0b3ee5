"""What we hold about membership and what a person looks for."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.community.actions import forget_old_join_requests
from portal.community.models import JoinRequest, Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.queries import JoinRequestRow, PreferencesRow, join_requests_to, preferences_of
from portal.community.states import CAREER_STAGE_LABELS, WORK_MODE_LABELS
from portal.company.queries import areas
from portal.core.db import Model, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Address

TABLES: tuple[type[Model], ...] = (Membership, JoinRequest, Preferences, PersonArea, PersonSkill, PersonPlace)
_LISTS = ((PersonArea, PersonArea.area), (PersonSkill, PersonSkill.skill), (PersonPlace, PersonPlace.place))
_OWNED = (PersonArea, PersonSkill, PersonPlace, Preferences, Membership)


def export(person_id: int) -> list[ExportSection]:
    """Membership and preferences, and what waits for a confirmation."""
    known = preferences_of(person_id)
    sections = [_looking_for(known)]
    waiting = join_requests_to(person_id)
    return [*sections, _waiting(waiting)] if waiting else sections


def _looking_for(known: PreferencesRow) -> ExportSection:
    labels = {area.key: area.label for area in areas()}
    rows = [
        (_("Areas of interest"), ", ".join(labels.get(key, key) for key in known.areas)),
        (_("Skills"), ", ".join(skill.label for skill in known.skills)),
        (_("Places"), "; ".join(place.label for place in known.places)),
        (_("How you would like to work"), ", ".join(str(WORK_MODE_LABELS[mode]) for mode in known.work_modes)),
    ]
    if known.career_stage is not None:
        day = format_day(known.career_stage_on) if known.career_stage_on else ""
        rows.append((_("Whether you are looking"), f"{CAREER_STAGE_LABELS[known.career_stage]}, {day}".rstrip(", ")))
    if known.joined_at is not None:
        rows.insert(0, (_("Member of the community since"), format_day(known.joined_at)))
    return ExportSection(
        title=_("What you look for"),
        rows=[(label, text) for label, text in rows if text],
        kept=_("Until you change it, for as long as we know you."),
        seen_by=_("You, and the people who recruit here."),
        empty=_("You have not told us what you look for."),
        extra={
            "areas": list(known.areas),
            "skills": [list(skill) for skill in known.skills],
            "places": [list(place) for place in known.places],
            "work_modes": [str(mode) for mode in known.work_modes],
            "career_stage": str(known.career_stage) if known.career_stage else None,
        },
    )


def _waiting(requests: list[JoinRequestRow]) -> ExportSection:
    return ExportSection(
        title=_("A request to join that waits for your confirmation"),
        rows=[
            (format_moment(asked.created_at), _("forgotten on %(moment)s", moment=format_moment(asked.expires_at)))
            for asked in requests
        ],
        kept=_("One hour, unless you confirm it."),
        seen_by=_("Nobody, until it is confirmed."),
    )


def erase(person_id: int, now: datetime) -> None:
    """Delete membership, preferences and waiting requests; before people lets the addresses go."""
    with transaction() as own:
        emails = select(Address.email).where(Address.person_id == person_id).scalar_subquery()
        own.execute(delete(JoinRequest).where(JoinRequest.email.in_(emails)))
        for table in _OWNED:
            own.execute(delete(table).where(table.person_id == person_id))


def retention(now: datetime) -> None:
    """What was never confirmed goes; the job does the same."""
    forget_old_join_requests(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Lists are put together; of single answers those of `kept_id` hold; who joined or left last decides."""
    with transaction() as own:
        for table, key in (
            (PersonArea, PersonArea.area),
            (PersonSkill, PersonSkill.skill),
            (PersonPlace, PersonPlace.place),
        ):
            known = select(key).where(table.person_id == kept_id).scalar_subquery()
            own.execute(
                update(table)
                .where(table.person_id == gone_id)
                .where(key.not_in(known))
                .values(person_id=kept_id)
                .execution_options(synchronize_session=False)
            )
            own.execute(delete(table).where(table.person_id == gone_id))
        _merge_preferences(kept_id, gone_id)
        _merge_membership(kept_id, gone_id)


def _merge_preferences(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        kept, gone = own.get(Preferences, kept_id), own.get(Preferences, gone_id)
        if gone is None:
            return
        if kept is None:
            kept = Preferences(person_id=kept_id, work_modes=[], changed_at=gone.changed_at)
            own.add(kept)
        if kept.career_stage is None:
            kept.career_stage, kept.career_stage_on = gone.career_stage, gone.career_stage_on
        kept.work_modes = kept.work_modes or gone.work_modes
        own.delete(gone)
        own.flush()


def _merge_membership(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        kept, gone = own.get(Membership, kept_id), own.get(Membership, gone_id)
        if gone is None:
            return
        if kept is None:
            own.add(Membership(person_id=kept_id, joined_at=gone.joined_at, left_at=gone.left_at))
        else:
            # The last word of the person counts: leaving on one side is not undone by having joined on the other.
            newer = max(kept, gone, key=lambda row: row.left_at or row.joined_at)
            is_member = newer.left_at is None
            joined = [row.joined_at for row in (kept, gone) if row.left_at is None or not is_member]
            kept.joined_at, kept.left_at = min(joined), newer.left_at
        own.delete(gone)
        own.flush()


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
