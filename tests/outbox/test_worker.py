"""The worker: jobs in their time, mail between them, and nothing that breaks stops the rest."""

import threading
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from flask import Flask

from portal.core import clock
from portal.core.leases import last_finished_at, wake_job
from portal.timetable import TIMETABLE, TimedJob
from portal.worker import run_worker
from tests.conftest import Time
from tests.outbox.letters import put, states


def job(name: str, run: Callable[[datetime], object], minutes: int = 10) -> TimedJob:
    def do(at: datetime) -> None:
        run(at)

    return TimedJob(name, do, timedelta(minutes=minutes))


def work(app: Flask, *jobs: TimedJob) -> int:
    return run_worker(app, until_idle=True, stop=threading.Event(), timetable=jobs)


def test_a_job_runs_once_an_interval(app: Flask, time: Time) -> None:
    ran: list[datetime] = []
    mine = job("mine", ran.append)
    assert work(app, mine) == 0
    work(app, mine)
    assert len(ran) == 1
    time.pass_by(minutes=9)
    work(app, mine)
    assert len(ran) == 1
    time.pass_by(minutes=1)
    work(app, mine)
    assert ran == [time.at - timedelta(minutes=10), time.at]


def test_mail_that_a_job_writes_goes_out_before_the_worker_is_idle(app: Flask) -> None:
    assert work(app, job("writes", lambda _: put(1))) == 0
    assert states() == ["sent"]


def test_a_job_that_breaks_stops_no_other_and_is_tried_again_soon(
    app: Flask, time: Time, caplog: pytest.LogCaptureFixture
) -> None:
    ran: list[datetime] = []
    put(1)
    jobs = (job("breaks", lambda _: 1 // 0), job("works", ran.append))
    assert work(app, *jobs) == 1
    assert len(ran) == 1
    assert states() == ["sent"]
    assert "ZeroDivisionError" in caplog.text
    assert work(app, *jobs) == 0
    time.pass_by(seconds=30)
    assert work(app, *jobs) == 1


def test_a_job_that_something_woke_runs_again(app: Flask, time: Time) -> None:
    ran: list[str] = []

    def wake(at: datetime) -> None:
        if len(ran) == 1:
            time.pass_by(seconds=1)
            wake_job("sleepy", clock.now())

    work(app, job("sleepy", lambda _: ran.append("sleepy")), job("alarm", wake))
    assert ran == ["sleepy", "sleepy"]


def test_a_job_that_another_worker_runs_is_left_to_it(app: Flask) -> None:
    ran: list[str] = []
    has_begun, may_end = threading.Event(), threading.Event()

    def slow(at: datetime) -> None:
        ran.append("slow")
        has_begun.set()
        may_end.wait(10)

    first = threading.Thread(target=work, args=(app, job("slow", slow)))
    first.start()
    assert has_begun.wait(10)
    work(app, job("slow", lambda _: ran.append("again")))
    may_end.set()
    first.join()
    assert ran == ["slow"]


def test_a_worker_goes_on_until_it_is_told_to_leave(app: Flask) -> None:
    stop, has_run = threading.Event(), threading.Event()
    worker = threading.Thread(
        target=run_worker, args=(app, False, stop, (job("mine", lambda _: has_run.set()),)), daemon=True
    )
    worker.start()
    assert has_run.wait(10)
    stop.set()
    worker.join(10)
    assert not worker.is_alive()


def test_the_whole_timetable_runs_and_leaves_a_sign_of_life(app: Flask, time: Time) -> None:
    assert work(app, *TIMETABLE) == 0
    assert last_finished_at() == time.at


def test_no_two_jobs_share_a_name() -> None:
    assert len({job.name for job in TIMETABLE}) == len(TIMETABLE)
