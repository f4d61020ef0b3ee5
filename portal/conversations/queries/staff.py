"""Conversations as the staff reads them: the list, and one whole."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, bindparam, case, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.conversations.queries.links import LinkedApplication, applications_to_write_about
from portal.core.db import fetch, session
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.queries import HeldReply, has_held, held_replies
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

_Author = aliased(Person, name="message_author")
_Reader = aliased(Person, name="message_reader")
_Closer = aliased(Person, name="message_closer")
_Newest = aliased(ConversationMessage, name="newest_message")
_Answerer = aliased(Person, name="answerer")
# For conditions: what they look at is not what the line shows.
_AnyTask = aliased(Task, name="any_task")
_AnyApplication = aliased(Application, name="any_application")
_AnyMessage = aliased(ConversationMessage, name="any_message")
_AnyPerson = aliased(Person, name="any_person")
_AnyAddress = aliased(Address, name="any_address")


@dataclass(frozen=True)
class ThreadFilter:
    """What the list of conversations is narrowed to; `owner_id` None: everybody's."""

    q: str = ""
    owner_id: int | None = None
    is_waiting_only: bool = False


@dataclass(frozen=True)
class ThreadLine:
    """One conversation in the list."""

    #: Of the person.
    public_id: str
    person_name: str
    email: str
    #: Since when the oldest message waits for an answer; None when none does.
    waiting_since: datetime | None
    newest_body: str
    newest_at: datetime
    #: Who of us wrote the newest message; None: the person.
    newest_author: str | None
    newest_delivery: DeliveryState | None
    opening_title: str | None
    #: Who owes the answer; None when nobody does.
    owner_name: str | None


@dataclass(frozen=True)
class StaffMessage:
    """One message, with how its mail stands and what colleagues said about it."""

    id: int
    public_id: str
    #: None: the person wrote it.
    author_id: int | None
    author_name: str | None
    body: str
    created_at: datetime
    application_public_id: str | None
    opening_title: str | None
    delivery_id: int | None
    delivery_state: DeliveryState | None
    delivery_attempts: int | None
    delivery_error: str | None
    #: When it is handed over at the earliest, while it waits.
    goes_from: datetime | None
    read_at: datetime | None
    reader_name: str | None
    closed_at: datetime | None
    closer_name: str | None
    no_answer_reason: str
    #: Whether they wrote it as a mail, from which address if that is none of theirs, and what came with it.
    is_by_mail: bool
    sent_from: str
    quoted: str
    left_out: list[str]
    is_cut: bool

    @property
    def is_waiting(self) -> bool:
        """Whether it still waits for an answer."""
        return self.author_id is None and self.closed_at is None

    @property
    def may_be_taken_back(self) -> bool:
        """Whether no mail server has been given it yet."""
        return self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0

    @property
    def is_on_its_way(self) -> bool:
        """Whether it waits or is being sent."""
        return self.delivery_state in {DeliveryState.QUEUED, DeliveryState.LEASED}


@dataclass(frozen=True)
class KeptReply:
    """The words of an answer that was taken back."""

    body: str
    application_public_id: str | None
    next_update_by: date | None
    date_reason: str
    kept_at: datetime


@dataclass(frozen=True)
class Thread:
    """One person's conversation, as far as the asker may see it."""

    person_id: int
    #: Of the person.
    public_id: str
    person_name: str
    email: str
    applications: list[LinkedApplication] = field(default_factory=list)
    #: The newest last.
    messages: list[StaffMessage] = field(default_factory=list)
    #: Mail that may be theirs and stands in no conversation yet; for those who may decide.
    held: list[HeldReply] = field(default_factory=list)

    @property
    def newest_id(self) -> str:
        """The public id of the newest message; empty when nothing was said yet."""
        return self.messages[-1].public_id if self.messages else ""

    @property
    def waiting(self) -> list[StaffMessage]:
        """What still waits for an answer, the oldest first."""
        return [one for one in self.messages if one.is_waiting]

    @property
    def unread(self) -> list[StaffMessage]:
        """What the person wrote and nobody has said they have read."""
        return [one for one in self.messages if one.author_id is None and one.read_at is None]

    def about(self, public_id: str) -> LinkedApplication | None:
        """The application with this public id, if the conversation can be about it."""
        return next((one for one in self.applications if one.public_id == public_id), None)


_PERSON = (
    select(Person.id, Person.public_id, Person.name, func.coalesce(Address.email, ""), has_held(Person.id))
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .where(Person.public_id == bindparam("public_id"))
)
_MESSAGES = (
    select(
        ConversationMessage.id,
        ConversationMessage.public_id,
        ConversationMessage.author_id,
        _Author.name,
        ConversationMessage.body,
        ConversationMessage.created_at,
        Application.public_id,
        Opening.title,
        ConversationMessage.delivery_id,
        Delivery.state,
        Delivery.attempts,
        Delivery.last_error,
        Delivery.next_try_at,
        ConversationMessage.read_at,
        _Reader.name,
        ConversationMessage.closed_at,
        _Closer.name,
        ConversationMessage.no_answer_reason,
        ConversationMessage.is_by_mail,
        ConversationMessage.sent_from,
        ConversationMessage.quoted,
        ConversationMessage.left_out,
        ConversationMessage.is_cut,
    )
    .select_from(ConversationMessage)
    .outerjoin(Delivery, Delivery.id == ConversationMessage.delivery_id)
    .outerjoin(_Author, _Author.id == ConversationMessage.author_id)
    .outerjoin(_Reader, _Reader.id == ConversationMessage.read_by_id)
    .outerjoin(_Closer, _Closer.id == ConversationMessage.closed_by_id)
    .outerjoin(Application, Application.id == ConversationMessage.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .where(ConversationMessage.person_id == bindparam("person_id"))
    .order_by(ConversationMessage.id)
)
_ANY_MESSAGE = select(ConversationMessage.id).where(ConversationMessage.person_id == bindparam("person_id")).limit(1)
_DRAFT = (
    select(
        ReplyDraft.body, Application.public_id, ReplyDraft.next_update_by, ReplyDraft.date_reason, ReplyDraft.kept_at
    )
    .outerjoin(Application, Application.id == ReplyDraft.application_id)
    .where(ReplyDraft.person_id == bindparam("person_id"))
)


def _is_visible(scope: StaffScope) -> ColumnElement[bool]:
    """Hiring managers see what is about applications to their openings, the others all; nobody their own from here.

    Whoever works here and has written to us reads their conversation as every candidate does.
    """
    is_of_another = ConversationMessage.person_id != scope.person_id
    if scope.role in {Role.RECRUITER, Role.ADMIN}:
        return is_of_another
    return is_of_another & (
        exists()
        .where(Application.id == ConversationMessage.application_id)
        .where(Opening.id == Application.opening_id)
        .where(Opening.hiring_manager_id == scope.person_id)
        .correlate(ConversationMessage)
    )


def find_thread(public_id: str, scope: StaffScope) -> Thread | None:
    """The conversation with this person as far as the asker may see it.

    None when there is nothing to see and, for somebody who has never applied, nothing to begin.
    """
    row = fetch(_PERSON, {"public_id": public_id}).one_or_none()
    if row is None:
        return None
    linked = applications_to_write_about(row[0], scope)
    messages = [StaffMessage(*one) for one in fetch(_MESSAGES.where(_is_visible(scope)), {"person_id": row[0]})]
    may_decide = scope.role is not Role.HIRING_MANAGER and row[0] != scope.person_id
    held = held_replies(row[0]) if may_decide and row[4] else []
    if not messages and not held and (not linked or scope.role is Role.HIRING_MANAGER):
        return None
    return replace(Thread(*row[:4]), applications=linked, messages=messages, held=held)


def has_conversation(person_id: int) -> bool:
    """Whether anything was said in the conversation with this person; for those who see all of it."""
    return fetch(_ANY_MESSAGE, {"person_id": person_id}).first() is not None


def kept_reply(person_id: int) -> KeptReply | None:
    """The words of the answer that was taken back last and has not been sent again."""
    row = fetch(_DRAFT, {"person_id": person_id}).one_or_none()
    return KeptReply(*row) if row else None


def list_threads(wanted: ThreadFilter, scope: StaffScope, first: int, count: int) -> tuple[list[ThreadLine], int]:
    """`count` conversations from number `first`, and how many there are in all.

    Those that wait for an answer come first, the longest wait on top; then those with the newest message.
    """
    threads = _threads(scope).subquery("threads")
    counted = _narrowed(select(func.count()).select_from(threads), threads, wanted)
    total = session().scalar(counted) or 0
    if not total:
        return [], 0
    statement = _narrowed(_lines(threads), threads, wanted)
    first_come = case((threads.c.waiting_since.is_not(None), threads.c.newest_id))
    order = (threads.c.waiting_since.is_(None), threads.c.waiting_since, first_come, threads.c.newest_id.desc())
    rows = fetch(statement.order_by(*order).offset(first).limit(count))
    return [ThreadLine(*row) for row in rows], total


def _threads(scope: StaffScope) -> Any:
    waits = ConversationMessage.author_id.is_(None) & ConversationMessage.closed_at.is_(None)
    return (
        select(
            ConversationMessage.person_id,
            func.max(ConversationMessage.id).label("newest_id"),
            func.min(case((waits, ConversationMessage.created_at))).label("waiting_since"),
        )
        .where(_is_visible(scope))
        .group_by(ConversationMessage.person_id)
    )


def _lines(threads: Any) -> Any:
    owner = (
        select(func.min(Task.owner_id))
        .where(Task.kind == TaskKind.QUESTION)
        .where(Task.person_id == threads.c.person_id)
        .where(Task.state.in_(OPEN_STATES))
        .correlate(threads)
        .scalar_subquery()
    )
    return (
        select(
            Person.public_id,
            Person.name,
            func.coalesce(Address.email, ""),
            threads.c.waiting_since,
            _Newest.body,
            _Newest.created_at,
            _Author.name,
            Delivery.state,
            Opening.title,
            _Answerer.name,
        )
        .select_from(threads)
        .join(_Newest, _Newest.id == threads.c.newest_id)
        .join(Person, Person.id == threads.c.person_id)
        .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
        .outerjoin(_Author, _Author.id == _Newest.author_id)
        .outerjoin(Delivery, Delivery.id == _Newest.delivery_id)
        .outerjoin(Application, Application.id == _Newest.application_id)
        .outerjoin(Opening, Opening.id == Application.opening_id)
        .outerjoin(_Answerer, _Answerer.id == owner)
    )


def _narrowed(statement: Any, threads: Any, wanted: ThreadFilter) -> Any:
    if wanted.is_waiting_only:
        statement = statement.where(threads.c.waiting_since.is_not(None))
    if wanted.owner_id is not None:
        statement = statement.where(_is_mine(threads.c.person_id, wanted.owner_id))
    if wanted.q:
        statement = statement.where(_is_called(threads.c.person_id, wanted.q))
    return statement


def _is_mine(person_id: Any, owner_id: int) -> ColumnElement[bool]:
    """They owe the answer, look after an application of this person, or wrote to them."""
    owes = (
        exists()
        .where(_AnyTask.person_id == person_id)
        .where(_AnyTask.kind == TaskKind.QUESTION)
        .where(_AnyTask.state.in_(OPEN_STATES))
        .where(_AnyTask.owner_id == owner_id)
    )
    looks_after = exists().where(_AnyApplication.person_id == person_id).where(_AnyApplication.owner_id == owner_id)
    wrote = exists().where(_AnyMessage.person_id == person_id).where(_AnyMessage.author_id == owner_id)
    return or_(owes, looks_after, wrote)


def _is_called(person_id: Any, text: str) -> ColumnElement[bool]:
    """The name or the address contains `text`; wildcards in it are plain letters."""
    wanted = text.lower()
    named = (
        exists().where(_AnyPerson.id == person_id).where(func.lower(_AnyPerson.name).contains(wanted, autoescape=True))
    )
    at = exists().where(_AnyAddress.person_id == person_id).where(_AnyAddress.email.contains(wanted, autoescape=True))
    return or_(named, at)
