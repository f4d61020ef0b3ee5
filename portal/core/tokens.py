"""Tokens: kinds, lifetimes, how they are made and what of them is stored (the table of the trust design)."""

import base64
import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class TokenKind(StrEnum):
    """What a token is for; each is good at its own address only."""

    CONFIRM = "confirm"
    #: To an address that somebody who is signed in wants to have; a stranger who joins with it voids nothing of that.
    NEW_ADDRESS = "new_address"
    SIGN_IN = "sign_in"
    RESET = "reset"
    #: To the address that somebody applied with who was not signed in.
    APPLY = "apply"
    FOLLOW = "follow"
    INVITATION = "invitation"
    #: To the address that was written to when another took its place or came beside it: "this was not me".
    KEEP_ADDRESS = "keep_address"
    #: To an address that is to go: it stays, and nothing else changes.
    KEEP_REMOVED = "keep_removed"
    #: To every address of two records that were joined: they come apart again.
    KEEP_APART = "keep_apart"
    #: To somebody without an opening, in their one invitation: "do not write to me, delete me now".
    NO_THANKS = "no_thanks"
    #: To a candidate, about one interview: what they answer to it without signing in.
    INTERVIEW = "interview"
    #: To a candidate, about one survey: they answer it without signing in, on any device, until it is sent.
    SURVEY = "survey"
    #: Stateless: signed, nothing is stored.
    UNSUBSCRIBE = "unsubscribe"
    PREFERENCES = "preferences"


@dataclass(frozen=True)
class TokenRule:
    """How long a token lives, whether it works once, whether a newer one voids it, whether a code stands for it."""

    lifetime: timedelta
    is_single_use: bool
    is_voided_by_newer: bool
    has_code: bool


#: One hour because mail can be slow; the code is only good in the browser that asked.
RULES = {
    TokenKind.CONFIRM: TokenRule(timedelta(minutes=60), True, True, True),
    TokenKind.NEW_ADDRESS: TokenRule(timedelta(minutes=60), True, False, True),
    TokenKind.SIGN_IN: TokenRule(timedelta(minutes=60), True, True, True),
    TokenKind.RESET: TokenRule(timedelta(minutes=60), True, True, True),
    TokenKind.APPLY: TokenRule(timedelta(minutes=60), True, True, True),
    TokenKind.FOLLOW: TokenRule(timedelta(days=30), False, False, False),
    TokenKind.INVITATION: TokenRule(timedelta(days=7), True, True, False),
    TokenKind.KEEP_ADDRESS: TokenRule(timedelta(days=7), True, False, False),
    TokenKind.KEEP_REMOVED: TokenRule(timedelta(days=7), True, False, False),
    TokenKind.KEEP_APART: TokenRule(timedelta(days=14), True, False, False),
    TokenKind.NO_THANKS: TokenRule(timedelta(days=60), True, False, False),
    # Its page is closed sooner, a day after the interview.
    TokenKind.INTERVIEW: TokenRule(timedelta(days=60), False, False, False),
    # Its page is closed sooner, when the thirtieth day is over: the mail names that day.
    TokenKind.SURVEY: TokenRule(timedelta(days=31), False, False, False),
}
#: Links in mails that only ever reduce what somebody gets; they live so long, and a resend carries the same one.
STATELESS = frozenset({TokenKind.UNSUBSCRIBE, TokenKind.PREFERENCES})
STATELESS_LIFETIME = timedelta(days=365)
CODE_TRIES = 5
TOKEN_LENGTH = 43


def mail_token(secret_key: str, delivery_key: str, kind: TokenKind) -> str:
    """The token that a delivery carries: the same at every resend, 256 bits, never stored."""
    return _text(_mac(secret_key, f"token:{kind}:{delivery_key}"))


def mail_code(secret_key: str, delivery_key: str, kind: TokenKind) -> str:
    """Six digits that stand for `mail_token` in the browser that asked."""
    number = int.from_bytes(_mac(secret_key, f"code:{kind}:{delivery_key}")[:8], "big")
    return f"{number % 1_000_000:06d}"


def token_hash(token: str, kind: TokenKind) -> str | None:
    """What is stored and looked up: bound to its kind; None for anything that cannot be a token."""
    if not token or len(token) != TOKEN_LENGTH or not token.isascii():
        return None
    return hashlib.sha256(f"{kind}:{token}".encode()).hexdigest()


def code_hash(secret_key: str, code: str, token_digest: str) -> str:
    """A keyed hash of a six-digit code; without the key a million guesses would find it in a dump."""
    return _mac(secret_key, f"code-hash:{token_digest}:{code}").hex()


def signed_token(secret_key: str, kind: TokenKind, subject: str, expires_at: datetime) -> str:
    """A stateless token: it says itself what it is for (`subject`) and until when, and is good at one address only."""
    said = f"{int(expires_at.timestamp())}:{subject}".encode()
    return f"{_text(said)}.{_text(_signature(secret_key, kind, said))}"


def read_signed_token(secret_key: str, kind: TokenKind, token: str, now: datetime) -> str | None:
    """The subject of a token of `signed_token`; None when it is forged, flipped, of another kind or too old."""
    said, _dot, signature = token.partition(".")
    raw, mac = _raw(said), _raw(signature)
    if not raw or not hmac.compare_digest(mac, _signature(secret_key, kind, raw)):
        return None
    until, _colon, subject = raw.decode().partition(":")
    return subject if now.timestamp() < int(until) else None


def session_hash(secret: str) -> str:
    """What is stored of a device's session secret."""
    return hashlib.sha256(f"session:{secret}".encode()).hexdigest()


def keyed_hash(key: str, text: str) -> str:
    """HMAC-SHA256 of `text`, in hexadecimal."""
    return _mac(key, text).hex()


def is_same(left: str, right: str) -> bool:
    """Compare in constant time; empty is never the same as anything."""
    return bool(left) and bool(right) and hmac.compare_digest(left.encode(), right.encode())


def _mac(key: str, text: str) -> bytes:
    return hmac.digest(key.encode(), text.encode(), "sha256")


def _signature(secret_key: str, kind: TokenKind, said: bytes) -> bytes:
    return hmac.digest(secret_key.encode(), f"signed:{kind}:".encode() + said, "sha256")


def _raw(text: str) -> bytes:
    """What `_text` wrote; nothing for any other way to write it."""
    try:
        raw = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
    except ValueError:
        return b""
    return raw if _text(raw) == text else b""


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
