"""What the worker does about interviews: reminds, thanks, and forgets what has outlived its day."""

from datetime import datetime

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.interviews.actions.closing import ask_to_close, call_off_ended_interview
from portal.interviews.actions.reminding import drop_outdated_reminders, remind_person
from portal.interviews.actions.thanking import drop_outdated_thanks, forget_need, forget_tickets, thank
from portal.interviews.actions.untold import tell_waiting_panels
from portal.interviews.queries.overdue import ended_with_application, to_close
from portal.interviews.queries.reminding import needs_to_forget, reminders_due, thanks_due
from portal.wording.actions import holding_back


def call_off_ended(now: datetime) -> None:
    """Call off what is still to come of applications that have ended; thanks that wait for the morning do not go.

    Panels that waited for an ending which was taken back are told of their interview.
    """
    drop_outdated_thanks(now)
    for one in ended_with_application(now):
        end_reading()
        with holding_back(f"interviews/ended:{one.public_id}", one.person_id, now):
            call_off_ended_interview(one.id, now)
        pause()
    tell_waiting_panels(now)


def ask_what_became(now: datetime) -> None:
    """Ask whoever arranged it what became of an interview whose time passed two hours ago."""
    for one in to_close(now):
        end_reading()
        ask_to_close(one, now)
        pause()


def remind(now: datetime) -> None:
    """Remind candidates and panels a day and an hour before; what waits of a time that no longer holds is stopped."""
    drop_outdated_reminders(now)
    for one in reminders_due(now):
        end_reading()
        with holding_back(f"interviews/reminder:{one.public_id}:{one.person_id}", one.person_id, now):
            remind_person(one, now)
        pause()


def thank_candidates(now: datetime) -> None:
    """Thank those who were interviewed, on the day; what waits and no longer fits is stopped."""
    drop_outdated_thanks(now)
    for due in thanks_due(now, company_zone()):
        end_reading()
        with holding_back(f"interviews/thanks:{due.application_public_id}", due.person_id, now):
            thank(due, now)
        pause()


def forget_what_is_over(now: datetime) -> None:
    """What made an interview accessible goes the day after it; leave that nobody used goes, too."""
    zone = company_zone()
    for interview_id in needs_to_forget(day_of(now, zone), zone):
        end_reading()
        forget_need(interview_id, now)
        pause()
    end_reading()
    forget_tickets(now)
