"""A colleague says something about an offer: the mail goes first, then the candidate reads it on their page."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from email.headerregistry import Address

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from portal.accounts.actions import issue_token
from portal.applications.actions import latest_promise, note_word
from portal.applications.actions.locking import lock_people
from portal.applications.actions.staging import follow_status
from portal.applications.actions.telling import hurry_all
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import EndingWaits, Proposal, check_date, goes_from, settled
from portal.applications.states import OPEN_STATUSES, ApplicationStatus, EventKind
from portal.audit.actions import record
from portal.company.queries import calendar_from, company_zone, pace, undo_minutes
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Permission, is_allowed
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind
from portal.offers import emails
from portal.offers.actions.owing import settle_waits
from portal.offers.models import Offer, OfferWord, TimeRequest
from portal.offers.queries import OfferView, offers_about
from portal.offers.rules import (
    OfferChanged,
    OfferClosed,
    ProposalRefused,
    Terms,
    changed_parts,
    check_move,
    check_sayable,
    checked_day,
    checked_terms,
    checked_words,
    next_word_by,
)
from portal.offers.states import VERSIONS, OfferState, WordKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, StaffRow, find_staff, recipient

#: How often a mail is made anew because what it says has changed while it was made.
_TRIES = 3
_KEY_LENGTH = 24
_RECORDED = {
    WordKind.MADE: "offers.make",
    WordKind.CHANGED: "offers.change",
    WordKind.MORE_TIME: "offers.give_time",
    WordKind.NO_MORE_TIME: "offers.refuse_time",
    WordKind.WITHDRAWN: "offers.withdraw",
}


@dataclass(frozen=True)
class After:
    """Where an application stands once the offer is taken back, and by when they hear next."""

    status: ApplicationStatus
    next_update_by: date | None
    date_reason: str


@dataclass(frozen=True)
class Saying:
    """What is to be said about the offer of an application, by whom, and how.

    `terms`: of an offer that is made or changed; else `words`, with `decide_by` where it gives more time and `after`
    where it takes the offer back. `seen_id`: the newest word that the writer had before them, empty for none.
    """

    public_id: str
    scope: StaffScope
    kind: WordKind
    seen_id: str
    form_key: str
    now: datetime
    is_hurried: bool = False
    terms: Terms | None = None
    words: str = ""
    decide_by: date | None = None
    after: After | None = None


@dataclass(frozen=True)
class _Facts:
    """What a word says besides what its author typed."""

    view_id: int
    opening_title: str
    to: Recipient
    author: StaffRow
    contact: StaffRow | None
    promised: date | None
    offer: OfferView | None


@dataclass(frozen=True)
class Ready:
    """A word that only has to be written down: the mail, and from when it goes."""

    mail: RenderedMail
    start: datetime
    facts: _Facts
    terms: Terms
    after: After


def newest_offer(public_id: str, *, is_whole: bool = True) -> OfferView | None:
    """The newest offer about an application, as colleagues see it; who may see it the caller has checked.

    `is_whole` as for `offers_about`.
    """
    return next(reversed(offers_about(public_id, is_whole=is_whole)), None)


def find_to_write(public_id: str, scope: StaffScope) -> StaffView:
    """The application, for somebody who may write about it. Raises NotFound."""
    view = find_for_staff(public_id, scope) if is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES) else None
    if view is None:
        raise NotFound
    return view


def say(saying: Saying) -> datetime:
    """Make, change or take back an offer, or answer a wish for time. Returns from when the mail goes.

    It can be taken back for the company's while, unless it is hurried, and it is a person's word that keeps a promise.
    The same `form_key` again says nothing. Raises ProposalRefused, OfferChanged, OfferClosed, NoOffer, EndingWaits,
    NotFound, Busy.
    """
    for _attempt in range(_TRIES):
        view = find_to_write(saying.public_id, saying.scope)
        said_from = _said_before(saying)
        if said_from is not None:
            return said_from
        ready = prepare(view, saying)
        if _write(ready, saying):
            return ready.start
    raise Busy(_("This offer is being changed just now. Please try again in a minute. Nothing has been sent."))


def prepare(view: StaffView, saying: Saying) -> Ready:
    """The mail as it would go, and when; raises as `say`."""
    _check(view, newest_offer(saying.public_id), saying)
    facts = _facts(view, saying)
    today = day_of(saying.now, company_zone())
    terms = _terms(saying, facts.offer, today)
    after = _after(saying, facts, terms, today)
    if after.next_update_by is None:
        raise ProposalRefused("next_update_by", _("Please say by when they hear from us next."))
    about = emails.About(
        saying.public_id,
        facts.opening_title,
        facts.author.name,
        facts.contact.name if facts.contact else "",
        after.next_update_by,
        after.date_reason,
    )
    mail = emails.word(saying.kind, facts.to, terms, about, current_settings())
    waiting = [event.waits_until for event in view.events if event.waits_until is not None]
    start = goes_from(
        saying.now,
        timedelta(minutes=undo_minutes()),
        waits_until=max(waiting, default=None),
        is_hurried=saying.is_hurried,
    )
    return Ready(mail, start, facts, terms, after)


def _said_before(saying: Saying) -> datetime | None:
    """From when what was sent with this form goes already."""
    offer = newest_offer(saying.public_id)
    if offer is None or not saying.form_key:
        return None
    return next((one.goes_from for one in offer.standing if one.form_key == saying.form_key[:_KEY_LENGTH]), None)


def _check(view: StaffView, offer: OfferView | None, saying: Saying) -> None:
    """Raise unless this may be said now, by somebody who has seen what was said last."""
    if view.waiting_ending is not None:
        raise EndingWaits(_("An ending waits to go. Take it back before you write something else."))
    if view.standing not in OPEN_STATUSES:
        raise OfferClosed(_("This application has ended, so there is no offer to make or to change."))
    newest = offer.newest if offer else None
    if saying.seen_id != (newest.public_id if newest else ""):
        raise OfferChanged(_("Something has happened to this offer in the meantime. Nothing has been sent yet."))
    check_sayable(
        saying.kind,
        offer.state if offer else None,
        is_said=newest is not None,
        is_time_asked=offer is not None and offer.open_request is not None,
        is_withdrawal_read=offer is not None and offer.is_withdrawal_read,
    )


def _facts(view: StaffView, saying: Saying) -> _Facts:
    author = find_staff(saying.scope.person_id)
    if author is None:
        raise NotFound
    offer = newest_offer(saying.public_id)
    newest = offer.newest if offer else None
    contact_id = saying.terms.contact_id if saying.terms else newest.contact_id if newest else None
    contact = find_staff(contact_id) if contact_id else None
    if saying.terms is not None and (contact is None or not contact.is_here):
        raise ProposalRefused("contact", _("Please choose a colleague who works here."))
    return _Facts(view.id, view.opening_title, recipient(view.person_id), author, contact, latest_promise(view), offer)


def _terms(saying: Saying, offer: OfferView | None, today: date) -> Terms:
    """The whole offer once this is said. Raises ProposalRefused."""
    newest = offer.newest if offer else None
    before = newest.as_terms() if newest else None
    if saying.terms is not None:
        is_change = saying.kind is WordKind.CHANGED and before is not None
        said_before = before.decide_by if is_change and before else None
        kept = checked_terms(saying.terms, today, calendar_from(today), said_before=said_before)
        if is_change and before and not changed_parts(before, kept):
            raise ProposalRefused("", _("Nothing is different from the offer as it stands. Please change something."))
        return kept
    if before is None:
        raise NotFound
    words = checked_words(saying.words)
    if saying.kind is not WordKind.MORE_TIME:
        return replace(before, words=words)
    if saying.decide_by is None:
        raise ProposalRefused("decide_by", _("Please say until when they can decide."))
    checked_day(saying.decide_by, today)
    if saying.decide_by <= before.decide_by:
        raise ProposalRefused("decide_by", _("They have until then already. Please choose a later day."))
    return replace(before, words=words, decide_by=saying.decide_by, short_reason="")


def _after(saying: Saying, facts: _Facts, terms: Terms, today: date) -> After:
    """Where the application stands once this is said, and by when they hear next. Raises ProposalRefused."""
    calendar = calendar_from(today)
    if saying.after is not None:
        proposal = Proposal(saying.after.status, terms.words, saying.after.next_update_by, saying.after.date_reason)
        check_date(proposal, facts.promised, today, calendar)
        kept = settled(proposal, facts.promised)
        return After(kept.status, kept.next_update_by, kept.date_reason)
    status = ApplicationStatus.OFFER_MADE
    day = next_word_by(terms.decide_by, today, pace().get(status, 1), calendar)
    is_later = facts.promised is not None and day > facts.promised
    reason = emails.why_later(facts.to, terms.decide_by, is_over=terms.decide_by < today) if is_later else ""
    return After(status, day, reason)


def _write(ready: Ready, saying: Saying) -> bool:
    """Write it all down in one transaction; False when what the mail says no longer holds."""
    facts = ready.facts
    with transaction() as session:
        lock_people(session, facts.to.person_id, saying.scope.person_id)
        view = find_to_write(saying.public_id, saying.scope)
        if _said_before(saying) is not None:
            return True
        _check(view, newest_offer(saying.public_id), saying)
        if _facts(view, saying) != facts:
            return False
        if saying.is_hurried:
            hurry_all(view, saying.now)
        word_id = new_public_id()
        delivery_id = _enqueue(word_id, ready, saying)
        _note(session, ready, saying, delivery_id)
        offer = _offer(session, facts, saying)
        word = _word(offer.id, word_id, ready, saying, delivery_id)
        session.add(word)
        session.flush()
        _follow(session, offer, word, facts, saying)
        issue_token(
            TokenKind.FOLLOW, ready.mail, subject=saying.public_id, person_id=facts.to.person_id, now=saying.now
        )
        _record(offer, ready, saying)
        return True


def _enqueue(word_id: str, ready: Ready, saying: Saying) -> int:
    to, author = ready.facts.to, ready.facts.author
    return enqueue(
        ready.mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=f"application:{saying.public_id}",
        dedupe_key=f"offer-word:{word_id}",
        now=saying.now,
        not_before=ready.start,
        reply_to=str(Address(author.name, addr_spec=author.email)),
    )


def _note(session: Session, ready: Ready, saying: Saying, delivery_id: int) -> None:
    """The event that keeps the promise; the stage of the opening follows what the candidate reads."""
    if ready.after.next_update_by is None:
        raise NotFound
    note_word(
        ready.facts.view_id,
        EventKind.OFFER,
        actor_id=saying.scope.person_id,
        message=ready.terms.words,
        status=ready.after.status,
        next_update_by=ready.after.next_update_by,
        date_reason=ready.after.date_reason,
        delivery_id=delivery_id,
        now=saying.now,
    )
    session.flush()
    event = session.scalars(select(ApplicationEvent).where(ApplicationEvent.delivery_id == delivery_id)).one()
    follow_status(session, session.get_one(Application, ready.facts.view_id), event)


def _offer(session: Session, facts: _Facts, saying: Saying) -> Offer:
    """The offer that this is about; a new one where there is none that is open."""
    if facts.offer is not None and facts.offer.state is OfferState.OPEN:
        return session.get_one(Offer, facts.offer.id, with_for_update=True)
    offer = Offer(
        public_id=new_public_id(),
        application_id=facts.view_id,
        state=OfferState.OPEN,
        created_at=saying.now,
        closed_at=None,
        decline_reason=None,
        answer_words="",
    )
    session.add(offer)
    session.flush()
    return offer


def _word(offer_id: int, word_id: str, ready: Ready, saying: Saying, delivery_id: int) -> OfferWord:
    return OfferWord(
        public_id=word_id,
        offer_id=offer_id,
        kind=saying.kind,
        title=ready.terms.title,
        terms=ready.terms.terms,
        decide_by=ready.terms.decide_by,
        short_reason=ready.terms.short_reason,
        contact_id=ready.terms.contact_id or None,
        contact_phone=ready.terms.contact_phone,
        words=ready.terms.words,
        author_id=saying.scope.person_id,
        form_key=saying.form_key[:_KEY_LENGTH] or None,
        delivery_id=delivery_id,
        created_at=saying.now,
    )


def _follow(session: Session, offer: Offer, word: OfferWord, facts: _Facts, saying: Saying) -> None:
    """A wish for time is answered by it, what waited for a colleague is done, and the words taken back are used."""
    if saying.kind is WordKind.WITHDRAWN:
        move(offer, OfferState.WITHDRAWN, saying.now)
    session.execute(
        update(TimeRequest)
        .where(TimeRequest.offer_id == offer.id)
        .where(TimeRequest.closed_at.is_(None))
        .values(closed_at=saying.now, answer_id=word.id)
    )
    unsaid = [one.id for one in facts.offer.said if one.is_unsaid] if facts.offer else []
    if saying.kind in VERSIONS and unsaid:
        for row in session.scalars(select(OfferWord).where(OfferWord.id.in_(unsaid)).order_by(OfferWord.id)).all():
            session.delete(row)
    settle_waits(offer.public_id, saying.now)


def move(offer: Offer, after: OfferState, now: datetime) -> None:
    """The one way in which an offer goes from state to state; joins the transaction. Raises IllegalMove."""
    check_move(offer.state, after)
    offer.state = after
    offer.closed_at = None if after is OfferState.OPEN else now


def _record(offer: Offer, ready: Ready, saying: Saying) -> None:
    record(
        _RECORDED[saying.kind],
        f"offer:{offer.public_id}",
        actor_id=saying.scope.person_id,
        person_id=ready.facts.to.person_id,
        now=saying.now,
        decide_by=ready.terms.decide_by.isoformat(),
    )
