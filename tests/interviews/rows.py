"""Interviews as they stand in the database, without anybody having been written to."""

from collections.abc import Sequence
from datetime import datetime

from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.interviews.models import Interview, InterviewTime, PanelMember
from portal.interviews.states import InterviewFormat, InterviewState, Relationship, TimeState


def make_interview(
    application_id: int,
    arranged_by: int,
    *,
    state: InterviewState = InterviewState.CONFIRMED,
    starts_at: datetime | None = None,
    times: Sequence[datetime] = (),
    panel: Sequence[tuple[int, Relationship | None]] = (),
    minutes: int = 45,
    title: str = "Talk with the team",
    criteria: str = "",
) -> str:
    """An interview; the public id. Its `times` are offered, `starts_at` is taken; `panel` are people of the staff."""
    now = clock.now()
    with transaction() as session:
        one = Interview(
            public_id=new_public_id(),
            application_id=application_id,
            arranged_by_id=arranged_by,
            state=state,
            title=title,
            format=InterviewFormat.VIDEO,
            minutes=minutes,
            place="https://meet.example/talk",
            about="Your work, and ours.",
            prepare="Nothing to prepare.",
            criteria=criteria,
            contact_id=arranged_by,
            contact_phone="+48 22 123 45 67",
            zone="Europe/Warsaw",
            starts_at=starts_at,
            sequence=0,
            created_at=now,
            changed_at=now,
        )
        session.add(one)
        session.flush()
        taken = {starts_at} if starts_at is not None else set()
        for at in sorted({*times, *taken}):
            kind = TimeState.TAKEN if at in taken else TimeState.OFFERED
            session.add(InterviewTime(public_id=new_public_id(), interview_id=one.id, starts_at=at, state=kind))
        for staff_id, relationship in panel:
            said_at = now if relationship is not None else None
            session.add(
                PanelMember(
                    interview_id=one.id,
                    staff_id=staff_id,
                    relationship=relationship,
                    declared_at=said_at,
                    added_at=now,
                )
            )
        return one.public_id
