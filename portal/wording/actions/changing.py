"""Changing the words of mails: always a new version, never over another one."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.wording.models import MailWording
from portal.wording.queries import current_words, find_mail, find_version
from portal.wording.rules import Words, refuse_unfit, tidy

_NO_WORDS = Words("", "", "", "")


class WordsChanged(PortalError):
    """Somebody else has saved other words for this mail meanwhile."""


def change_mail(kind: str, locale: str, words: Words, seen: int, *, actor_id: int, now: datetime) -> bool:
    """Let the mail go out with `words` from now on; False when they are what goes out already. Recorded.

    `seen` is the number of the version that the admin saw; raises WordsChanged when it is no longer the newest,
    UnfitWords, NotFound.
    """
    mail = find_mail(kind)
    if mail is None:
        raise NotFound
    tidied = tidy(words)
    refuse_unfit(mail, tidied)
    return _add_version(kind, locale, tidied, seen, actor_id=actor_id, now=now)


def use_our_words(kind: str, locale: str, seen: int, *, actor_id: int, now: datetime) -> bool:
    """Let the mail go out with the words that came with the program; False when it does. Raises as `change_mail`."""
    if find_mail(kind) is None:
        raise NotFound
    return _add_version(kind, locale, None, seen, actor_id=actor_id, now=now)


def use_version(kind: str, locale: str, number: int, seen: int, *, actor_id: int, now: datetime) -> bool:
    """Go back to an earlier version, as a new one; raises as `change_mail`."""
    version = find_version(kind, locale, number)
    if version is None:
        raise NotFound
    if version.is_ours:
        return use_our_words(kind, locale, seen, actor_id=actor_id, now=now)
    return change_mail(kind, locale, version.words, seen, actor_id=actor_id, now=now)


def _add_version(kind: str, locale: str, words: Words | None, seen: int, *, actor_id: int, now: datetime) -> bool:
    try:
        with transaction() as session:
            session.scalars(
                select(MailWording.id)
                .where(MailWording.kind == kind)
                .where(MailWording.locale == locale)
                .order_by(MailWording.id)
                .with_for_update()
            ).all()
            current = current_words(kind, locale)
            if current.number != seen:
                raise _changed()
            if current.is_ours if words is None else words == current.words:
                return False
            stored = words or _NO_WORDS
            session.add(
                MailWording(
                    kind=kind,
                    locale=locale,
                    number=seen + 1,
                    is_ours=words is None,
                    subject=stored.subject,
                    preheader=stored.preheader,
                    heading=stored.heading,
                    body=stored.body,
                    author_id=actor_id,
                    created_at=now,
                )
            )
            action = "wording.reset_mail" if words is None else "wording.change_mail"
            record(action, f"mail:{kind}", actor_id=actor_id, now=now, version=seen + 1)
            session.flush()
            return True
    except IntegrityError as error:
        # Nobody had changed this mail before, and two admins did so at the same moment: the other was faster.
        raise _changed() from error


def _changed() -> WordsChanged:
    return WordsChanged(_("Somebody else changed this mail while your page was open."))
