"""Leases on jobs: of several workers one runs a job at a time, and a dead one's job is taken over."""

from datetime import datetime, timedelta

from sqlalchemy import String, select
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, session, transaction

#: A job that takes longer than this may be started a second time; jobs are safe to run twice.
LEASE = timedelta(minutes=10)


class JobLease(Model):
    """When a job runs next, and who runs it now."""

    __tablename__ = "job_lease"

    job: Mapped[str] = mapped_column(String(100), primary_key=True)
    next_run_at: Mapped[datetime]
    lease_owner: Mapped[str | None] = mapped_column(String(40))
    lease_until: Mapped[datetime | None]
    last_finished_at: Mapped[datetime | None]


def take_job(job: str, owner: str, now: datetime) -> bool:
    """Lease `job` to `owner` if it is due and nobody holds it."""
    with transaction() as own:
        lease = own.get(JobLease, job, with_for_update=True)
        if lease is None:
            own.add(JobLease(job=job, next_run_at=now + LEASE, lease_owner=owner, lease_until=now + LEASE))
            return True
        is_held = lease.lease_until is not None and lease.lease_until > now
        if is_held or lease.next_run_at > now:
            return False
        # Due again when the lease ends; earlier only if somebody wakes it, which `give_back_job` can then tell.
        lease.next_run_at = now + LEASE
        lease.lease_owner = owner
        lease.lease_until = now + LEASE
        return True


def give_back_job(job: str, owner: str, now: datetime, interval: timedelta) -> None:
    """Say that `owner` has finished `job`; it is due again after `interval`."""
    with transaction() as own:
        lease = own.get(JobLease, job, with_for_update=True)
        if lease is None or lease.lease_owner != owner:
            return
        lease.lease_owner = None
        lease.lease_until = None
        was_woken = lease.next_run_at <= now
        lease.next_run_at = now if was_woken else now + interval
        lease.last_finished_at = now


def wake_job(job: str, now: datetime) -> None:
    """Let `job` be due at once: something is waiting for it."""
    with transaction() as own:
        lease = own.get(JobLease, job, with_for_update=True)
        if lease is not None:
            lease.next_run_at = now


def last_finished_at() -> datetime | None:
    """When any worker last finished a job: the worker's sign of life."""
    return session().scalar(
        select(JobLease.last_finished_at)
        .where(JobLease.last_finished_at.is_not(None))
        .order_by(JobLease.last_finished_at.desc())
        .limit(1)
    )
