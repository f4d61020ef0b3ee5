"""One-time tokens that are looked at and not used up."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.accounts.models import OneTimeToken
from portal.core.db import fetch
from portal.core.tokens import TokenKind, token_hash


@dataclass(frozen=True)
class TokenRow:
    """What a token that works is for."""

    id: int
    subject: str
    person_id: int | None


def find_token(kind: TokenKind, token: str, now: datetime) -> TokenRow | None:
    """Look at a token without using it up: for GET pages and for kinds that work many times."""
    digest = token_hash(token, kind)
    if digest is None:
        return None
    row = fetch(
        select(OneTimeToken.id, OneTimeToken.subject, OneTimeToken.person_id)
        .where(OneTimeToken.kind == kind)
        .where(OneTimeToken.token_hash == digest)
        .where(OneTimeToken.used_at.is_(None))
        .where(OneTimeToken.voided_at.is_(None))
        .where(OneTimeToken.expires_at > now)
    )
    found = row.one_or_none()
    return TokenRow(*found) if found else None


def find_old_token(kind: TokenKind, token: str) -> TokenRow | None:
    """What a token was for that was good once, so that a page can offer a fresh mail to the same person."""
    digest = token_hash(token, kind)
    if digest is None:
        return None
    row = fetch(
        select(OneTimeToken.id, OneTimeToken.subject, OneTimeToken.person_id)
        .where(OneTimeToken.kind == kind)
        .where(OneTimeToken.token_hash == digest)
        .where(OneTimeToken.voided_at.is_(None))
    )
    found = row.one_or_none()
    return TokenRow(*found) if found else None


def has_open_token(kind: TokenKind, subject: str, person_id: int, now: datetime) -> bool:
    """Whether such a token was mailed and is still good."""
    return open_until(kind, subject, person_id, now) is not None


def open_until(kind: TokenKind, subject: str, person_id: int, now: datetime) -> datetime | None:
    """When the last of such tokens that are still good ends; None when there is none."""
    row = fetch(
        select(OneTimeToken.expires_at)
        .where(OneTimeToken.kind == kind)
        .where(OneTimeToken.subject == subject)
        .where(OneTimeToken.person_id == person_id)
        .where(OneTimeToken.used_at.is_(None))
        .where(OneTimeToken.voided_at.is_(None))
        .where(OneTimeToken.expires_at > now)
        .order_by(OneTimeToken.expires_at.desc())
        .limit(1)
    )
    until: datetime | None = row.scalar_one_or_none()
    return until
