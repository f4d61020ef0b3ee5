"""The opening that an action is about, locked, with its draft."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.company.queries import team
from portal.core.errors import NotFound
from portal.openings.models import Opening, OpeningDraft, OpeningVersion
from portal.openings.rules import OpeningContent, from_json


def locked(session: Session, opening_id: int) -> Opening:
    """The opening, which nobody else changes until our transaction ends; raises NotFound."""
    opening = session.get(Opening, opening_id, with_for_update=True)
    if opening is None:
        raise NotFound
    return opening


def draft_of(session: Session, opening: Opening) -> tuple[OpeningDraft | None, OpeningContent]:
    """The draft and what it says; where none was saved, what was published last, else a page with its title alone."""
    draft = session.get(OpeningDraft, opening.id, with_for_update=True)
    if draft is not None:
        return draft, from_json(draft.content)
    return None, newest_content(session, opening) or blank(opening.title)


def newest_content(session: Session, opening: Opening) -> OpeningContent | None:
    """What the newest version says; None when there is none."""
    statement = (
        select(OpeningVersion.content)
        .where(OpeningVersion.opening_id == opening.id)
        .where(OpeningVersion.number == opening.version_number)
    )
    stored = session.scalar(statement)
    return from_json(stored) if stored is not None else None


def blank(title: str) -> OpeningContent:
    """What a draft says before anybody has written: its title, and how people work together here."""
    return OpeningContent(title=title, team=team())
