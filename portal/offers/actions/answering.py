"""The candidate answers an offer: yes, no, or more time. Their page says so at once, the mails follow."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from email.headerregistry import Address

from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications.actions import undo_word
from portal.applications.actions.accepting import note_acceptance
from portal.applications.actions.locking import lock_people
from portal.applications.actions.taking_back import take_back_ending
from portal.applications.actions.withdrawing import end_as_declined
from portal.applications.queries.shown import StaffScope
from portal.applications.queries.staff import StaffView, find_for_staff
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.offers import emails
from portal.offers.actions.owing import Notice, Waits, cause_of, owe, owed_on, ready_notice, send_notice, settle_waits
from portal.offers.actions.saying import move
from portal.offers.models import Offer, TimeRequest
from portal.offers.queries import OwnOffer, find_own_offer
from portal.offers.rules import (
    Answer,
    OfferChanged,
    check_answerable,
    check_wanted,
    checked_answer,
    decline_words,
    hears_after_yes,
)
from portal.offers.states import DeclineReason, OfferState
from portal.outbox.actions import enqueue, take_back
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient

#: How often the mails are made anew because what they say has changed while they were made.
_TRIES = 3


@dataclass(frozen=True)
class _Ready:
    """Mails that only have to be written down, and what they rest on."""

    own: OwnOffer
    waits: Waits
    to: Recipient
    mail: RenderedMail | None
    notice: Notice


def accept_offer(person_id: int, public_id: str, answer: Answer, now: datetime) -> None:
    """Say yes to the offer about one's own application; the page says so at once. Recorded.

    Accepting twice is accepting once. Raises OfferChanged when it is not the version they had before them, OfferClosed,
    ProposalRefused, NotFound, Busy.
    """
    words = checked_answer(answer.words)

    def write(session: Session, offer: Offer, ready: _Ready) -> None:
        _close(offer, OfferState.ACCEPTED, words, None, now)
        settle_waits(offer.public_id, now)
        owe(ready.waits, now)
        hears_by = hears_by_after_yes(ready.own, now)
        if hears_by is not None:
            note_acceptance(person_id, public_id, hears_by, now)
        _confirm(ready, f"offer-accepted:{offer.public_id}", now)

    _answer(person_id, public_id, answer, OfferState.ACCEPTED, write, now)


def decline_offer(person_id: int, public_id: str, answer: Answer, now: datetime) -> None:
    """Say no to the offer, and end the application with that; the page says so at once, as when one withdraws.

    Why they do may be empty; whoever recruits for the opening reads it. Recorded. Raises as `accept_offer`.
    """
    words = checked_answer(answer.words)

    def write(session: Session, offer: Offer, ready: _Ready) -> None:
        _close(offer, OfferState.DECLINED, words, answer.reason, now)
        settle_waits(offer.public_id, now)
        end_as_declined(person_id, public_id, why=decline_words(answer.reason, words), now=now)
        _confirm(ready, f"offer-declined:{offer.public_id}", now)

    _answer(person_id, public_id, answer, OfferState.DECLINED, write, now)


def ask_for_time(person_id: int, public_id: str, wanted_on: date | None, words: str, now: datetime) -> date:
    """Ask for more time to decide; whoever looks after it gets a task and a mail. Returns the day they asked for.

    Asking again before we answered only says another day. Raises OfferClosed, ProposalRefused, NotFound, Busy.
    """
    kept = checked_answer(words)
    for _attempt in range(_TRIES):
        own = _find(person_id, public_id)
        day = check_wanted(wanted_on, own.decide_by, day_of(now, company_zone()))
        check_answerable(own.state)
        ready = _prepare(own, None, "", now)
        with transaction() as session:
            lock_people(session, person_id, *_readers(ready))
            if not _still_holds(ready, person_id, public_id, now):
                continue
            _ask(session, ready, day, kept, now)
            return day
    raise _busy()


def _answer(
    person_id: int,
    public_id: str,
    answer: Answer,
    state: OfferState,
    write: Callable[[Session, Offer, _Ready], None],
    now: datetime,
) -> None:
    for _attempt in range(_TRIES):
        own = _find(person_id, public_id)
        if own.offer.state is state:
            return
        _check(own, answer.version_id)
        ready = _prepare(own, state, f"offer-accepted:{own.offer.public_id}", now)
        with transaction() as session:
            lock_people(session, person_id, *_readers(ready))
            if not _still_holds(ready, person_id, public_id, now):
                continue
            _unsay(own, now, is_yes=state is OfferState.ACCEPTED)
            offer = session.get_one(Offer, own.offer.id, with_for_update=True)
            write(session, offer, ready)
            send_notice(ready.notice, ready.waits, f"offer-answered:{offer.public_id}", now)
            action = "offers.accept" if state is OfferState.ACCEPTED else "offers.decline"
            record(action, cause_of(offer.public_id), actor_id=person_id, person_id=person_id, now=now)
        return
    raise _busy()


def _busy() -> Busy:
    return Busy(_("This offer is being changed just now. Please look at it again in a minute. It stands as before."))


def _find(person_id: int, public_id: str) -> OwnOffer:
    own = find_own_offer(person_id, public_id)
    if own is None:
        raise NotFound
    return own


def _check(own: OwnOffer, version_id: str) -> None:
    check_answerable(own.state)
    if own.version.public_id != version_id:
        raise OfferChanged(_("The offer has changed since you opened that page. Please read it once more below."))


def _prepare(own: OwnOffer, state: OfferState | None, key: str, now: datetime) -> _Ready:
    """The mails; not in a transaction."""
    view = _view(own)
    waits = Waits(own.offer.public_id, view.public_id, view.opening_title, view.person_id, view.owner_id, key)
    to = recipient(view.person_id)
    mail = None
    if state is OfferState.DECLINED:
        mail = emails.declined(to, view.opening_title, view.owner_name, current_settings())
    elif state is OfferState.ACCEPTED:
        hears_by = hears_by_after_yes(own, now)
        mail = emails.accepted(to, view.opening_title, view.owner_name, hears_by, view.public_id, current_settings())
    return _Ready(own, waits, to, mail, ready_notice(state, waits, now))


def hears_by_after_yes(own: OwnOffer, now: datetime) -> date | None:
    """By when they hear from us if they accept now; None where the promised day has passed or none is named."""
    return hears_after_yes(own.application.hears_by(day_of(now, company_zone())), owed_on(now))


def _view(own: OwnOffer) -> StaffView:
    """The application with whoever looks after it, whom a candidate's page knows by name only."""
    view = find_for_staff(own.application.public_id, StaffScope(0, Role.ADMIN))
    if view is None:
        raise NotFound
    return view


def _readers(ready: _Ready) -> list[int]:
    return [ready.notice.reader.person_id] if ready.notice.reader else []


def _still_holds(ready: _Ready, person_id: int, public_id: str, now: datetime) -> bool:
    """Whether nothing has changed since the mails were made."""
    own = _find(person_id, public_id)
    view = _view(own)
    waits = ready.waits
    is_same_owner = (view.owner_id, view.opening_title) == (waits.owner_id, waits.opening_title)
    return own == ready.own and is_same_owner and recipient(person_id) == ready.to


def _unsay(own: OwnOffer, now: datetime, *, is_yes: bool) -> None:
    """What they have not got yet is not said any more: they answered what they knew. Raises Busy; joins.

    `is_yes`: nor does an ending go that waits. Whoever has accepted would read that we chose somebody else.
    """
    if is_yes and not take_back_ending(own.application.public_id, now):
        raise _busy()
    for one in reversed(own.offer.standing):
        if not one.is_on_its_way:
            continue
        if not take_back(one.delivery_id, now):
            raise _busy()
        undo_word(one.delivery_id, now)


def _close(offer: Offer, state: OfferState, words: str, reason: DeclineReason | None, now: datetime) -> None:
    if offer.state is OfferState.WITHDRAWN:
        # They answered before they knew that we take it back, and that is not said any more.
        move(offer, OfferState.OPEN, now)
    move(offer, state, now)
    offer.answer_words, offer.decline_reason = words, reason


def _confirm(ready: _Ready, key: str, now: datetime) -> None:
    if ready.mail is None:
        return
    owner = ready.own.application
    enqueue(
        ready.mail,
        to_address=ready.to.email,
        to_name=ready.to.name,
        person_id=ready.to.person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{owner.public_id}",
        dedupe_key=f"confirmed:{key}",
        now=now,
        reply_to=str(Address(owner.owner_name, addr_spec=owner.owner_email)),
    )
    issue_token(TokenKind.FOLLOW, ready.mail, subject=owner.public_id, person_id=ready.to.person_id, now=now)


def _ask(session: Session, ready: _Ready, day: date, words: str, now: datetime) -> None:
    """A new request, or another day in the one that waits; joins the transaction."""
    own = ready.own
    waiting = own.offer.open_request
    if waiting is not None:
        request = session.get_one(TimeRequest, waiting.id, with_for_update=True)
        request.wanted_on, request.words = day, words
        return
    if own.is_time_asked:
        return  # our answer is on its way
    request = TimeRequest(
        public_id=new_public_id(), offer_id=own.offer.id, wanted_on=day, words=words, asked_at=now, closed_at=None
    )
    session.add(request)
    session.flush()
    key = f"offer-time:{request.public_id}"
    waits = Waits(
        ready.waits.offer_public_id,
        ready.waits.application_public_id,
        ready.waits.opening_title,
        ready.waits.person_id,
        ready.waits.owner_id,
        key,
    )
    owe(waits, now)
    send_notice(ready.notice, waits, key, now)
    record(
        "offers.ask_for_time",
        cause_of(own.offer.public_id),
        actor_id=own.application.person_id,
        person_id=own.application.person_id,
        now=now,
        wanted_on=day.isoformat(),
    )
