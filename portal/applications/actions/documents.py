"""Keeping CVs: stored for a day at first, for as long as what they belong to once they belong to something."""

from datetime import datetime, timedelta
from io import BytesIO

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.applications.actions.locking import lock_people
from portal.applications.models import Application, ApplyRequest, Submission
from portal.applications.queries import find_application_of
from portal.applications.queries.applying import FileLine
from portal.applications.rules.applying import NotAccepting
from portal.applications.rules.documents import MAX_CV, DocumentRefused, check_document, document_name
from portal.applications.states import ENDINGS
from portal.audit.actions import record
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.files.actions import delete_files, store_file
from portal.files.models import StoredFile
from portal.files.queries import FileName

#: Until it belongs to a draft or an application; who applies as a stranger has a day to confirm, over midnight too.
_DAYS_ALONE = 2


def keep_document(content: bytes, name: str, owner_id: int | None, now: datetime) -> FileLine:
    """Store a CV that belongs to nothing yet; it goes after a day if that stays so. Raises DocumentRefused.

    `owner_id` is None for a stranger.
    """
    shown = document_name(name, check_document(content))
    kept = store_file(BytesIO(content), shown, owner_id=owner_id, keep_days=_DAYS_ALONE, limit=MAX_CV, now=now)
    return FileLine(kept.id, kept.public_id, shown, len(content), now)


def belong(file_id: int | None, owner_id: int | None) -> int | None:
    """Keep a file for as long as what points to it; its id, or None when it is gone. Joins the transaction."""
    if file_id is None:
        return None
    with transaction() as session:
        kept: int | None = session.scalar(
            update(StoredFile)
            .where(StoredFile.id == file_id)
            .where(StoredFile.owner_id.is_(None) | (StoredFile.owner_id == owner_id))
            .values(owner_id=owner_id, delete_on=None)
            .returning(StoredFile.id)
        )
        return kept


def keep_another_day(file_id: int, now: datetime) -> None:
    """Let a file that belongs to nothing yet stay for another day; joins the transaction."""
    with transaction() as session:
        session.execute(
            update(StoredFile)
            .where(StoredFile.id == file_id)
            .where(StoredFile.delete_on.is_not(None))
            .values(delete_on=day_of(now, company_zone()) + timedelta(days=_DAYS_ALONE))
        )


def throw_away(file_ids: list[int | None]) -> None:
    """Delete files that nothing points to any more; after the transaction that said so, never inside it."""
    wanted = [file_id for file_id in file_ids if file_id is not None]
    if not wanted:
        return
    with transaction() as session:
        rows = session.execute(
            select(StoredFile.id, StoredFile.public_id).where(StoredFile.id.in_(wanted)).order_by(StoredFile.id)
        ).all()
    delete_files([FileName(*row) for row in rows])


def claim(file_id: int, now: datetime) -> None:
    """Let a file that a stranger left here belong to the request they send now; joins the transaction.

    Nobody else's request takes it from then on. Raises DocumentRefused when it is gone, or another request has it.
    """
    with transaction() as session:
        if not _is_unsent(session, file_id):
            raise DocumentRefused(_("Your CV is no longer here. Please choose it again."))
        keep_another_day(file_id, now)


def throw_away_unsent(file_ids: list[int | None]) -> None:
    """Delete files that strangers left here; one that belongs to a request or to somebody stays as it is."""
    for file_id in [one for one in file_ids if one is not None]:
        with transaction() as session:
            if not _is_unsent(session, file_id):
                continue
            name = session.execute(
                delete(StoredFile).where(StoredFile.id == file_id).returning(StoredFile.id, StoredFile.public_id)
            ).one()
        delete_files([FileName(*name)])


def _is_unsent(session: Session, file_id: int) -> bool:
    """Whether a file belongs to nothing; whoever else asks waits until the transaction ends."""
    found = session.scalar(
        select(StoredFile.id)
        .where(StoredFile.id == file_id)
        .where(StoredFile.owner_id.is_(None))
        .where(StoredFile.delete_on.is_not(None))
        .with_for_update()
    )
    sent = select(ApplyRequest.id).where(ApplyRequest.cv_id == file_id)
    return found is not None and session.scalar(sent) is None


def put_cv(person_id: int, public_id: str, content: bytes, name: str, now: datetime) -> None:
    """Add a CV to one's own open application, in place of the one before.

    Raises DocumentRefused, NotAccepting when it has ended, NotFound.
    """
    _find_open(person_id, public_id)
    kept = keep_document(content, name, person_id, now)
    _change_cv(person_id, public_id, kept.id, "applications.add_cv", now)


def remove_cv(person_id: int, public_id: str, now: datetime) -> None:
    """Take the CV away from one's own open application. Raises NotAccepting, NotFound."""
    _change_cv(person_id, public_id, None, "applications.remove_cv", now)


def _change_cv(person_id: int, public_id: str, file_id: int | None, action: str, now: datetime) -> None:
    with transaction() as session:
        lock_people(session, person_id)
        _find_open(person_id, public_id)
        submission = session.scalar(
            select(Submission)
            .join(Application, Application.id == Submission.application_id)
            .where(Application.public_id == public_id)
            .where(Application.person_id == person_id)
            .with_for_update()
        )
        if submission is None:
            raise NotFound
        before = submission.cv_id
        submission.cv_id = belong(file_id, person_id)
        session.flush()
        record(action, f"application:{public_id}", actor_id=person_id, now=now, person_id=person_id)
    throw_away([before])


def _find_open(person_id: int, public_id: str) -> None:
    view = find_application_of(person_id, public_id)
    if view is None:
        raise NotFound
    if view.status in ENDINGS:
        raise NotAccepting(_("This application has ended, so its files stay as they are."))


def forget_submissions(person_id: int) -> None:
    """Delete what came with a person's applications; joins the transaction, `files` deletes the files."""
    with transaction() as session:
        theirs = select(Application.id).where(Application.person_id == person_id).scalar_subquery()
        session.execute(delete(Submission).where(Submission.application_id.in_(theirs)))
