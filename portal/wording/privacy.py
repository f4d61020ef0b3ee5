"""What the words of mails say about a person: that they, as an admin, wrote them."""

from datetime import datetime

from sqlalchemy import select, update

from portal.core.db import Model, fetch, transaction
from portal.core.i18n import format_moment
from portal.core.i18n import gettext as _
from portal.core.personal_data import ExportSection
from portal.wording.data import MAILS
from portal.wording.models import MailWording

TABLES: tuple[type[Model], ...] = (MailWording,)


def export(person_id: int) -> list[ExportSection]:
    """Which mails the person has written the words of; nothing at all for those who never did."""
    found = fetch(
        select(MailWording.kind, MailWording.created_at)
        .where(MailWording.author_id == person_id)
        .order_by(MailWording.id.desc())
    )
    rows = [(_title(row.kind), format_moment(row.created_at)) for row in found]
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


def _title(kind: str) -> str:
    return str(MAILS[kind].title) if kind in MAILS else kind


def erase(person_id: int, now: datetime) -> None:
    """Leave the words, which are the company's, and let go of who wrote them; joins the transaction."""
    with transaction() as own:
        own.execute(update(MailWording).where(MailWording.author_id == person_id).values(author_id=None))


def retention(now: datetime) -> None:
    """Every version stays: it shows what people were told."""


def merge(kept_id: int, gone_id: int, now: datetime) -> None:
    """Who wrote them is `kept_id`; joins the transaction."""
    with transaction() as own:
        own.execute(update(MailWording).where(MailWording.author_id == gone_id).values(author_id=kept_id))


def hand_over(from_id: int, to_id: int, now: datetime) -> None:
    """What somebody wrote stays theirs."""
