"""What makes a password good, how often things may be tried, how long a device stays signed in, who may leave."""

import ipaddress
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from enum import StrEnum
from typing import NamedTuple

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.permissions import Role


class TokenRefused(PortalError):
    """A link or a code that is wrong, used, too old, or for something else; never says which."""


class WrongPassword(PortalError):
    """The address is unknown, has no password, or the password is another; never says which."""


class WeakPassword(PortalError):
    """A password that is too easy to guess, too short or too long."""


class TooOften(PortalError):
    """Something was tried more often than the limit allows."""


class LastAdmin(PortalError):
    """The change would leave nobody who can look after the site."""


class NotPossible(PortalError):
    """What was asked does not fit how this member of staff stands."""


class WrongCode(PortalError):
    """A second factor's digits or a recovery code that do not fit, or were used before; never says which."""


class WrongPresentCode(PortalError):
    """Whoever sets another second factor up has not given the present one."""


class TooLongToKeep(PortalError):
    """What somebody wrote who was signed out meanwhile is larger than what is kept."""


class Step(StrEnum):
    """How far a browser has come on its way in."""

    #: Signed in.
    IN = "in"
    #: The second factor is still to be given.
    CODE = "code"
    #: A second factor is needed, and none is set up yet.
    SET_UP = "set_up"


class Proof(StrEnum):
    """What somebody shows before their second factor is set up, so that a found device or password is not enough."""

    NOTHING = "nothing"
    #: Digits of the present app, or a recovery code.
    PRESENT_CODE = "present_code"
    PASSWORD = "password"  # noqa: S105 - a word, not a password
    #: They come in anew by a mailed link or code.
    MAIL = "mail"


class Allowance(NamedTuple):
    """At most `tries` of something for one key within `window`."""

    name: str
    tries: int
    window: timedelta


_QUARTER = timedelta(minutes=15)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)

# A browser that has signed in to an address before counts by itself (…_KNOWN_DEVICE), so that strangers who use up
# the other counters never lock the owner out; and the link in a mail works whatever was counted.
PASSWORDS_PER_NETWORK = Allowance("password/network", 60, _QUARTER)
PASSWORDS_PER_ADDRESS = Allowance("password/address", 10, _QUARTER)
PASSWORDS_PER_ADDRESS_A_DAY = Allowance("password/address-day", 60, _DAY)
PASSWORDS_KNOWN_DEVICE = Allowance("password/device", 10, _QUARTER)
MAILS_PER_NETWORK = Allowance("mail/network", 30, _HOUR)
MAILS_PER_ADDRESS = Allowance("mail/address", 5, _HOUR)
MAILS_PER_ADDRESS_A_DAY = Allowance("mail/address-day", 15, _DAY)
MAILS_KNOWN_DEVICE = Allowance("mail/device", 5, _HOUR)
CODES_PER_NETWORK = Allowance("code/network", 60, _HOUR)
CODES_PER_ADDRESS_A_DAY = Allowance("code/address-day", 25, _DAY)
CODES_KNOWN_DEVICE = Allowance("code/device", 25, _DAY)
# Only who knows the password, or reads the mail, comes so far as to try these.
FACTORS_PER_PERSON = Allowance("factor/person", 10, _QUARTER)
FACTORS_PER_PERSON_A_DAY = Allowance("factor/person-day", 40, _DAY)
FACTORS_KNOWN_DEVICE = Allowance("factor/device", 10, _QUARTER)
FACTORS_KNOWN_DEVICE_A_DAY = Allowance("factor/device-day", 40, _DAY)
PASSWORD_CHANGES = Allowance("password/change", 10, _QUARTER)
KEPT_FORMS = Allowance("kept-form/person", 30, _HOUR)
SENT_AGAIN = Allowance("sent-again/browser", 5, _QUARTER)

CANDIDATE_SESSION = timedelta(days=90)
STAFF_SESSION = timedelta(hours=12)
#: `last_seen` is kept to the hour and written at most so often.
SEEN_STEP = timedelta(hours=1)
#: Staff who were not seen for so long are gone, whatever an old copy of their cookie says: two idle hours, and two more
#: because `last_seen` is that coarse.
STAFF_SILENCE = timedelta(hours=4)

#: Whoever came in within this time is known well enough for what a found device must not do.
FRESH = timedelta(minutes=15)
#: A browser waits so long for the second factor, then it begins anew.
HALFWAY = timedelta(minutes=30)
#: New recovery codes can be read again so long, in the browser that made them, unless they were put away.
CODES_SHOWN = timedelta(hours=1)
#: A device remembers the second factor so long.
TRUSTED = timedelta(days=30)
RECOVERY_CODES = 10
_RECOVERY_LENGTH = 16
#: Crockford's: no letter that looks like another or like a digit.
_RECOVERY_ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"

#: What somebody wrote who was signed out meanwhile waits so long for them, and is at most so large, in bytes.
FORM_KEPT = timedelta(hours=12)
LARGEST_KEPT_FORM = 64 * 1024

MIN_PASSWORD_LENGTH = 8
MAX_PASSWORD_LENGTH = 128
_CODE_LENGTH = 6


def too_often() -> TooOften:
    """The one answer to whoever tried too often."""
    return TooOften(
        _("That was too often. Please wait a while, then try again. The link in our newest mail still works.")
    )


def token_refused() -> TokenRefused:
    """The one answer to a link that does not work."""
    return TokenRefused(_("This link does not work any more."))


def code_refused() -> TokenRefused:
    """The one answer to a code that does not work."""
    return TokenRefused(_("This code does not fit, or it does not work any more. Look for our newest mail."))


def wrong_password() -> WrongPassword:
    """The one answer to an address and a password that do not go together."""
    return WrongPassword(
        _("This address and this password do not fit together. Leave the password empty, and we mail you a link.")
    )


def wrong_present_code() -> WrongPresentCode:
    """The one answer to a present code that does not fit."""
    return WrongPresentCode(
        _("This code does not fit. Type what your present app shows now, or a recovery code that is still good.")
    )


def wrong_code() -> WrongCode:
    """The one answer to a second factor that does not fit."""
    return WrongCode(_("This code does not fit. Each one works once: wait for the next, then try again."))


def next_step(role: Role, *, has_factor: bool, is_required: bool, is_given: bool) -> Step:
    """What a browser of somebody in this role still has to show; `is_required`: of all staff, as in production."""
    if role is Role.CANDIDATE or is_given:
        return Step.IN
    if has_factor:
        return Step.CODE
    return Step.SET_UP if is_required else Step.IN


def is_fresh(started_at: datetime, now: datetime) -> bool:
    """Whether somebody who signed in at `started_at` has only just done so."""
    return now - started_at <= FRESH


def proof_of_owner(*, has_factor: bool, is_fresh: bool, has_password: bool) -> Proof:
    """What somebody who is signed in shows before a second factor is set up, in place of one they may have."""
    if has_factor:
        return Proof.PRESENT_CODE
    if is_fresh:
        return Proof.NOTHING
    return Proof.PASSWORD if has_password else Proof.MAIL


def proof_of_newcomer(*, is_by_mail: bool, is_entry: bool) -> Proof:
    """The same for who must set one up before anything else: a mail to the address that they work with brought them,
    or has to. A password alone may be known to others, and other addresses of theirs may be read by others.
    """
    return Proof.NOTHING if is_by_mail and is_entry else Proof.MAIL


def has_waited_too_long(created_at: datetime, now: datetime) -> bool:
    """Whether a browser that has not given its second factor must begin anew."""
    return now - created_at >= HALFWAY


def write_recovery_code(random: bytes) -> str:
    """A recovery code of 80 bits, for people to keep on paper: "7k3d-9mpq-x2vw-4ab8". `random` has ten bytes."""
    number = int.from_bytes(random, "big")
    letters = "".join(_RECOVERY_ALPHABET[number >> shift & 31] for shift in range(75, -1, -5))
    return "-".join(letters[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4))


def clean_recovery_code(text: str) -> str:
    """A recovery code as `write_recovery_code` writes it, however it was typed; empty when it cannot be one."""
    letters = re.sub(r"[\s\-–.·]", "", unicodedata.normalize("NFKC", text)).lower()
    letters = letters.translate(str.maketrans("oil", "011"))
    if len(letters) != _RECOVERY_LENGTH or set(letters) - set(_RECOVERY_ALPHABET):
        return ""
    return "-".join(letters[at : at + 4] for at in range(0, _RECOVERY_LENGTH, 4))


def in_fours(secret: str) -> str:
    """A secret as people type it from one screen into another."""
    return " ".join(secret[at : at + 4] for at in range(0, len(secret), 4))


def session_life(role: Role) -> timedelta:
    """How long a device of this role stays signed in at most."""
    return CANDIDATE_SESSION if role is Role.CANDIDATE else STAFF_SESSION


def is_live(created_at: datetime, expires_at: datetime, ended_at: datetime | None, role: Role, now: datetime) -> bool:
    """Whether a device session can be used: `role` is the person's role now, which may have changed since."""
    return ended_at is None and now < expires_at and now < created_at + session_life(role)


def is_silent(last_seen_at: datetime, role: Role, now: datetime) -> bool:
    """Whether a device of the staff has not been here for too long."""
    return role is not Role.CANDIDATE and now - last_seen_at > STAFF_SILENCE


def minutes_to_try(now: datetime) -> tuple[int, int]:
    """The minutes, counted from the epoch, in which a form may have been sent that a double click sends again `now`."""
    minute = int(now.timestamp() // 60)
    return minute, minute - 1


def to_the_hour(moment: datetime) -> datetime:
    """`moment` without minutes: what we keep of when somebody was here."""
    return moment.replace(minute=0, second=0, microsecond=0)


def network_of(address: str) -> str:
    """What limits count by: an IPv4 address, or the /64 of an IPv6 one (one household or office)."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed)


def mailbox_of(email: str) -> str:
    """What limits count mails by: many servers deliver "name+anything@" to "name@". Mail goes where it was typed."""
    local, _at, domain = email.rpartition("@")
    return f"{local.partition('+')[0] or local}@{domain}"


def clean_code(text: str) -> str:
    """The six digits of a code, however it was copied ("123 456", "123-456"); empty when it cannot be one."""
    digits = "".join(str(unicodedata.digit(ch)) for ch in text if ch.isdigit())
    others = re.sub(r"[\s\-.·]", "", "".join(ch for ch in text if not ch.isdigit()))
    return digits if len(digits) == _CODE_LENGTH and not others else ""


def normal_password(text: str) -> str:
    """The form of a password that is hashed: the same letters give the same form on every system; nothing is cut."""
    return unicodedata.normalize("NFC", text)


def check_password(password: str, email: str, common: Collection[str]) -> None:
    """Raise WeakPassword unless `password` may be used with the address `email`.

    `common` holds the passwords that everybody tries first, in small letters. Digits and signs at the end make a
    common one no better.
    """
    text = normal_password(password)
    if len(text) < MIN_PASSWORD_LENGTH:
        raise WeakPassword(_("Please use at least %(count)s characters.", count=MIN_PASSWORD_LENGTH))
    if len(text) > MAX_PASSWORD_LENGTH:
        raise WeakPassword(_("Please use at most %(count)s characters.", count=MAX_PASSWORD_LENGTH))
    small = text.casefold()
    core = small.rstrip("0123456789!?.,;:#$%&*+-_=@ ")
    if small in common or core in common or len(set(small)) < 3:
        raise WeakPassword(_("Many people use this password, so it is guessed first. Please choose another."))
    if email and (email in small or core == email.partition("@")[0]):
        raise WeakPassword(_("Your address is too easy to guess as a password. Please choose another."))


def makes_a_circle(leads: Mapping[int, int | None], person_id: int, lead_id: int | None) -> bool:
    """Whether `person_id` would end up as their own lead, through any number of others."""
    seen = {person_id}
    while lead_id is not None:
        if lead_id in seen:
            return True
        seen.add(lead_id)
        lead_id = leads.get(lead_id)
    return False


def check_an_admin_remains(admins: Collection[int], person_id: int, role: Role, *, is_active: bool) -> None:
    """Raise LastAdmin if `person_id` is the only one of `admins` (who can sign in) and would stop being one."""
    stays = is_active and role is Role.ADMIN
    if not stays and set(admins) == {person_id}:
        raise LastAdmin(_("This is the only admin. Make somebody else an admin first."))


def texts_among(fields: Iterable[tuple[str, str]]) -> list[str]:
    """What a person wrote in words among the `fields` of a form: no ids, dates, boxes and choices."""
    return [value.strip() for _name, value in fields if len(value.split()) > 1]


def zone_choices(shipped: Sequence[str], current: str) -> list[tuple[str, str]]:
    """(zone, label) to choose from, by part of the world; `current` is always among them."""
    names = shipped if current in shipped else [current, *shipped]
    return [(name, name.replace("_", " ").replace("/", ", ")) for name in names]
