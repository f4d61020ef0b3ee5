"""What tasks hold about people: for the staff their own, for others that something about them was to be done."""

from datetime import datetime
from typing import Final

from sqlalchemy import ColumnElement, and_, delete, select, update

from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.tasks.models import MorningMail, Task, TaskEvent
from portal.tasks.queries import wants_morning_mail
from portal.tasks.rules import KINDS, event_words
from portal.tasks.states import PRIVATE, TaskKind, TaskState

TABLES: tuple[type[Model], ...] = (Task, TaskEvent, MorningMail)

#: A letter about an application that no mail server took may be an ending that its reader has not been told of.
_ABOUT_LOST_LETTERS: Final = (TaskKind.DEAD_LETTER, TaskKind.DEAD_REPLY)


def export(person_id: int) -> list[ExportSection]:
    """What was to be done about the person; and, for staff, what they owe, wrote and chose."""
    return [*_about(person_id), *_work(person_id)]


def _about(person_id: int) -> list[ExportSection]:
    """That there was something to do; whether it was done would tell of a letter that has not gone yet."""
    found = fetch(
        select(Task.kind, Task.created_at)
        .where(Task.person_id == person_id)
        .where(Task.kind.not_in(_ABOUT_LOST_LETTERS))
        .order_by(Task.id.desc())
    )
    rows = [(format_day(row.created_at), str(KINDS[row.kind].label)) for row in found]
    return [
        ExportSection(
            title=_("What we had to do about you"),
            rows=rows,
            kept=_("For as long as we know you."),
            seen_by=_(
                "The people who recruit here. Whether it is done, what they note for each other and what they do about "
                "letters that reach nobody is not shown; ask us about it."
            ),
            empty=_("Nothing that concerns you waits for anybody here."),
        )
    ]


def _work(person_id: int) -> list[ExportSection]:
    owned = session().scalars(select(Task.id).where(Task.owner_id == person_id)).all()
    written = fetch(
        select(TaskEvent.kind, TaskEvent.words, TaskEvent.created_at)
        .where(TaskEvent.author_id == person_id)
        .order_by(TaskEvent.id.desc())
    ).all()
    has_chosen = session().get(MorningMail, person_id) is not None
    if not owned and not written and not has_chosen:
        return []
    wanted = _("yes") if wants_morning_mail(person_id) else _("no")
    rows = [(_("Tasks that are yours"), str(len(owned))), (_("Mail in the morning"), wanted)]
    rows += [(format_day(row.created_at), row.words or event_words(row.kind, "")) for row in written]
    return [
        ExportSection(
            title=_("Tasks you work on"),
            rows=rows,
            kept=_("For as long as those they are about are known here."),
            seen_by=_("You, your lead, admins, and those who receive a task from you."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete tasks about the person with all that was noted, and what they chose; joins the transaction.

    What they owe as staff is handed over before; what they did stays, by somebody without a name.
    """
    with transaction() as own:
        about = select(Task.id).where(Task.person_id == person_id).scalar_subquery()
        own.execute(delete(TaskEvent).where(TaskEvent.task_id.in_(about)))
        own.execute(delete(Task).where(Task.person_id == person_id))
        own.execute(delete(MorningMail).where(MorningMail.staff_id == person_id))


def retention(now: datetime) -> None:
    """A task goes with whom it is about."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Tasks about either are about `kept_id`, who owes what either owed and did what either did."""
    with transaction() as own:
        own.execute(update(Task).where(Task.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(Task).where(Task.closed_by_id == gone_id).values(closed_by_id=kept_id))
        own.execute(update(TaskEvent).where(TaskEvent.author_id == gone_id).values(author_id=kept_id))
        own.execute(update(TaskEvent).where(TaskEvent.to_id == gone_id).values(to_id=kept_id))
        chosen = own.get(MorningMail, gone_id)
        if chosen is not None and own.get(MorningMail, kept_id) is None:
            own.add(MorningMail(staff_id=kept_id, is_wanted=chosen.is_wanted, looked_on=chosen.looked_on))
            own.flush()
    hand_over(gone_id, kept_id, now)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` owes what `from_id` owed, and looks after what was escalated to them; joins the transaction.

    What only its owner sees goes to nobody who is chosen: the job of its feature finds somebody who may know of it.
    """
    with transaction() as own:
        known_to_others = Task.kind.not_in(PRIVATE)
        own.execute(update(Task).where(Task.owner_id == from_id).where(known_to_others).values(owner_id=to_id))
        own.execute(update(Task).where(Task.escalated_to_id == from_id).values(escalated_to_id=to_id))
        # Nobody is their own lead: it is simply theirs, and due.
        own.execute(
            update(Task)
            .where(_is_own_lead(to_id))
            .where(Task.state == TaskState.ESCALATED)
            .values(state=TaskState.DUE, escalated_to_id=None, told_at=None)
        )
        own.execute(update(Task).where(_is_own_lead(to_id)).values(escalated_to_id=None))
        own.execute(delete(MorningMail).where(MorningMail.staff_id == from_id))


def _is_own_lead(person_id: int) -> ColumnElement[bool]:
    return and_(Task.owner_id == person_id, Task.escalated_to_id == person_id)
