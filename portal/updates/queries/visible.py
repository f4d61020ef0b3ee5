"""The one condition that says who may read an update, to the database."""

from typing import Final

from sqlalchemy import ColumnElement, Integer, and_, bindparam, or_, select
from sqlalchemy.orm import aliased

from portal.community.models import Membership
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.states import READABLE, Audience, UpdateState

#: Who asks; None for whoever is signed out.
PERSON: Final = bindparam("person_id", type_=Integer)
_IS_MEMBER: Final = (
    select(Membership.person_id).where(Membership.person_id == PERSON).where(Membership.left_at.is_(None)).exists()
)
#: A name of its own: the statements around it read what the asker did, too.
_Reader = aliased(UpdateReader, name="audience_reader")
_IS_IN_AUDIENCE: Final = (
    select(_Reader.person_id)
    .where(_Reader.update_id == InsiderUpdate.id)
    .where(_Reader.person_id == PERSON)
    .where(_Reader.is_in_audience)
    .correlate(InsiderUpdate)
    .exists()
)


def is_for_asker() -> ColumnElement[bool]:
    """As `rules.is_for`."""
    audience = InsiderUpdate.audience
    return or_(
        audience == Audience.EVERYBODY,
        and_(audience == Audience.MEMBERS, _IS_MEMBER),
        and_(audience == Audience.AREAS, _IS_MEMBER, _IS_IN_AUDIENCE),
        and_(audience == Audience.SEGMENT, _IS_IN_AUDIENCE),
    )


def is_visible() -> ColumnElement[bool]:
    """As `rules.may_read`."""
    return and_(InsiderUpdate.state.in_(sorted(READABLE)), is_for_asker())


def is_known_withdrawn() -> ColumnElement[bool]:
    """As `rules.may_know_withdrawn`."""
    return and_(InsiderUpdate.state == UpdateState.WITHDRAWN, InsiderUpdate.published_at.is_not(None), is_for_asker())
