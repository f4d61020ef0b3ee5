"""What we hold about offers to a person: what they say, what was said about them, and how they answered."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from portal.applications.models import Application
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.offers.actions import cause_of, forget_word
from portal.offers.models import Offer, OfferWord, TimeRequest
from portal.offers.queries import OfferView, offers_to
from portal.offers.queries.jobs import words_taken_back
from portal.offers.rules import decline_words
from portal.offers.states import OFFER_LABELS, VERSIONS, OfferState
from portal.outbox.actions import cancel

TABLES: tuple[type[Model], ...] = (Offer, OfferWord, TimeRequest)
#: What was taken back before it went is kept for colleagues for so long.
_WORDS_KEPT = timedelta(days=30)


def export(person_id: int) -> list[ExportSection]:
    """A section for each offer as they read it; what has not reached them is named without its content."""
    return [_section(offer) for offer in offers_to(person_id) if offer.version is not None] + _work(person_id)


def _section(offer: OfferView) -> ExportSection:
    rows = []
    for one in offer.read:
        moment = format_moment(one.since)
        if one.kind in VERSIONS:
            rows += [(_("%(moment)s, the role", moment=moment), one.title), (_("What we offered"), one.terms)]
            rows.append((_("Who to talk to"), ", ".join(p for p in (one.contact_name, one.contact_phone) if p)))
        rows += [(_("Decide by"), format_day(one.decide_by)), (f"{moment}, {one.author_name}", one.words)]
    for asked in offer.asked:
        day = format_day(asked.wanted_on)
        rows.append((_("%(moment)s, you asked for time", moment=format_moment(asked.asked_at)), day))
        rows += [(_("What you wrote with it"), asked.words)] if asked.words else []
    if offer.state in {OfferState.ACCEPTED, OfferState.DECLINED} and offer.closed_at:
        rows.append((format_moment(offer.closed_at), str(OFFER_LABELS[offer.state])))
        words = decline_words(offer.decline_reason, offer.answer_words)
        rows += [(_("What you wrote with it"), words)] if words else []
    return ExportSection(
        title=_("An offer to you"),
        rows=rows,
        kept=_("For as long as we know you."),
        seen_by=_(
            "You, and the people who recruit for that opening. Only they see what they have not sent, or took back "
            "before it went."
        ),
        extra={
            "application": offer.application_public_id,
            "versions": [
                {"at": one.since.isoformat(), "title": one.title, "offer": one.terms, "decide_by": str(one.decide_by)}
                for one in offer.read
                if one.kind in VERSIONS
            ],
        },
    )


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they wrote or could be rung; the words belong to those they were written to."""
    written = session().scalar(select(func.count(OfferWord.id)).where(OfferWord.author_id == person_id)) or 0
    named = session().scalars(
        select(OfferWord.contact_phone).where(OfferWord.contact_id == person_id).distinct().order_by("contact_phone")
    )
    numbers = [one for one in named if one]
    if not written and not numbers:
        return []
    rows = [(_("Messages of yours"), str(written))] if written else []
    rows += [(_("The number at which candidates can call you"), number) for number in numbers]
    return [
        ExportSection(
            title=_("Offers to others that you work on"),
            rows=rows,
            kept=_("For as long as those whom they were made to are known here."),
            seen_by=_("Your colleagues, and those whom they were made to."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the offers to this person, and stop what would tell a colleague of them; joins the transaction.

    What they said to others as staff stays, by somebody without a name, and without their number.
    """
    with transaction() as own:
        theirs = (
            select(Offer.id)
            .join(Application, Application.id == Offer.application_id)
            .where(Application.person_id == person_id)
        )
        found = own.scalars(select(Offer).where(Offer.id.in_(theirs.scalar_subquery())).order_by(Offer.id)).all()
        ids = [offer.id for offer in found]
        for offer in found:
            cancel(cause_of(offer.public_id), now)
        own.execute(delete(TimeRequest).where(TimeRequest.offer_id.in_(ids)))
        own.execute(delete(OfferWord).where(OfferWord.offer_id.in_(ids)))
        own.execute(delete(Offer).where(Offer.id.in_(ids)))
        own.execute(update(OfferWord).where(OfferWord.author_id == person_id).values(author_id=None))
        own.execute(
            update(OfferWord).where(OfferWord.contact_id == person_id).values(contact_id=None, contact_phone="")
        )


def retention(now: datetime) -> None:
    """Offers go with the person; what was taken back before it went goes after 30 days, the job does the same."""
    for word_id in words_taken_back(now - _WORDS_KEPT):
        forget_word(word_id)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Offers follow their applications; what either said as staff belongs to `kept_id`. Joins the transaction."""
    with transaction() as own:
        own.execute(update(OfferWord).where(OfferWord.author_id == gone_id).values(author_id=kept_id))
        own.execute(update(OfferWord).where(OfferWord.contact_id == gone_id).values(contact_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever is still to decide talks to `to_id` from now on, by mail: the number was that of the one who leaves.

    What waits for a colleague stands in tasks, which `tasks` hands over; whoever wrote keeps having written. Joins the
    transaction.
    """
    with transaction() as own:
        still_open = select(Offer.id).where(Offer.state == OfferState.OPEN).scalar_subquery()
        own.execute(
            update(OfferWord)
            .where(OfferWord.contact_id == from_id)
            .where(OfferWord.offer_id.in_(still_open))
            .values(contact_id=to_id, contact_phone="")
        )
