"""Random names for rows: what stands in URLs and what only we know."""

import secrets

# No 0, O, 1, l, I: people read these aloud on the telephone.
_ALPHABET = "23456789abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ"


def new_public_id() -> str:
    """Twelve characters (about 69 bits) that stand for a row in URLs."""
    return "".join(secrets.choice(_ALPHABET) for _ in range(12))


def new_secret() -> str:
    """A URL-safe secret of 256 bits."""
    return secrets.token_urlsafe(32)
