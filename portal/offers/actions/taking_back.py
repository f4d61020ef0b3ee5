"""What was said about an offer and has not gone yet: taken back, or sent at once."""

from datetime import datetime

from sqlalchemy import select, update

from portal.applications.actions import undo_word
from portal.applications.actions.locking import lock_people
from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.offers.actions.owing import Waits, cause_of, owe
from portal.offers.actions.saying import find_to_write, move, newest_offer
from portal.offers.models import Offer, OfferWord, TimeRequest
from portal.offers.queries import OfferView, SaidLine
from portal.offers.rules import GoneAlready
from portal.offers.states import OfferState, WordKind
from portal.outbox.actions import hurry, take_back


def take_back_word(public_id: str, word_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Undo what no mail server has been given: all stands as before, and its words are kept for colleagues. Recorded.

    Raises GoneAlready when it is on its way or was taken back before, or something was said after it; NotFound.
    """
    view = find_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        offer, word = _waiting(public_id, word_id)
        if offer.newest is None or offer.newest.id != word.id:
            raise GoneAlready(_("Something was said after it. Take that back first."))
        if not take_back(word.delivery_id, now):
            raise GoneAlready(_("It has gone already, so it cannot be taken back."))
        undo_word(word.delivery_id, now)
        kept = session.get_one(Offer, offer.id, with_for_update=True)
        if word.kind is WordKind.WITHDRAWN:
            move(kept, OfferState.OPEN, now)
        reopened = session.scalars(
            select(TimeRequest).where(TimeRequest.answer_id == word.id).order_by(TimeRequest.id)
        ).all()
        for request in reopened:
            request.closed_at = request.answer_id = None
            key = f"offer-time:{request.public_id}"
            owe(Waits(offer.public_id, public_id, view.opening_title, view.person_id, view.owner_id, key), now)
        # The same form can be sent anew.
        session.execute(update(OfferWord).where(OfferWord.id == word.id).values(form_key=None))
        record(
            "offers.take_back",
            cause_of(offer.public_id),
            actor_id=scope.person_id,
            person_id=view.person_id,
            now=now,
        )


def send_word_now(public_id: str, word_id: str, *, scope: StaffScope, now: datetime) -> bool:
    """Let what waits for its while go; False when it goes already. Raises GoneAlready, NotFound."""
    view = find_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        _offer, word = _waiting(public_id, word_id)
        return hurry(word.delivery_id, now)


def throw_words_away(public_id: str, *, scope: StaffScope) -> None:
    """Delete words that were taken back before they went. Raises NotFound."""
    view = find_to_write(public_id, scope)
    with transaction() as session:
        lock_people(session, view.person_id, scope.person_id)
        offer = newest_offer(public_id)
        for word in [one for one in offer.said if one.is_unsaid] if offer else []:
            forget_word(word.id)


def forget_word(word_id: int) -> None:
    """Delete what was taken back before it went, and its offer where nothing else was said; joins the transaction."""
    with transaction() as session:
        word = session.get(OfferWord, word_id, with_for_update=True)
        if word is None:
            return
        offer_id = word.offer_id
        session.delete(word)
        session.flush()
        if session.scalar(select(OfferWord.id).where(OfferWord.offer_id == offer_id).limit(1)) is None:
            session.delete(session.get_one(Offer, offer_id))
            session.flush()


def _waiting(public_id: str, word_id: str) -> tuple[OfferView, SaidLine]:
    offer = newest_offer(public_id)
    word = next((one for one in offer.said if one.public_id == word_id), None) if offer else None
    if offer is None or word is None:
        raise NotFound
    if word.is_unsaid or not word.is_on_its_way:
        raise GoneAlready(_("This does not wait any more. Perhaps it was taken back before."))
    return offer, word
