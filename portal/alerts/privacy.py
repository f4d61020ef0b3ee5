"""What we hold about the openings that a person was told of, and those that wait to be told."""

from datetime import datetime

from sqlalchemy import delete, func, select, update

from portal.alerts.models import AlertMatch, AlertTurn, JobAlert
from portal.alerts.queries import OwnAlert, alerts_of, count_alerts_of
from portal.alerts.rules import why_in_words
from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.core.db import Model, session, transaction
from portal.core.i18n import format_moment, format_number
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.outbox.actions import cancel

TABLES: tuple[type[Model], ...] = (JobAlert, AlertMatch, AlertTurn)


def export(person_id: int) -> list[ExportSection]:
    """Every mail about openings with why, and how many openings wait for the next one."""
    at = now()
    labels = {area.key: area.label for area in areas()}
    told = alerts_of(person_id, 0, max(1, count_alerts_of(person_id)), at, day_of(at, company_zone()))
    waiting = session().scalar(
        select(func.count())
        .select_from(AlertMatch)
        .where(AlertMatch.person_id == person_id)
        .where(AlertMatch.alert_id.is_(None))
    )
    rows = [row for one in told for row in _rows(one, labels)]
    if waiting:
        rows.append((_("Openings that wait for the next mail"), format_number(waiting)))
    return [
        ExportSection(
            title=_("Openings we told you of by mail"),
            rows=rows,
            kept=_("For as long as we know you, so that you hear of no opening twice."),
            seen_by=_("You. Recruiters see how many were told of an opening, not who."),
            empty=_("None so far."),
            extra={
                "job_alerts": [
                    {
                        "at": one.sent_at.isoformat(),
                        "openings": [{"title": it.title, "why": why_in_words(it.why, labels)} for it in one.openings],
                    }
                    for one in told
                ]
            },
        )
    ]


def _rows(one: OwnAlert, labels: dict[str, str]) -> list[tuple[str, str]]:
    return [
        (format_moment(one.sent_at), _("%(title)s. %(why)s", title=it.title, why=why_in_words(it.why, labels)))
        for it in one.openings
    ]


def erase(person_id: int, now: datetime) -> None:
    """Forget what they were told and what waits, and stop what is on its way; joins the transaction."""
    with transaction() as own:
        for public_id in own.scalars(
            select(JobAlert.public_id)
            .where(JobAlert.person_id == person_id)
            .where(JobAlert.settled_at.is_(None))
            .order_by(JobAlert.id)
        ).all():
            cancel(f"alert:{public_id}", now)
        own.execute(delete(AlertTurn).where(AlertTurn.person_id == person_id))
        own.execute(delete(AlertMatch).where(AlertMatch.person_id == person_id))
        own.execute(delete(JobAlert).where(JobAlert.person_id == person_id))


def retention(now: datetime) -> None:
    """What somebody was told goes with them: it is what keeps us from telling them twice."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What either was told, both were; joins the transaction."""
    with transaction() as own:
        own.execute(update(JobAlert).where(JobAlert.person_id == gone_id).values(person_id=kept_id))
        told = select(AlertMatch.opening_id).where(AlertMatch.alert_id.is_not(None))
        # What waits on one side gives way to what the other was told.
        for one, other in ((kept_id, gone_id), (gone_id, kept_id)):
            known = own.scalars(told.where(AlertMatch.person_id == other).order_by(AlertMatch.opening_id)).all()
            own.execute(
                delete(AlertMatch)
                .where(AlertMatch.person_id == one)
                .where(AlertMatch.alert_id.is_(None))
                .where(AlertMatch.opening_id.in_(known))
            )
        both = select(AlertMatch.opening_id).where(AlertMatch.person_id == kept_id).order_by(AlertMatch.opening_id)
        own.execute(
            delete(AlertMatch)
            .where(AlertMatch.person_id == gone_id)
            .where(AlertMatch.opening_id.in_(own.scalars(both).all()))
        )
        own.execute(update(AlertMatch).where(AlertMatch.person_id == gone_id).values(person_id=kept_id))
        if own.get(AlertTurn, kept_id) is None:
            own.execute(update(AlertTurn).where(AlertTurn.person_id == gone_id).values(person_id=kept_id))
        else:
            own.execute(delete(AlertTurn).where(AlertTurn.person_id == gone_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Job alerts are nobody's work."""
