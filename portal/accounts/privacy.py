"""What we hold about how a person signs in: accounts, devices, one-time links."""

from datetime import datetime

from sqlalchemy import delete, or_, select, update

from portal.accounts.actions import end_all_sessions, forget_address_requests, forget_dead_tokens, forget_old_sessions
from portal.accounts.actions.second_factor import remove_second_factor
from portal.accounts.actions.tokens import forget_tokens_of
from portal.accounts.models import (
    Account,
    AddressRequest,
    DeviceSession,
    LeavingAddress,
    OneTimeToken,
    RecoveryCode,
    SecondFactor,
)
from portal.accounts.queries import second_factor_of
from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Address

TABLES: tuple[type[Model], ...] = (
    Account,
    DeviceSession,
    OneTimeToken,
    AddressRequest,
    LeavingAddress,
    SecondFactor,
    RecoveryCode,
)


def export(person_id: int) -> list[ExportSection]:
    """How the person signs in, and the devices on which they did."""
    accounts = fetch(
        select(Address.email, Account.password_hash, Account.created_at)
        .join(Address, Address.id == Account.address_id)
        .where(Account.person_id == person_id)
        .order_by(Account.id)
    )
    devices = fetch(
        select(DeviceSession.device, DeviceSession.created_at, DeviceSession.last_seen_at, DeviceSession.ended_at)
        .where(DeviceSession.person_id == person_id)
        .order_by(DeviceSession.id.desc())
    ).all()
    return [
        ExportSection(
            title=_("How you sign in"),
            rows=[
                *((row.email, _ways(row.created_at, row.password_hash is not None)) for row in accounts),
                *_factor(person_id),
            ],
            kept=_("For as long as we know you."),
            seen_by=_("Nobody but you. Of a password we keep only a scrambled form that cannot be read."),
            empty=_("You have not signed in yet."),
        ),
        ExportSection(
            title=_("Devices you signed in on"),
            rows=[(row.device, _times(row.created_at, row.last_seen_at, row.ended_at)) for row in devices],
            kept=_("Until 30 days after you were signed out there."),
            seen_by=_("Nobody but you."),
            empty=_("You are not signed in anywhere."),
            extra={"devices": [_device_as_data(*row) for row in devices]} if devices else {},
        ),
        *_addresses_under_way(person_id),
    ]


def _addresses_under_way(person_id: int) -> list[ExportSection]:
    """What was asked for and waits, and which address goes when; nothing when there is none."""
    asked = fetch(
        select(AddressRequest.email, AddressRequest.created_at)
        .where(AddressRequest.person_id == person_id)
        .order_by(AddressRequest.id)
    )
    leaving = fetch(
        select(Address.email, LeavingAddress.leaves_at)
        .join(Address, Address.id == LeavingAddress.address_id)
        .where(LeavingAddress.person_id == person_id)
        .order_by(Address.id)
    )
    waits = _("asked for %(moment)s, waits for you")
    rows = [(row.email, waits % {"moment": format_moment(row.created_at)}) for row in asked]
    rows += [(row.email, _("removed on %(day)s", day=format_day(row.leaves_at))) for row in leaving]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Changes of your addresses"),
            rows=rows,
            kept=_("A request for one hour; an address that goes for seven days."),
            seen_by=_("Nobody but you."),
        )
    ]


def _factor(person_id: int) -> list[tuple[str, str]]:
    """The second factor, in words; nothing where there is none."""
    factor = second_factor_of(person_id)
    if factor is None:
        return []
    return [
        (
            _("Second factor"),
            _(
                "an app since %(day)s, and %(count)s recovery codes left",
                day=format_day(factor.created_at),
                count=factor.codes_left,
            ),
        )
    ]


def _ways(created_at: datetime, has_password: bool) -> str:
    day = format_day(created_at)
    if has_password:
        return _("by link, code or password, since %(day)s", day=day)
    return _("by link or code, since %(day)s", day=day)


def _device_as_data(
    device: str, created_at: datetime, last_seen_at: datetime, ended_at: datetime | None
) -> dict[str, object]:
    return {
        "device": device,
        "signed_in_at": created_at.isoformat(),
        "last_here_at": last_seen_at.isoformat(),
        "signed_out_at": ended_at.isoformat() if ended_at else None,
    }


def _times(created_at: datetime, last_seen_at: datetime, ended_at: datetime | None) -> str:
    words = [
        _("signed in %(moment)s", moment=format_moment(created_at)),
        _("last here %(day)s", day=format_day(last_seen_at)),
    ]
    if ended_at is not None:
        words.append(_("signed out %(moment)s", moment=format_moment(ended_at)))
    return "; ".join(words)


def erase(person_id: int, now: datetime) -> None:
    """Delete accounts, devices and tokens; before people lets the addresses go. Joins the transaction."""
    with transaction() as own:
        emails = own.scalars(select(Address.email).where(Address.person_id == person_id).order_by(Address.id)).all()
        forget_tokens_of(person_id, list(emails))
        own.execute(
            delete(AddressRequest).where(or_(AddressRequest.person_id == person_id, AddressRequest.email.in_(emails)))
        )
        own.execute(delete(LeavingAddress).where(LeavingAddress.person_id == person_id))
        remove_second_factor(person_id)
        own.execute(delete(DeviceSession).where(DeviceSession.person_id == person_id))
        own.execute(delete(Account).where(Account.person_id == person_id))


def retention(now: datetime) -> None:
    """Dead tokens, ended sessions and old requests go; addresses go in the job that lets them go."""
    forget_address_requests(now)
    forget_dead_tokens(now)
    forget_old_sessions(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Both ways to sign in lead to `kept_id`; whoever was signed in as `gone_id` signs in again."""
    end_all_sessions(gone_id, now)
    with transaction() as own:
        # What was asked for as `gone_id` is asked again: its device is signed out, so nobody could confirm it.
        own.execute(delete(AddressRequest).where(AddressRequest.person_id == gone_id))
        if second_factor_of(kept_id) is not None:
            remove_second_factor(gone_id)
        for table in (Account, DeviceSession, OneTimeToken, LeavingAddress, SecondFactor, RecoveryCode):
            own.execute(update(table).where(table.person_id == gone_id).values(person_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
