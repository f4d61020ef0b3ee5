"""The stories about a member, as they read them before they say yes, and after."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, func, select

from portal.core.db import fetch
from portal.people.models import Person
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateStory, UpdateVersion
from portal.updates.rules import UpdateContent, from_json
from portal.updates.states import READABLE, UpdateKind, UpdateState


@dataclass(frozen=True)
class OwnStory:
    """A story about a member: its words, and what they said to it."""

    update_id: int
    public_id: str
    slug: str | None
    state: UpdateState
    author_name: str
    asked_at: datetime
    agreed_at: datetime | None
    agreed_to: str
    content: UpdateContent

    @property
    def is_out(self) -> bool:
        """Whether others read it now."""
        return self.state in READABLE

    @property
    def is_agreed(self) -> bool:
        """Whether their yes holds for these very words."""
        return self.agreed_to == self.content.words_digest


_STORIES: Final = (
    select(
        InsiderUpdate.id,
        InsiderUpdate.public_id,
        InsiderUpdate.slug,
        InsiderUpdate.state,
        func.coalesce(Person.name, ""),
        UpdateStory.asked_at,
        UpdateStory.agreed_at,
        UpdateStory.agreed_to,
        # What is being written is what they are asked about; else what was published.
        UpdateDraft.content,
        UpdateVersion.content,
    )
    .join(InsiderUpdate, InsiderUpdate.id == UpdateStory.update_id)
    .outerjoin(UpdateDraft, UpdateDraft.update_id == InsiderUpdate.id)
    .outerjoin(
        UpdateVersion,
        (UpdateVersion.update_id == InsiderUpdate.id) & (UpdateVersion.number == InsiderUpdate.version_number),
    )
    .outerjoin(Person, Person.id == InsiderUpdate.author_id)
    .where(UpdateStory.person_id == bindparam("person_id"))
    .where(InsiderUpdate.state != UpdateState.WITHDRAWN)
    .order_by(UpdateStory.asked_at.desc(), InsiderUpdate.id.desc())
)


def stories_of(person_id: int) -> list[OwnStory]:
    """The stories about this person that are asked about or published, the newest first."""
    found = (_story(row) for row in fetch(_STORIES, {"person_id": person_id}))
    return [one for one in found if one.content.kind is UpdateKind.MEMBER_STORY]


def find_own_story(public_id: str, person_id: int) -> OwnStory | None:
    """The story with this public id, if it is about this person."""
    return next((one for one in stories_of(person_id) if one.public_id == public_id), None)


def _story(row: Any) -> OwnStory:
    return OwnStory(*(*row[:8], from_json(row[8] or row[9])))
