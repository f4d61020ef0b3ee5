"""What updates hold about a person: what came for them, what they read and found helpful, and stories about them."""

from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select, update

from portal.core.db import Model, fetch, session, transaction
from portal.core.i18n import format_moment, join_words
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.updates.actions import stop_story
from portal.updates.models import InsiderUpdate, UpdateDraft, UpdateReader, UpdateStory, UpdateVersion
from portal.updates.queries import stories_of
from portal.updates.states import READABLE, UpdateKind, UpdateState

TABLES: tuple[type[Model], ...] = (InsiderUpdate, UpdateVersion, UpdateDraft, UpdateReader, UpdateStory)

_SIGNED = (
    (UpdateVersion, UpdateVersion.published_by_id),
    (UpdateDraft, UpdateDraft.changed_by_id),
    (UpdateStory, UpdateStory.asked_by_id),
)
#: What was never published belongs to whoever writes it.
_NOT_OUT = (UpdateState.DRAFT, UpdateState.SCHEDULED)


def export(person_id: int) -> list[ExportSection]:
    """The updates that came for them, with what they did; stories about them; for staff, that they wrote."""
    return [_read(person_id), *_stories(person_id), *_work(person_id)]


def _read(person_id: int) -> ExportSection:
    rows = fetch(
        select(
            InsiderUpdate.title,
            InsiderUpdate.published_at,
            UpdateReader.is_in_audience,
            UpdateReader.seen_at,
            UpdateReader.helpful_at,
            UpdateReader.replied_at,
        )
        .join(InsiderUpdate, InsiderUpdate.id == UpdateReader.update_id)
        .where(UpdateReader.person_id == person_id)
        .where(InsiderUpdate.state.in_(sorted(READABLE)))
        .order_by(InsiderUpdate.published_at.desc(), InsiderUpdate.id.desc())
    ).all()
    return ExportSection(
        title=_("Insider updates"),
        rows=[(row.title, _in_words(row)) for row in rows],
        kept=_("For as long as we know you."),
        seen_by=_("Only you see what you read and found helpful. Recruiters see how many did, not who."),
        empty=_("No update has come for you yet."),
        extra={
            "updates": [
                {
                    "title": row.title,
                    "published_at": row.published_at.isoformat(),
                    "came_for_you": row.is_in_audience,
                    "read_at": row.seen_at and row.seen_at.isoformat(),
                    "helpful_at": row.helpful_at and row.helpful_at.isoformat(),
                    "replied_at": row.replied_at and row.replied_at.isoformat(),
                }
                for row in rows
            ]
        },
    )


def _in_words(row: Any) -> str:
    said = []
    if row.is_in_audience:
        said.append(_("came for you on %(moment)s", moment=format_moment(row.published_at)))
    if row.seen_at:
        said.append(_("you read it on %(moment)s", moment=format_moment(row.seen_at)))
    if row.helpful_at:
        said.append(_("you found it helpful"))
    if row.replied_at:
        said.append(_("you replied"))
    return join_words(said)


def _stories(person_id: int) -> list[ExportSection]:
    stories = stories_of(person_id)
    if not stories:
        return []
    return [
        ExportSection(
            title=_("Stories about you"),
            rows=[
                (
                    one.content.title,
                    _("you said yes on %(moment)s", moment=format_moment(one.agreed_at))
                    if one.agreed_at
                    else _("you were asked on %(moment)s", moment=format_moment(one.asked_at)),
                )
                for one in stories
            ],
            kept=_("Until you take your yes back, or are erased: then the story goes at once."),
            seen_by=_("Recruiters; once it is published, those it is for."),
            extra={"stories": [{"title": one.content.title, "text": one.content.body} for one in stories]},
        )
    ]


def _work(person_id: int) -> list[ExportSection]:
    written = session().scalar(select(func.count(InsiderUpdate.id)).where(InsiderUpdate.author_id == person_id)) or 0
    if not written:
        return []
    return [
        ExportSection(
            title=_("Updates you wrote"),
            rows=[(_("How many"), str(written))],
            kept=_("For as long as the update is kept; without your name once you are erased."),
            seen_by=_("Your colleagues, and those who read them."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Forget what they read, and let stories about them go, words and all; joins the transaction.

    What they wrote as staff stays, by somebody without a name.
    """
    with transaction() as own:
        for story in own.scalars(select(UpdateStory).where(UpdateStory.person_id == person_id)).all():
            about = own.get_one(InsiderUpdate, story.update_id, with_for_update=True)
            if about.kind is UpdateKind.MEMBER_STORY:
                stop_story(about, now)
                _forget_words(about)
            own.delete(story)
        own.flush()
        own.execute(delete(UpdateReader).where(UpdateReader.person_id == person_id))
        own.execute(update(InsiderUpdate).where(InsiderUpdate.author_id == person_id).values(author_id=None))
        _sign(person_id, None)


def _forget_words(about: InsiderUpdate) -> None:
    """Nothing of a story is left but that there was one."""
    with transaction() as own:
        own.execute(delete(UpdateDraft).where(UpdateDraft.update_id == about.id))
        for version in own.scalars(select(UpdateVersion).where(UpdateVersion.update_id == about.id)).all():
            version.content = {**version.content, "title": "", "summary": "", "body": "", "source": ""}
            version.correction = ""
        about.title, about.search_text, about.withdrawn_words = _("A story that is gone"), "", ""
        if about.slug is not None:
            about.slug = about.public_id.lower()


def retention(now: datetime) -> None:
    """What somebody read goes with them."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """`kept_id` has read what either read, and wrote what either wrote; joins the transaction."""
    with transaction() as own:
        both = select(UpdateReader.update_id).where(UpdateReader.person_id == kept_id)
        for gone in own.scalars(
            select(UpdateReader).where(UpdateReader.person_id == gone_id).where(UpdateReader.update_id.in_(both))
        ).all():
            kept = own.get_one(UpdateReader, (gone.update_id, kept_id))
            kept.is_in_audience = kept.is_in_audience or gone.is_in_audience
            kept.seen_at = min(filter(None, (kept.seen_at, gone.seen_at)), default=None)
            kept.seen_version = max(kept.seen_version, gone.seen_version)
            kept.helpful_at = kept.helpful_at or gone.helpful_at
            kept.replied_at = max(filter(None, (kept.replied_at, gone.replied_at)), default=None)
            own.delete(gone)
        own.flush()
        for model, column in ((UpdateReader, UpdateReader.person_id), (UpdateStory, UpdateStory.person_id)):
            own.execute(update(model).where(column == gone_id).values(person_id=kept_id))
        own.execute(update(InsiderUpdate).where(InsiderUpdate.author_id == gone_id).values(author_id=kept_id))
        _sign(gone_id, kept_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` goes on with what `from_id` has not published; the rest keeps its author. Joins the transaction."""
    with transaction() as own:
        own.execute(
            update(InsiderUpdate)
            .where(InsiderUpdate.author_id == from_id)
            .where(InsiderUpdate.state.in_(_NOT_OUT))
            .values(author_id=to_id)
        )


def _sign(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        for model, column in _SIGNED:
            own.execute(update(model).where(column == from_id).values({column.key: to_id}))
