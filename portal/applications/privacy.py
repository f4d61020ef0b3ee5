"""What we hold about a person's applications: where each stands, and what was written about it."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select, update

from portal.applications.actions.documents import forget_submissions
from portal.applications.actions.drafting import forget_old_applying, forget_typed, join_drafts
from portal.applications.actions.moving_many import forget_changes
from portal.applications.models import (
    Application,
    ApplicationDraft,
    ApplicationEvent,
    ApplyRequest,
    ChangeItem,
    ChangeOfMany,
    EndingLetter,
    EndingRound,
    LetterDraft,
    Mark,
    Promise,
    Submission,
)
from portal.applications.queries import ApplicationView, applications_of, find_application_of
from portal.applications.queries.applying import received_of, typed_drafts_of, waiting_requests_of
from portal.applications.states import OUTCOME_LABELS, STATUS_LABELS, ApplicationStatus
from portal.company.queries import company_zone
from portal.contact.rules import REST_DAYS
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection

#: How long it is kept who ended whom together.
_ROUNDS_KEPT = timedelta(days=90)

TABLES: tuple[type[Model], ...] = (
    Application,
    ApplicationEvent,
    ChangeItem,
    ChangeOfMany,
    LetterDraft,
    Mark,
    Submission,
    ApplicationDraft,
    ApplyRequest,
    Promise,
    EndingRound,
    EndingLetter,
)


def export(person_id: int) -> list[ExportSection]:
    """A section for each application, as the candidate may read it; what is internal is named without its content."""
    views = [find_application_of(person_id, card.public_id) for card in applications_of(person_id)]
    sections = [_section(view) for view in views if view is not None]
    if not sections:
        sections = [
            ExportSection(
                title=_("Your applications"),
                rows=[],
                kept=_("For as long as we know you."),
                seen_by=_("You, and the people who recruit for that opening."),
                empty=_("We know of no application of yours."),
            )
        ]
    return sections + _unsent(person_id) + _work(person_id)


def _section(view: ApplicationView) -> ExportSection:
    found = fetch(select(Application.channel, Application.source).where(Application.id == view.id))
    channel, source = found.one()
    rows = [(_("Where it stands"), str(STATUS_LABELS[view.status]))]
    if view.next_update_by is not None:
        rows.append((_("You hear from us by"), format_day(view.next_update_by)))
    if view.applied_on is not None:
        rows.append((_("Applied on"), format_day(view.applied_on)))
    if channel:
        rows.append((_("How you found us"), channel))
    if source:
        rows.append((_("Came to us from"), source))
    if view.promises_number is not None:
        rows.append((_("Made under our promises"), _("version %(number)s", number=view.promises_number)))
    rows.append((_("Looked after by"), view.owner_name))
    rows += _left_in_peace(view)
    rows += _sent(view.id)
    rows += [(format_moment(event.created_at), event.message) for event in view.events if event.message]
    rows += [(_("Reason for a later date"), event.date_reason) for event in view.events if event.date_reason]
    rows += _promised(view.id)
    return ExportSection(
        title=_("Your application: %(title)s", title=view.opening_title),
        rows=rows,
        kept=_("For as long as we know you."),
        seen_by=_(
            "You, and the people who recruit for that opening. Only they see the stage, the end reason and the labels "
            "from the system you applied in, letters they have not sent, whether you were close, and their own notes "
            "on why. Ask us if you want to know what those say."
        ),
        extra=_as_data(view, source),
    )


def _as_data(view: ApplicationView, source: str) -> dict[str, object]:
    """The same for machines."""
    return {
        "public_id": view.public_id,
        "opening": view.opening_title,
        "status": str(view.status),
        "applied_on": view.applied_on.isoformat() if view.applied_on else None,
        "next_update_by": view.next_update_by.isoformat() if view.next_update_by else None,
        "source": source,
        "messages": [event.message for event in view.events if event.message],
        "events": [
            {
                "at": event.created_at.isoformat(),
                "kind": str(event.kind),
                "status": str(event.status),
                "by": event.actor_name or "",
                "text": event.message,
            }
            for event in view.events
        ],
    }


def _left_in_peace(view: ApplicationView) -> list[tuple[str, str]]:
    """Until when no community mail goes because they were not selected, counted from when they were told of it."""
    until = view.shown_event.since + timedelta(days=REST_DAYS)
    if view.status is not ApplicationStatus.NOT_SELECTED or until <= clock.now():
        return []
    return [(_("Left in peace after this decision"), _("until %(day)s", day=format_day(until)))]


def _promised(application_id: int) -> list[tuple[str, str]]:
    """By when we had promised word, and whether it came."""
    found = fetch(
        select(Promise.promised_on, Promise.outcome)
        .where(Promise.application_id == application_id)
        .where(Promise.outcome.is_not(None))
        .order_by(Promise.id)
    )
    return [(_("Word promised by %(day)s", day=format_day(on)), str(OUTCOME_LABELS[outcome])) for on, outcome in found]


def _sent(application_id: int) -> list[tuple[str, str]]:
    """What came with the application; the CV itself is among the files."""
    received = received_of(application_id)
    if received is None:
        return []
    rows = [(_("Name you gave"), received.name), (_("Telephone"), received.phone)]
    rows.append((_("Your cover note"), received.cover_note))
    rows += [(one.words, one.shown) for one in received.answers]
    rows.append((_("Your CV"), received.cv.name if received.cv else ""))
    return [row for row in rows if row[1]]


def _unsent(person_id: int) -> list[ExportSection]:
    """What they typed to apply and did not send, or sent from an address that is not confirmed yet."""
    sections = [
        ExportSection(
            title=_("An application you have begun: %(title)s", title=title),
            rows=[(_("What you typed"), text) for text in typed if text],
            kept=_("60 days after you last changed it, and not longer than the opening takes applications."),
            seen_by=_("Only you, until you send it."),
        )
        for title, typed in typed_drafts_of(person_id)
    ]
    waiting = [
        (title, _("forgotten on %(moment)s", moment=format_moment(until)))
        for title, until in waiting_requests_of(person_id)
    ]
    if waiting:
        sections.append(
            ExportSection(
                title=_("An application that waits for your confirmation"),
                rows=waiting,
                kept=_("One day, unless you confirm it."),
                seen_by=_("Nobody, until it is confirmed."),
            )
        )
    return sections


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they look after applications and wrote; the words belong to those they were written to."""
    owned = session().scalars(select(Application.id).where(Application.owner_id == person_id)).all()
    written = session().scalars(select(ApplicationEvent.id).where(ApplicationEvent.actor_id == person_id)).all()
    if not owned and not written:
        return []
    return [
        ExportSection(
            title=_("Applications of others that you work on"),
            rows=[
                (_("Applications you look after"), str(len(owned))),
                (_("Messages and changes of yours"), str(len(written))),
            ],
            kept=_("For as long as the applications are kept."),
            seen_by=_("Your colleagues, and the candidates you wrote to."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the person's applications with all that was said about them; joins the transaction.

    What they look after as staff is handed over before; see `hand_over`.
    """
    with transaction() as own:
        theirs = select(Application.id).where(Application.person_id == person_id).scalar_subquery()
        forget_typed(person_id)
        forget_submissions(person_id)
        forget_changes(person_id)
        own.execute(delete(LetterDraft).where(LetterDraft.application_id.in_(theirs)))
        own.execute(delete(Mark).where(Mark.application_id.in_(theirs)))
        own.execute(delete(EndingLetter).where(EndingLetter.application_id.in_(theirs)))
        # Words for many stay as long as they were for somebody.
        own.execute(delete(EndingRound).where(EndingRound.id.not_in(select(EndingLetter.round_id))))
        own.execute(update(EndingRound).where(EndingRound.actor_id == person_id).values(actor_id=None))
        # What became of a promise stays as a figure that leads to nobody.
        own.execute(
            update(Promise).where(Promise.application_id.in_(theirs)).values(application_id=None, event_id=None)
        )
        own.execute(update(Promise).where(Promise.owner_id == person_id).values(owner_id=None))
        own.execute(delete(ApplicationEvent).where(ApplicationEvent.application_id.in_(theirs)))
        own.execute(delete(Application).where(Application.person_id == person_id))


def retention(now: datetime) -> None:
    """An application stays for as long as we know the person; what was never sent goes, the job does the same.

    Marks that were taken away or have run out go as well.
    """
    forget_old_applying(now)
    with transaction() as own:
        own.execute(delete(EndingRound).where(EndingRound.created_at < now - _ROUNDS_KEPT))
        is_over = Mark.removed_at.is_not(None) | (Mark.expires_on <= day_of(now, company_zone()))
        own.execute(delete(Mark).where(is_over))


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either applied for, looks after and wrote belongs to `kept_id`; joins the transaction."""
    with transaction() as own:
        join_drafts(kept_id, gone_id)
        own.execute(update(Application).where(Application.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(ApplicationEvent).where(ApplicationEvent.actor_id == gone_id).values(actor_id=kept_id))
        own.execute(update(Mark).where(Mark.set_by_id == gone_id).values(set_by_id=kept_id))
        own.execute(update(ChangeOfMany).where(ChangeOfMany.actor_id == gone_id).values(actor_id=kept_id))
        own.execute(update(EndingRound).where(EndingRound.actor_id == gone_id).values(actor_id=kept_id))
        own.execute(update(Promise).where(Promise.owner_id == gone_id).values(owner_id=kept_id))
    hand_over(gone_id, kept_id, now)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` looks after the applications of `from_id`, who keeps what they wrote, and the promises they kept."""
    with transaction() as own:
        own.execute(update(Application).where(Application.owner_id == from_id).values(owner_id=to_id))
        is_open = Promise.settled_at.is_(None)
        own.execute(update(Promise).where(Promise.owner_id == from_id).where(is_open).values(owner_id=to_id))
