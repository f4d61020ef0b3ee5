"""Being erased because one wants it: what is open ends, one last mail goes, and then all of it is gone."""

from datetime import datetime

from portal.accounts.actions import end_all_sessions
from portal.applications.actions import withdraw_application
from portal.applications.rules import AlreadyEnded
from portal.core.db import end_reading, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.logs import log
from portal.keeping.actions import ask_for_erasure, forget_copies_of
from portal.keeping.queries import erasures_asked_for, is_to_be_erased, newest_copy
from portal.keeping.rules import may_erase_asked
from portal.outbox.actions import cancel, enqueue
from portal.outbox.states import MailClass
from portal.people.queries import addresses_of, find_staff, recipient
from portal.privacy import emails
from portal.privacy.actions.people import StillAtWork, erase_person, hold_people
from portal.privacy.queries.copies import at_stake


def leave_for_good(person_id: int, actor_id: int | None, now: datetime, *, reason: str = "") -> None:
    """Withdraw what is open, sign them out everywhere, write their last mail, and note that they are to be erased.

    The worker erases them once a mail server has taken that mail. `actor_id`: themselves, an admin, or None for a
    command; `reason` is why somebody else does it. Twice is once. Raises NotFound, StillAtWork, Busy.
    """
    staff = find_staff(person_id)
    if staff is not None and staff.is_active:
        raise StillAtWork(_("Whoever works here hands over first: an admin ends the access, then all can be erased."))
    if is_to_be_erased(person_id):
        return
    stake = at_stake(person_id, now)
    for public_id in stake.open_ids:
        _withdraw(person_id, public_id, now)
    to = recipient(person_id)
    mail = emails.last_mail(to, stake.open_titles) if addresses_of(person_id) else None
    with transaction():
        hold_people(person_id)
        for public_id in stake.open_ids:
            # Their one last mail names what ended.
            cancel(f"application:{public_id}", now)
        _drop_copies(person_id, now)
        delivery_id = None
        if mail is not None:
            delivery_id = enqueue(
                mail,
                to_address=to.email,
                to_name=to.name,
                person_id=person_id,
                mail_class=MailClass.OWN,
                cause=f"erasure:{to.public_id}",
                dedupe_key=f"erasure:{to.public_id}",
                now=now,
            )
        ask_for_erasure(person_id, delivery_id, actor_id, now, reason=reason)
        end_all_sessions(person_id, now, actor_id=actor_id)


def _drop_copies(person_id: int, now: datetime) -> None:
    """Nobody could fetch one any more, and no mail comes after the last."""
    newest = newest_copy(person_id)
    if newest is not None:
        cancel(f"personal_copy:{newest.public_id}", now)
        forget_copies_of(person_id)


def _withdraw(person_id: int, public_id: str, now: datetime) -> None:
    """Withdraw it, unless it has just ended."""
    try:
        withdraw_application(person_id, public_id, why="", now=now)
    except AlreadyEnded:
        log.info("already_ended", application=public_id)


def erase_who_asked(now: datetime) -> int:
    """Erase everybody whose last mail has gone, or cannot go; how many. Safe to run twice."""
    erased = 0
    for one in erasures_asked_for():
        if may_erase_asked(one.asked_at, is_on_its_way=one.is_on_its_way, now=now):
            erased += _erase(one.person_id, now)
        end_reading()
    return erased


def _erase(person_id: int, now: datetime) -> int:
    try:
        erase_person(person_id, None, now)
    except StillAtWork as error:
        log.warning("not_erased", person=person_id, why=error.message)
        return 0
    except NotFound:
        return 0
    return 1
