"""Colleagues put tags on what people wrote, after its release, to find it again."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.notes.rules import NoteRefused, checked_tags, tag_change
from portal.surveys.models import Survey, SurveyComment, SurveyCommentTag


def change_comment_tags(
    survey_id: int, comment_key: str, *, names: Iterable[str], seen: Iterable[str], actor_id: int, now: datetime
) -> None:
    """Let a released text have the tags `names`, by somebody who saw the tags `seen`.

    What a colleague added or removed meanwhile stays so. The record says of which survey it was, never which text or
    which tag. Raises NoteRefused, NotFound.
    """
    wanted = checked_tags(names)
    change = tag_change(wanted, seen)
    if not wanted and not change.removed:
        raise NoteRefused(_("Please write a tag."))
    with transaction() as own:
        if own.get(SurveyComment, (survey_id, comment_key)) is None:
            raise NotFound
        # Two who write one tag at the same time write it alike, and neither is counted twice.
        one_at_a_time("survey tags")
        theirs = (SurveyCommentTag.survey_id == survey_id) & (SurveyCommentTag.comment_key == comment_key)
        rows = own.execute(select(SurveyCommentTag.key, SurveyCommentTag.name).where(theirs))
        has = {key: name for key, name in rows}
        gone = change.removed & set(has)
        added = {key: name for key, name in change.added.items() if key not in has}
        checked_tags([*(name for key, name in has.items() if key not in gone), *added.values()])
        if gone:
            own.execute(delete(SurveyCommentTag).where(theirs).where(SurveyCommentTag.key.in_(gone)))
        for key, name in (added | _as_written(own, added)).items():
            own.add(SurveyCommentTag(survey_id=survey_id, comment_key=comment_key, key=key, name=name))
        if gone or added:
            subject = own.scalars(select(Survey.public_id).where(Survey.id == survey_id)).one()
            record(
                "surveys.tag_text",
                f"survey:{subject}",
                actor_id=actor_id,
                now=now,
                person_id=None,
                added=len(added),
                removed=len(gone),
            )


def _as_written(session: Session, added: Iterable[str]) -> dict[str, str]:
    """How tags that texts have already, of whatever survey, are written, by key."""
    found = select(SurveyCommentTag.key, func.min(SurveyCommentTag.name)).group_by(SurveyCommentTag.key)
    return {key: name for key, name in session.execute(found.where(SurveyCommentTag.key.in_(list(added))))}
