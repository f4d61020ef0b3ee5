"""What we hold about a person's applications: where each stands, and what was written about it."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.applications.models import Application, ApplicationEvent, LetterDraft
from portal.applications.queries import ApplicationView, applications_of, find_application_of
from portal.applications.states import STATUS_LABELS
from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection

TABLES: tuple[type[Model], ...] = (Application, ApplicationEvent, LetterDraft)


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
    return sections + _work(person_id)


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
    rows.append((_("Looked after by"), view.owner_name))
    rows += [(format_moment(event.created_at), event.message) for event in view.events if event.message]
    rows += [(_("Reason for a later date"), event.date_reason) for event in view.events if event.date_reason]
    return ExportSection(
        title=_("Your application: %(title)s", title=view.opening_title),
        rows=rows,
        kept=_("For as long as we know you."),
        seen_by=_(
            "You, and the people who recruit for that opening. Only they see the stage, the end reason and the labels "
            "from the system you applied in, letters they have not sent, and their own notes on why. Ask us if you "
            "want to know what those say."
        ),
        extra={"public_id": view.public_id, "messages": [event.message for event in view.events if event.message]},
    )


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
        own.execute(delete(LetterDraft).where(LetterDraft.application_id.in_(theirs)))
        own.execute(delete(ApplicationEvent).where(ApplicationEvent.application_id.in_(theirs)))
        own.execute(delete(Application).where(Application.person_id == person_id))


def retention(now: datetime) -> None:
    """An application stays for as long as we know the person."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either applied for, looks after and wrote belongs to `kept_id`; joins the transaction."""
    with transaction() as own:
        own.execute(update(Application).where(Application.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(ApplicationEvent).where(ApplicationEvent.actor_id == gone_id).values(actor_id=kept_id))
    hand_over(gone_id, kept_id, now)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` looks after the applications of `from_id`, who keeps having written what they wrote."""
    with transaction() as own:
        own.execute(update(Application).where(Application.owner_id == from_id).values(owner_id=to_id))
