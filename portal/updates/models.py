"""Updates, the versions of what each says, its draft, and who may read, has read and liked it."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, CheckConstraint, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model, Word
from portal.updates.states import Audience, UpdateKind, UpdateState


class InsiderUpdate(Model):
    """A post of the company to its community; what its page says is the content of its newest version."""

    __tablename__ = "insider_update"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'scheduled') OR (version_number > 0 AND slug IS NOT NULL)", name="says_something"
        ),
        CheckConstraint(
            "state IN ('draft', 'scheduled', 'publishing', 'withdrawn') OR published_at IS NOT NULL",
            name="published_once",
        ),
        CheckConstraint("(state = 'scheduled') = (publish_at IS NOT NULL)", name="scheduled_at_a_time"),
        CheckConstraint("(state = 'withdrawn') = (withdrawn_at IS NOT NULL)", name="withdrawn_once"),
        Index("ix_insider_update_state", "state", "published_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: Of the draft while it was never published, then of the newest version; so are the next three.
    title: Mapped[str] = mapped_column(String(200))
    kind: Mapped[UpdateKind] = mapped_column(Word(UpdateKind))
    audience: Mapped[Audience] = mapped_column(Word(Audience))
    #: Keys of the areas whose members it is for.
    areas: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    state: Mapped[UpdateState] = mapped_column(Word(UpdateState), default=UpdateState.DRAFT, server_default="draft")
    #: What stands in its address; given at publishing and kept from then on.
    slug: Mapped[str | None] = mapped_column(String(120), unique=True)
    #: Who writes it and whose name it carries.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    #: When it goes out by itself, and the IANA zone in which that was said.
    publish_at: Mapped[datetime | None]
    publish_zone: Mapped[str] = mapped_column(String(64), default="", server_default="")
    #: Why it did not go out at its time, for colleagues; empty otherwise.
    held_up: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: The segment it is for: its public id and, from publishing on, its rules as they were.
    segment_id: Mapped[str] = mapped_column(String(12), default="", server_default="")
    segment_rules: Mapped[dict[str, Any] | None] = mapped_column(JSON)
    #: Up to which person its audience has been written down.
    frozen_up_to: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: How many people its audience had when it was published.
    reach_count: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    version_number: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: From when its readers read it.
    published_at: Mapped[datetime | None]
    corrected_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]
    #: What its readers are told of why it was withdrawn; may be empty.
    withdrawn_words: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: What the search looks through, folded.
    search_text: Mapped[str] = mapped_column(Text, default="", server_default="")


class UpdateVersion(Model):
    """What an update said from one publishing to the next; never changed."""

    __tablename__ = "update_version"
    __table_args__ = (UniqueConstraint("update_id", "number"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"))
    number: Mapped[int] = mapped_column(Integer)
    #: See `rules.content.as_json`.
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: What was corrected, as readers are told; empty for the first.
    correction: Mapped[str] = mapped_column(Text)
    published_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    published_at: Mapped[datetime]


class UpdateDraft(Model):
    """What is being written and not published yet; one for each update, shared by colleagues."""

    __tablename__ = "update_draft"

    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"), primary_key=True)
    content: Mapped[dict[str, Any]] = mapped_column(JSON)
    #: Counted up at each saving: who saves over another's change is told.
    revision: Mapped[int] = mapped_column(Integer)
    changed_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    changed_at: Mapped[datetime]


class UpdateReader(Model):
    """Somebody an update was for when it was published, or who has read it since."""

    __tablename__ = "update_reader"
    __table_args__ = (Index("ix_update_reader_person", "person_id", "update_id"),)

    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    #: Whether they were in its audience when it was published.
    is_in_audience: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    #: When they first read it, and which version they read last.
    seen_at: Mapped[datetime | None]
    seen_version: Mapped[int] = mapped_column(Integer, default=0, server_default="0")
    #: Since when they say that it helped.
    helpful_at: Mapped[datetime | None]
    #: When they last replied to it; what they wrote stands in their conversation.
    replied_at: Mapped[datetime | None]


class UpdateStory(Model):
    """The member a story is about, and their consent to the very words; taken back, the story is withdrawn."""

    __tablename__ = "update_story"

    update_id: Mapped[int] = mapped_column(ForeignKey("insider_update.id", ondelete="CASCADE"), primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    asked_by_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    asked_at: Mapped[datetime]
    #: When they said yes, and a hash of the words they said it to.
    agreed_at: Mapped[datetime | None]
    agreed_to: Mapped[str] = mapped_column(String(64), default="", server_default="")
