"""What the words of mails hold about a person: that they, as an admin, wrote them, and mail that waits for a value."""

from datetime import datetime

from sqlalchemy import delete, select, update

from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.wording.models import HeldBack, MailWording
from portal.wording.queries import title_of

TABLES: tuple[type[Model], ...] = (MailWording, HeldBack)


def export(person_id: int) -> list[ExportSection]:
    """Mail to them that could not be written, and the mails they have written the words of; only what there is."""
    return [*_held_back(person_id), *_words(person_id)]


def _held_back(person_id: int) -> list[ExportSection]:
    found = fetch(
        select(HeldBack.kind, HeldBack.first_at).where(HeldBack.person_id == person_id).order_by(HeldBack.id.desc())
    )
    rows = [(title_of(row.kind), format_moment(row.first_at)) for row in found]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Mail to you that we could not write"),
            rows=rows,
            kept=_("Until it is written, or two weeks after we last tried."),
            seen_by=_("Admins here. Something that the mail says about you is missing."),
        )
    ]


def _words(person_id: int) -> list[ExportSection]:
    found = fetch(
        select(MailWording.kind, MailWording.created_at)
        .where(MailWording.author_id == person_id)
        .order_by(MailWording.id.desc())
    )
    rows = [(title_of(row.kind), format_moment(row.created_at)) for row in found]
    if not rows:
        return []
    return [
        ExportSection(
            title=_("Words of our mails that you changed"),
            rows=rows,
            kept=_("For as long as we know you. If you are erased, the words stay without your name."),
            seen_by=_("Admins here."),
        )
    ]


def erase(person_id: int, now: datetime) -> None:
    """Leave the words, which are the company's, and let go of who wrote them and what waited; joins the transaction."""
    with transaction() as own:
        own.execute(update(MailWording).where(MailWording.author_id == person_id).values(author_id=None))
        _forget_held_back(person_id)


def _forget_held_back(person_id: int) -> None:
    with transaction() as own:
        own.execute(delete(HeldBack).where(HeldBack.person_id == person_id))


def retention(now: datetime) -> None:
    """Every version stays: it shows what people were told. What waits for a value goes after two weeks, by a job."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Who wrote them is `kept_id`; what is still missing is noted anew at the next try. Joins the transaction."""
    with transaction() as own:
        own.execute(update(MailWording).where(MailWording.author_id == gone_id).values(author_id=kept_id))
        _forget_held_back(gone_id)


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """What somebody wrote stays theirs; mail about their work goes to others now. Joins the transaction."""
    _forget_held_back(from_id)
