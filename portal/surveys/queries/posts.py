"""Posts "You said, we did": as colleagues write them, as everybody reads them, and for those who answered."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from sqlalchemy import bindparam, exists, func, select

from portal.core.db import fetch
from portal.people.models import Person
from portal.surveys.models import Survey, SurveyInvitation, SurveyPost
from portal.surveys.states import PostState, Touchpoint


@dataclass(frozen=True)
class PostView:
    """One post as colleagues see it."""

    id: int
    public_id: str
    survey_id: int
    touchpoint: Touchpoint
    state: PostState
    said: str
    did: str
    #: Empty once they were erased.
    author_name: str
    created_at: datetime
    published_at: datetime | None

    @property
    def is_published(self) -> bool:
        """Whether anybody can read it."""
        return self.state is PostState.PUBLISHED


@dataclass(frozen=True)
class PublishedPost:
    """One post as anybody reads it."""

    public_id: str
    touchpoint: Touchpoint
    said: str
    did: str
    published_at: datetime


_POST: Final = (
    select(
        SurveyPost.id,
        SurveyPost.public_id,
        SurveyPost.survey_id,
        Survey.touchpoint,
        SurveyPost.state,
        SurveyPost.said,
        SurveyPost.did,
        func.coalesce(Person.name, ""),
        SurveyPost.created_at,
        SurveyPost.published_at,
    )
    .join(Survey, Survey.id == SurveyPost.survey_id)
    .outerjoin(Person, Person.id == SurveyPost.author_id)
)
_BY_PUBLIC_ID: Final = _POST.where(SurveyPost.public_id == bindparam("public_id"))
_ALL: Final = _POST.order_by(SurveyPost.published_at.is_not(None), SurveyPost.published_at.desc(), SurveyPost.id.desc())
_PUBLISHED: Final = (
    select(SurveyPost.public_id, Survey.touchpoint, SurveyPost.said, SurveyPost.did, SurveyPost.published_at)
    .join(Survey, Survey.id == SurveyPost.survey_id)
    .where(SurveyPost.state == PostState.PUBLISHED)
    .order_by(SurveyPost.published_at.desc(), SurveyPost.id.desc())
)
#: Their survey, whenever they answered it: nothing here says when that was.
_FOR_PERSON: Final = _PUBLISHED.where(
    exists()
    .where(SurveyInvitation.person_id == bindparam("person_id"))
    .where(SurveyInvitation.survey_id == SurveyPost.survey_id)
    .where(SurveyInvitation.is_answered)
).limit(10)
_COUNT: Final = select(func.count()).select_from(SurveyPost).where(SurveyPost.state == PostState.PUBLISHED)
_LAST: Final = select(func.max(SurveyPost.published_at)).where(SurveyPost.state == PostState.PUBLISHED)


def posts_listed() -> list[PostView]:
    """All posts: drafts, then what is published, the newest first."""
    return [PostView(*row) for row in fetch(_ALL)]


def find_post(public_id: str) -> PostView | None:
    """The post with this public id, in whatever state."""
    row = fetch(_BY_PUBLIC_ID, {"public_id": public_id}).one_or_none()
    return PostView(*row) if row is not None else None


def published_posts(first: int, count: int) -> list[PublishedPost]:
    """What anybody may read, the newest first."""
    return _read(_PUBLISHED.offset(first).limit(count), {})


def published_count() -> int:
    """How many posts anybody may read."""
    return int(fetch(_COUNT).scalar_one())


def last_published_at() -> datetime | None:
    """When the newest post was published; None where nobody reads any."""
    found: datetime | None = fetch(_LAST).scalar_one()
    return found


def posts_for(person_id: int) -> list[PublishedPost]:
    """What became of surveys that this person answered, the newest first; ten at most."""
    return _read(_FOR_PERSON, {"person_id": person_id})


def _read(statement: Any, values: dict[str, Any]) -> list[PublishedPost]:
    return [PublishedPost(*row) for row in fetch(statement, values)]
