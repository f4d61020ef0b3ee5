"""The second factor of staff: set up, given after every way to sign in, reset by an admin.

Recovery codes are stored as hashes. So that the page that shows them can be read again and printed until it is put
away, the browser that made them can make them once more: they follow from its own secret, which only its cookie holds.
"""

import base64
import hashlib
import hmac
from datetime import UTC, datetime

from sqlalchemy import delete, select, update

from portal.accounts import emails
from portal.accounts.actions.sessions import end_all_sessions, renew_session
from portal.accounts.actions.signing_in import send_own
from portal.accounts.adapters import fitting_step, seal, unseal
from portal.accounts.models import DeviceSession, RecoveryCode, SecondFactor
from portal.accounts.queries import FactorRow, open_recovery_codes, second_factor_of
from portal.accounts.rules import (
    CODES_SHOWN,
    RECOVERY_CODES,
    NotPossible,
    WrongCode,
    clean_code,
    clean_recovery_code,
    write_recovery_code,
    wrong_code,
    wrong_present_code,
)
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_secret
from portal.core.logs import log
from portal.core.settings import current_settings
from portal.people.models import Person
from portal.people.queries import recipient


def offered_secret(browser_secret: str, present: FactorRow | None) -> str:
    """The secret that this browser is offered for its app: the same at every look, another once one is set up.

    32 letters of base 32 (160 bits); nothing is stored before its digits have been given back.
    """
    raw = _derive("offer", browser_secret, present.trust_key if present else "")
    return base64.b32encode(raw[:20]).decode()


def set_up_second_factor(
    person_id: int,
    session_id: int,
    browser_secret: str,
    code: str,
    now: datetime,
    *,
    present_code: str = "",
    secret: str = "",
) -> str:
    """Set the app up whose digits are `code`; the browser has given it by that, and gets the secret that comes back.

    In place of one that is there only with its digits or a recovery code, `present_code`. Every other session ends,
    devices that remember the former one are forgotten, there are ten new recovery codes (`shown_recovery_codes`), and
    the owner is told by mail. Recorded. `secret`: as in `renew_session`. Raises WrongCode, WrongPresentCode.
    """
    present = second_factor_of(person_id)
    key = offered_secret(browser_secret, present)
    step = fitting_step(key, code, 0, now)
    if step is None:
        raise wrong_code()
    to = recipient(person_id)
    mail = emails.second_factor_set_up(to)
    with transaction() as session:
        session.get(Person, person_id, with_for_update=True)
        row = session.get(SecondFactor, person_id, with_for_update=True)
        if (row.trust_key if row else None) != (present.trust_key if present else None):
            raise wrong_code()
        if row is not None:
            _use_present_code(person_id, present_code, now)
        facts = {"sealed_secret": seal(key), "last_step": step, "trust_key": new_secret()}
        if row is None:
            session.add(SecondFactor(person_id=person_id, codes_made_at=now, created_at=now, **facts))
        else:
            row.created_at = now
            for name, value in facts.items():
                setattr(row, name, value)
        session.flush()
        given = _give(person_id, session_id, now, secret)
        _replace_codes(person_id, given, now)
        end_all_sessions(person_id, now, except_session=session_id, actor_id=person_id)
        _record("accounts.set_up_second_factor", person_id, person_id, now)
        send_own(mail, to.email, to.name, person_id, now)
        return given


def _use_present_code(person_id: int, code: str, now: datetime) -> None:
    """Use up digits of the app that is set up, or a recovery code. Raises WrongPresentCode."""
    try:
        if digits := clean_code(code):
            _use_digits(person_id, digits, now)
        else:
            _use_recovery_code(person_id, code, now)
    except WrongCode as error:
        raise wrong_present_code() from error


def give_second_factor(person_id: int, session_id: int, code: str, now: datetime, *, secret: str = "") -> str:
    """Let a browser in whose owner has typed the six digits that the app shows now; its session's secret from now on.

    A copy of the cookie from halfway is worth nothing. Digits are good once: of two who send the same, one passes.
    Recorded. `secret`: as in `renew_session`. Raises WrongCode.
    """
    with transaction():
        _use_digits(person_id, code, now)
        _record("accounts.give_second_factor", person_id, person_id, now)
        return _give(person_id, session_id, now, secret)


def _use_digits(person_id: int, code: str, now: datetime) -> None:
    with transaction() as session:
        row = session.get(SecondFactor, person_id, with_for_update=True)
        secret = unseal(row.sealed_secret) if row is not None else None
        if row is not None and secret is None:
            log.warning("second_factor_unreadable", reason="SECRET_KEY has changed since it was set up")
        step = fitting_step(secret, code, row.last_step, now) if row is not None and secret else None
        if row is None or step is None:
            raise wrong_code()
        row.last_step = step
        session.flush()


def give_recovery_code(person_id: int, session_id: int, code: str, now: datetime, *, secret: str = "") -> str:
    """Let a browser in by a recovery code, which is used up by that; its session's secret from now on.

    The owner is told by mail. Recorded. `secret`: as in `renew_session`. Raises WrongCode.
    """
    to = recipient(person_id)
    mail = emails.recovery_code_used(to)
    with transaction():
        _use_recovery_code(person_id, code, now)
        _record("accounts.use_recovery_code", person_id, person_id, now)
        send_own(mail, to.email, to.name, person_id, now)
        return _give(person_id, session_id, now, secret)


def _use_recovery_code(person_id: int, code: str, now: datetime) -> None:
    with transaction() as session:
        used = session.execute(
            update(RecoveryCode)
            .where(RecoveryCode.person_id == person_id)
            .where(RecoveryCode.code_hash == _code_hash(clean_recovery_code(code)))
            .where(RecoveryCode.used_at.is_(None))
            .values(used_at=now)
            .returning(RecoveryCode.id)
        ).one_or_none()
    if used is None:
        raise wrong_code()


def trust_this_device(person_id: int, session_id: int, trust_key: str, now: datetime) -> str:
    """Let a browser in that gave the second factor lately, as its cookie proves for `trust_key`; its session's secret
    from now on, empty if that is old. Recorded.
    """
    with transaction() as session:
        present = session.scalar(select(SecondFactor.trust_key).where(SecondFactor.person_id == person_id))
        if present is None or present != trust_key:
            return ""
        _record("accounts.trust_device", person_id, person_id, now)
        return _give(person_id, session_id, now)


def forget_trusted_devices(person_id: int, now: datetime) -> None:
    """Ask for the second factor again on every device at its next sign-in. Recorded."""
    with transaction() as session:
        row = session.get(SecondFactor, person_id, with_for_update=True)
        if row is not None:
            row.trust_key = new_secret()
            _record("accounts.forget_trusted_devices", person_id, person_id, now)


def make_recovery_codes(person_id: int, browser_secret: str, code: str, now: datetime) -> None:
    """Ten new recovery codes in place of the former, for who gives the app's digits. Recorded. Raises WrongCode."""
    with transaction():
        _use_digits(person_id, code, now)
        _replace_codes(person_id, browser_secret, now)
        _record("accounts.make_recovery_codes", person_id, person_id, now)


def shown_recovery_codes(person_id: int, browser_secret: str, now: datetime) -> list[str]:
    """The recovery codes that this browser has made within the last hour and that were not put away; none in any
    other browser.
    """
    present = second_factor_of(person_id)
    if present is None or present.codes_put_away_at is not None or now - present.codes_made_at >= CODES_SHOWN:
        return []
    codes = _codes(browser_secret, present.trust_key, present.codes_made_at)
    return codes if _code_hash(codes[0]) in open_recovery_codes(person_id) else []


def put_codes_away(person_id: int, now: datetime) -> None:
    """Their owner has kept the recovery codes: no browser shows them again; harmless when there are none."""
    with transaction() as session:
        row = session.get(SecondFactor, person_id, with_for_update=True)
        if row is not None and row.codes_put_away_at is None:
            row.codes_put_away_at = now


def reset_second_factor(person_id: int, actor_id: int | None, now: datetime) -> None:
    """Take the second factor of somebody who lost it away (None: by command), sign them out, tell them by mail.

    Where it is required, the next sign-in sets a new one up. Recorded. Raises NotPossible when there is none.
    """
    to = recipient(person_id)
    mail = emails.second_factor_reset(to)
    with transaction() as session:
        row = session.get(SecondFactor, person_id, with_for_update=True)
        if row is None:
            raise NotPossible(_("%(name)s has no second factor set up.", name=to.name))
        remove_second_factor(person_id)
        end_all_sessions(person_id, now, actor_id=actor_id)
        _record("accounts.reset_second_factor", person_id, actor_id, now)
        send_own(mail, to.email, to.name, person_id, now)


def remove_second_factor(person_id: int) -> None:
    """Delete a second factor and its recovery codes; joins the transaction, whose owner records why."""
    with transaction() as session:
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        session.execute(delete(SecondFactor).where(SecondFactor.person_id == person_id))


def _replace_codes(person_id: int, browser_secret: str, now: datetime) -> None:
    with transaction() as session:
        row = session.get_one(SecondFactor, person_id)
        row.codes_made_at, row.codes_put_away_at = now, None
        session.execute(delete(RecoveryCode).where(RecoveryCode.person_id == person_id))
        codes = _codes(browser_secret, row.trust_key, now)
        session.add_all(RecoveryCode(person_id=person_id, code_hash=_code_hash(code)) for code in codes)
        session.flush()


def _codes(browser_secret: str, trust_key: str, made_at: datetime) -> list[str]:
    at = made_at.astimezone(UTC).isoformat()
    return [
        write_recovery_code(_derive("recovery", browser_secret, trust_key, at, str(number))[:10])
        for number in range(RECOVERY_CODES)
    ]


def _give(person_id: int, session_id: int, now: datetime, secret: str = "") -> str:
    """The browser is in, with another secret."""
    with transaction() as session:
        session.execute(update(DeviceSession).where(DeviceSession.id == session_id).values(second_factor_at=now))
        return renew_session(session_id, person_id, now, secret=secret)


def _derive(*parts: str) -> bytes:
    text = "second-factor:" + ":".join(parts)
    return hmac.digest(current_settings().secret_key.encode(), text.encode(), "sha256")


def _code_hash(code: str) -> str:
    return hashlib.sha256(f"recovery:{code}".encode()).hexdigest() if code else ""


def _record(action: str, person_id: int, actor_id: int | None, now: datetime) -> None:
    with transaction() as session:
        person = session.get_one(Person, person_id)
        record(action, f"person:{person.public_id}", actor_id=actor_id, now=now, person_id=person_id)
