"""An offer as its candidate reads it: nothing that has not reached them, and nothing internal."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple

from sqlalchemy import bindparam, func, select

from portal.applications.models import Application
from portal.applications.queries import ApplicationView
from portal.applications.queries.shown import Owner, Shown, with_shown
from portal.applications.rules import Ahead, Next
from portal.applications.states import OPEN_STATUSES, ApplicationStatus, EventKind
from portal.core.db import fetch
from portal.offers.queries.reading import OfferView, SaidLine, offers_about
from portal.offers.rules import reads_as
from portal.offers.states import TIME_ANSWERS, OfferState, WordKind
from portal.openings.models import Opening
from portal.people.models import Address


class AboutLine(NamedTuple):
    """The application that an offer is about, as its candidate reads it."""

    public_id: str
    person_id: int
    opening_title: str
    status: ApplicationStatus
    kind: EventKind
    next_update_by: date | None
    owner_name: str
    owner_email: str

    def hears_by(self, today: date) -> date | None:
        """By when they hear from us; None once it has ended, and where the day has passed or none is named to them."""
        day = self.next_update_by
        if day is None or day < today or self.kind is EventKind.ESCALATED:
            return None
        return day


@dataclass(frozen=True)
class OwnOffer:
    """The newest offer that has reached a candidate, and the application it is about."""

    application: AboutLine
    offer: OfferView
    #: What it says now.
    version: SaidLine

    @property
    def state(self) -> OfferState:
        """Where it stands, as they read it."""
        return reads_as(
            self.offer.state,
            is_application_open=self.application.status in OPEN_STATUSES,
            is_withdrawal_read=self.offer.is_withdrawal_read,
        )

    @property
    def is_open(self) -> bool:
        """Whether they may still answer."""
        return self.state is OfferState.OPEN

    @property
    def decide_by(self) -> date:
        """By when they are asked to decide; more time that they were given counts."""
        return self.offer.read[-1].decide_by

    @property
    def earlier(self) -> list[SaidLine]:
        """The versions before, the newest first."""
        versions = [one for one in self.offer.read if one.kind in {WordKind.MADE, WordKind.CHANGED}]
        return [one for one in reversed(versions) if one.id != self.version.id]

    @property
    def is_time_asked(self) -> bool:
        """Whether they wait for an answer to their wish for time: none has reached them yet."""
        if not self.offer.asked:
            return False
        newest = self.offer.asked[-1]
        if newest.closed_at is None:
            return True
        answer = next((one for one in self.offer.said if one.id == newest.answer_id), None)
        return answer is not None and not answer.is_read

    @property
    def time_answer(self) -> SaidLine | None:
        """What we said last to their wish for time; None where it was before the newest version."""
        newest = self.offer.read[-1]
        return newest if newest.kind in TIME_ANSWERS else None

    @property
    def withdrawal(self) -> SaidLine | None:
        """The word with which we took it back."""
        return next((one for one in self.offer.read if one.kind is WordKind.WITHDRAWN), None)


_OWN_ABOUT: Any = with_shown(
    select(
        Application.public_id,
        Application.person_id,
        Opening.title,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
        Owner.name,
        func.coalesce(Address.email, ""),
    )
    .select_from(Application)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Owner, Owner.id == Application.owner_id)
    .outerjoin(Address, (Address.person_id == Application.owner_id) & Address.is_primary)
    .where(Application.public_id == bindparam("public_id"))
    .where(Application.person_id == bindparam("person_id"))
)


def find_own_offer(person_id: int, application_public_id: str) -> OwnOffer | None:
    """The newest offer about this application of theirs that has reached them."""
    offers = offers_about(application_public_id)
    if not any(offer.version for offer in offers):
        return None
    row = fetch(_OWN_ABOUT, {"public_id": application_public_id, "person_id": person_id}).one_or_none()
    return newest_reached(offers, AboutLine(*row)) if row is not None else None


def newest_reached(offers: Sequence[OfferView], about: AboutLine | ApplicationView) -> OwnOffer | None:
    """The newest of these offers, all about one application, that has reached its candidate."""
    line = about if isinstance(about, AboutLine) else _line_of(about)
    found = ((offer, offer.version) for offer in reversed(offers))
    return next((OwnOffer(line, offer, version) for offer, version in found if version is not None), None)


def ahead_of(offers: Sequence[OfferView], today: date) -> dict[str, list[Ahead]]:
    """What offers to a person are to them while they may answer, by the public id of the open application."""
    found: dict[str, list[Ahead]] = {}
    # The newest of an application that has reached them says where it stands.
    for offer in {one.application_public_id: one for one in offers if one.version}.values():
        stands = reads_as(offer.state, is_application_open=True, is_withdrawal_read=offer.is_withdrawal_read)
        if stands is OfferState.OPEN:
            decide_by = offer.read[-1].decide_by
            ahead = Ahead(Next.DECIDE, decide_by=decide_by, is_over=decide_by < today)
            found[offer.application_public_id] = [ahead]
    return found


def _line_of(view: ApplicationView) -> AboutLine:
    return AboutLine(
        view.public_id,
        view.person_id,
        view.opening_title,
        view.status,
        view.kind,
        view.next_update_by,
        view.owner_name,
        view.owner_email,
    )
