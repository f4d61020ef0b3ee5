"""Feedback that came back to its author, as their home shows it."""

from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Integer, bindparam, exists, func, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries.shown import with_people
from portal.core.db import fetch
from portal.feedback.models import Feedback
from portal.feedback.states import FeedbackState
from portal.openings.models import Opening
from portal.people.models import Address, Person

#: A home is about today; who has more of them finds the others in the list of what is owed.
_SHOWN: Final = 5


@dataclass(frozen=True)
class ReturnedLine:
    """A draft that came back to whoever wrote it: by whom (empty: by itself), and what is to change."""

    public_id: str
    person_name: str
    email: str
    opening_title: str
    returned_by: str
    words: str

    @property
    def name(self) -> str:
        """As colleagues call them."""
        return self.person_name or self.email


_ReturnedBy = aliased(Person, name="returned_by")
_IS_MINE: Final = (
    (Feedback.state == FeedbackState.DRAFT)
    & (Feedback.returned_words != "")
    & (Feedback.author_id == bindparam("me", type_=Integer))
)
#: Whether anything came back to `:me`.
HAS_RETURNED = exists().where(_IS_MINE)
_RETURNED: Any = (
    with_people(
        select(
            Application.public_id,
            Person.name,
            func.coalesce(Address.email, ""),
            Opening.title,
            func.coalesce(_ReturnedBy.name, ""),
            Feedback.returned_words,
        )
    )
    .join(Feedback, Feedback.application_id == Application.id)
    .outerjoin(_ReturnedBy, _ReturnedBy.id == Feedback.approver_id)
    .where(_IS_MINE)
    .where(Application.person_id != bindparam("me", type_=Integer))
    .order_by(Feedback.changed_at, Feedback.id)
    .limit(_SHOWN)
)


def returned_to(person_id: int) -> list[ReturnedLine]:
    """What came back to this author and was not handed in again, what waits longest first."""
    return [ReturnedLine(*row) for row in fetch(_RETURNED, {"me": person_id})]
