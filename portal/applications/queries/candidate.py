"""What a candidate reads of their applications: nothing internal is selected here."""

from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import takewhile
from typing import Any, NamedTuple

from sqlalchemy import bindparam, case, func, literal, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, Submission
from portal.applications.queries.shown import HAS_SAID_YES, Owner, Shown, is_accepted, with_shown
from portal.applications.rules import Ahead, SayFirst, Told, say_first
from portal.applications.rules.promises import Past, Standing, notes_in_a_row
from portal.applications.states import ENDINGS, ApplicationStatus, Channel, EventKind
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import OpeningContent, from_json
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person, Staff, StaffPicture
from portal.people.queries import Profile
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind


@dataclass(frozen=True)
class ApplicationCard:
    """One application in a list."""

    public_id: str
    opening_title: str
    status: ApplicationStatus
    #: What says where it stands: of an ended one what ended it, whatever was written since.
    kind: EventKind
    next_update_by: date | None
    applied_on: date | None
    owner_name: str
    #: When the candidate could read it first: the mail server took the message, or it needed none.
    since: datetime
    #: Who did it; None for an import.
    actor_name: str | None
    channel: Channel | None
    happened_on: date | None
    #: Of an escalated one: who is asked to write, and whether they lead whoever looks after it.
    asked_name: str
    is_lead_asked: bool | None
    is_held: bool
    has_said_yes: bool

    def ended_on(self, zone: str) -> date | None:
        """The day in the company's `zone` on which they learned that it ended; None while open and where not known."""
        if self.status not in ENDINGS or self.kind is EventKind.ENDED_BEFORE_US:
            return None
        return self.happened_on or day_of(self.since, zone)

    def first(self, today: date, zone: str, ahead: tuple[Ahead, ...] = ()) -> SayFirst:
        """The sentence that says where it stands; `today` and days are those of the company's `zone`."""
        told = Told(
            self.happened_on or day_of(self.since, zone),
            self.channel,
            self.actor_name or "",
            asked_name=self.asked_name,
            is_lead_asked=bool(self.is_lead_asked),
            is_held=self.is_held,
            ahead=ahead,
            has_said_yes=self.has_said_yes,
        )
        return say_first(self.status, self.kind, self.next_update_by, self.owner_name, today, told)


class EventLine(NamedTuple):
    """Something that happened, as the candidate reads it; a tuple, as a page may have sixty of them."""

    kind: EventKind
    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str
    message: str
    actor_name: str | None
    #: When it was written down.
    created_at: datetime
    #: When the mail server took it, else when it was written down.
    since: datetime
    channel: Channel | None
    happened_on: date | None
    missed_on: date | None
    is_by_candidate: bool


@dataclass(frozen=True)
class ApplicationView:
    """One application, as its page needs it."""

    id: int
    public_id: str
    person_id: int
    opening_title: str
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    applied_on: date | None
    owner_name: str
    owner_email: str
    #: Of an escalated one: who is asked to write, and whether they lead whoever looks after it.
    asked_name: str
    asked_email: str
    is_lead_asked: bool | None
    is_held: bool
    #: Who recruits for the opening, and its hiring manager; empty where it is not known.
    recruiter_name: str
    manager_name: str
    #: What the opening says, as it is stored; None for one that was never published.
    opening_said: dict[str, Any] | None
    #: Whether it is what the opening said when they applied, and not only what it says now.
    is_opening_as_applied: bool
    #: From when everybody may read what it says now; None: never.
    opening_public_at: datetime | None
    #: Whether they applied here, so that what they sent is kept; and whether a CV is with it.
    is_sent_here: bool
    has_cv: bool
    #: The version of the company's promises that it was made under; None where nobody kept it.
    promises_number: int | None
    has_said_yes: bool
    #: What whoever looks after it says of themselves.
    owner: Profile
    events: list[EventLine] = field(default_factory=list)

    def content_at(self, moment: datetime) -> OpeningContent | None:
        """What the opening said when they applied, else what it says at `moment`; None where it is nobody's to read.

        Who applied elsewhere may not be among those who see it before others do.
        """
        is_public = self.opening_public_at is not None and self.opening_public_at <= moment
        if not self.opening_said or not (self.is_opening_as_applied or is_public):
            return None
        return from_json(self.opening_said)

    @property
    def shown_event(self) -> EventLine:
        """The event that says where it stands; of an ended one what ended it, whatever was written since."""
        if self.status not in ENDINGS:
            return self.events[0]
        return list(takewhile(lambda event: event.status is self.status, self.events))[-1]

    @property
    def is_read_by_people(self) -> bool:
        """Whether they applied here, to an opening that says that no machine reads or chooses."""
        if not self.opening_said or not self.is_opening_as_applied:
            return False
        return from_json(self.opening_said).is_ai_used is False

    def first(self, today: date, zone: str, ahead: tuple[Ahead, ...] = ()) -> SayFirst:
        """The sentence that says where it stands; `today` and days are those of the company's `zone`."""
        event = self.shown_event
        ended_as = next((one.status for one in self.events if one.status in ENDINGS), None)
        told = Told(
            event.happened_on or day_of(event.since, zone),
            event.channel,
            event.actor_name or "",
            asked_name=self.asked_name,
            is_lead_asked=bool(self.is_lead_asked),
            is_held=self.is_held,
            notes=notes_in_a_row([Past(one.kind, Standing.SEEN) for one in self.events]),
            missed_on=event.missed_on,
            ended_as=ended_as,
            is_read_by_people=self.is_read_by_people,
            ahead=ahead,
            has_said_yes=self.has_said_yes,
        )
        return say_first(self.status, event.kind, self.next_update_by, self.owner_name, today, told)


_Asked = aliased(Person, name="asked")
_AskedAddress = aliased(Address, name="asked_address")
_Recruiter = aliased(Person, name="recruiter")
_Manager = aliased(Person, name="manager")
_Actor = aliased(Person, name="actor")
#: What says where it stands, and its mail.
_Telling = aliased(ApplicationEvent, name="telling")
_TellingDelivery = aliased(Delivery, name="telling_delivery")

#: Who owes the word about an escalated application.
ASKED_ID = (
    select(Task.owner_id)
    .where(Task.cause == literal("application:") + Application.public_id)
    .where(Task.kind == TaskKind.ESCALATED)
    .where(Task.state.in_(OPEN_STATES))
    .order_by(Task.id.desc())
    .limit(1)
    .correlate(Application)
    .scalar_subquery()
)


def _seen_events(what: Any) -> tuple[Any, Any]:
    """`what` of the events of the `Application` around it that the candidate has seen, and the event that it is of."""
    event, mail = aliased(ApplicationEvent), aliased(Delivery)
    seen = or_(event.delivery_id.is_(None), mail.state == DeliveryState.SENT)
    found = select(what(event.id)).outerjoin(mail, mail.id == event.delivery_id)
    return found.where(event.application_id == Application.id).where(seen), event


def _ending_id() -> Any:
    """The first event since which an application has read as the `Shown` around it does."""
    others, other = _seen_events(func.max)
    last_other = others.where(other.status != Shown.status).correlate(Application, Shown).scalar_subquery()
    same, event = _seen_events(func.min)
    return same.where(event.id > func.coalesce(last_other, 0)).correlate(Application, Shown).scalar_subquery()


_CARDS = (
    with_shown(
        select(
            Application.public_id,
            Opening.title,
            Shown.status,
            _Telling.kind,
            Shown.next_update_by,
            Application.applied_on,
            Owner.name,
            func.coalesce(_TellingDelivery.sent_at, _Telling.created_at),
            _Actor.name,
            _Telling.channel,
            _Telling.happened_on,
            func.coalesce(_Asked.name, ""),
            _Asked.id == Staff.lead_id,
            Application.is_held,
            HAS_SAID_YES,
        )
        .select_from(Application)
        .join(Opening, Opening.id == Application.opening_id)
        .join(Owner, Owner.id == Application.owner_id)
        .join(Staff, Staff.person_id == Application.owner_id)
        .outerjoin(_Asked, _Asked.id == ASKED_ID)
        .where(Application.person_id == bindparam("person_id"))
    )
    .join(_Telling, _Telling.id == case((Shown.status.in_(ENDINGS), _ending_id()), else_=Shown.id))
    .outerjoin(_TellingDelivery, _TellingDelivery.id == _Telling.delivery_id)
    .outerjoin(_Actor, _Actor.id == _Telling.actor_id)
).order_by(Shown.next_update_by.is_(None), Shown.next_update_by, Application.applied_on.desc(), Application.id.desc())

#: The parts of a `Profile`.
_PROFILE = (
    Staff.person_id,
    Owner.public_id,
    Owner.name,
    Staff.introduction,
    Staff.say_name,
    Staff.school,
    Staff.talks,
    func.coalesce(StaffPicture.public_id, ""),
)
_VIEW = with_shown(
    select(
        Application.id,
        Application.public_id,
        Application.person_id,
        Opening.title,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        Application.applied_on,
        Owner.name,
        Address.email,
        func.coalesce(_Asked.name, ""),
        func.coalesce(_AskedAddress.email, ""),
        _Asked.id == Staff.lead_id,
        Application.is_held,
        func.coalesce(_Recruiter.name, ""),
        func.coalesce(_Manager.name, ""),
        OpeningVersion.content,
        Application.opening_version.is_not(None),
        case((or_(Opening.stopped_at.is_(None), Opening.public_at <= Opening.stopped_at), Opening.public_at)),
        Submission.application_id.is_not(None),
        Submission.cv_id.is_not(None),
        Application.service_promise,
        HAS_SAID_YES,
        *_PROFILE,
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Owner, Owner.id == Application.owner_id)
    .join(Staff, Staff.person_id == Application.owner_id)
    .outerjoin(StaffPicture, StaffPicture.person_id == Application.owner_id)
    .outerjoin(_Asked, _Asked.id == ASKED_ID)
    .outerjoin(_AskedAddress, (_AskedAddress.person_id == _Asked.id) & _AskedAddress.is_primary)
    .outerjoin(_Recruiter, _Recruiter.id == Opening.recruiter_id)
    .outerjoin(_Manager, _Manager.id == Opening.hiring_manager_id)
    .outerjoin(
        OpeningVersion,
        (OpeningVersion.opening_id == Application.opening_id)
        & (OpeningVersion.number == func.coalesce(Application.opening_version, Opening.version_number)),
    )
    .outerjoin(Submission, Submission.application_id == Application.id)
    .join(Address, (Address.person_id == Application.owner_id) & Address.is_primary)
    .where(Application.public_id == bindparam("public_id"))
)
_OWN_VIEW = _VIEW.where(Application.person_id == bindparam("person_id"))

_EVENTS = (
    select(
        ApplicationEvent.kind,
        ApplicationEvent.status,
        ApplicationEvent.next_update_by,
        ApplicationEvent.date_reason,
        ApplicationEvent.message,
        Person.name,
        ApplicationEvent.created_at,
        func.coalesce(Delivery.sent_at, ApplicationEvent.created_at),
        ApplicationEvent.channel,
        ApplicationEvent.happened_on,
        ApplicationEvent.missed_on,
        ApplicationEvent.actor_id == Application.person_id,
    )
    .join(Application, Application.id == ApplicationEvent.application_id)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .outerjoin(Person, Person.id == ApplicationEvent.actor_id)
    .where(ApplicationEvent.application_id == bindparam("application_id"))
    .where(is_accepted())
    .order_by(ApplicationEvent.id.desc())
)


def applications_of(person_id: int) -> list[ApplicationCard]:
    """The person's applications: open ones first, the nearest promise on top."""
    return [ApplicationCard(*row) for row in fetch(_CARDS, {"person_id": person_id})]


def find_application_of(person_id: int, public_id: str) -> ApplicationView | None:
    """The person's own application with this public id; nobody else's."""
    return _find(_OWN_VIEW, {"public_id": public_id, "person_id": person_id})


def find_followed(public_id: str) -> ApplicationView | None:
    """The application with this public id, for a browser that may follow it; the caller has checked that."""
    return _find(_VIEW, {"public_id": public_id})


def _find(statement: Any, values: dict[str, object]) -> ApplicationView | None:
    row = fetch(statement, values).one_or_none()
    if row is None:
        return None
    events = [EventLine._make(event) for event in fetch(_EVENTS, {"application_id": row[0]})]
    owner = Profile(*row[-len(_PROFILE) :])
    return ApplicationView(*(*row[: -len(_PROFILE)], owner, events))
