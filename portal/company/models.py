"""What a company changes from day to day, its logo, and what it promised to those who applied."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class CompanySetting(Model):
    """One setting that was changed from its default."""

    __tablename__ = "company_setting"

    name: Mapped[str] = mapped_column(String(60), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class CompanyLogo(Model):
    """The picture at the head of every page; at most one row. In the database, so that every web machine has it."""

    __tablename__ = "company_logo"

    #: The beginning of its SHA-256.
    version: Mapped[str] = mapped_column(String(16), primary_key=True)
    media_type: Mapped[str] = mapped_column(String(40))
    content: Mapped[bytes] = mapped_column(LargeBinary)
    changed_at: Mapped[datetime]


class ServicePromise(Model):
    """What was promised to those who applied from one change to the next; never changed, so that they can read it."""

    __tablename__ = "service_promise"

    #: Counted from 1; an application keeps the one it was made under.
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    #: See `rules.service.content_of`.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    since: Mapped[datetime]
