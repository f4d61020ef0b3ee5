"""What a company changes from day to day, and its logo."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, LargeBinary, String
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
