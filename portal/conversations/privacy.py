"""What we hold about a person's conversation: what they wrote, and what we wrote to them."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from portal.conversations.actions import cause_of
from portal.conversations.models import ConversationMessage, ReplyDraft
from portal.conversations.queries import own_messages
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.outbox.actions import cancel
from portal.outbox.models import Delivery
from portal.people.models import Person
from portal.tasks.actions import finish_task
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind

TABLES: tuple[type[Model], ...] = (ConversationMessage, ReplyDraft)


def export(person_id: int) -> list[ExportSection]:
    """The conversation as the person reads it; what is internal is named without its content."""
    messages = own_messages(person_id)
    said = ExportSection(
        title=_("Your conversation with us"),
        rows=[
            (f"{format_moment(one.said_at)}, {_('you') if one.author_name is None else one.author_name}", one.body)
            for one in messages
        ],
        kept=_("For as long as we know you."),
        seen_by=_(
            "You, the recruiters, and, where it is about an application, the hiring manager of that opening. Only they "
            "see answers that have not gone yet, and why they thought that a message needs no answer."
        ),
        empty=_("Nothing has been said in it yet."),
        extra={
            "messages": [
                {
                    "at": one.said_at.isoformat(),
                    "by": one.author_name or "",
                    "about": one.opening_title,
                    "text": one.body,
                    "by_mail": one.is_by_mail,
                    "sent_from": one.sent_from,
                    "repeated": one.quoted,
                    "files_not_taken": list(one.left_out),
                }
                for one in messages
            ]
        },
    )
    return [said, *_work(person_id)]


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they wrote; the words belong to those they were written to."""
    mine = select(func.count(ConversationMessage.id)).where(ConversationMessage.author_id == person_id)
    written = session().scalar(mine) or 0
    if not written:
        return []
    return [
        ExportSection(
            title=_("Conversations of others in which you wrote"),
            rows=[(_("Messages of yours"), str(written))],
            kept=_("For as long as those you wrote to are known here."),
            seen_by=_("Your colleagues, and those you wrote to."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the person's conversation, and stop what would tell a colleague of it; joins the transaction.

    What they wrote to others as staff stays, by somebody without a name.
    """
    with transaction() as own:
        cancel(cause_of(_public_id(person_id)), now)
        own.execute(delete(ReplyDraft).where(ReplyDraft.person_id == person_id))
        own.execute(delete(ConversationMessage).where(ConversationMessage.person_id == person_id))


def retention(now: datetime) -> None:
    """A conversation goes with the person."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Two conversations become one, and one task is enough for it; joins the transaction."""
    with transaction() as own:
        _merge_drafts(kept_id, gone_id)
        own.execute(
            update(ConversationMessage)
            .where(ConversationMessage.person_id == gone_id)
            # The keys of sent forms are single within a conversation only.
            .values(person_id=kept_id, form_key=None)
        )
        for column in (
            ConversationMessage.author_id,
            ConversationMessage.read_by_id,
            ConversationMessage.closed_by_id,
        ):
            own.execute(update(ConversationMessage).where(column == gone_id).values({column: kept_id}))
        _merge_causes(kept_id, gone_id, now)


def _merge_drafts(kept_id: int, gone_id: int) -> None:
    with transaction() as own:
        gone, kept = own.get(ReplyDraft, gone_id), own.get(ReplyDraft, kept_id)
        if gone is None:
            return
        if kept is not None:
            kept.body = f"{kept.body}\n\n{gone.body}"
            own.delete(gone)
        else:
            own.execute(update(ReplyDraft).where(ReplyDraft.person_id == gone_id).values(person_id=kept_id))
        own.flush()


def _merge_causes(kept_id: int, gone_id: int, now: datetime) -> None:
    kept, gone = _public_id(kept_id), _public_id(gone_id)
    with transaction() as own:
        own.execute(update(Delivery).where(Delivery.cause == cause_of(gone)).values(cause=cause_of(kept)))
        own.execute(update(Task).where(Task.cause == cause_of(gone)).values(cause=cause_of(kept)))
        kinds = (TaskKind.QUESTION, TaskKind.DEAD_REPLY)
        own.execute(update(Task).where(Task.kind.in_(kinds)).where(Task.about == gone).values(about=kept))
        questions = (
            select(Task.id)
            .where(Task.cause == cause_of(kept))
            .where(Task.kind == TaskKind.QUESTION)
            .where(Task.state.in_(OPEN_STATES))
            .order_by(Task.due_on, Task.id)
        )
        for task_id in own.scalars(questions).all()[1:]:
            finish_task(task_id, actor_id=None, now=now)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Who owes an answer stands in its task, which `tasks` hands over; who wrote keeps having written."""


def _public_id(person_id: int) -> str:
    with transaction() as own:
        return own.scalars(select(Person.public_id).where(Person.id == person_id)).one()
