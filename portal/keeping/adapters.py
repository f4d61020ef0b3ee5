"""Sealing what the law lets nobody erase: AES-GCM with a key made from PORTAL_PRIVACY_KEY."""

import json
import secrets
from typing import Any, Final

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from portal.core.settings import current_settings
from portal.core.tokens import keyed_hash

_NONCE: Final = 12


def seal(content: dict[str, Any]) -> bytes:
    """`content` as it lies in the database, in its copies and backups: only our key opens it."""
    nonce = secrets.token_bytes(_NONCE)
    return nonce + _cipher().encrypt(nonce, json.dumps(content).encode(), None)


def unseal(sealed: bytes) -> dict[str, Any] | None:
    """What `seal` has sealed; None under another key."""
    try:
        opened: dict[str, Any] = json.loads(_cipher().decrypt(sealed[:_NONCE], sealed[_NONCE:], None))
    except InvalidTag:
        return None
    return opened


def _cipher() -> AESGCM:
    return AESGCM(bytes.fromhex(keyed_hash(current_settings().privacy_key, "sealed record")))
