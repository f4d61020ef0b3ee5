"""Members and what they told us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.community.states import CareerStage
from portal.core.db import Model, Word


class Membership(Model):
    """Somebody joined the community; applying is not joining."""

    __tablename__ = "membership"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class JoinRequest(Model):
    """What was typed at /join, until the address is confirmed; nobody can read it before."""

    __tablename__ = "join_request"

    id: Mapped[int] = mapped_column(primary_key=True)
    token_id: Mapped[int] = mapped_column(ForeignKey("one_time_token.id", ondelete="CASCADE"), unique=True)
    email: Mapped[str] = mapped_column(String(254), index=True)
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(12))
    timezone: Mapped[str] = mapped_column(String(64))
    areas: Mapped[list[Any]] = mapped_column(JSON)
    #: [{"purpose": ..., "words": ..., "text_version": ...}] for the boxes that were ticked.
    consents: Mapped[list[Any]] = mapped_column(JSON)
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime] = mapped_column(index=True)


class Preferences(Model):
    """What a person looks for; each field is theirs to fill or leave."""

    __tablename__ = "preferences"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    career_stage: Mapped[CareerStage | None] = mapped_column(Word(CareerStage))
    career_stage_on: Mapped[date | None]
    #: Values of WorkMode.
    work_modes: Mapped[list[Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]


class PersonArea(Model):
    """An area of interest of a person."""

    __tablename__ = "person_area"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    area: Mapped[str] = mapped_column(String(60), primary_key=True, index=True)


class PersonSkill(Model):
    """A skill of a person: the folded key and the label as typed or known."""

    __tablename__ = "person_skill"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    skill: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(80))


class PersonPlace(Model):
    """A place where a person would work."""

    __tablename__ = "person_place"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    place: Mapped[str] = mapped_column(String(80), primary_key=True, index=True)
    label: Mapped[str] = mapped_column(String(120))
