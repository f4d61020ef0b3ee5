"""The tags of what people wrote, over all surveys: what is suggested, and the text that is tagged."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import bindparam, func, select

from portal.core.db import fetch
from portal.notes.rules import tag_key
from portal.surveys.models import SurveyComment, SurveyCommentTag

_SUGGESTED: Final = 12


@dataclass(frozen=True)
class CommentToTag:
    """A released text, and the tags that it has."""

    question_id: str
    words: str
    tags: list[str]


_COMMENT: Final = (
    select(SurveyComment.question_id, SurveyComment.words)
    .where(SurveyComment.survey_id == bindparam("survey_id"))
    .where(SurveyComment.key == bindparam("key"))
)
_TAGS: Final = (
    select(SurveyCommentTag.name)
    .where(SurveyCommentTag.survey_id == bindparam("survey_id"))
    .where(SurveyCommentTag.comment_key == bindparam("key"))
    .order_by(SurveyCommentTag.key)
)
_MOST_USED: Final = (
    select(SurveyCommentTag.key, func.min(SurveyCommentTag.name), func.count())
    .group_by(SurveyCommentTag.key)
    .order_by(func.count().desc(), SurveyCommentTag.key)
)


def find_comment_to_tag(survey_id: int, key: str) -> CommentToTag | None:
    """The released text of this survey with this key."""
    which = {"survey_id": survey_id, "key": key}
    row = fetch(_COMMENT, which).one_or_none()
    return CommentToTag(row[0], row[1], list(fetch(_TAGS, which).scalars())) if row else None


def most_used_text_tags(count: int) -> list[str]:
    """The `count` tags that most texts have, whatever the survey, in order of their words."""
    return [name for _key, name, _count in sorted(fetch(_MOST_USED.limit(count)))]


def text_tags_like(start: str) -> list[str]:
    """Tags of texts that begin like this, the most used first; none for an empty start."""
    if not start.strip():
        return []
    found = _MOST_USED.where(SurveyCommentTag.key.startswith(tag_key(start), autoescape=True)).limit(_SUGGESTED)
    return [name for _key, name, _count in fetch(found)]
