"""The offers of one application with all that was said and asked about each."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any, NamedTuple

from sqlalchemy import bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.shown import ON_ITS_WAY
from portal.applications.states import EventKind
from portal.core.db import fetch
from portal.offers.models import Offer, OfferWord, TimeRequest
from portal.offers.rules import Terms
from portal.offers.states import VERSIONS, DeclineReason, OfferState, WordKind
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Address, Person, StaffPicture


class SaidLine(NamedTuple):
    """Something we said about an offer, and how its mail stands."""

    id: int
    public_id: str
    kind: WordKind
    title: str
    terms: str
    decide_by: date
    short_reason: str
    contact_id: int | None
    contact_name: str
    contact_email: str
    #: Empty: no picture of them is there.
    contact_picture: str
    contact_phone: str
    words: str
    author_id: int | None
    author_name: str
    form_key: str | None
    created_at: datetime
    delivery_id: int
    delivery_state: DeliveryState
    delivery_attempts: int
    goes_from: datetime
    accepted_at: datetime | None
    #: No mail reached them, and a colleague told them another way what it said.
    is_told: bool

    @property
    def is_read(self) -> bool:
        """Whether the candidate may read it."""
        return self.delivery_state is DeliveryState.SENT or (self.delivery_state is DeliveryState.DEAD and self.is_told)

    @property
    def is_unsaid(self) -> bool:
        """Whether it was taken back before it went; its words wait for colleagues."""
        return self.delivery_state is DeliveryState.CANCELLED

    @property
    def is_on_its_way(self) -> bool:
        """Whether the candidate has not got it yet and will."""
        return self.delivery_state in ON_ITS_WAY

    @property
    def may_be_taken_back(self) -> bool:
        """Whether no mail server has been given it."""
        return self.delivery_state is DeliveryState.QUEUED and self.delivery_attempts == 0

    @property
    def is_lost(self) -> bool:
        """Whether it did not arrive, and nobody has told them yet."""
        return self.delivery_state is DeliveryState.DEAD and not self.is_told

    @property
    def since(self) -> datetime:
        """When they could read it first."""
        return self.accepted_at or self.created_at

    def as_terms(self) -> Terms:
        """The whole offer after it; 0 for a contact who is not known any more."""
        return Terms(
            self.title,
            self.terms,
            self.decide_by,
            self.short_reason,
            self.contact_id or 0,
            self.contact_phone,
            self.words,
        )


class AskedLine(NamedTuple):
    """That they asked for more time."""

    id: int
    public_id: str
    wanted_on: date
    words: str
    asked_at: datetime
    closed_at: datetime | None
    answer_id: int | None


@dataclass(frozen=True)
class OfferView:
    """One offer, whole; `said` and `asked` in their order."""

    id: int
    public_id: str
    application_id: int
    application_public_id: str
    person_id: int
    state: OfferState
    created_at: datetime
    closed_at: datetime | None
    decline_reason: DeclineReason | None
    answer_words: str
    said: tuple[SaidLine, ...] = field(default=())
    asked: tuple[AskedLine, ...] = field(default=())

    @property
    def standing(self) -> tuple[SaidLine, ...]:
        """What was said and not taken back before it went."""
        return tuple(one for one in self.said if not one.is_unsaid)

    @property
    def newest(self) -> SaidLine | None:
        """The last that was said; None while all of it was taken back."""
        return self.standing[-1] if self.standing else None

    @property
    def read(self) -> tuple[SaidLine, ...]:
        """What the candidate may read, and so knows."""
        return tuple(one for one in self.said if one.is_read)

    @property
    def version(self) -> SaidLine | None:
        """The version that the candidate has before them; None while none has reached them."""
        return next((one for one in reversed(self.read) if one.kind in VERSIONS), None)

    @property
    def is_withdrawal_read(self) -> bool:
        """Whether they know that we took it back."""
        return any(one.kind is WordKind.WITHDRAWN for one in self.read)

    @property
    def open_request(self) -> AskedLine | None:
        """The time they asked for and nobody has answered."""
        return next((one for one in self.asked if one.closed_at is None), None)


_Contact = aliased(Person, name="contact")
_Author = aliased(Person, name="author")
_SAID: Any = (
    select(
        Offer.id,
        Offer.public_id,
        Offer.application_id,
        Application.public_id,
        Application.person_id,
        Offer.state,
        Offer.created_at,
        Offer.closed_at,
        Offer.decline_reason,
        Offer.answer_words,
        OfferWord.id,
        OfferWord.public_id,
        OfferWord.kind,
        OfferWord.title,
        OfferWord.terms,
        OfferWord.decide_by,
        OfferWord.short_reason,
        OfferWord.contact_id,
        func.coalesce(_Contact.name, ""),
        func.coalesce(Address.email, ""),
        func.coalesce(StaffPicture.public_id, ""),
        OfferWord.contact_phone,
        OfferWord.words,
        OfferWord.author_id,
        func.coalesce(_Author.name, ""),
        OfferWord.form_key,
        OfferWord.created_at,
        Delivery.id,
        Delivery.state,
        Delivery.attempts,
        Delivery.next_try_at,
        Delivery.sent_at,
        exists()
        .where(ApplicationEvent.application_id == Offer.application_id)
        .where(ApplicationEvent.kind == EventKind.TOLD_HERE)
        .where(ApplicationEvent.created_at >= OfferWord.created_at)
        .correlate(Offer, OfferWord),
    )
    .select_from(Offer)
    .join(Application, Application.id == Offer.application_id)
    .join(OfferWord, OfferWord.offer_id == Offer.id)
    .join(Delivery, Delivery.id == OfferWord.delivery_id)
    .outerjoin(_Contact, _Contact.id == OfferWord.contact_id)
    .outerjoin(Address, (Address.person_id == OfferWord.contact_id) & Address.is_primary)
    .outerjoin(StaffPicture, StaffPicture.person_id == OfferWord.contact_id)
    .outerjoin(_Author, _Author.id == OfferWord.author_id)
)
_OF_APPLICATION = Application.public_id == bindparam("public_id")
_OF_PERSON = Application.person_id == bindparam("person_id")
_ORDER = (Offer.id, OfferWord.id)
_BY_APPLICATION = _SAID.where(_OF_APPLICATION).order_by(*_ORDER)
_BY_PERSON = _SAID.where(_OF_PERSON).order_by(*_ORDER)
_ASKED_COLUMNS = (
    TimeRequest.id,
    TimeRequest.public_id,
    TimeRequest.wanted_on,
    TimeRequest.words,
    TimeRequest.asked_at,
    TimeRequest.closed_at,
    TimeRequest.answer_id,
)
_ASKED = (
    select(TimeRequest.offer_id, *_ASKED_COLUMNS)
    .where(TimeRequest.offer_id.in_(bindparam("offers", expanding=True)))
    .order_by(TimeRequest.id)
)
_Request = aliased(TimeRequest, name="request")
_NEWEST = select(func.max(_Request.id)).where(_Request.offer_id == Offer.id).correlate(Offer).scalar_subquery()
#: With each word the time that was asked for last: what still waits for an answer is never an older one.
_IN_SHORT = _SAID.add_columns(*_ASKED_COLUMNS).outerjoin(TimeRequest, TimeRequest.id == _NEWEST)
_BY_APPLICATION_IN_SHORT = _IN_SHORT.where(_OF_APPLICATION).order_by(*_ORDER)
_BY_PERSON_IN_SHORT = _IN_SHORT.where(_OF_PERSON).order_by(*_ORDER)
_OFFER_COLUMNS = 10


def offers_about(application_public_id: str, *, is_whole: bool = True) -> list[OfferView]:
    """All offers of an application, the oldest first; who may read them the caller has checked.

    Unless `is_whole` with the last time only that was asked for.
    """
    values = {"public_id": application_public_id}
    return _whole(fetch(_BY_APPLICATION, values)) if is_whole else _in_short(fetch(_BY_APPLICATION_IN_SHORT, values))


def offers_to(person_id: int, *, is_whole: bool = True) -> list[OfferView]:
    """All offers to a person, the oldest first; `is_whole` as for `offers_about`."""
    values = {"person_id": person_id}
    return _whole(fetch(_BY_PERSON, values)) if is_whole else _in_short(fetch(_BY_PERSON_IN_SHORT, values))


def _whole(rows: Iterable[Any]) -> list[OfferView]:
    offers = _views(rows)
    asked: dict[int, list[AskedLine]] = {}
    for offer_id, *rest in fetch(_ASKED, {"offers": [one.id for one in offers]}) if offers else ():
        asked.setdefault(offer_id, []).append(AskedLine(*rest))
    return [replace(one, asked=tuple(asked.get(one.id, ()))) for one in offers]


def _in_short(rows: Iterable[Any]) -> list[OfferView]:
    found = [(row[: -len(_ASKED_COLUMNS)], AskedLine(*row[-len(_ASKED_COLUMNS) :])) for row in rows]
    asked = {said[0]: line for said, line in found if line.id is not None}
    offers = _views(said for said, _line in found)
    return [replace(one, asked=(asked[one.id],)) if one.id in asked else one for one in offers]


def _views(rows: Iterable[Any]) -> list[OfferView]:
    """Without what was asked; each row has an offer and a word of it."""
    heads: dict[int, tuple[Any, ...]] = {}
    said: dict[int, list[SaidLine]] = {}
    for row in rows:
        values = tuple(row)
        heads[values[0]] = values[:_OFFER_COLUMNS]
        said.setdefault(values[0], []).append(SaidLine(*values[_OFFER_COLUMNS:]))
    return [replace(OfferView(*head), said=tuple(said[key])) for key, head in heads.items()]
