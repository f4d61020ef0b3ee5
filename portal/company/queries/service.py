"""What is promised to those who apply: today, and under each version that somebody applied to."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.company.models import ServicePromise
from portal.company.queries import PrivacyContact, company_settings, privacy_contact, setting
from portal.company.rules.service import Promised, content_of, promised_in
from portal.company.states import Setting
from portal.core.db import fetch


@dataclass(frozen=True)
class PromiseVersion:
    """A version of the promises with its number."""

    number: int
    since: datetime
    content: dict[str, Any]

    @property
    def promised(self) -> Promised:
        """What it says."""
        return promised_in(self.content)


@dataclass(frozen=True)
class VersionLine:
    """A version in a list."""

    number: int
    since: datetime


_VERSION = select(ServicePromise.number, ServicePromise.since, ServicePromise.content)
_NEWEST = _VERSION.order_by(ServicePromise.number.desc()).limit(1)
_NUMBERED = _VERSION.where(ServicePromise.number == bindparam("number"))
_LINES = select(ServicePromise.number, ServicePromise.since).order_by(ServicePromise.number.desc())


def promises_today() -> Promised:
    """What the settings promise to whoever applies now."""
    return promised_in(content_of(company_settings()))


def newest_version() -> PromiseVersion | None:
    """The version that somebody applied under last, or that came after it; None before anybody has."""
    row = fetch(_NEWEST).one_or_none()
    return PromiseVersion(*row) if row else None


def version_today() -> PromiseVersion | None:
    """The version that holds for whoever applies now; None where that person's application will make a new one."""
    newest = newest_version()
    return newest if newest is not None and newest.content == content_of(company_settings()) else None


def find_version(number: int) -> PromiseVersion | None:
    """The version with this number."""
    row = fetch(_NUMBERED, {"number": number}).one_or_none()
    return PromiseVersion(*row) if row else None


def promise_versions() -> list[VersionLine]:
    """Every version, the newest first."""
    return [VersionLine(*row) for row in fetch(_LINES)]


def promise_contact() -> PrivacyContact:
    """Whom to tell that a promise was broken: who the company named for it, else whom people ask about their data."""
    stored, other = setting(Setting.PROMISE_CONTACT), privacy_contact()
    if not stored["email"]:
        return other
    return PrivacyContact(stored["name"] or other.name, stored["email"])
