"""All that happened with one person, over all their applications, the conversation and what they agreed to."""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import Integer, String, bindparam, literal, null, select, type_coerce, union_all
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.contact.models import ConsentEvent
from portal.contact.rules import PURPOSE_LABELS, ConsentFact, ConsentState, fold
from portal.contact.states import ConsentAction, Purpose
from portal.conversations.models import ConversationMessage
from portal.core.db import fetch
from portal.desk.rules import consent_title, event_title, message_title
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person

#: Of letters and of messages, so that a card stays a page; what is older stands on the pages of the applications.
_AT_MOST = 200


class StoryEntry(NamedTuple):
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
    """What happened, the newest first; and how every purpose stands that the person ever answered."""

    entries: list[StoryEntry] = field(default_factory=list)
    consents: dict[Purpose, ConsentState] = field(default_factory=dict)

    @property
    def messages(self) -> list[StoryEntry]:
        """What was said in the conversation, the newest first."""
        return [one for one in self.entries if one.is_message]


_EVENT, _MESSAGE, _CONSENT = range(3)
_Actor = aliased(Person, name="story_actor")
_EVENTS = (
    select(
        literal(_EVENT, Integer).label("source"),
        ApplicationEvent.id.label("number"),
        ApplicationEvent.created_at.label("at"),
        type_coerce(ApplicationEvent.kind, String).label("what"),
        type_coerce(ApplicationEvent.status, String).label("state"),
        ApplicationEvent.message.label("body"),
        literal("", String).label("said_where"),
        ApplicationEvent.actor_id.label("actor_id"),
        _Actor.name.label("actor_name"),
        Application.public_id.label("application_public_id"),
        Opening.title.label("opening_title"),
        Delivery.state.label("delivery_state"),
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
    .subquery("events")
)
_MESSAGES = (
    select(
        literal(_MESSAGE, Integer).label("source"),
        ConversationMessage.id,
        ConversationMessage.created_at,
        literal("", String).label("what"),
        literal("", String).label("state"),
        ConversationMessage.body,
        literal("", String).label("said_where"),
        ConversationMessage.author_id,
        _Actor.name,
        Application.public_id,
        Opening.title,
        Delivery.state.label("delivery_state"),
    )
    .select_from(ConversationMessage)
    .outerjoin(_Actor, _Actor.id == ConversationMessage.author_id)
    .outerjoin(Application, Application.id == ConversationMessage.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .outerjoin(Delivery, Delivery.id == ConversationMessage.delivery_id)
    .where(ConversationMessage.person_id == bindparam("person_id"))
    .order_by(ConversationMessage.id.desc())
    .limit(_AT_MOST)
    .subquery("messages")
)
#: All of them: what somebody agreed to follows from the whole ledger.
_CONSENTS = (
    select(
        literal(_CONSENT, Integer).label("source"),
        ConsentEvent.id,
        ConsentEvent.occurred_at,
        type_coerce(ConsentEvent.purpose, String).label("what"),
        type_coerce(ConsentEvent.action, String).label("state"),
        ConsentEvent.words,
        ConsentEvent.source,
        ConsentEvent.actor_id,
        _Actor.name,
        null().label("application_public_id"),
        null().label("opening_title"),
        null().label("delivery_state"),
    )
    .select_from(ConsentEvent)
    .outerjoin(_Actor, _Actor.id == ConsentEvent.actor_id)
    .where(ConsentEvent.person_id == bindparam("person_id"))
    .subquery("consents")
)
_TOGETHER = union_all(select(_EVENTS), select(_MESSAGES), select(_CONSENTS)).subquery("together")
#: Within one instant, what was noted last comes first.
_STORY = select(_TOGETHER).order_by(_TOGETHER.c.at.desc(), _TOGETHER.c.source, _TOGETHER.c.number.desc())


def story_of(person_id: int) -> Story:
    """What happened with this person; for those who may see everybody we know. One statement."""
    rows = fetch(_STORY, {"person_id": person_id}).all()
    titles: dict[tuple[str, str], str] = {}
    ledger = sorted((row for row in rows if row.source == _CONSENT), key=lambda row: row.number)
    return Story(
        entries=[_entry(row, person_id, titles) for row in rows],
        consents=fold(
            ConsentFact(
                Purpose(row.what), ConsentAction(row.state), row.actor_id is None, row.at, row.body, row.said_where
            )
            for row in ledger
        ),
    )


def _entry(row: Any, person_id: int, titles: dict[tuple[str, str], str]) -> StoryEntry:
    """`titles` are those found so far: most of a long story is alike."""
    if row.source == _MESSAGE:
        return _message(row)
    key = (row.what, row.state)
    if row.source == _CONSENT:
        title = titles.get(key) or titles.setdefault(key, _consented(*key))
        return StoryEntry(row.at, title, colleague=row.actor_name or "", is_own=row.actor_id is None)
    title = titles.get(key) or titles.setdefault(key, event_title(EventKind(row.what), ApplicationStatus(row.state)))
    is_own = row.actor_id == person_id
    return StoryEntry(
        at=row.at,
        title=title,
        body=row.body,
        colleague="" if is_own else row.actor_name or "",
        is_own=is_own,
        application_public_id=row.application_public_id,
        opening_title=row.opening_title,
        delivery_state=row.delivery_state,
    )


def _message(row: Any) -> StoryEntry:
    is_own = row.actor_id is None
    return StoryEntry(
        at=row.at,
        title=message_title(is_own=is_own),
        body=row.body,
        colleague=row.actor_name or "",
        is_own=is_own,
        application_public_id=row.application_public_id or "",
        opening_title=row.opening_title or "",
        delivery_state=row.delivery_state,
        is_message=True,
    )


def _consented(purpose: str, action: str) -> str:
    return consent_title(ConsentAction(action), str(PURPOSE_LABELS[Purpose(purpose)]))
