"""What goes into a copy for somebody: every part of what we hold about them, and their files."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import select

from portal.applications.queries import applications_of
from portal.applications.states import ENDINGS
from portal.ats.models import Import
from portal.core.db import fetch
from portal.core.personal_data import ExportSection
from portal.files.models import StoredFile
from portal.files.queries import folder
from portal.interviews.queries.overdue import to_come_of
from portal.outbox.models import Delivery
from portal.people.models import StaffPicture
from portal.privacy.registry import AS_SHOWN


@dataclass(frozen=True)
class HeldFile:
    """A file of theirs, where it lies and what it was called."""

    path: Path
    name: str


def parts_about(person_id: int) -> list[tuple[str, ExportSection]]:
    """What `held_about` shows, each section with the name of the feature that holds it."""
    return [(holder.name, section) for holder in AS_SHOWN for section in holder.export(person_id)]


def files_about(person_id: int) -> list[HeldFile]:
    """The files they sent us. A list that a colleague brought in is about others, and not theirs to take along."""
    rows = fetch(
        select(StoredFile.public_id, StoredFile.name)
        .where(StoredFile.owner_id == person_id)
        .where(StoredFile.id.not_in(select(Import.file_id).where(Import.file_id.is_not(None))))
        .order_by(StoredFile.id)
    )
    found = [HeldFile(folder() / public_id, name) for public_id, name in rows]
    return [file for file in found if file.path.is_file()]


def picture_of(person_id: int) -> tuple[bytes, str] | None:
    """The picture of somebody on the staff, and what kind it is."""
    row = fetch(
        select(StaffPicture.content, StaffPicture.media_type).where(StaffPicture.person_id == person_id)
    ).one_or_none()
    return (row.content, row.media_type) if row else None


@dataclass(frozen=True)
class AtStake:
    """What happens at once to what is open when somebody is erased."""

    #: Titles of the openings of open applications, and their public ids.
    open_titles: tuple[str, ...]
    open_ids: tuple[str, ...]
    ended_count: int
    interviews_count: int


def at_stake(person_id: int, now: datetime) -> AtStake:
    """What is withdrawn, called off and deleted when this person is erased."""
    cards = applications_of(person_id)
    still_open = [card for card in cards if card.status not in ENDINGS]
    return AtStake(
        tuple(card.opening_title for card in still_open),
        tuple(card.public_id for card in still_open),
        len(cards) - len(still_open),
        len(to_come_of(person_id, now)),
    )


def sent_at_of(delivery_id: int) -> datetime | None:
    """When the mail server took this message."""
    return fetch(select(Delivery.sent_at).where(Delivery.id == delivery_id)).scalar()
