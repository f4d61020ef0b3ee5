"""The machine's clock is put back by an hour: nothing is done twice, nothing is lost, and it all goes on."""

import threading
from collections import Counter
from datetime import datetime, timedelta

from flask import Flask

from portal.outbox.queries import all_dev_mail
from portal.timetable import TimedJob
from portal.worker import run_worker
from tests.conftest import Time
from tests.outbox.letters import put, states


def work(app: Flask, *jobs: TimedJob) -> int:
    return run_worker(app, until_idle=True, stop=threading.Event(), timetable=jobs)


def test_mail_goes_once_and_what_is_written_afterwards_goes_at_once(app: Flask, time: Time) -> None:
    for number in range(3):
        put(number, to=f"before{number}@example.org", now=time.at)
    assert work(app) == 0
    time.pass_by(hours=-1)
    for number in range(3, 6):
        put(number, to=f"after{number}@example.org", now=time.at)
    assert work(app) == 0
    assert Counter(states()) == {"sent": 6}
    time.pass_by(hours=2)
    assert work(app) == 0
    assert len(all_dev_mail("")) == 6


def test_a_job_runs_once_and_again_when_its_time_has_come(app: Flask, time: Time) -> None:
    runs: list[datetime] = []
    job = TimedJob("counting", runs.append, timedelta(minutes=5))
    began = time.at
    work(app, job)
    time.pass_by(hours=-1)
    work(app, job)
    assert runs == [began]
    time.at = began + timedelta(minutes=5)
    work(app, job)
    assert runs == [began, began + timedelta(minutes=5)]
