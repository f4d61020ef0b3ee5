"""What the worker does for the desk: what the home says is due goes out by mail, once in the morning."""

from datetime import datetime, timedelta

from portal.company.queries import company_zone, work_calendar
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.i18n import reading_as
from portal.core.pausing import pause
from portal.desk.queries import owed_in_the_morning
from portal.tasks.actions import send_morning_mail
from portal.tasks.queries import morning_readers
from portal.tasks.rules import morning_of
from portal.wording.actions import holding_back

#: Somebody's day may be the one before or after the company's.
_AROUND = timedelta(days=1)


def send_morning_mails(now: datetime) -> None:
    """One mail a working day to each colleague who owes something, in the morning where they are; none afterwards."""
    today = day_of(now, company_zone())
    calendar = work_calendar(today - _AROUND, today + _AROUND)
    for reader in morning_readers():
        day = morning_of(now, reader.timezone, calendar)
        if day is None or (reader.looked_on is not None and reader.looked_on >= day):
            continue
        end_reading()
        with reading_as(reader.locale, reader.timezone):
            lines = owed_in_the_morning(reader.person_id, reader.role, today)
        with holding_back(f"tasks/morning:{reader.person_id}", reader.person_id, now):
            send_morning_mail(reader.person_id, day, lines, today, now)
        pause()
