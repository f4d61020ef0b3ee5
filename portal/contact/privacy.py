"""What we hold about how we may write to a person: the ledger, their wishes, and what was counted."""

from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.contact.actions import forget_old_contacts
from portal.contact.models import ConsentEvent, ContactPreferences, CountedContact, MergedLink, SignOfLife, Suppression
from portal.contact.queries import consent_states
from portal.contact.rules import BUDGET_LABELS, PURPOSE_LABELS, RHYTHM_LABELS, merged, merged_pause, slower
from portal.contact.states import ConsentAction, Purpose, Rhythm
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Person

TABLES: tuple[type[Model], ...] = (
    ConsentEvent,
    Suppression,
    ContactPreferences,
    CountedContact,
    SignOfLife,
    MergedLink,
)


def export(person_id: int) -> list[ExportSection]:
    """The ledger with the words that were seen, how and when we write, and what was counted."""
    return [_ledger(person_id), _wishes(person_id), _counted(person_id)]


def _ledger(person_id: int) -> ExportSection:
    """Every entry with the words that were seen, newest first."""
    events = session().scalars(
        select(ConsentEvent).where(ConsentEvent.person_id == person_id).order_by(ConsentEvent.id.desc())
    )
    rows, entries = [], []
    for event in events:
        rows.append((str(PURPOSE_LABELS[event.purpose]), _in_words(event)))
        entries.append(
            {
                "purpose": str(event.purpose),
                "action": str(event.action),
                "words": event.words,
                "text_version": event.text_version,
                "locale": event.locale,
                "source": event.source,
                "occurred_at": event.occurred_at.isoformat(),
                "entered_by": _entered_by(event),
            }
        )
    return ExportSection(
        title=_("What you agreed to"),
        rows=rows,
        kept=_("For as long as we know you: it shows that we may write to you, or that we may not."),
        seen_by=_("You, and the people who recruit here."),
        empty=_("You have not agreed to any mail. You hear from us only about your own applications."),
        extra={"events": entries},
    )


def _entered_by(event: ConsentEvent) -> str:
    if event.action is ConsentAction.EXPIRED:
        return "time"
    return "you" if event.actor_id in {None, event.person_id} else "somebody else"


def _wishes(person_id: int) -> ExportSection:
    """When we last heard from them, how often and when they want mail, and addresses that mail came back from."""
    life, chosen = session().get(SignOfLife, person_id), session().get(ContactPreferences, person_id)
    rows = [(_("Last sign of life from you"), format_day(life.last_on))] if life else []
    rows += _chosen_in_words(chosen) if chosen else []
    suppressed = session().scalars(
        select(Suppression).where(Suppression.person_id == person_id).order_by(Suppression.id)
    )
    for row in suppressed:
        rows.append((row.address or _("An earlier address"), _suppressed_in_words(row)))
    return ExportSection(
        title=_("How and when we write to you"),
        rows=rows,
        kept=_(
            "For as long as we know you. Of an address that mail came back from, a code made with a secret key stays "
            "after that, so that we do not write there again."
        ),
        seen_by=_("You, and the people who recruit here."),
        empty=_("You have not chosen anything here. Our usual hours and limits hold."),
    )


def _chosen_in_words(chosen: ContactPreferences) -> list[tuple[str, str]]:
    rows = []
    for purpose in Purpose:
        if purpose in chosen.rhythms:
            rows.append((str(PURPOSE_LABELS[purpose]), str(RHYTHM_LABELS[Rhythm(chosen.rhythms[purpose])])))
    if chosen.is_paused:
        until = chosen.paused_until_on
        rows.append((_("Pause"), _("until %(day)s", day=format_day(until)) if until else _("until you end it")))
    if chosen.quiet_from is not None and chosen.quiet_until is not None:
        hours = _("%(start)s to %(end)s", start=f"{chosen.quiet_from:%H:%M}", end=f"{chosen.quiet_until:%H:%M}")
        rows.append((_("Quiet hours"), hours))
    if chosen.surveys_off_at is not None:
        rows.append((_("Surveys"), _("none, as you said on %(day)s", day=format_day(chosen.surveys_off_at))))
    # How long we leave them in peace after a decision is shown by `applications`, which knows when they were told.
    return rows


def _suppressed_in_words(row: Suppression) -> str:
    came_back = _("mail came back on %(day)s: “%(words)s”", day=format_day(row.suppressed_at), words=row.words)
    if row.lifted_at is None:
        return came_back
    return _("%(came_back)s; we try again since %(day)s", came_back=came_back, day=format_day(row.lifted_at))


def _counted(person_id: int) -> ExportSection:
    """The messages that count towards how often we write."""
    found = session().scalars(
        select(CountedContact).where(CountedContact.person_id == person_id).order_by(CountedContact.id.desc())
    )
    return ExportSection(
        title=_("What counts towards how often we write"),
        rows=[(format_moment(one.counted_at), _counted_in_words(one)) for one in found],
        kept=_("A little over a year."),
        seen_by=_("You, and those who run this site."),
        empty=_("Nothing yet. Mail about your applications never counts."),
    )


def _counted_in_words(one: CountedContact) -> str:
    budget = str(BUDGET_LABELS[one.budget])
    if one.purpose is None:
        return budget
    return _("%(topic)s, from the allowance for %(budget)s", topic=PURPOSE_LABELS[one.purpose], budget=budget)


def _in_words(event: ConsentEvent) -> str:
    moment, words = format_moment(event.occurred_at), event.words
    if event.action is ConsentAction.GIVEN:
        return _("yes, %(moment)s, to “%(words)s”", moment=moment, words=words)
    if event.action is ConsentAction.WITHDRAWN:
        return _("no more, %(moment)s: “%(words)s”", moment=moment, words=words)
    return _("ran out, %(moment)s", moment=moment)


def erase(person_id: int, now: datetime) -> None:
    """Delete all of it; what stays of an address that mail came back from is a keyed hash with code and dates.

    Joins the transaction.
    """
    with transaction() as own:
        for table in (ConsentEvent, ContactPreferences, CountedContact, SignOfLife, MergedLink):
            own.execute(delete(table).where(table.person_id == person_id))
        own.execute(
            update(Suppression).where(Suppression.person_id == person_id).values(person_id=None, address="", words="")
        )


def retention(now: datetime) -> None:
    """Contacts that no allowance looks back to go; consents run out by a job of `community`, which asks before."""
    forget_old_contacts(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """`kept_id` gets what the other has; whatever lets us write less wins. Joins the transaction."""
    with transaction() as own:
        _merge_ledgers(own, kept_id, gone_id)
        _merge_wishes(own, kept_id, gone_id)
        _merge_life(own, kept_id, gone_id)
        for table in (Suppression, CountedContact, MergedLink):
            own.execute(update(table).where(table.person_id == gone_id).values(person_id=kept_id))
        own.merge(MergedLink(public_id=own.get_one(Person, gone_id).public_id, person_id=kept_id))


def _merge_ledgers(own: Session, kept_id: int, gone_id: int) -> None:
    """A copy of the other's entries; a withdrawal of either side wins."""
    wanted = merged(consent_states(kept_id), consent_states(gone_id))
    entries = own.scalars(
        select(ConsentEvent).where(ConsentEvent.person_id.in_([kept_id, gone_id])).order_by(ConsentEvent.id)
    ).all()
    for entry in entries:
        if entry.person_id == gone_id:
            own.add(_copy(entry, kept_id))
            own.flush()
    reached = consent_states(kept_id)
    for purpose, state in wanted.items():
        if reached[purpose].action is not state.action:
            deciding = [entry for entry in entries if entry.purpose is purpose and entry.action is state.action]
            own.add(_copy(deciding[-1], kept_id))
    own.execute(delete(ConsentEvent).where(ConsentEvent.person_id == gone_id))


def _merge_wishes(own: Session, kept_id: int, gone_id: int) -> None:
    gone = own.get(ContactPreferences, gone_id)
    if gone is None:
        return
    kept = own.get(ContactPreferences, kept_id)
    if kept is None:
        kept = ContactPreferences(person_id=kept_id, rhythms={}, is_paused=False)
        own.add(kept)
    rhythms = {**gone.rhythms, **kept.rhythms}
    for purpose in set(gone.rhythms) & set(kept.rhythms):
        rhythms[purpose] = str(slower(Rhythm(gone.rhythms[purpose]), Rhythm(kept.rhythms[purpose])))
    kept.rhythms = rhythms
    pause = merged_pause((kept.is_paused, kept.paused_until_on), (gone.is_paused, gone.paused_until_on))
    kept.is_paused, kept.paused_until_on = pause
    if kept.quiet_from is None:
        kept.quiet_from, kept.quiet_until = gone.quiet_from, gone.quiet_until
    kept.surveys_off_at = kept.surveys_off_at or gone.surveys_off_at
    kept.rests_until = max((day for day in (kept.rests_until, gone.rests_until) if day), default=None)
    own.delete(gone)
    own.flush()


def _merge_life(own: Session, kept_id: int, gone_id: int) -> None:
    gone, kept = own.get(SignOfLife, gone_id), own.get(SignOfLife, kept_id)
    if gone is None:
        return
    if kept is None:
        own.add(SignOfLife(person_id=kept_id, last_on=gone.last_on))
    else:
        kept.last_on = max(kept.last_on, gone.last_on)
        # Whichever was asked, we ask anew if need be.
        kept.first_asked_on = kept.last_asked_on = kept.last_asked_days = kept.settled_on = None
    own.delete(gone)
    own.flush()


def _copy(entry: ConsentEvent, person_id: int) -> ConsentEvent:
    return ConsentEvent(
        person_id=person_id,
        purpose=entry.purpose,
        action=entry.action,
        words=entry.words,
        text_version=entry.text_version,
        locale=entry.locale,
        source=entry.source,
        occurred_at=entry.occurred_at,
        actor_id=entry.actor_id,
    )


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
