"""What the company has set."""

from dataclasses import dataclass
from email.utils import parseaddr
from typing import Any

from sqlalchemy import bindparam, select

from portal.company.models import CompanySetting
from portal.company.rules import Area
from portal.company.states import AREAS, DEFAULTS, Setting
from portal.core.db import db, fetch
from portal.core.migrations import head, revision_of
from portal.core.settings import current_settings


@dataclass(frozen=True)
class PrivacyContact:
    """Whom to ask about one's data."""

    name: str
    email: str


_ALL = select(CompanySetting.name, CompanySetting.value).order_by(CompanySetting.name)
_ONE = select(CompanySetting.value).where(CompanySetting.name == bindparam("name"))


def company_settings() -> dict[Setting, Any]:
    """Every setting as stored, the defaults where nothing was changed."""
    stored = {name: value for name, value in fetch(_ALL)}
    return {name: stored.get(name, default) for name, default in DEFAULTS.items()}


def setting(name: Setting) -> Any:
    """One setting as stored, or its default."""
    value = fetch(_ONE, {"name": name}).scalar()
    return DEFAULTS[name] if value is None else value


def areas() -> list[Area]:
    """The areas of interest that people choose from, in the company's order."""
    return areas_in(setting(Setting.AREAS))


def areas_in(stored: list[dict[str, str]]) -> list[Area]:
    """Stored areas with the labels that the reader sees."""
    shipped = {key: str(label) for key, label in AREAS}
    return [Area(area["key"], area["label"] or shipped.get(area["key"], area["key"])) for area in stored]


def accent() -> str:
    """The name of the company's accent colour; empty for the one of the stylesheet."""
    chosen = str(setting(Setting.ACCENT))
    return "" if chosen == DEFAULTS[Setting.ACCENT] else chosen


def introduction() -> str:
    """Who the company is, in a sentence or two of its own; may be empty."""
    return str(setting(Setting.INTRODUCTION))


def privacy_contact() -> PrivacyContact:
    """Whom to ask about one's data: who the company has named, else whoever reads the answers to our mails."""
    stored, settings = setting(Setting.PRIVACY_CONTACT), current_settings()
    return PrivacyContact(stored["name"] or settings.org_name, stored["email"] or parseaddr(settings.mail_from)[1])


def is_database_ready() -> bool:
    """Whether the database has the shape that this version of the program needs."""
    return revision_of(db.engine) == head()
