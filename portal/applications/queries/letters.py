"""What came about a candidate's applications lately: what their home announces."""

from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import bindparam, false, func, select

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import is_accepted
from portal.applications.rules.news import NEWS, news_words
from portal.applications.states import AUTOMATIC, ApplicationStatus, EventKind
from portal.core.db import fetch
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.people.models import Person


@dataclass(frozen=True)
class LetterLine:
    """A message about an application, as the home of its reader announces it."""

    application_public_id: str
    opening_title: str
    #: Empty where nobody here wrote it.
    author_name: str
    message: str
    #: When they could read it first.
    since: datetime
    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str
    is_by_candidate: bool

    @property
    def words(self) -> str:
        """What it says."""
        return news_words(self.kind, self.status, self.next_update_by, self.date_reason, self.message)

    @property
    def is_automatic(self) -> bool:
        """Whether no person wrote it."""
        return self.kind in AUTOMATIC


#: When they could read it first.
_since = func.coalesce(Delivery.sent_at, ApplicationEvent.created_at, type_=ApplicationEvent.created_at.type)
_LETTERS = (
    select(
        Application.public_id,
        Opening.title,
        func.coalesce(Person.name, ""),
        ApplicationEvent.message,
        _since,
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        func.coalesce(ApplicationEvent.actor_id == Application.person_id, false()),
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(ApplicationEvent, ApplicationEvent.application_id == Application.id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(ApplicationEvent.kind.in_(NEWS))
    .where(_since >= bindparam("since", type_=ApplicationEvent.created_at.type))
    .where(is_accepted())
    .order_by(ApplicationEvent.kind.in_(AUTOMATIC), _since.desc(), ApplicationEvent.id.desc())
    .limit(bindparam("count"))
)


def letters_to(person_id: int, since: datetime, count: int) -> list[LetterLine]:
    """What came about this person's applications since then, the newest first, at most `count`.

    What somebody wrote comes before notes that nobody did: an answer is not pushed out by "there is no news yet".
    """
    values = {"person_id": person_id, "since": since, "count": count}
    letters = [LetterLine(*row) for row in fetch(_LETTERS, values)]
    return sorted(letters, key=lambda letter: letter.since, reverse=True)
