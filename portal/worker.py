"""The worker: due jobs and due mail in turn, until it is told to leave or nothing is left to do."""

import threading
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

from flask import Flask

from portal.core.clock import now
from portal.core.db import end_reading, session
from portal.core.identifiers import new_public_id
from portal.core.leases import JobLease, give_back_job, take_job
from portal.core.logs import log
from portal.core.pausing import ToldToLeave, pausing_for
from portal.timetable import TIMETABLE, TimedJob, mail_sender

#: Seconds between two looks at the database when there is nothing to do.
_IDLE = 0.5
_LONGEST_REST = 30.0
_FIRST_RETRY = timedelta(seconds=30)
_LONGEST_RETRY = timedelta(hours=1)


def run_worker(app: Flask, until_idle: bool, stop: threading.Event, timetable: tuple[TimedJob, ...] = TIMETABLE) -> int:
    """Work until `stop` is set; with `until_idle` until nothing is due. Returns how many times something failed.

    When `stop` is set, the one message in hand is finished. With `until_idle` a job runs once, and again only when
    something has woken it meanwhile.
    """
    with app.app_context():
        worker = _Worker(app, until_idle, stop, timetable)
    return worker.run()


class _Worker:
    def __init__(self, app: Flask, until_idle: bool, stop: threading.Event, timetable: tuple[TimedJob, ...]) -> None:
        self._app = app
        self._until_idle = until_idle
        self._stop = stop
        self._timetable = timetable
        self._owner = f"worker-{new_public_id()}"
        self._mail = mail_sender(self._owner, stop)
        #: Failures in a row of each job, of the mail and of the round itself.
        self._failures: Counter[str] = Counter()
        self._failed = 0
        #: When each job that has run here is due again, unless something wakes it.
        self._due_again: dict[str, datetime] = {}

    def run(self) -> int:
        log.info("worker begins", worker=self._owner)
        while not self._stop.is_set():
            with self._app.app_context():
                is_busy = self._round()
            if is_busy:
                continue
            if self._until_idle:
                break
            self._stop.wait(self._rest())
        log.info("worker leaves", worker=self._owner)
        return self._failed

    def _round(self) -> bool:
        """Every due job once, with mail between them; whether there was anything to do."""
        is_busy = False
        for job in self._timetable:
            if self._stop.is_set():
                return False
            if self._guarded(f"lease of {job.name}", partial(self._run_if_due, job)):
                is_busy = True
                self._send_mail()
        return self._send_mail() or is_busy

    def _send_mail(self) -> bool:
        taken = self._guarded("mail", lambda: self._mail.send_due_mail() > 0)
        end_reading()
        return taken

    def _run_if_due(self, job: TimedJob) -> bool:
        is_due = self._is_due(job)
        end_reading()
        if not is_due or not take_job(job.name, self._owner, now()):
            return False
        is_done = self._guarded(job.name, partial(self._run, job))
        end_reading()
        wait = job.interval if is_done else self._retry_after(job)
        give_back_job(job.name, self._owner, now(), wait)
        self._due_again[job.name] = now() + wait
        return True

    def _is_due(self, job: TimedJob) -> bool:
        """A look without a lock; `take_job` decides."""
        lease = session().get(JobLease, job.name)
        if lease is None:
            return True
        if self._until_idle and job.name in self._due_again:
            return lease.next_run_at < self._due_again[job.name] and lease.next_run_at <= now()
        return lease.next_run_at <= now()

    def _run(self, job: TimedJob) -> bool:
        with pausing_for(self._in_between):
            job.run(now())
        return True

    def _in_between(self) -> None:
        """What long work makes room for: mail goes on, and a worker that is told to leave leaves."""
        if self._stop.is_set():
            raise ToldToLeave
        self._send_mail()

    def _guarded(self, name: str, step: Callable[[], bool]) -> bool:
        try:
            answer = step()
        except Exception:  # the boundary of a job: whatever breaks in one must not keep the others from running
            log.exception("job failed", job=name)
            self._failures[name] += 1
            self._failed += 1
            return False
        del self._failures[name]
        return answer

    def _retry_after(self, job: TimedJob) -> timedelta:
        """How long a job that failed waits: longer each time, at most an hour."""
        return min(_FIRST_RETRY * (1 << min(self._failures[job.name] - 1, 10)), _LONGEST_RETRY)

    def _rest(self) -> float:
        """Seconds to wait when idle; longer while something (most likely the database) keeps failing."""
        worst = max((self._failures[name] for name in self._failures if name not in self._due_again), default=0)
        return min(_IDLE * (1 << min(worst, 10)), _LONGEST_REST)
