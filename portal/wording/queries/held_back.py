"""Mails that were not written because a placeholder has no value for somebody."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Select, bindparam, column, func, select, table, true

from portal.core.db import fetch, session
from portal.wording.data import MAILS
from portal.wording.models import HeldBack
from portal.wording.rules import GoesTo

# People lie above the words of mails; who they are is read by table.
_person = table("person", column("id"), column("public_id"), column("name"))
_address = table("address", column("person_id"), column("email"), column("is_primary"))


@dataclass(frozen=True)
class HeldBackMail:
    """One mail that was not written: which, to whom, what is missing, since when and when it was last tried."""

    kind: str
    place: str
    #: How the person's page is named in URLs; empty when nobody we know would have got it.
    person_public_id: str
    name: str
    email: str
    first_at: datetime
    last_at: datetime

    @property
    def title(self) -> str:
        """What the mail is called."""
        return title_of(self.kind)

    @property
    def missing(self) -> str:
        """What the placeholder stands for, in words."""
        mail = MAILS.get(self.kind)
        place = mail.all_places.get(self.place) if mail else None
        return str(place.meaning) if place else self.place

    @property
    def is_to_staff(self) -> bool:
        """Whether a colleague would have got it."""
        mail = MAILS.get(self.kind)
        return mail is not None and mail.goes_to is GoesTo.STAFF


_IS_HELD_BACK = select(HeldBack.id).where(HeldBack.cause == bindparam("cause"))
_LINES = (
    select(
        HeldBack.kind,
        HeldBack.place,
        func.coalesce(_person.c.public_id, ""),
        func.coalesce(_person.c.name, ""),
        func.coalesce(_address.c.email, ""),
        HeldBack.first_at,
        HeldBack.last_at,
    )
    .outerjoin(_person, _person.c.id == HeldBack.person_id)
    .outerjoin(_address, (_address.c.person_id == HeldBack.person_id) & _address.c.is_primary)
)


def title_of(kind: str) -> str:
    """What a mail is called; its name in the program when it is not sent any more."""
    mail = MAILS.get(kind)
    return str(mail.title) if mail else kind


def is_held_back(cause: str) -> bool:
    """Whether a mail of this cause waits for a value."""
    return fetch(_IS_HELD_BACK, {"cause": cause}).first() is not None


def held_back_count(to: str = "") -> int:
    """How many mails were not written because a value is missing; `to`: only to addresses with these letters."""
    return session().scalar(select(func.count()).select_from(_fitting(to).subquery())) or 0


def held_back_page(to: str, first: int, count: int) -> list[HeldBackMail]:
    """`count` of them from the `first` (0), those that wait longest first."""
    statement = _fitting(to).order_by(HeldBack.first_at, HeldBack.id).offset(first).limit(count)
    return [HeldBackMail(*row) for row in fetch(statement)]


def _fitting(to: str) -> Select[*tuple[object, ...]]:
    return _LINES.where(_is_to(to))


def _is_to(text: str) -> ColumnElement[bool]:
    wanted = text.strip().lower()
    return func.lower(_address.c.email).contains(wanted, autoescape=True) if wanted else true()
