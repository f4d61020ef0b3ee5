"""The mails to the staff: at once when something is too late, and one in the morning."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select, update

from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import insert_into, transaction
from portal.core.i18n import join_words, reading_as
from portal.core.mail import RenderedMail
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient
from portal.tasks import emails
from portal.tasks.models import MorningMail, Task
from portal.tasks.queries import escalated_to
from portal.tasks.rules import OwedLine, lines_of

#: Where a lead finds what was escalated to them.
_LIST = "/recruiting/tasks?kind={kind}"


def tell_lead(lead_id: int, now: datetime) -> bool:
    """One mail to a lead about all that is too late and that they were not told of; False when there is nothing."""
    found = escalated_to(lead_id)
    if not found:
        return False
    to = recipient(lead_id)
    with reading_as(to.locale, to.timezone):
        lines = lines_of((task.owed for task in found), _LIST)
        owners = join_words(
            sorted({task.owner_name for task in found if task.owner_name and task.owner_name != to.name})
        )
    mail = emails.escalated(to, lines, owners, day_of(now, company_zone()))
    ids = [task.task_id for task in found]
    with transaction() as session:
        untold = session.scalars(
            select(Task.id).where(Task.id.in_(ids)).where(Task.told_at.is_(None)).order_by(Task.id).with_for_update()
        ).all()
        if list(untold) != sorted(ids):
            return False  # another worker was quicker with some of them; the next run takes what is left
        session.execute(update(Task).where(Task.id.in_(ids)).values(told_at=now))
        _send(mail, to, "tasks:escalated", f"tasks/escalated:{mail.key}", now)
    return True


def send_morning_mail(staff_id: int, day: date, lines: Sequence[OwedLine], today: date, now: datetime) -> bool:
    """Note that `day` (in their zone) was looked at for somebody, and write to them if anything is due by `today`.

    Once a day, however often it is called; False when the day was looked at before, or nothing was due.
    """
    to = recipient(staff_id)
    mail = emails.morning(to, lines, today) if lines else None
    with transaction() as session:
        reader = _locked_reader(staff_id)
        if reader.looked_on is not None and reader.looked_on >= day:
            return False
        reader.looked_on = day
        session.flush()
        if mail is None:
            return False
        key = f"tasks/morning:{to.public_id}:{day.isoformat()}"
        _send(mail, to, "tasks:morning", key, now, expires_at=_end_of(day, to.timezone))
    return True


def _locked_reader(staff_id: int) -> MorningMail:
    """What somebody chose, made when they chose nothing yet; joins the transaction."""
    with transaction() as session:
        first = insert_into(MorningMail, session.get_bind().dialect.name).values(staff_id=staff_id, is_wanted=True)
        session.execute(first.on_conflict_do_nothing(index_elements=["staff_id"]))
        return session.get_one(MorningMail, staff_id, with_for_update=True)


def _end_of(day: date, zone: str) -> datetime:
    """Nobody needs to read tomorrow what was due this morning."""
    return datetime.combine(day + timedelta(days=1), time(), ZoneInfo(zone))


def _send(
    mail: RenderedMail,
    to: Recipient,
    cause: str,
    dedupe_key: str,
    now: datetime,
    expires_at: datetime | None = None,
) -> None:
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=cause,
        dedupe_key=dedupe_key,
        now=now,
        expires_at=expires_at,
    )


def choose_morning_mail(staff_id: int, is_wanted: bool, now: datetime) -> bool:
    """Switch the mail of the morning on or off; recorded. False when it was so already."""
    with transaction():
        reader = _locked_reader(staff_id)
        if reader.is_wanted == is_wanted:
            return False
        reader.is_wanted = is_wanted
        record("tasks.choose_morning_mail", "morning_mail", actor_id=staff_id, now=now, wanted=is_wanted)
        return True
