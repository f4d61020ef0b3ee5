"""What we hold about feedback: what somebody was owed, got and made of it; for staff, that they wrote it."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, or_, select, update
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.company.states import FEEDBACK_WAY_LABELS
from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.feedback.actions import cause_of
from portal.feedback.models import Feedback, FeedbackDebt, FeedbackReading
from portal.feedback.states import DebtState, FeedbackState
from portal.openings.models import Opening
from portal.outbox.actions import cancel
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person

TABLES: tuple[type[Model], ...] = (FeedbackDebt, Feedback, FeedbackReading)
#: States of the mail about a hold from which on the candidate's page says so.
_KNOWN = (DeliveryState.SENT, DeliveryState.DEAD)

_HoldMail = aliased(Delivery)
_CalledBy = aliased(Person)
_DEBTS = (
    select(
        Opening.title,
        FeedbackDebt.state,
        FeedbackDebt.way,
        FeedbackDebt.due_on,
        FeedbackDebt.asked_at,
        FeedbackDebt.hold_words,
        FeedbackDebt.called_on,
        FeedbackDebt.call_words,
        func.coalesce(_CalledBy.name, "").label("caller"),
        _HoldMail.state.label("mail"),
    )
    .join(Application, Application.id == FeedbackDebt.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(_CalledBy, _CalledBy.id == FeedbackDebt.called_by_id)
    .outerjoin(_HoldMail, _HoldMail.id == FeedbackDebt.delivery_id)
    .where(FeedbackDebt.state != DebtState.VOID)
    .order_by(FeedbackDebt.id)
)
_WRITTEN = (
    select(
        Opening.title,
        Feedback,
        Delivery.sent_at,
        func.coalesce(Person.name, ""),
        FeedbackReading,
    )
    .join(Application, Application.id == Feedback.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(Delivery, Delivery.id == Feedback.delivery_id)
    .outerjoin(Person, Person.id == Feedback.author_id)
    .outerjoin(FeedbackReading, FeedbackReading.feedback_id == Feedback.id)
    # No draft, and nothing that was taken back: only what their own page lets them read.
    .where(Feedback.state == FeedbackState.APPROVED)
    .where(Delivery.state == DeliveryState.SENT)
    .order_by(Feedback.id)
)
_STAFF_COLUMNS = (
    (FeedbackDebt, FeedbackDebt.ask_id),
    (FeedbackDebt, FeedbackDebt.held_by_id),
    (FeedbackDebt, FeedbackDebt.called_by_id),
    (Feedback, Feedback.author_id),
    (Feedback, Feedback.approver_id),
)


def export(person_id: int) -> list[ExportSection]:
    """What they are owed and got, with what they made of it; what is not sent or was taken back is named only."""
    return [*_owed(person_id), *_got(person_id), *_work(person_id)]


def _owed(person_id: int) -> list[ExportSection]:
    debts = fetch(_DEBTS.where(Application.person_id == person_id)).all()
    rows = [_debt_row(row) for row in debts]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Feedback that we owe you or owed you"),
            rows=rows,
            kept=_("For as long as we know you."),
            seen_by=_(
                "You, and the people who recruit for that opening. Only they see drafts, and why one is held back in "
                "their own words. Ask us if you want to know what those say."
            ),
            extra={"owed": [_debt_as_data(row) for row in debts]},
        )
    ]


def _debt_row(row: Any) -> tuple[str, str]:
    said = [_("by %(day)s, %(way)s", day=format_day(row.due_on), way=str(FEEDBACK_WAY_LABELS[row.way]).lower())]
    if row.asked_at is not None:
        said.append(_("you asked for it on %(moment)s", moment=format_moment(row.asked_at)))
    if _is_told_of_hold(row):
        said.append(_("held back: %(words)s", words=row.hold_words))
    if row.called_on is not None:
        day = format_day(row.called_on)
        said.append(_("%(name)s spoke with you on %(day)s: %(words)s", name=row.caller, day=day, words=row.call_words))
    return row.title, "; ".join(said)


def _is_told_of_hold(row: Any) -> bool:
    return row.state is DebtState.HELD and (row.mail is None or row.mail in _KNOWN)


def _debt_as_data(row: Any) -> dict[str, object]:
    return {
        "opening": row.title,
        "way": str(row.way),
        "due_on": row.due_on.isoformat(),
        "asked_at": row.asked_at.isoformat() if row.asked_at else None,
        "held_back": row.hold_words if _is_told_of_hold(row) else None,
        "called_on": row.called_on.isoformat() if row.called_on else None,
        "called_by": row.caller or None,
        "said_in_call": row.call_words if row.called_on else None,
    }


def _got(person_id: int) -> list[ExportSection]:
    found = session().execute(_WRITTEN.where(Application.person_id == person_id)).all()
    return [_feedback_section(*row) for row in found]


def _feedback_section(
    title: str, one: Feedback, sent_at: datetime | None, author: str, reading: FeedbackReading | None
) -> ExportSection:
    said = [
        (_("Written by"), author),
        (_("Sent on"), format_moment(sent_at) if sent_at else ""),
        (_("What was strong"), one.strong),
        (_("What was missing"), one.missing),
        (_("Measured against"), one.criterion),
        (_("One thing to try"), one.try_this),
        (_("Something to read or watch"), " ".join(part for part in (one.resource, one.resource_url) if part)),
    ]
    if reading is not None:
        helped = {True: _("yes"), False: _("no"), None: ""}[reading.has_helped]
        said += [
            (_("You read it on"), format_moment(reading.read_at)),
            (_("You said thanks on"), format_moment(reading.thanked_at) if reading.thanked_at else ""),
            (_("Whether it helped"), helped),
            (_("You asked a question on"), format_moment(reading.asked_at) if reading.asked_at else ""),
        ]
    return ExportSection(
        title=_("Feedback on your interviews: %(title)s", title=title),
        rows=[row for row in said if row[1]],
        kept=_("For as long as we know you."),
        seen_by=_("You, and the people who recruit for that opening."),
        extra={"feedback": _as_data(title, one, sent_at, author, reading)},
    )


def _as_data(
    title: str, one: Feedback, sent_at: datetime | None, author: str, reading: FeedbackReading | None
) -> dict[str, object]:
    moments = {"sent_at": sent_at}
    if reading is not None:
        moments |= {"read_at": reading.read_at, "thanked_at": reading.thanked_at, "asked_at": reading.asked_at}
    return {
        "opening": title,
        "written_by": author or None,
        "strong": one.strong,
        "missing": one.missing,
        "criterion": one.criterion,
        "try_this": one.try_this,
        "resource": one.resource,
        "resource_url": one.resource_url,
        "has_helped": reading.has_helped if reading is not None else None,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _work(person_id: int) -> list[ExportSection]:
    """For staff: how much they wrote; the words belong to those they were written to."""
    written = session().scalar(select(func.count(Feedback.id)).where(Feedback.author_id == person_id)) or 0
    called = session().scalar(select(func.count(FeedbackDebt.id)).where(FeedbackDebt.called_by_id == person_id)) or 0
    if not written and not called:
        return []
    return [
        ExportSection(
            title=_("Feedback that you gave"),
            rows=[(_("Written"), str(written)), (_("By telephone"), str(called))],
            kept=_("For as long as those you gave it to are known here."),
            seen_by=_("Your colleagues, and those you gave it to."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete what they were owed and got; joins the transaction. What they gave as staff stays, by nobody."""
    with transaction() as own:
        theirs = select(Application.id).where(Application.person_id == person_id).scalar_subquery()
        for public_id in own.scalars(select(Application.public_id).where(Application.person_id == person_id)).all():
            cancel(cause_of(public_id), now)
        written = select(Feedback.id).where(Feedback.application_id.in_(theirs)).scalar_subquery()
        own.execute(delete(FeedbackReading).where(FeedbackReading.feedback_id.in_(written)))
        own.execute(delete(Feedback).where(Feedback.application_id.in_(theirs)))
        own.execute(delete(FeedbackDebt).where(FeedbackDebt.application_id.in_(theirs)))
        _sign(person_id, None)


def retention(now: datetime) -> None:
    """What was owed and given goes with the application."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """`kept_id` gave and approved what either did; whoever did both was alone with it. Joins the transaction."""
    both = {kept_id, gone_id}
    with transaction() as own:
        own.execute(
            update(Feedback)
            .where(or_(Feedback.author_id == gone_id, Feedback.approver_id == gone_id))
            .where(Feedback.author_id.in_(both))
            .where(Feedback.approver_id.in_(both))
            .values(is_alone=True)
        )
        _sign(gone_id, kept_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whom candidates ask about feedback that is held back is `to_id` from now on; the rest keeps who did it."""
    with transaction() as own:
        own.execute(
            update(FeedbackDebt)
            .where(FeedbackDebt.ask_id == from_id)
            .where(FeedbackDebt.state == DebtState.HELD)
            .values(ask_id=to_id)
        )


def _sign(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        for model, column in _STAFF_COLUMNS:
            own.execute(update(model).where(column == from_id).values({column.key: to_id}))
