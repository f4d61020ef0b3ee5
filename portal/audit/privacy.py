"""What the audit log holds about a person: what was done about them, and what they did themselves."""

from datetime import datetime

from sqlalchemy import and_, or_, select, update

from portal.audit.models import AuditRecord
from portal.audit.rules import TOLD_TO_WHOM_IT_IS_ABOUT, action_words
from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection

TABLES: tuple[type[Model], ...] = (AuditRecord,)


def export(person_id: int) -> list[ExportSection]:
    """What was done about the person or by them, newest first; letters are told of by the application's own page."""
    is_told = AuditRecord.action.in_(TOLD_TO_WHOM_IT_IS_ABOUT)
    is_about = and_(AuditRecord.person_id == person_id, is_told)
    found = fetch(
        select(AuditRecord.occurred_at, AuditRecord.action, AuditRecord.actor_id)
        .where(or_(is_about, AuditRecord.actor_id == person_id))
        .order_by(AuditRecord.id.desc())
    )
    rows = []
    for row in found:
        what = action_words(row.action)
        is_own = row.actor_id == person_id
        rows.append((format_moment(row.occurred_at), _("%(what)s (you)", what=what) if is_own else what))
    return [
        ExportSection(
            title=_("What was done, and when"),
            rows=rows,
            kept=_("For as long as we know you. If you are erased, only that something was done stays, not for whom."),
            seen_by=_("Admins here."),
            empty=_("Nothing has been noted about you yet."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Leave that something was done, and let go of whom it was about; joins the transaction."""
    with transaction() as own:
        own.execute(
            update(AuditRecord)
            .where(AuditRecord.person_id == person_id)
            .values(person_id=None, subject="erased", details={})
        )


def retention(now: datetime) -> None:
    """The log is kept whole; it names nobody who was erased."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Who did it and whom it was about is `kept_id`; joins the transaction."""
    with transaction() as own:
        own.execute(update(AuditRecord).where(AuditRecord.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(AuditRecord).where(AuditRecord.actor_id == gone_id).values(actor_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """What somebody did stays theirs."""
