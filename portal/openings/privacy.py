"""What openings hold about a person: for staff, which ones they look after, wrote and published."""

from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update

from portal.core.db import Model, session, transaction
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.openings.models import Opening, OpeningDraft, OpeningPlace, OpeningVersion

TABLES: tuple[type[Model], ...] = (Opening, OpeningPlace, OpeningVersion, OpeningDraft)


def export(person_id: int) -> list[ExportSection]:
    """The openings that a member of staff looks after and has published; nothing for everybody else."""
    return [*_looked_after(person_id), *_written(person_id)]


def _looked_after(person_id: int) -> list[ExportSection]:
    rows = []
    for opening in session().scalars(select(Opening).where(_is_theirs(person_id)).order_by(Opening.title, Opening.id)):
        is_recruiter = opening.recruiter_id == person_id
        rows.append((opening.title, _("Recruiter") if is_recruiter else _("Hiring manager")))
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Openings you look after"),
            rows=rows,
            kept=_("Until a colleague takes them over."),
            seen_by=_("Your colleagues; candidates of these openings see your name."),
        )
    ]


def _written(person_id: int) -> list[ExportSection]:
    published, drafts = OpeningVersion.published_by_id == person_id, OpeningDraft.changed_by_id == person_id
    versions = session().scalar(select(func.count()).select_from(OpeningVersion).where(published)) or 0
    written = session().scalar(select(func.count()).select_from(OpeningDraft).where(drafts)) or 0
    if not versions and not written:
        return []
    return [
        ExportSection(
            title=_("Openings you wrote"),
            rows=[(_("Versions you published"), str(versions)), (_("Drafts you wrote last"), str(written))],
            kept=_("For as long as the opening is kept; without your name once you are erased."),
            seen_by=_("Your colleagues."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Nobody looks after these openings any more, and nobody wrote them; joins the transaction."""
    _point(person_id, None)
    _sign(person_id, None)


def retention(now: datetime) -> None:
    """An opening holds nothing about candidates and does not age."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """`kept_id` looks after the openings of both and wrote what either wrote; joins the transaction."""
    _point(gone_id, kept_id)
    _sign(gone_id, kept_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """`to_id` looks after the openings of `from_id`, who keeps having written them; joins the transaction."""
    _point(from_id, to_id)


def _point(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        own.execute(update(Opening).where(Opening.recruiter_id == from_id).values(recruiter_id=to_id))
        own.execute(update(Opening).where(Opening.hiring_manager_id == from_id).values(hiring_manager_id=to_id))


def _sign(from_id: int, to_id: int | None) -> None:
    with transaction() as own:
        theirs = OpeningVersion.published_by_id == from_id
        own.execute(update(OpeningVersion).where(theirs).values(published_by_id=to_id))
        own.execute(update(OpeningDraft).where(OpeningDraft.changed_by_id == from_id).values(changed_by_id=to_id))


def _is_theirs(person_id: int) -> ColumnElement[bool]:
    return or_(Opening.recruiter_id == person_id, Opening.hiring_manager_id == person_id)
