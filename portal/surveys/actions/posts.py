""" "You said, we did": writing a post, publishing it, taking it back, throwing it away."""

from datetime import datetime

from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.surveys.models import SurveyPost
from portal.surveys.rules.posts import check_draft, check_post, check_published, tidy
from portal.surveys.states import PostState


def write_post(survey_id: int, said: str, did: str, *, actor_id: int, now: datetime) -> str:
    """Begin a post about what candidates said in a survey; its public id. Nobody else reads it yet.

    Raises PostLacks.
    """
    said, did = tidy(said), tidy(did)
    check_post(said, did)
    with transaction() as session:
        post = SurveyPost(
            public_id=new_public_id(),
            survey_id=survey_id,
            state=PostState.DRAFT,
            said=said,
            did=did,
            author_id=actor_id,
            created_at=now,
        )
        session.add(post)
        _note("surveys.write_post", post, actor_id, now)
        return post.public_id


def change_post(post_id: int, survey_id: int, said: str, did: str, *, actor_id: int, now: datetime) -> None:
    """Write a draft anew. Raises PostLacks, PostMoved, NotFound."""
    said, did = tidy(said), tidy(did)
    check_post(said, did)
    with transaction() as session:
        post = _locked(session, post_id)
        check_draft(post.state)
        if (post.survey_id, post.said, post.did) != (survey_id, said, did):
            post.survey_id, post.said, post.did = survey_id, said, did
            _note("surveys.write_post", post, actor_id, now)


def publish_post(post_id: int, *, actor_id: int, now: datetime) -> None:
    """Let those who answered and everybody else read it. Raises PostMoved, NotFound."""
    with transaction() as session:
        post = _locked(session, post_id)
        check_draft(post.state)
        post.state, post.published_at = PostState.PUBLISHED, now
        _note("surveys.publish_post", post, actor_id, now)


def take_back_post(post_id: int, *, actor_id: int, now: datetime) -> None:
    """Make it a draft again, which nobody reads. Raises PostMoved, NotFound."""
    with transaction() as session:
        post = _locked(session, post_id)
        check_published(post.state)
        post.state, post.published_at = PostState.DRAFT, None
        _note("surveys.take_back_post", post, actor_id, now)


def discard_post(post_id: int, *, actor_id: int, now: datetime) -> None:
    """Throw a draft away. Raises PostMoved, NotFound."""
    with transaction() as session:
        post = _locked(session, post_id)
        check_draft(post.state)
        _note("surveys.discard_post", post, actor_id, now)
        session.delete(post)


def _locked(session: Session, post_id: int) -> SurveyPost:
    post = session.get(SurveyPost, post_id, with_for_update=True)
    if post is None:
        raise NotFound
    return post


def _note(action: str, post: SurveyPost, actor_id: int, now: datetime) -> None:
    record(action, f"survey_post:{post.public_id}", actor_id=actor_id, now=now, person_id=None)
