"""Segments as they are saved, and the indexes that their rules are found by."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.applications.models import ApplicationEvent
from portal.community.models import Membership, Preferences
from portal.contact.models import ConsentEvent
from portal.core.db import Model
from portal.outbox.models import Delivery
from portal.people.models import Person

#: By these, segments find who has not heard from us for long, and where applications stand. The state stands last:
#: SQLite, which mostly has no statistics, would else look for waiting mail here, and sort all of it for each message.
Index("ix_delivery_contacted", Delivery.sent_at, Delivery.kind, Delivery.mail_class, Delivery.person_id, Delivery.state)
Index(
    "ix_application_event_status",
    ApplicationEvent.status,
    ApplicationEvent.application_id,
    ApplicationEvent.id,
    ApplicationEvent.delivery_id,
)
Index(
    "ix_consent_event_purpose",
    ConsentEvent.purpose,
    ConsentEvent.person_id,
    ConsentEvent.id,
    ConsentEvent.action,
    ConsentEvent.actor_id,
)
Index("ix_preferences_career_stage", Preferences.career_stage, Preferences.person_id)
Index(
    "ix_membership_left",
    Membership.person_id,
    sqlite_where=Membership.left_at.is_not(None),
    postgresql_where=Membership.left_at.is_not(None),
)
#: In this order a page of a segment is read; whoever has no name stands first.
Index("ix_person_name", Person.name, Person.id)
Index("ix_application_event_talk", ApplicationEvent.happened_on, ApplicationEvent.kind, ApplicationEvent.application_id)


class Segment(Model):
    """Rules over people, under a name; who is in it is found anew each time."""

    __tablename__ = "segment"
    __table_args__ = (Index("ix_segment_owner", "owner_id", "removed_at"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    name: Mapped[str] = mapped_column(String(80))
    #: The rules, see `rules.tree`.
    tree: Mapped[dict[str, Any]] = mapped_column(JSON)
    owner_id: Mapped[int] = mapped_column(ForeignKey("person.id"))
    #: Whether colleagues see and use it, too.
    is_shared: Mapped[bool] = mapped_column(Boolean)
    #: Names the form it was made with: sending that again makes nothing.
    form_key: Mapped[str | None] = mapped_column(String(24), unique=True)
    created_at: Mapped[datetime]
    changed_at: Mapped[datetime]
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    #: It is used no more; what was sent by it still says by which.
    removed_at: Mapped[datetime | None]
