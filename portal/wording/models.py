"""The words of mails as an admin has changed them, and mails that could not be written."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class MailWording(Model):
    """One version of the words of one mail; the newest holds, and none is ever changed."""

    __tablename__ = "mail_wording"
    __table_args__ = (
        UniqueConstraint("kind", "locale", "number"),
        CheckConstraint("number > 0", name="counted_from_one"),
        CheckConstraint("NOT is_ours OR body = ''", name="ours_is_not_stored"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    #: feature/message, for example "accounts/sign_in".
    kind: Mapped[str] = mapped_column(String(80))
    locale: Mapped[str] = mapped_column(String(20))
    number: Mapped[int]
    #: Back to the words that came with the program, which may improve with it; then no words stand here.
    is_ours: Mapped[bool]
    subject: Mapped[str] = mapped_column(String(200))
    preheader: Mapped[str] = mapped_column(String(200))
    heading: Mapped[str] = mapped_column(String(200))
    body: Mapped[str] = mapped_column(Text)
    #: The admin; None when they were erased.
    author_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]


class HeldBack(Model):
    """A mail that was not written because a placeholder has no value for this person; gone once it was written."""

    __tablename__ = "held_back"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: What would have been sent, for example "tasks/morning:12"; noted once however often it is tried.
    cause: Mapped[str] = mapped_column(String(200), unique=True)
    #: feature/message.
    kind: Mapped[str] = mapped_column(String(80))
    #: The name of the placeholder.
    place: Mapped[str] = mapped_column(String(40))
    person_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    first_at: Mapped[datetime]
    #: When it was last tried again.
    last_at: Mapped[datetime] = mapped_column(index=True)
