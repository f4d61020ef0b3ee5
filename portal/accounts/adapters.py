"""Hashing passwords with Argon2id, and the shipped lists of common passwords and of time zones."""

from functools import cache
from pathlib import Path

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.accounts.rules import normal_password
from portal.core.db import refuse_in_transaction
from portal.core.identifiers import new_secret

_DATA = Path(__file__).parent / "data"
# 19 MiB, two passes: the smallest setting that OWASP's password storage page advises, about 21 ms.
_hasher = PasswordHasher(time_cost=2, memory_cost=19456, parallelism=1)


def hash_password(password: str) -> str:
    """The Argon2id hash to store; slow on purpose, never inside a transaction."""
    refuse_in_transaction("Hashing a password")
    return _hasher.hash(normal_password(password))


def fits(stored: str | None, password: str) -> bool:
    """Whether `password` is the one behind `stored`; takes as long when there is none."""
    refuse_in_transaction("Checking a password")
    try:
        _hasher.verify(stored or prepare_decoy(), normal_password(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None


def is_outdated(stored: str) -> bool:
    """Whether `stored` was made with other parameters than today's."""
    return _hasher.check_needs_rehash(stored)


@cache
def prepare_decoy() -> str:
    """A hash that no password fits, for addresses without one; made when the site starts, so that nobody waits."""
    return _hasher.hash(new_secret())


@cache
def common_passwords() -> frozenset[str]:
    """The passwords that everybody tries first, in small letters."""
    return frozenset(_lines("common_passwords.txt"))


@cache
def shipped_zones() -> tuple[str, ...]:
    """The IANA time zones that a person chooses from."""
    return tuple(_lines("time_zones.txt"))


def _lines(name: str) -> list[str]:
    lines = (_DATA / name).read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]
