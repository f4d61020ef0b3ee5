"""Stored files."""

from datetime import date, datetime

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from portal.core.db import Model


class StoredFile(Model):
    """A file in the data folder under a name of our own."""

    __tablename__ = "stored_file"

    id: Mapped[int] = mapped_column(primary_key=True)
    #: Also the name on disk.
    public_id: Mapped[str] = mapped_column(String(12), unique=True)
    #: As uploaded; shown, never used as a path.
    name: Mapped[str] = mapped_column(String(255))
    #: Bytes.
    size: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str] = mapped_column(String(64))
    #: None while we do not know yet whose it is: somebody applies and has not confirmed their address.
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("person.id"), index=True)
    created_at: Mapped[datetime]
    #: None: it goes with what it belongs to.
    delete_on: Mapped[date | None] = mapped_column(index=True)
