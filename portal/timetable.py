"""Every job of the worker and how often it runs, in one list."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts import jobs as accounts
from portal.ats import jobs as imports
from portal.community import jobs as community
from portal.core.limits import forget_old_tries
from portal.files import jobs as files
from portal.outbox import jobs as outbox
from portal.outbox.jobs import MailSender


@dataclass(frozen=True)
class TimedJob:
    """Something done every `interval`: `run` gets the present instant, and is safe to run twice."""

    name: str
    run: Callable[[datetime], None]
    interval: timedelta


def show_life(at: datetime) -> None:
    """Nothing to do: that a worker finishes this often is its sign of life, for `portal doctor` and /readyz."""


TIMETABLE: tuple[TimedJob, ...] = (
    TimedJob("worker/show_life", show_life, timedelta(seconds=20)),
    TimedJob("core/forget_old_tries", forget_old_tries, timedelta(hours=1)),
    TimedJob("accounts/forget_expired", accounts.forget_expired, timedelta(hours=1)),
    TimedJob("ats/run_imports", imports.run_imports, timedelta(seconds=15)),
    TimedJob("community/forget_unconfirmed", community.forget_unconfirmed, timedelta(minutes=10)),
    TimedJob("files/delete_due_files", files.delete_due_files, timedelta(hours=6)),
    TimedJob("outbox/blank_old_mail", outbox.blank_old_mail, timedelta(hours=6)),
    TimedJob("outbox/forget_old_dev_mail", outbox.forget_old_dev_mail, timedelta(hours=24)),
)


def mail_sender(owner: str, stop: threading.Event) -> MailSender:
    """What sends due mail between the jobs; several workers may send at once."""
    return MailSender(owner, stop)
