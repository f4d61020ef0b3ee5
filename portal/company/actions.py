"""Changing the company's settings."""

from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.actions import record
from portal.company.models import CompanySetting
from portal.company.rules import SettingsChanged, version_of
from portal.company.states import DEFAULTS, Setting
from portal.core.db import transaction
from portal.core.i18n import gettext as _


def change_settings(values: dict[Setting, Any], version: str, *, actor_id: int, now: datetime) -> list[Setting]:
    """Store what differs from before; the names of what was changed. Recorded, without the values.

    `version` is `rules.version_of` what the admin saw; raises SettingsChanged when that is no longer how it stands.
    """
    try:
        with transaction() as session:
            rows = {
                row.name: row
                for row in session.scalars(select(CompanySetting).order_by(CompanySetting.name).with_for_update())
            }
            stored = {name: rows[name].value if name in rows else default for name, default in DEFAULTS.items()}
            if version_of(stored) != version:
                raise _changed()
            changed = [name for name in Setting if name in values and values[name] != stored[name]]
            for name in changed:
                row = rows.get(name)
                if row is None:
                    session.add(CompanySetting(name=name, value=values[name], changed_at=now))
                else:
                    row.value, row.changed_at = values[name], now
            if changed:
                record(
                    "company.change_settings", "company:settings", actor_id=actor_id, now=now, names=", ".join(changed)
                )
            session.flush()
            return changed
    except IntegrityError as error:
        # Nobody had set this before, and two admins did so at the same moment: the other was faster.
        raise _changed() from error


def _changed() -> SettingsChanged:
    return SettingsChanged(_("Somebody else saved these settings while your page was open."))
