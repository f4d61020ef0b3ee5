"""A candidate is erased: whoever was to meet them hears that it does not take place, and nothing of who it was."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from portal.interviews.actions.telling import Facts, ReadyMail, facts_of, send_all, to_panel
from portal.interviews.emails.inviting import PanelNews
from portal.interviews.queries.arranged import find_arranged
from portal.interviews.queries.overdue import to_come_of
from portal.wording.actions import holding_back


@dataclass(frozen=True)
class Leaving:
    """An interview that does not take place because its candidate goes, and the mails that say so."""

    facts: Facts
    mails: tuple[ReadyMail, ...]

    @property
    def still_holds(self) -> bool:
        """Whether it stands as when the mails were made."""
        one = self.facts.arranged
        return find_arranged(one.id) == one


def ready_to_leave(person_id: int, now: datetime) -> list[Leaving]:
    """The mails to the panels of what is still to come of this candidate: before the transaction that erases them.

    Words that lack a value keep nobody from being erased; that they were not written stands on the list of such mails.
    """
    found = []
    for interview_id, public_id in to_come_of(person_id, now):
        with holding_back(f"interviews/erased:{public_id}", None, now):
            facts = facts_of(interview_id)
            after = replace(facts.arranged, sequence=facts.arranged.sequence + 1)
            found.append(Leaving(facts, to_panel(facts.colleagues, facts, after, PanelNews.CANCELLED, now)))
    return found


def tell_of_leaving(found: Iterable[Leaving], now: datetime) -> None:
    """Put those mails into the outbox, once the interviews are gone; joins the transaction."""
    for one in found:
        send_all(one.facts, f"erased:{one.facts.arranged.sequence}", None, one.mails, now)
