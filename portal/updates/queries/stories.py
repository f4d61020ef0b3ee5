"""The stories about a member, as they read them before they say yes, and after; and what is to be told to them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import String, bindparam, cast, exists, func, literal, select

from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
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


@dataclass(frozen=True)
class StoryWords:
    """A story as its member is asked about it: who writes it, and what it says now."""

    public_id: str
    state: UpdateState
    version_number: int
    author_id: int | None
    author_name: str
    #: What is being written, else what is published.
    content: UpdateContent
    #: What the newest version corrected, as readers are told.
    correction: str

    @property
    def is_whole(self) -> bool:
        """Whether there is something to say yes to."""
        return all((self.content.title.strip(), self.content.summary.strip(), self.content.body.strip()))


_WORDS: Final = (
    select(
        InsiderUpdate.public_id,
        InsiderUpdate.state,
        InsiderUpdate.version_number,
        InsiderUpdate.author_id,
        func.coalesce(Person.name, ""),
        UpdateDraft.content,
        UpdateVersion.content,
        func.coalesce(UpdateVersion.correction, ""),
    )
    .outerjoin(UpdateDraft, UpdateDraft.update_id == InsiderUpdate.id)
    .outerjoin(
        UpdateVersion,
        (UpdateVersion.update_id == InsiderUpdate.id) & (UpdateVersion.number == InsiderUpdate.version_number),
    )
    .outerjoin(Person, Person.id == InsiderUpdate.author_id)
    .where(InsiderUpdate.id == bindparam("update_id"))
)
#: So often somebody can be named for the same words, others in between.
_TIMES: Final = 5
_MAIL_OF: Final = (
    select(Delivery.state)
    .where(Delivery.dedupe_key.in_(bindparam("keys", expanding=True)))
    .order_by(Delivery.id.desc())
    .limit(1)
)
_SINCE: Final = func.coalesce(InsiderUpdate.corrected_at, InsiderUpdate.published_at)
_TO_TELL: Final = (
    select(InsiderUpdate.id, UpdateStory.person_id)
    .join(UpdateStory, UpdateStory.update_id == InsiderUpdate.id)
    .where(InsiderUpdate.state.in_(sorted(READABLE)))
    .where(InsiderUpdate.kind == UpdateKind.MEMBER_STORY)
    .where(bindparam("since", type_=InsiderUpdate.created_at.type) < _SINCE)
    .where(
        ~exists().where(
            Delivery.dedupe_key
            == literal("story_out:") + InsiderUpdate.public_id + ":" + cast(InsiderUpdate.version_number, String)
        )
    )
    .order_by(InsiderUpdate.id)
)


def story_words(update_id: int) -> StoryWords | None:
    """The story as it reads now, for its member."""
    row: Any = fetch(_WORDS, {"update_id": update_id}).one_or_none()
    stored = (row[5] or row[6]) if row is not None else None
    if row is None or stored is None:
        return None
    return StoryWords(*(*row[:5], from_json(stored), row[7]))


def question_keys(public_id: str, person_id: int, words_digest: str) -> list[str]:
    """What the mails are called that ask this member about these words: one each time that they are named."""
    return [f"story:{public_id}:{person_id}:{words_digest}:{time}" for time in range(_TIMES)]


def mail_that_asked(public_id: str, person_id: int, words_digest: str) -> DeliveryState | None:
    """Where the newest mail stands that asked this member about these words; None when there is none."""
    row = fetch(_MAIL_OF, {"keys": question_keys(public_id, person_id, words_digest)}).first()
    return row[0] if row is not None else None


def out_key(public_id: str, version_number: int) -> str:
    """What the mail is called that tells the member that this version is published; see `stories_to_tell`."""
    return f"story_out:{public_id}:{version_number}"


def stories_to_tell(since: datetime) -> list[tuple[int, int]]:
    """The stories published or corrected after `since` whose member has no mail about that yet, each with them."""
    return [(update_id, person_id) for update_id, person_id in fetch(_TO_TELL, {"since": since})]


def stories_of(person_id: int) -> list[OwnStory]:
    """The stories about this person that are asked about or published, the newest first."""
    found = (_story(row) for row in fetch(_STORIES, {"person_id": person_id}))
    return [one for one in found if one.content.kind is UpdateKind.MEMBER_STORY]


def find_own_story(public_id: str, person_id: int) -> OwnStory | None:
    """The story with this public id, if it is about this person."""
    return next((one for one in stories_of(person_id) if one.public_id == public_id), None)


def _story(row: Any) -> OwnStory:
    return OwnStory(*(*row[:8], from_json(row[8] or row[9])))
