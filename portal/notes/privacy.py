"""What colleagues noted about a person: for colleagues only, and gone with the person."""

from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update

from portal.core.db import Model, one_at_a_time, session, transaction
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.notes.models import Note, NoteRound, PersonTag

TABLES: tuple[type[Model], ...] = (NoteRound, Note, PersonTag)
#: How long it is kept on whom something was noted together.
_ROUNDS_KEPT = timedelta(days=30)


def export(person_id: int) -> list[ExportSection]:
    """That there is such a thing, alike for everybody: no note or tag, nor whether there is one, leaves the staff."""
    working = ExportSection(
        title=_("Working notes of colleagues"),
        rows=[],
        kept=_("For as long as we know you; they go with everything else when you are erased."),
        seen_by=_("Recruiters, and the hiring manager of an opening where a note is about an application to it."),
        empty=_(
            "While they decide, colleagues may keep notes for themselves, and words to find people again. "
            "They are not part of what is shown here. You can ask us about them at any time."
        ),
    )
    return [working, *_work(person_id)]


def _work(person_id: int) -> list[ExportSection]:
    """For staff: that they noted something; the words are about others."""
    notes = session().scalar(select(func.count(Note.id)).where(Note.author_id == person_id)) or 0
    tags = session().scalar(select(func.count(PersonTag.id)).where(PersonTag.added_by_id == person_id)) or 0
    if not notes and not tags:
        return []
    return [
        ExportSection(
            title=_("What you noted about others"),
            rows=[(_("Notes of yours"), str(notes)), (_("Tags you gave"), str(tags))],
            kept=_("For as long as those you noted it about are known here."),
            seen_by=_("Your colleagues."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Delete what was noted about the person; joins the transaction.

    What they noted about others as staff stays, by somebody without a name.
    """
    with transaction() as own:
        on_them = select(Note.round_id).where(Note.person_id == person_id).where(Note.round_id.is_not(None))
        rounds = own.scalars(on_them.order_by(Note.round_id)).all()
        own.execute(delete(Note).where(Note.person_id == person_id))
        others = select(Note.round_id).where(Note.round_id.in_(rounds))
        own.execute(delete(NoteRound).where(NoteRound.id.in_(rounds)).where(NoteRound.id.not_in(others)))
        own.execute(delete(PersonTag).where(PersonTag.person_id == person_id))


def retention(now: datetime) -> None:
    """Notes and tags go with the person; who was noted on together is forgotten after a while."""
    with transaction() as own:
        own.execute(delete(NoteRound).where(NoteRound.created_at < now - _ROUNDS_KEPT))


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """What was noted about either is about one person, and a tag of both is one; joins the transaction."""
    with transaction() as own:
        # Whoever renames or merges tags meanwhile could make two of a person's tags one.
        one_at_a_time("tags")
        own.execute(update(Note).where(Note.person_id == gone_id).values(person_id=kept_id))
        # The keys of sent forms are single for an author only.
        own.execute(update(Note).where(Note.author_id == gone_id).values(author_id=kept_id, form_key=None))
        own.execute(update(NoteRound).where(NoteRound.author_id == gone_id).values(author_id=kept_id, form_key=None))
        twice = select(PersonTag.key).where(PersonTag.person_id == kept_id)
        own.execute(
            delete(PersonTag)
            .where(PersonTag.person_id == gone_id)
            .where(PersonTag.key.in_(twice))
            .execution_options(synchronize_session=False)
        )
        own.execute(update(PersonTag).where(PersonTag.person_id == gone_id).values(person_id=kept_id))
        own.execute(update(PersonTag).where(PersonTag.added_by_id == gone_id).values(added_by_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """Whoever noted something keeps having noted it."""
