"""Pools: people put together by hand for a purpose, and who is in them."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model

_IS_OPEN = "closed_at IS NULL"


class Pool(Model):
    """People whom colleagues chose one by one; closing it lets all of them go."""

    __tablename__ = "pool"
    __table_args__ = (
        CheckConstraint(
            "(closed_at IS NULL) = (closed_by_id IS NULL) AND (closed_at IS NULL) = (closed_count IS NULL)",
            name="closed",
        ),
        Index("uq_pool_open_key", "key", unique=True, sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
        Index("ix_pool_review", "review_on", sqlite_where=text(_IS_OPEN), postgresql_where=text(_IS_OPEN)),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: Those who are in it can read the name and the purpose.
    name: Mapped[str] = mapped_column(String(80))
    #: The name without what letter case and white space make different; one open pool has it.
    key: Mapped[str] = mapped_column(String(80))
    purpose: Mapped[str] = mapped_column(Text)
    owner_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), index=True)
    #: A calendar day in the company's zone: its owner is asked whether it is still right.
    review_on: Mapped[date]
    #: Rises with every change: whoever saw an older one is told of it before they change it.
    version: Mapped[int]
    #: Names the form it was made in: sending that again makes no second one.
    form_key: Mapped[str | None] = mapped_column(String(24), unique=True)
    created_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: Why it was closed; only colleagues read it.
    closed_reason: Mapped[str] = mapped_column(Text)
    #: How many were in it when it was closed.
    closed_count: Mapped[int | None]


class PoolMember(Model):
    """A person in an open pool."""

    __tablename__ = "pool_member"
    __table_args__ = (UniqueConstraint("pool_id", "person_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    pool_id: Mapped[int] = mapped_column(ForeignKey("pool.id"))
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_by_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    added_at: Mapped[datetime]
    #: Why they were put in; only colleagues read it.
    reason: Mapped[str] = mapped_column(Text)
    #: Names the form in which they were put in, with others perhaps: it is undone together.
    form_key: Mapped[str | None] = mapped_column(String(24), index=True)
    #: The public id of the record with which this came to the person when two became one; None: it was theirs.
    came_from: Mapped[str | None] = mapped_column(String(12))
    #: Whether both of these records were in the pool.
    is_of_both: Mapped[bool] = mapped_column(Boolean)
