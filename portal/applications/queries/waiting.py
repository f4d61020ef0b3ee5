"""Letters that wait: when they go, the words of those that were taken back, and rests that are not yet counted."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

from sqlalchemy import bindparam, exists, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent, LetterDraft
from portal.applications.queries.shown import ON_ITS_WAY
from portal.applications.queries.staff import StaffEvent, StaffView
from portal.applications.rules import wanted_for
from portal.applications.rules.keeping_touch import STAY_WANTED
from portal.applications.states import ApplicationStatus, EventKind
from portal.contact.models import ContactPreferences
from portal.contact.queries import verdict_for
from portal.contact.rules import REST_DAYS, Hold, Verdict, Wanted
from portal.core.db import fetch
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass

_REST: Final = timedelta(days=REST_DAYS)
#: A rest is made longer when so little is left of it and the letter still waits.
_NEARLY_OVER: Final = timedelta(days=1)


@dataclass(frozen=True)
class Going:
    """When a letter goes: from `start` on, and `verdict` is what `contact` says of that moment."""

    start: datetime
    verdict: Verdict

    @property
    def at(self) -> datetime:
        """When it goes, as far as is known today."""
        return self.verdict.until if isinstance(self.verdict, Hold) else self.start


@dataclass(frozen=True)
class WaitingLetter:
    """A letter that the candidate has not got yet, and when it goes; None while it is being sent."""

    event: StaffEvent
    going: Going | None
    #: Until when it waits for its own time; None when it does not.
    undo_until: datetime | None


@dataclass(frozen=True)
class KeptDraft:
    """The words of a letter that was taken back."""

    status: ApplicationStatus
    message: str
    next_update_by: date | None
    date_reason: str
    kept_at: datetime


_DRAFT = select(
    LetterDraft.status, LetterDraft.message, LetterDraft.next_update_by, LetterDraft.date_reason, LetterDraft.kept_at
).where(LetterDraft.application_id == bindparam("application_id"))
_OPEN_RESTS = (
    select(ApplicationEvent.id)
    .join(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .join(Application, Application.id == ApplicationEvent.application_id)
    .outerjoin(ContactPreferences, ContactPreferences.person_id == Application.person_id)
    .where(ApplicationEvent.rest_open_since.is_not(None))
    .where(
        or_(
            Delivery.state == DeliveryState.SENT,
            Delivery.blanked_at.is_not(None),
            Delivery.state.in_(ON_ITS_WAY)
            & or_(
                ContactPreferences.rests_until.is_(None),
                ContactPreferences.rests_until < bindparam("soon", type_=ContactPreferences.rests_until.type),
            ),
        )
    )
    .order_by(ApplicationEvent.id)
)
_Reverted = aliased(ApplicationEvent, name="reverted")
_RESTS_OF = (
    select(
        Application.id,
        Delivery.state,
        Delivery.sent_at,
        Delivery.held_until,
        ApplicationEvent.kind,
        ApplicationEvent.created_at,
    )
    .select_from(ApplicationEvent)
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    .join(Application, Application.id == ApplicationEvent.application_id)
    .where(Application.person_id == bindparam("person_id"))
    .where(ApplicationEvent.status == ApplicationStatus.NOT_SELECTED)
    .where(
        ~exists()
        .where(_Reverted.application_id == Application.id)
        .where(_Reverted.id > ApplicationEvent.id)
        .where(_Reverted.kind == EventKind.REVERTED)
        .correlate(Application, ApplicationEvent)
    )
)


def when_it_goes(person_id: int, email: str, status: ApplicationStatus, now: datetime) -> Verdict:
    """Whether a letter with this status would go now, and else until when it waits."""
    return verdict_for(person_id, email, wanted_for(status), now)


def planned(
    person_id: int, email: str, status: ApplicationStatus, start: datetime, wanted: Wanted | None = None
) -> Going:
    """When a letter with this status goes that may go from `start` on; `wanted`: by another right than its own."""
    if wanted is not None:
        return Going(start, verdict_for(person_id, email, wanted, start))
    return Going(start, when_it_goes(person_id, email, status, start))


def waiting_letters(view: StaffView, now: datetime) -> list[WaitingLetter]:
    """The letters that the candidate has not got yet, the newest first."""
    return [_waiting(view, event, now) for event in view.events if event.is_on_its_way]


def _waiting(view: StaffView, event: StaffEvent, now: datetime) -> WaitingLetter:
    if event.delivery_state is not DeliveryState.QUEUED:
        return WaitingLetter(event, None, None)
    undo_until = event.waits_until if event.waits_until and event.waits_until > now else None
    wanted = STAY_WANTED if event.mail_class is MailClass.COMMUNITY else None
    going = planned(view.person_id, view.email, event.status, undo_until or now, wanted)
    return WaitingLetter(event, going, undo_until)


def kept_draft(application_id: int) -> KeptDraft | None:
    """The words of the letter that was taken back last and has not been sent again."""
    row = fetch(_DRAFT, {"application_id": application_id}).one_or_none()
    return KeptDraft(*row) if row else None


def open_rests(now: datetime) -> list[int]:
    """Ids of events that tell somebody they were not selected and whose rest is to be counted now, or made longer."""
    return list(fetch(_OPEN_RESTS, {"soon": now + _NEARLY_OVER}).scalars())


def rest_of(person_id: int, now: datetime, *, but: int | None = None) -> datetime | None:
    """Until when community mail rests because the person was not selected: 7 days from when the mail was accepted.

    As long as that letter waits, 7 days from when it is expected to go. None when nothing of the kind is known. What
    was told of the application `but` is left out, for it is being taken back.
    """
    rows = fetch(_RESTS_OF, {"person_id": person_id}).all()
    began = [_rest_began(*row[1:], now=now) for row in rows if row[0] != but]
    ends = [at + _REST for at in began if at is not None]
    return max((end for end in ends if end > now), default=None)


def _rest_began(
    state: DeliveryState | None,
    sent_at: datetime | None,
    held_until: datetime | None,
    kind: EventKind,
    created_at: datetime,
    *,
    now: datetime,
) -> datetime | None:
    if kind in {EventKind.TOLD_HERE, EventKind.TOLD_ELSEWHERE}:
        return created_at
    if state is DeliveryState.SENT:
        return sent_at
    return max(held_until or now, now) if state in ON_ITS_WAY else None
