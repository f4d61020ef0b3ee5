"""Openings, the versions of what each says, and the draft of the next one."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.openings.states import OpeningState, Seniority


class Opening(Model):
    """A role that people apply to: one of our own, or so far as an import knows it.

    What its page says is the content of its newest version; what lists filter by is copied here from that version.
    """

    __tablename__ = "opening"
    __table_args__ = (
        UniqueConstraint("source", "external_key"),
        CheckConstraint(
            "(state = 'draft') OR (published_at IS NOT NULL AND public_at IS NOT NULL AND version_number > 0) "
            "OR (source <> '' AND state = 'finished')",
            name="published_once",
        ),
        CheckConstraint("public_at >= published_at", name="members_first"),
        Index("ix_opening_state", "state", "public_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    title: Mapped[str] = mapped_column(String(200))
    #: The system it comes from; empty for one of our own.
    source: Mapped[str] = mapped_column(String(60))
    #: Its id there, else its folded title; its public id for one of our own.
    external_key: Mapped[str] = mapped_column(String(210))
    recruiter_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    hiring_manager_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    created_at: Mapped[datetime]
    #: What stands in its address; given at the first publishing and kept from then on.
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    state: Mapped[OpeningState] = mapped_column(Word(OpeningState), default=OpeningState.DRAFT, server_default="draft")
    #: Number of the newest version; 0: none was published.
    version_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: From when members whose interests match may see it.
    published_at: Mapped[datetime | None]
    #: From when everybody may see it.
    public_at: Mapped[datetime | None]
    #: Last day to apply, in the company's zone; None: until it is stopped.
    closes_on: Mapped[date | None]
    stopped_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    area: Mapped[str] = mapped_column(String(60), default="", server_default="")
    seniority: Mapped[Seniority | None] = mapped_column(Word(Seniority))
    is_remote: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    is_hybrid: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    is_on_site: Mapped[bool] = mapped_column(Boolean, default=False, server_default=text("false"))
    #: What the search looks through: title, summary, team, places and the work itself, folded by `rules.fold_search`.
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")


class OpeningPlace(Model):
    """A place of an opening, of its newest version."""

    __tablename__ = "opening_place"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    #: The key of the taxonomy, else the folded label.
    place: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(120))


class OpeningVersion(Model):
    """What an opening said from one publishing to the next; never changed, so that who applied can still read it."""

    __tablename__ = "opening_version"
    __table_args__ = (UniqueConstraint("opening_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    #: See `rules.content.as_json`.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Why it was published although something was missing; empty when nothing was.
    override_reason: Mapped[str] = mapped_column(String(500))
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime]


class OpeningDraft(Model):
    """What is being written and not published yet; one for each opening, shared by its colleagues."""

    __tablename__ = "opening_draft"

    opening_id: Mapped[int] = mapped_column(ForeignKey("opening.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Counted up at each saving: who saves over another's change is told.
    revision: Mapped[int] = mapped_column(Integer)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime]
