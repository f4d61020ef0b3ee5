"""What we hold about people in interviews: what was arranged, what they told us, and what colleagues did."""

from datetime import datetime

from sqlalchemy import Select, delete, func, select, update
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.core.clock import now as current
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_moment, join_words
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.interviews.actions.reminding import cause_of as reminder_cause
from portal.interviews.actions.telling import panel_cause
from portal.interviews.models import (
    GuideRead,
    Interview,
    InterviewHistory,
    InterviewNeed,
    InterviewTime,
    InterviewWish,
    PanelMember,
    PanelNote,
    QuestionAhead,
)
from portal.interviews.queries.own import OwnPage, find_own_interview, interviews_of
from portal.interviews.rules.times import named_moment
from portal.interviews.states import FORMAT_LABELS, OPEN_INTERVIEWS
from portal.outbox.actions import cancel

TABLES: tuple[type[Model], ...] = (
    Interview,
    InterviewTime,
    PanelMember,
    InterviewHistory,
    InterviewWish,
    QuestionAhead,
    InterviewNeed,
    PanelNote,
    GuideRead,
)


def export(person_id: int) -> list[ExportSection]:
    """A section for each interview, as its candidate may read it; that colleagues note things is said to everybody."""
    at = current()
    pages = [find_own_interview(person_id, one.public_id, at) for one in interviews_of(person_id, at)]
    sections = [_section(page) for page in pages if page is not None]
    if not sections:
        sections = [
            ExportSection(
                title=_("Your interviews"),
                rows=[],
                kept=_("For as long as we know you."),
                seen_by=_seen_by(),
                empty=_("We know of no interview of yours."),
            )
        ]
    return sections + _work(person_id)


def _section(page: OwnPage) -> ExportSection:
    one = page.one
    rows = [
        (_("When"), named_moment(one.starts_at) if one.starts_at else _("No time was set")),
        (_("How you meet"), str(FORMAT_LABELS[one.format])),
        (_("Where"), page.place),
        (_("Who takes part"), join_words([member.name for member in page.panel])),
        (_("What it is about"), page.about),
        (_("How to prepare"), page.prepare),
        (_("What makes it accessible to you"), page.need),
    ]
    rows += [(_("A question you sent ahead"), question.words) for question in page.questions]
    rows += [(_("What you told us"), wish.words or str(wish.kind)) for wish in page.wishes]
    rows.append((_("What we wrote last"), page.last_words))
    return ExportSection(
        title=_("Your interview: %(title)s", title=f"{one.title}, {one.opening_title}"),
        rows=[row for row in rows if row[1]],
        kept=_("For as long as we know you; what makes it accessible to you until the day after it."),
        seen_by=_seen_by(),
        extra={"public_id": one.public_id, "questions": [question.words for question in page.questions]},
    )


def _seen_by() -> str:
    return _(
        "You, those who take part, and the people who recruit for that opening. What makes an interview accessible is "
        "read only by those who arrange it. While they decide, those who take part may keep notes for themselves; they "
        "are not part of what is shown here. You can ask us about them at any time."
    )


def _work(person_id: int) -> list[ExportSection]:
    """For staff: how much they took part in; what was said there is about others."""
    counted = (
        (_("Interviews you arranged"), select(func.count(Interview.id)).where(Interview.arranged_by_id == person_id)),
        (_("Interviews you took part in"), select(func.count()).where(PanelMember.staff_id == person_id)),
        (_("Notes of yours"), select(func.count(PanelNote.id)).where(PanelNote.author_id == person_id)),
    )
    rows = [(label, str(count)) for label, statement in counted if (count := session().scalar(statement))]
    read_at = session().scalar(select(GuideRead.read_at).where(GuideRead.staff_id == person_id))
    if read_at is not None:
        rows.append((_("You read the guide to interviews"), format_moment(read_at)))
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Interviews of others that you work on"),
            rows=rows,
            kept=_("For as long as those candidates are known here."),
            seen_by=_("Your colleagues, and the candidates you meet."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete the person's interviews with all that was said about them; joins the transaction.

    Whoever was to meet them hears of it, see `actions.leaving`. What they arranged and noted about others as staff
    stays, by somebody without a name.
    """
    with transaction() as own:
        theirs = select(Application.id).where(Application.person_id == person_id)
        found = select(Interview.id, Interview.public_id).where(Interview.application_id.in_(theirs))
        rows = own.execute(found.order_by(Interview.id).with_for_update()).all()
        for row in rows:
            cancel(panel_cause(row.public_id), now)
            cancel(reminder_cause(row.public_id), now)
        # Everything else of an interview goes with it.
        own.execute(delete(Interview).where(Interview.id.in_([row.id for row in rows])))
        own.execute(update(Interview).where(Interview.arranged_by_id == person_id).values(arranged_by_id=None))
        own.execute(
            update(Interview).where(Interview.contact_id == person_id).values(contact_id=None, contact_phone="")
        )
        own.execute(update(InterviewHistory).where(InterviewHistory.actor_id == person_id).values(actor_id=None))
        own.execute(delete(PanelMember).where(PanelMember.staff_id == person_id))
        own.execute(delete(GuideRead).where(GuideRead.staff_id == person_id))


def retention(now: datetime) -> None:
    """An interview goes with the person; what makes it accessible goes the day after it, by a job."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either arranged, took part in and noted is one person's; joins the transaction."""
    with transaction() as own:
        for column in (Interview.arranged_by_id, Interview.contact_id):
            own.execute(update(Interview).where(column == gone_id).values({column: kept_id}))
        own.execute(update(InterviewHistory).where(InterviewHistory.actor_id == gone_id).values(actor_id=kept_id))
        _take_seats(own, gone_id, kept_id, select(Interview.id), {})
        _merge_notes(own, kept_id, gone_id)
        _merge_guide(own, kept_id, gone_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` arranges and takes part in what is still to come; nobody in an interview of their own. Joins."""
    with transaction() as own:
        of_others = select(Application.id).where(Application.person_id != to_id)
        to_come = (
            select(Interview.id)
            .where(Interview.state.in_(OPEN_INTERVIEWS))
            .where(Interview.application_id.in_(of_others))
        )
        for column in (Interview.arranged_by_id, Interview.contact_id):
            own.execute(
                update(Interview)
                .where(column == from_id)
                .where(Interview.id.in_(to_come))
                .values({column: to_id})
                .execution_options(synchronize_session=False)
            )
        # Whoever takes over says for themselves how they know the candidate.
        _take_seats(own, from_id, to_id, to_come, {"relationship": None, "declared_at": None})
        # Of their own interview nobody is the panel: the seat stays empty.
        own.execute(
            delete(PanelMember)
            .where(PanelMember.staff_id == from_id)
            .where(PanelMember.interview_id.in_(select(Interview.id).where(Interview.state.in_(OPEN_INTERVIEWS))))
            .execution_options(synchronize_session=False)
        )


def _take_seats(own: Session, from_id: int, to_id: int, interviews: Select[int], values: dict[str, None]) -> None:
    """`to_id` sits where `from_id` sat; where both sit on a panel, one seat is left."""
    twice = select(PanelMember.interview_id).where(PanelMember.staff_id == to_id)
    theirs = (PanelMember.staff_id == from_id, PanelMember.interview_id.in_(interviews))
    own.execute(
        delete(PanelMember)
        .where(*theirs)
        .where(PanelMember.interview_id.in_(twice))
        .execution_options(synchronize_session=False)
    )
    own.execute(
        update(PanelMember).where(*theirs).values(staff_id=to_id, **values).execution_options(synchronize_session=False)
    )


def _merge_notes(own: Session, kept_id: int, gone_id: int) -> None:
    """Notes of both against one criterion become one, so that no word is lost."""
    gone = own.scalars(select(PanelNote).where(PanelNote.author_id == gone_id).order_by(PanelNote.id)).all()
    for note in gone:
        same = own.scalar(
            select(PanelNote)
            .where(PanelNote.interview_id == note.interview_id)
            .where(PanelNote.criterion == note.criterion)
            .where(PanelNote.author_id == kept_id)
        )
        if same is None:
            note.author_id = kept_id
            continue
        same.words = f"{same.words}\n\n{note.words}"
        own.delete(note)
    own.flush()


def _merge_guide(own: Session, kept_id: int, gone_id: int) -> None:
    gone, kept = own.get(GuideRead, gone_id), own.get(GuideRead, kept_id)
    if gone is None:
        return
    if kept is None:
        own.add(GuideRead(staff_id=kept_id, read_at=gone.read_at))
    else:
        kept.read_at = max(kept.read_at, gone.read_at)
    own.delete(gone)
    own.flush()
