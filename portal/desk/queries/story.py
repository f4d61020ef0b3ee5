"""All that happened with one person, over all their applications, the conversation and what they agreed to."""

from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import bindparam, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import EventKind
from portal.contact.models import ConsentEvent
from portal.contact.rules import PURPOSE_LABELS
from portal.conversations.models import ConversationMessage
from portal.core.db import fetch
from portal.desk.rules import consent_title, event_title, message_title
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person

#: Of each source, so that a card stays a page; what is older stands on the pages of the applications.
_AT_MOST = 200


@dataclass(frozen=True)
class StoryEntry:
    """Something that happened."""

    at: datetime
    title: str
    #: What was written; plain text.
    body: str = ""
    #: Which colleague did it; empty when the person did it themselves, or nobody did.
    colleague: str = ""
    is_own: bool = False
    #: The application it is about; empty: none.
    application_public_id: str = ""
    opening_title: str = ""
    #: How its mail stands; None when it needs none.
    delivery_state: DeliveryState | None = None
    is_message: bool = False


@dataclass(frozen=True)
class Story:
    """What happened, the newest first."""

    entries: list[StoryEntry] = field(default_factory=list)

    @property
    def messages(self) -> list[StoryEntry]:
        """What was said in the conversation, the newest first."""
        return [one for one in self.entries if one.is_message]


_Actor = aliased(Person, name="story_actor")
_EVENTS = (
    select(
        ApplicationEvent.created_at,
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.message,
        _Actor.name,
        ApplicationEvent.actor_id,
        Application.public_id,
        Opening.title,
        Delivery.state,
    )
    .select_from(ApplicationEvent)
    .join(Application, Application.id == ApplicationEvent.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(_Actor, _Actor.id == ApplicationEvent.actor_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .where(Application.person_id == bindparam("person_id"))
    # An answer in the conversation stands there, in its own words.
    .where(ApplicationEvent.kind != EventKind.REPLY)
    .order_by(ApplicationEvent.id.desc())
    .limit(_AT_MOST)
)
_MESSAGES = (
    select(
        ConversationMessage.created_at,
        ConversationMessage.body,
        ConversationMessage.author_id,
        _Actor.name,
        Application.public_id,
        Opening.title,
        Delivery.state,
    )
    .select_from(ConversationMessage)
    .outerjoin(_Actor, _Actor.id == ConversationMessage.author_id)
    .outerjoin(Application, Application.id == ConversationMessage.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .outerjoin(Delivery, Delivery.id == ConversationMessage.delivery_id)
    .where(ConversationMessage.person_id == bindparam("person_id"))
    .order_by(ConversationMessage.id.desc())
    .limit(_AT_MOST)
)
_CONSENTS = (
    select(ConsentEvent.occurred_at, ConsentEvent.purpose, ConsentEvent.action, _Actor.name)
    .select_from(ConsentEvent)
    .outerjoin(_Actor, _Actor.id == ConsentEvent.actor_id)
    .where(ConsentEvent.person_id == bindparam("person_id"))
    .order_by(ConsentEvent.id.desc())
    .limit(_AT_MOST)
)


def story_of(person_id: int) -> Story:
    """What happened with this person; for those who may see everybody we know."""
    values = {"person_id": person_id}
    entries = [*_events(values, person_id), *_messages(values), *_consents(values)]
    # Within one instant, what was noted last comes first, as each source gives it.
    return Story(sorted(entries, key=lambda one: one.at, reverse=True))


def _events(values: dict[str, int], person_id: int) -> list[StoryEntry]:
    return [
        StoryEntry(
            at=at,
            title=event_title(kind, status),
            body=message,
            colleague=name or "" if actor_id != person_id else "",
            is_own=actor_id == person_id,
            application_public_id=public_id,
            opening_title=opening,
            delivery_state=state,
        )
        for at, kind, status, message, name, actor_id, public_id, opening, state in fetch(_EVENTS, values)
    ]


def _messages(values: dict[str, int]) -> list[StoryEntry]:
    return [
        StoryEntry(
            at=at,
            title=message_title(is_own=author_id is None),
            body=body,
            colleague=name or "",
            is_own=author_id is None,
            application_public_id=public_id or "",
            opening_title=opening or "",
            delivery_state=state,
            is_message=True,
        )
        for at, body, author_id, name, public_id, opening, state in fetch(_MESSAGES, values)
    ]


def _consents(values: dict[str, int]) -> list[StoryEntry]:
    return [
        StoryEntry(
            at=at,
            title=consent_title(action, str(PURPOSE_LABELS[purpose])),
            colleague=name or "",
            is_own=name is None,
        )
        for at, purpose, action, name in fetch(_CONSENTS, values)
    ]
