"""Changing the company's settings, its logo, its promises, and what was found out about its mail."""

import hashlib
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.company.adapters import read_logo
from portal.company.models import CompanyLogo, CompanySetting, ServicePromise
from portal.company.queries import company_settings, forget_settings
from portal.company.queries.service import newest_version, version_today
from portal.company.rules import SettingsChanged, version_of
from portal.company.rules.service import content_of
from portal.company.states import DEFAULTS, PROMISED, Setting
from portal.core.db import one_at_a_time, transaction
from portal.core.i18n import gettext as _

_VERSION_LENGTH = 16


def change_settings(values: dict[Setting, Any], version: str, *, actor_id: int, now: datetime) -> list[Setting]:
    """Store what differs from before; the names of what was changed. Recorded, without the values.

    `version` is `rules.version_of` what the admin saw of the settings in `values`; raises SettingsChanged when that
    is no longer how they stand.
    """
    try:
        with transaction() as session:
            rows = _rows(session)
            stored = {name: rows[name].value if name in rows else DEFAULTS[name] for name in Setting if name in values}
            if version_of(stored) != version:
                raise _changed()
            changed = [name for name in stored if values[name] != stored[name]]
            for name in changed:
                _put(session, rows.get(name), name, values[name], now)
            if changed:
                _record(changed, actor_id, now)
            session.flush()
            forget_settings()
            # Before anybody has applied there is nothing to tell versions apart for.
            if PROMISED.intersection(changed) and newest_version() is not None:
                number_of_promises(now)
    except IntegrityError as error:
        # Nobody had set this before, and two admins did so at the same moment: the other was faster.
        raise _changed() from error
    forget_settings()
    return changed


def number_of_promises(now: datetime) -> int:
    """The number of the promises that hold for whoever applies now; joins the transaction.

    A new one where the settings promise something else than the newest version says. Whoever makes an application asks
    for it, so none can be made under promises that nobody kept, whichever way a setting came to change.
    """
    known = version_today()
    if known is not None:
        return known.number
    with transaction() as session:
        one_at_a_time("company:service_promise")
        # Somebody else may have been first, with what is promised since then.
        forget_settings()
        newest, content = newest_version(), content_of(company_settings())
        if newest is not None and newest.content == content:
            return newest.number
        number = newest.number + 1 if newest else 1
        session.add(ServicePromise(number=number, content=content, since=now))
        session.flush()
        return number


def change_logo(data: bytes, *, actor_id: int, now: datetime) -> None:
    """Show the picture in `data` at the head of every page instead of what was there. Raises InvalidLogo."""
    picture = read_logo(data)
    version = hashlib.sha256(picture.content).hexdigest()[:_VERSION_LENGTH]
    with transaction() as session:
        row = _rows(session).get(Setting.LOGO)
        session.execute(delete(CompanyLogo))
        session.add(
            CompanyLogo(version=version, media_type=picture.media_type, content=picture.content, changed_at=now)
        )
        facts = {"version": version, "width": picture.width, "height": picture.height}
        _put(session, row, Setting.LOGO, facts, now)
        _record([Setting.LOGO], actor_id, now)
    forget_settings()


def remove_logo(*, actor_id: int, now: datetime) -> bool:
    """Show our own mark again; whether there was a logo."""
    with transaction() as session:
        row = _rows(session).get(Setting.LOGO)
        if row is None or row.value == DEFAULTS[Setting.LOGO]:
            return False
        session.execute(delete(CompanyLogo))
        _put(session, row, Setting.LOGO, DEFAULTS[Setting.LOGO], now)
        _record([Setting.LOGO], actor_id, now)
    forget_settings()
    return True


def note_sender_check(found: dict[str, Any], *, now: datetime) -> None:
    """Keep what the resolvers said of the sender's domain. Nothing that anybody chose, so not recorded."""
    with transaction() as session:
        _put(session, _rows(session).get(Setting.SENDER_CHECK), Setting.SENDER_CHECK, found, now)
    forget_settings()


def note_restore(made_at: datetime, own_count: int, *, now: datetime) -> None:
    """A backup of `made_at` was restored, in which `own_count` letters about people's own matters waited.

    From now on community mail and surveys wait for an admin.
    """
    value = {
        "made_at": made_at.isoformat(),
        "at": now.isoformat(),
        "is_held": True,
        "own_count": own_count,
        "erased_count": 0,
    }
    with transaction() as session:
        _put(session, _rows(session).get(Setting.RESTORED), Setting.RESTORED, value, now)
        record("company.restore", "company:restore", actor_id=None, now=now, made_at=made_at.isoformat())
    forget_settings()


def note_erased_again(count: int) -> None:
    """So many people who were in the restored backup were erased again."""
    with transaction() as session:
        row = _rows(session)[Setting.RESTORED]
        row.value = {**row.value, "erased_count": count}
    forget_settings()


def end_hold(now: datetime) -> bool:
    """Let no mail wait any more because of a restore; whether any did. Joins the caller's transaction."""
    with transaction() as session:
        row = _rows(session).get(Setting.RESTORED)
        is_held = row is not None and bool(row.value["is_held"])
        if row is not None and is_held:
            row.value, row.changed_at = {**row.value, "is_held": False}, now
            session.flush()
    forget_settings()
    return is_held


def _rows(session: Session) -> dict[str, CompanySetting]:
    statement = select(CompanySetting).order_by(CompanySetting.name).with_for_update()
    return {row.name: row for row in session.scalars(statement)}


def _put(session: Session, row: CompanySetting | None, name: Setting, value: Any, now: datetime) -> None:
    if row is None:
        session.add(CompanySetting(name=name, value=value, changed_at=now))
    else:
        row.value, row.changed_at = value, now


def _record(changed: list[Setting], actor_id: int, now: datetime) -> None:
    record("company.change_settings", "company:settings", actor_id=actor_id, now=now, names=", ".join(changed))


def _changed() -> SettingsChanged:
    return SettingsChanged(_("Somebody else saved these settings while your page was open."))
