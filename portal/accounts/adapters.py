"""Hashing passwords with Argon2id, the second factor's digits (RFC 6238), and the shipped lists of passwords and zones.

The secret that a second factor shares with its app must be readable to us, so it is stored sealed: AES-GCM with a key
derived from SECRET_KEY. Whoever has only the database, a dump or a backup cannot make the digits. When SECRET_KEY is
changed, no app fits any more: everybody signs in once with a recovery code, whose hashes need no key, or is reset.
"""

import base64
import hmac
import secrets
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Final

import pyotp
import segno
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.accounts.rules import normal_password
from portal.core.db import refuse_in_transaction
from portal.core.identifiers import new_secret
from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash

_DATA = Path(__file__).parent / "data"
#: 19 MiB, two passes: the smallest setting that OWASP's password storage page advises, about 21 ms.
MEMORY_IN_KIB: Final = 19456
PASSES: Final = 2
_hasher = PasswordHasher(time_cost=PASSES, memory_cost=MEMORY_IN_KIB, parallelism=1)
_NONCE = 12
#: Seconds that six digits are shown; those of the half minute before and after count too, for clocks that are off.
_STEP, _WINDOW = 30, 1


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


def seal(secret: str) -> str:
    """`secret` as it is stored: only SECRET_KEY opens it."""
    nonce = secrets.token_bytes(_NONCE)
    return base64.urlsafe_b64encode(nonce + _cipher().encrypt(nonce, secret.encode(), None)).decode()


def unseal(sealed: str) -> str | None:
    """What `seal` has sealed; None under another SECRET_KEY."""
    raw = base64.urlsafe_b64decode(sealed)
    try:
        return _cipher().decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        return None


def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(keyed_hash(current_settings().secret_key, "seal:second factor")))


def lock_form(text: str, browser_secret: str) -> bytes:
    """`text` as it lies in a file: only the browser that holds `browser_secret` brings what opens it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _form_cipher(browser_secret).encrypt(nonce, text.encode(), None)


def unlock_form(raw: bytes, browser_secret: str) -> str | None:
    """What `lock_form` has locked; None with another secret."""
    try:
        return _form_cipher(browser_secret).decrypt(raw[:_NONCE], raw[_NONCE:], None).decode()
    except InvalidTag:
        return None


def _form_cipher(browser_secret: str) -> AESGCM:
    # Our own key as well, so that neither a cookie nor the settings alone open a file.
    return AESGCM(bytes.fromhex(keyed_hash(current_settings().secret_key, f"kept form:{browser_secret}")))


def fitting_step(secret: str, code: str, after: int, now: datetime) -> int | None:
    """The half minute whose digits are `code`, if it is about now and later than `after`; None when none fits."""
    present, app = int(now.timestamp()) // _STEP, pyotp.TOTP(secret, interval=_STEP)
    fitting = None
    for step in range(present - _WINDOW, present + _WINDOW + 1):
        if hmac.compare_digest(app.generate_otp(step), code) and step > after:
            fitting = step
    return fitting


def app_address(secret: str, email: str, org_name: str) -> str:
    """What an authenticator app reads from the picture: whose account, where, with which secret."""
    return pyotp.TOTP(secret).provisioning_uri(name=email, issuer_name=org_name)


def code_picture(text: str) -> str:
    """`text` as a QR code, in an address that an image can have as its source; dark on white in every scheme."""
    return segno.make(text, error="m").svg_data_uri(scale=5, border=3, dark="#000", light="#fff")
