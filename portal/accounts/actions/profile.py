"""How somebody is called, in which language and on which clock they read, as they or their browser say it."""

from datetime import datetime

from portal.core.db import transaction
from portal.outbox.actions import look_again
from portal.people.actions import change_profile, take_browser_zone
from portal.people.queries import recipient


def change_own_profile(person_id: int, *, name: str, locale: str, timezone: str, now: datetime) -> None:
    """Keep what a person says of themselves. Recorded when something changed.

    In another IANA time zone it may be morning already: mail that was held for the hours of the former one is looked
    at again at once.
    """
    before = recipient(person_id).timezone
    with transaction():
        change_profile(person_id, name=name, locale=locale, timezone=timezone, actor_id=person_id, now=now)
        if timezone != before:
            look_again(person_id, now)


def follow_browser(person_id: int, zone: str, now: datetime) -> None:
    """Let somebody who has just come in read on the clock of their browser, the IANA `zone`, unless they chose one.

    Empty: their browser did not say. Held mail is looked at again, as above.
    """
    if not zone:
        return
    with transaction():
        if take_browser_zone(person_id, zone, now):
            look_again(person_id, now)
