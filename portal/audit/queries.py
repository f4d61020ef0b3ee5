"""Reading the audit log."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, column, func, or_, select, table

from portal.audit.models import AuditRecord
from portal.core.db import fetch, session

# People lie above the audit log, which is written from everywhere; their names are read by table.
_actor = table("person", column("id"), column("name"), column("public_id")).alias("actor")
_subject = table("person", column("id"), column("name"), column("public_id")).alias("subject_person")
_address = table("address", column("person_id"), column("email"))


@dataclass(frozen=True)
class AuditLine:
    """One thing that somebody did; `actor_name` None: the system did it by itself."""

    occurred_at: datetime
    action: str
    subject: str
    details: dict[str, Any]
    actor_name: str | None
    person_name: str | None
    person_public_id: str | None


def audit_page(action: str, text: str, offset: int, limit: int) -> list[AuditLine]:
    """Records newest first; `action` exactly, `text` in a subject, or in the name or address of somebody involved."""
    statement = (
        select(
            AuditRecord.occurred_at,
            AuditRecord.action,
            AuditRecord.subject,
            AuditRecord.details,
            _actor.c.name,
            _subject.c.name,
            _subject.c.public_id,
        )
        .outerjoin(_actor, _actor.c.id == AuditRecord.actor_id)
        .outerjoin(_subject, _subject.c.id == AuditRecord.person_id)
        .order_by(AuditRecord.id.desc())
        .offset(offset)
        .limit(limit)
    )
    return [AuditLine(*row) for row in fetch(_filtered(statement, action, text))]


def audit_count(action: str, text: str) -> int:
    """How many records `audit_page` has in all."""
    return session().scalar(_filtered(select(func.count(AuditRecord.id)), action, text)) or 0


def known_actions() -> list[str]:
    """Every action that was ever recorded."""
    return list(session().scalars(select(AuditRecord.action).distinct().order_by(AuditRecord.action)))


def _filtered(statement: Select[Any], action: str, text: str) -> Select[Any]:
    if action:
        statement = statement.where(AuditRecord.action == action)
    return statement.where(_mentions(text)) if text else statement


def _mentions(text: str) -> ColumnElement[bool]:
    people = (
        select(_actor.c.id)
        .outerjoin(_address, _address.c.person_id == _actor.c.id)
        .where(
            or_(
                _actor.c.name.icontains(text, autoescape=True),
                _address.c.email.icontains(text, autoescape=True),
                _actor.c.public_id == text,
            )
        )
    )
    return or_(
        AuditRecord.subject.icontains(text, autoescape=True),
        AuditRecord.actor_id.in_(people),
        AuditRecord.person_id.in_(people),
    )
