"""What the worker does for updates by mail; each step is safe to run twice and to be killed in."""

from datetime import datetime, timedelta
from typing import Final

from portal.core.db import end_reading
from portal.core.pausing import pause
from portal.digests.actions import (
    begin_mailing,
    collect_dead_digest,
    collect_letter,
    send_digest,
    settle_some,
    write_some,
)
from portal.digests.queries import (
    collectors_due,
    dead_digests,
    held_letters,
    mailings_that_changed,
    mailings_to_write,
    stopped_with_mail,
    updates_to_mail,
)
from portal.wording.actions import holding_back

#: An update that was published longer ago, before it could be mailed, is not mailed any more.
_BEGUN_WITHIN: Final = timedelta(days=7)
_AT_ONCE: Final = 200


def mail_updates(now: datetime) -> None:
    """Follow what was paused, stopped, corrected or withdrawn; then begin with what is new and go on with the rest."""
    for update_id in mailings_that_changed():
        while settle_some(update_id, now):
            pause()
    end_reading()
    for update_id in updates_to_mail(now - _BEGUN_WITHIN):
        begin_mailing(update_id, now)
    end_reading()
    for update_id in mailings_to_write():
        while write_some(update_id, now):
            pause()
            end_reading()


def collect_letters(now: datetime) -> None:
    """What is held for long, and what a digest held that was given up, waits for the next digest.

    What is not to go any more does not, though it was given up, or came back and waits for another try.
    """
    for update_id in stopped_with_mail():
        end_reading()
        while settle_some(update_id, now):
            pause()
    while letters := held_letters(_AT_ONCE):
        for update_id, person_id in letters:
            collect_letter(update_id, person_id, now)
        pause()
        end_reading()
    while dead := dead_digests(_AT_ONCE):
        for delivery_id in dead:
            collect_dead_digest(delivery_id, now)
        pause()
        end_reading()


def send_digests(now: datetime) -> None:
    """Send whoever is due what waits for them."""
    done: set[tuple[int, str]] = set()
    while due := [one for one in collectors_due(now, _AT_ONCE + len(done)) if one not in done]:
        for person_id, purpose in due:
            done.add((person_id, purpose))
            with holding_back(f"digests/digest:{purpose}:{person_id}", person_id, now):
                send_digest(person_id, purpose, now)
            pause()
        end_reading()
