"""Members and what they told us."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from portal.community.states import CareerStage, Notice, PayPeriod, Seniority, WhenFree
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
    """What a person looks for and says of themselves; each field is theirs to fill or leave."""

    __tablename__ = "preferences"
    __table_args__ = (
        CheckConstraint("when_free = 'from_a_day' OR free_from IS NULL", name="day_belongs"),
        CheckConstraint("when_free = 'after_notice' OR notice IS NULL", name="notice_belongs"),
        CheckConstraint(
            "(pay_amount IS NULL) = (pay_currency = '') AND (pay_amount IS NULL) = (pay_period IS NULL)",
            name="pay_is_whole",
        ),
        CheckConstraint("(birth_day IS NULL) = (birth_month IS NULL)", name="birthday_is_whole"),
    )

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    career_stage: Mapped[CareerStage | None] = mapped_column(Word(CareerStage))
    career_stage_on: Mapped[date | None]
    #: Values of WorkMode.
    work_modes: Mapped[list[Any]] = mapped_column(JSON)
    changed_at: Mapped[datetime]
    seniority: Mapped[Seniority | None] = mapped_column(Word(Seniority))
    #: Values of Industry.
    industries: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    when_free: Mapped[WhenFree | None] = mapped_column(Word(WhenFree))
    free_from: Mapped[date | None]
    notice: Mapped[Notice | None] = mapped_column(Word(Notice))
    #: In whole units, before tax; with its currency (ISO 4217, empty without an amount) and what it is for.
    pay_amount: Mapped[int | None]
    pay_currency: Mapped[str] = mapped_column(String(3), default="", server_default="")
    pay_period: Mapped[PayPeriod | None] = mapped_column(Word(PayPeriod))
    three_years: Mapped[str] = mapped_column(Text, default="", server_default="")
    proud_of: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Addresses of pages, http or https.
    links: Mapped[list[Any]] = mapped_column(JSON, default=list, server_default="[]")
    education: Mapped[str] = mapped_column(Text, default="", server_default="")
    motivates: Mapped[str] = mapped_column(Text, default="", server_default="")
    worries: Mapped[str] = mapped_column(Text, default="", server_default="")
    #: Only of those who want a note; the year is never asked.
    birth_day: Mapped[int | None]
    birth_month: Mapped[int | None]
    #: {part as in `rules.wish_parts_of`: day in ISO form} for what was said; `career_stage` has a column of its own.
    said_on: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict, server_default="{}")


class OtherOffers(Model):
    """What else a person has been offered; only for whoever looks after an open application of theirs."""

    __tablename__ = "other_offers"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    words: Mapped[str] = mapped_column(Text)
    decide_by: Mapped[date | None]
    #: A calendar day of the person's.
    said_on: Mapped[date]


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
