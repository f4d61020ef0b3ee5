"""Counting tries, so that guessing is slow and the owner is never locked out."""

from datetime import datetime

from portal.accounts import rules
from portal.accounts.rules import Allowance, mailbox_of, network_of, too_often
from portal.core.limits import Limit, count_try


def allow_password_try(email: str, network: str, device: str, now: datetime) -> None:
    """Count a try of a password. `device` names a browser that signed in to this address before, else it is empty.

    Raises TooOften.
    """
    if device:
        _count([(rules.PASSWORDS_KNOWN_DEVICE, f"{email} {device}")], now)
    else:
        _count(
            [
                (rules.PASSWORDS_PER_NETWORK, network_of(network)),
                (rules.PASSWORDS_PER_ADDRESS, email),
                (rules.PASSWORDS_PER_ADDRESS_A_DAY, email),
            ],
            now,
        )


def allow_mail(email: str, network: str, device: str, now: datetime) -> None:
    """Count a mail that somebody asked for, known address or not; as above. Raises TooOften.

    What stands behind a plus counts as the same mailbox.
    """
    if device:
        _count([(rules.MAILS_KNOWN_DEVICE, f"{email} {device}")], now)
    else:
        _count(
            [
                (rules.MAILS_PER_NETWORK, network_of(network)),
                (rules.MAILS_PER_ADDRESS, mailbox_of(email)),
                (rules.MAILS_PER_ADDRESS_A_DAY, mailbox_of(email)),
            ],
            now,
        )


def allow_code_try(email: str, network: str, device: str, now: datetime) -> None:
    """Count a try of a six-digit code; as above. Raises TooOften."""
    if device:
        _count([(rules.CODES_KNOWN_DEVICE, f"{email} {device}")], now)
    else:
        _count(
            [(rules.CODES_PER_NETWORK, network_of(network)), (rules.CODES_PER_ADDRESS_A_DAY, email)],
            now,
        )


def allow_factor_try(person_id: int, device: str, now: datetime) -> None:
    """Count a try of a second factor; as above, by person. Raises TooOften."""
    if device:
        key = f"{person_id} {device}"
        _count([(rules.FACTORS_KNOWN_DEVICE, key), (rules.FACTORS_KNOWN_DEVICE_A_DAY, key)], now)
    else:
        _count(
            [(rules.FACTORS_PER_PERSON, str(person_id)), (rules.FACTORS_PER_PERSON_A_DAY, str(person_id))],
            now,
        )


def allow_password_change(account_id: int, now: datetime) -> None:
    """Count a try of the present password by somebody who is signed in. Raises TooOften."""
    _count([(rules.PASSWORD_CHANGES, str(account_id))], now)


def allow_kept_form(person_id: int, now: datetime) -> None:
    """Count a form that is kept for somebody who was signed out while they wrote. Raises TooOften."""
    _count([(rules.KEPT_FORMS, str(person_id))], now)


def allow_sending_again(browser: str, now: datetime) -> None:
    """Count a form that a browser seems to send a second time; `browser` stands for what it held. Raises TooOften."""
    _count([(rules.SENT_AGAIN, browser)], now)


def _count(tries: list[tuple[Allowance, str]], now: datetime) -> None:
    """Count all, then judge: what is over the limit does not stop the others from counting."""
    within = [count_try(Limit(*allowance), key, now) for allowance, key in tries]
    if not all(within):
        raise too_often()
