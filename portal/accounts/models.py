"""Accounts, device sessions and one-time tokens."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, text
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
    #: When the second factor was given here (or the device was known to have given it lately).
    second_factor_at: Mapped[datetime | None]
    #: It began with a mailed link, code or invitation, not with a password.
    is_by_mail: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))


class SecondFactor(Model):
    """The app of a member of staff that shows six digits; asked for after every way to sign in."""

    __tablename__ = "second_factor"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: The secret shared with the app, as `accounts.adapters.seal` writes it.
    sealed_secret: Mapped[str] = mapped_column(String(200))
    #: The half minute (since 1970) whose digits were used last: none of it or before is good again.
    last_step: Mapped[int] = mapped_column(Integer)
    #: Devices that remember the second factor were signed for this key; a new one forgets them all.
    trust_key: Mapped[str] = mapped_column(String(43))
    #: When the present recovery codes were made.
    codes_made_at: Mapped[datetime]
    #: When their owner had kept them, so that no browser shows them again.
    codes_put_away_at: Mapped[datetime | None]
    created_at: Mapped[datetime]


class RecoveryCode(Model):
    """A code to keep on paper, good once instead of the app's digits; only its hash is stored."""

    __tablename__ = "recovery_code"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64))
    used_at: Mapped[datetime | None]


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
    #: Who or what it is for: an address (most kinds), an application's public id, a staff person's.
    subject: Mapped[str] = mapped_column(String(254))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    used_at: Mapped[datetime | None]
    voided_at: Mapped[datetime | None]
    tries_left: Mapped[int] = mapped_column(Integer)


class AddressRequest(Model):
    """Somebody wants another address: until it is confirmed, and then until two records are one, if it has one."""

    __tablename__ = "address_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("one_time_token.id", ondelete="CASCADE"), unique=True)
    #: Who asked, and who must be signed in to confirm it.
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    email: Mapped[str] = mapped_column(String(254))
    #: It takes the place of the address we write to; else it stands beside it.
    is_change: Mapped[bool] = mapped_column(Boolean)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)
    #: When its owner confirmed an address that belongs to another record: the two can be joined.
    proven_at: Mapped[datetime | None]


class LeavingAddress(Model):
    """An address that goes on its day; until then its owner can say that this was not their wish."""

    __tablename__ = "leaving_address"

    address_id: Mapped[int] = mapped_column(ForeignKey("address.id"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    leaves_at: Mapped[datetime] = mapped_column(index=True)
    created_at: Mapped[datetime]
