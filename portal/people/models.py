"""People we know, their addresses, and which of them are staff."""

from datetime import date, datetime

from sqlalchemy import Boolean, CheckConstraint, ForeignKey, LargeBinary, String, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from portal.core.db import Model, Word
from portal.core.permissions import Role


class Person(Model):
    """Somebody we know, perhaps from an import, before they ever sign in."""

    __tablename__ = "person"

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: As the person writes it, in any script; empty when an import had none.
    name: Mapped[str] = mapped_column(String(200))
    locale: Mapped[str] = mapped_column(String(12))
    #: IANA name.
    timezone: Mapped[str] = mapped_column(String(64))
    phone: Mapped[str] = mapped_column(String(50), default="", server_default="")
    #: When the person first confirmed an address; before that, nobody signs in as them.
    claimed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    addresses: Mapped[list["Address"]] = relationship(back_populates="person", order_by="Address.id", lazy="raise")


class Address(Model):
    """A mail address of a person; its key is unique, so one address is one person."""

    __tablename__ = "address"

    id: Mapped[int] = mapped_column(primary_key=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), index=True)
    #: As normalised by `people.rules.normalise_address`.
    email: Mapped[str] = mapped_column(String(254), unique=True)
    is_primary: Mapped[bool] = mapped_column(Boolean)
    confirmed_at: Mapped[datetime | None]
    created_at: Mapped[datetime]

    person: Mapped[Person] = relationship(back_populates="addresses", lazy="raise")


class Staff(Model):
    """A person who works here; their role, lead, and what candidates read about them."""

    __tablename__ = "staff"

    person_id: Mapped[int] = mapped_column(ForeignKey("person.id"), primary_key=True)
    role: Mapped[Role] = mapped_column(Word(Role))
    lead_id: Mapped[int | None] = mapped_column(ForeignKey("staff.person_id"), index=True)
    is_active: Mapped[bool] = mapped_column(Boolean, default=True, server_default=text("true"))
    #: Where their invitation went: with it they come in, and set their second factor up.
    invited_email: Mapped[str | None] = mapped_column(String(254))
    #: When they were invited, until they accept: so long they have no access. None: they are here.
    invited_at: Mapped[datetime | None]
    #: One line that candidates read beside the name, for example "Recruiter, engineering".
    introduction: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: How to say the name, for example "REE-tah ZAHN-der"; empty when it needs no help.
    say_name: Mapped[str] = mapped_column(String(100), default="", server_default="")
    #: Where they learned their craft.
    school: Mapped[str] = mapped_column(String(200), default="", server_default="")
    #: Talks and articles, one a line.
    talks: Mapped[str] = mapped_column(String(1000), default="", server_default="")
    created_at: Mapped[datetime]


class StaffPicture(Model):
    """The picture of a member of staff; in the database, so that every web machine has it and it goes with them."""

    __tablename__ = "staff_picture"

    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), primary_key=True)
    #: What stands in its address; another picture has another one.
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: Without what the camera noted: place, time, owner.
    content: Mapped[bytes] = mapped_column(LargeBinary)
    media_type: Mapped[str] = mapped_column(String(40))
    created_at: Mapped[datetime]


class StaffAbsence(Model):
    """Days on which a member of staff is away, and the colleague who stands in."""

    __tablename__ = "staff_absence"
    __table_args__ = (
        CheckConstraint("until_on >= from_on", name="days_in_order"),
        CheckConstraint("stand_in_id <> person_id", name="somebody_else"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    person_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), index=True)
    stand_in_id: Mapped[int] = mapped_column(ForeignKey("staff.person_id"), index=True)
    #: First and last day, both included, in the company's zone.
    from_on: Mapped[date]
    until_on: Mapped[date] = mapped_column(index=True)
    created_at: Mapped[datetime]
