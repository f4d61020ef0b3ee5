"""Erasing again whoever a restored backup brought back, and letting every no hold that came after it."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from portal.contact.actions import say_no_again
from portal.core.db import end_reading
from portal.core.journal import take_in_lines
from portal.core.logs import log
from portal.privacy.actions.people import StillAtWork, erase_person
from portal.privacy.adapters import Erased, take_in
from portal.privacy.queries.brought_back import people_brought_back
from portal.prospects.actions import keep_closed


def refuse_again(journal_paths: Sequence[Path], now: datetime) -> int:
    """Take these journals into ours, and let every no in it hold again that the database lacks; of how many people.

    Before `erase_again`: what outlives an erasure says what the person had refused. Safe to run twice.
    """
    return say_no_again(take_in_lines(journal_paths), now)


def erase_again(journal_paths: Sequence[Path], now: datetime) -> int:
    """Take these journals of erasures into ours, and erase whoever stands in it and in the database again; how many.

    Whoever came and was erased after the backup has no row here: their address is closed to imports all the same.

    Whoever joined by themselves after they were erased stays: theirs is a newer record under another public id. A
    colleague who works here again by that backup is not erased, and named in the log. Safe to run twice.
    """
    entries = [entry for entry in take_in(journal_paths) if entry.at <= now]
    erased = 0
    for person_id, at in _due(entries).items():
        try:
            erase_person(person_id, None, at, is_again=True)
            erased += 1
        except StillAtWork:
            log.warning("not_erased_again", person=person_id)
        end_reading()
    by_time = sorted(entries, key=lambda entry: entry.at)
    keep_closed({one: entry.at for entry in by_time for one in entry.address_hashes})
    return erased


def _due(entries: Sequence[Erased]) -> Mapping[int, datetime]:
    return people_brought_back({one: entry.at for entry in entries for one in (entry.public_id, *entry.joined)})
