"""Addresses of ours with a signed tag, such as bounce+k3x...@talent.example.com: nobody else can make one.

A tag is the name of what it stands for and an HMAC of it, 128 bits, both in digits and small letters, because mail
servers on the way may change the case of an address.
"""

from enum import StrEnum
from typing import Final

from portal.core.tokens import is_same, keyed_hash

_DIGITS: Final = "0123456789abcdefghijklmnopqrstuvwxyz"
_LETTERS: Final = _DIGITS + "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
#: 128 bits in base 36.
_SIGNATURE_LENGTH: Final = 25
_HEX_OF_128_BITS: Final = 32
#: RFC 5321, 4.5.3.1.1.
_LONGEST_LOCAL_PART: Final = 64


class TagFor(StrEnum):
    """What a tag is for; one for one thing is nothing for the other."""

    #: Where a message comes back to that could not be delivered; names the delivery.
    RETURN = "return"
    #: Where answers go; names the person.
    REPLY = "reply"


def tagged(secret_key: str, purpose: TagFor, name: str, address: str) -> str:
    """`address` with the tag for `name` (letters and digits) behind its local part."""
    local, _at, domain = address.rpartition("@")
    return f"{local}+{_in_digits(_number(name))}{_signature(secret_key, purpose, name)}@{domain}"


def name_in(secret_key: str, purpose: TagFor, found: str, address: str) -> str | None:
    """What the tag of `found` stands for, when that is `address` with a tag of ours; None for anything else."""
    local, _at, domain = address.lower().rpartition("@")
    found_local, _found_at, found_domain = found.strip().lower().rpartition("@")
    start = f"{local}+"
    is_ours = bool(local) and found_domain == domain and found_local.startswith(start)
    if not is_ours or len(found_local) > _LONGEST_LOCAL_PART:
        return None
    tag = found_local.removeprefix(start)
    said, signature = tag[:-_SIGNATURE_LENGTH], tag[-_SIGNATURE_LENGTH:]
    name = _name(said)
    return name if name and is_same(_signature(secret_key, purpose, name), signature) else None


def _signature(secret_key: str, purpose: TagFor, name: str) -> str:
    mac = keyed_hash(secret_key, f"mail-address:{purpose}:{name}")[:_HEX_OF_128_BITS]
    return _in_digits(int(mac, 16)).rjust(_SIGNATURE_LENGTH, "0")


def _number(name: str) -> int:
    number = 0
    for letter in name:
        number = number * (len(_LETTERS) + 1) + _LETTERS.index(letter) + 1
    return number


def _name(said: str) -> str:
    """The name that `_in_digits(_number(name))` is; empty when there is none."""
    if not said or not set(said) <= set(_DIGITS):
        return ""
    number = int(said, len(_DIGITS))
    letters: list[str] = []
    while number:
        number, place = divmod(number, len(_LETTERS) + 1)
        if place == 0:
            return ""
        letters.append(_LETTERS[place - 1])
    return "".join(reversed(letters))


def _in_digits(number: int) -> str:
    digits = ""
    while number:
        number, place = divmod(number, len(_DIGITS))
        digits = _DIGITS[place] + digits
    return digits
