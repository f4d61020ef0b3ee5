"""What a candidate's own pages have to admit: a question without an answer, an address that mail comes back from."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Integer, String, and_, bindparam, column, exists, func, or_, select, table
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import ON_ITS_WAY
from portal.applications.rules.asking import answer_words
from portal.company.queries import company_zone
from portal.contact.models import Suppression
from portal.contact.queries import address_hash, is_suppressed
from portal.core.clock import day_of
from portal.core.db import UTCDateTime, fetch
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Address, Person
from portal.tasks.models import Task
from portal.tasks.queries import due_from
from portal.tasks.states import OPEN_STATES, TaskKind

# Conversations lie above applications; what waits in one is read by table.
_message = table(
    "conversation_message",
    column("id", Integer()),
    column("person_id", Integer()),
    column("application_id", Integer()),
    column("author_id", Integer()),
    column("created_at", UTCDateTime()),
    column("closed_at", UTCDateTime()),
    column("answer_delivery_id", Integer()),
)


@dataclass(frozen=True)
class OpenQuestion:
    """Something that a candidate wrote to us and that has no answer they could have read."""

    message_id: int
    asked_at: datetime
    #: What it is about; None: nothing in particular.
    application_public_id: str | None
    opening_title: str | None
    #: Who is asked to answer; empty when it is not known.
    asked_name: str

    @property
    def about(self) -> str:
        """When they asked, and what about."""
        day = format_day(day_of(self.asked_at, company_zone()))
        if self.opening_title is None:
            return _("Your question of %(day)s waits for an answer.", day=day)
        return _("Your question of %(day)s about %(opening)s waits for an answer.", day=day, opening=self.opening_title)

    @property
    def due_on(self) -> date:
        """By when it is to be answered."""
        return answer_due_on(day_of(self.asked_at, company_zone()))

    def is_late(self, today: date) -> bool:
        """Whether that day has passed; `today` is the day in the company's zone."""
        return self.due_on < today

    def words(self, today: date) -> str:
        """By when it is answered, or that it has not been; `today` is the day in the company's zone."""
        return answer_words(self.due_on, today, self.asked_name)


@dataclass(frozen=True)
class OwnNotices:
    """What has to be admitted to one person, the oldest question first."""

    #: Where we write to them, if mail to it comes back; else empty.
    dead_address: str
    questions: list[OpenQuestion]


_Asked = aliased(Person, name="asked_to_answer")
_asked_name = (
    select(_Asked.name)
    .join(Task, Task.owner_id == _Asked.id)
    .where(Task.person_id == Person.id)
    .where(Task.kind == TaskKind.QUESTION)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id.desc())
    .limit(1)
    .correlate(Person)
    .scalar_subquery()
)


#: It waits until they can read the answer, unless somebody said that it needs none.
_is_waiting = or_(
    _message.c.closed_at.is_(None),
    exists().where(Delivery.id == _message.c.answer_delivery_id).where(Delivery.state.in_(ON_ITS_WAY)),
)
_NOTICES = (
    select(
        Address.email,
        Suppression.id.is_not(None).label("comes_back"),
        _message.c.id,
        _message.c.created_at,
        Application.public_id,
        Opening.title,
        func.coalesce(_asked_name, ""),
    )
    .select_from(Person)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .outerjoin(
        Suppression,
        and_(Suppression.address_hash == bindparam("address_hash", type_=String()), Suppression.lifted_at.is_(None)),
    )
    .outerjoin(_message, and_(_message.c.person_id == Person.id, _message.c.author_id.is_(None), _is_waiting))
    .outerjoin(Application, Application.id == _message.c.application_id)
    .outerjoin(Opening, Opening.id == Application.opening_id)
    .where(Person.id == bindparam("person_id"))
    .order_by(_message.c.id)
)


def notices_for(person_id: int, signed_in_as: str) -> OwnNotices:
    """What waits of this person's questions, and whether mail to where we write to them comes back.

    That is known by the keyed hash of the address: it may have come back before it was theirs. `signed_in_as` is
    nearly always where we write, so that it is asked for with the rest.
    """
    rows = fetch(_NOTICES, {"person_id": person_id, "address_hash": address_hash(signed_in_as)}).all()
    questions = [OpenQuestion(*row[2:]) for row in rows if row.id is not None]
    email = rows[0].email if rows else None
    if email is None:
        return OwnNotices("", questions)
    comes_back = rows[0].comes_back if email == signed_in_as else is_suppressed(email)
    return OwnNotices(email if comes_back else "", questions)


def answer_due_on(asked_on: date) -> date:
    """By when what was asked on that day of the company's zone is to be answered."""
    return due_from(TaskKind.QUESTION, asked_on)
