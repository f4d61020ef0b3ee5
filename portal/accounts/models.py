"""Accounts, device sessions and one-time tokens."""

from datetime import datetime

from sqlalchemy import ForeignKey, Index, Integer, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.core.tokens import TokenKind


class Account(Model):
    """A way to sign in: one for each confirmed address."""

    __tablename__ = "account"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), unique=True)
    #: Argon2id; None for those who sign in by link or code.
    password_hash: Mapped[str | None] = mapped_column(String(200))
    created_at: Mapped[datetime]


class DeviceSession(Model):
    """One browser that is signed in."""

    __tablename__ = "device_session"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    secret_hash: Mapped[str] = mapped_column(String(64), unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("account.id"), index=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: What the browser calls itself, shortened: "Firefox on Linux".
    device: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    #: To the hour.
    last_seen_at: Mapped[datetime]
    #: The latest moment it can be used: 90 days for candidates, 12 hours for staff.
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class OneTimeToken(Model):
    """A token of any kind; only hashes are stored."""

    __tablename__ = "one_time_token"
    __table_args__ = (Index("ix_one_time_token_subject", "kind", "subject"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    kind: Mapped[TokenKind] = mapped_column(Word(TokenKind))
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    code_hash: Mapped[str | None] = mapped_column(String(64))
    #: A hash of the secret that the asking browser keeps; a code is only good there.
    browser_hash: Mapped[str | None] = mapped_column(String(64), index=True)
    #: Who or what it is for: an address (confirm, sign in, reset), an application's public id, a staff person's.
    subject: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    tries_left: Mapped[int] = mapped_column(Integer)
