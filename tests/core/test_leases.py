"""Of several workers one runs a job; a dead one's job is taken over; a call during the run is not lost."""

from datetime import timedelta

from flask import Flask

from portal.core.leases import LEASE, give_back_job, take_job, wake_job
from tests.conftest import Time

HOUR = timedelta(hours=1)


def test_a_job_is_run_by_one_worker_at_a_time(app: Flask, time: Time) -> None:
    assert take_job("sweep", "one", time())
    assert not take_job("sweep", "two", time())


def test_a_job_comes_due_again_after_its_interval(app: Flask, time: Time) -> None:
    take_job("sweep", "one", time())
    give_back_job("sweep", "one", time(), HOUR)
    time.pass_by(minutes=59)
    assert not take_job("sweep", "two", time())
    time.pass_by(minutes=1)
    assert take_job("sweep", "two", time())


def test_the_job_of_a_dead_worker_is_taken_over(app: Flask, time: Time) -> None:
    take_job("sweep", "one", time())
    time.pass_by(seconds=LEASE.total_seconds())
    assert take_job("sweep", "two", time())


def test_who_lost_the_lease_cannot_give_it_back(app: Flask, time: Time) -> None:
    take_job("sweep", "one", time())
    time.pass_by(seconds=LEASE.total_seconds())
    take_job("sweep", "two", time())
    give_back_job("sweep", "one", time(), HOUR)
    assert not take_job("sweep", "three", time())


def test_a_job_that_is_woken_while_it_runs_runs_again(app: Flask, time: Time) -> None:
    take_job("sweep", "one", time())
    time.pass_by(seconds=5)
    wake_job("sweep", time())
    time.pass_by(seconds=5)
    give_back_job("sweep", "one", time(), HOUR)
    assert take_job("sweep", "one", time())
