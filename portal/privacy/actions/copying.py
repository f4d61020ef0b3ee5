"""Making a copy of all that we hold about somebody, by the worker or by a command."""

from datetime import datetime
from pathlib import Path

from portal.audit.actions import record
from portal.company.queries import company_name, privacy_contact
from portal.core.db import transaction
from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.keeping.actions import begin_copy, finish_copy
from portal.keeping.models import PersonalCopy
from portal.keeping.queries import copy_path
from portal.keeping.rules import COPY_LIFE
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import Recipient, recipient
from portal.privacy import emails
from portal.privacy.actions.people import NotPossible
from portal.privacy.adapters import CopyFile, CopyPage, write_archive
from portal.privacy.queries.copies import files_about, parts_about
from portal.privacy.rules import survivors


def make_next_copy(now: datetime) -> bool:
    """Make the copy that waits longest and tell its person; False when none waits.

    One that breaks on the way is begun again after a while, by whichever worker comes then.
    """
    copy = begin_copy(now)
    if copy is None:
        return False
    to = recipient(copy.person_id)
    size = write_copy(copy.person_id, copy_path(copy.public_id), now)
    mail = emails.copy_ready(to, now + COPY_LIFE)
    with transaction():
        if finish_copy(copy.public_id, size, now):
            _tell(copy, to, mail, now)
    return True


def _tell(copy: PersonalCopy, to: Recipient, mail: RenderedMail, now: datetime) -> None:
    cause = f"personal_copy:{copy.public_id}"
    enqueue(
        mail,
        to_address=to.email,
        to_name=to.name,
        person_id=to.person_id,
        mail_class=MailClass.OWN,
        cause=cause,
        dedupe_key=cause,
        now=now,
        expires_at=now + COPY_LIFE,
    )


def write_copy(person_id: int, target: Path, now: datetime) -> int:
    """Write a copy in the person's own language as `target`; its size in bytes. Raises OSError."""
    to = recipient(person_id)
    with reading_as(to.locale, to.timezone):
        page = CopyPage(
            org_name=company_name(),
            name=to.name,
            public_id=to.public_id,
            made_at=now,
            parts=parts_about(person_id),
            files=[CopyFile(file.path, file.name, at) for at, file in enumerate(files_about(person_id), 1)],
            survivors=[str(words) for words in survivors().values()],
            contact=privacy_contact(),
        )
        return write_archive(target, page)


def export_person(person_id: int, target: Path, now: datetime) -> int:
    """Write a copy for somebody who asked outside the site; its size in bytes. Recorded.

    Raises NotPossible when there is a file already, or it cannot be written.
    """
    if target.exists():
        raise NotPossible(_("%(file)s is there already.", file=target.name))
    try:
        size = write_copy(person_id, target, now)
    except OSError as error:
        why = error.strerror or str(error)
        raise NotPossible(_("%(file)s cannot be written (%(why)s).", file=target.name, why=why)) from error
    public_id = recipient(person_id).public_id
    with transaction():
        record("privacy.ask_for_copy", f"person:{public_id}", actor_id=None, now=now, person_id=person_id)
    return size
