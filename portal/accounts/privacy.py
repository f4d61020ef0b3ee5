"""What we hold about how a person signs in: accounts, devices, one-time links."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.accounts.actions import end_all_sessions, forget_dead_tokens, forget_old_sessions
from portal.accounts.actions.tokens import forget_tokens_of
from portal.accounts.models import Account, DeviceSession, OneTimeToken
from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_day, format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.people.models import Address

TABLES: tuple[type[Model], ...] = (Account, DeviceSession, OneTimeToken)


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
    )
    return [
        ExportSection(
            title=_("How you sign in"),
            rows=[(row.email, _ways(row.created_at, row.password_hash is not None)) for row in accounts],
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
        ),
    ]


def _ways(created_at: datetime, has_password: bool) -> str:
    day = format_day(created_at)
    if has_password:
        return _("by link, code or password, since %(day)s", day=day)
    return _("by link or code, since %(day)s", day=day)


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
        own.execute(delete(DeviceSession).where(DeviceSession.person_id == person_id))
        own.execute(delete(Account).where(Account.person_id == person_id))


def retention(now: datetime) -> None:
    """Dead tokens and ended sessions go."""
    forget_dead_tokens(now)
    forget_old_sessions(now)


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Both ways to sign in lead to `kept_id`; whoever was signed in as `gone_id` signs in again."""
    end_all_sessions(gone_id, now)
    with transaction() as own:
        for table in (Account, DeviceSession, OneTimeToken):
            own.execute(update(table).where(table.person_id == gone_id).values(person_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Nothing here is owed by a member of staff."""
