"""Whoever was to be at an interview goes: a candidate who is erased, or a colleague who hands over their seats.

The others hear of it, and nothing of who the candidate was. Mails are made before the transaction in which it happens.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from sqlalchemy import select

from portal.applications.models import Application
from portal.core.db import transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.interviews.actions.telling import Facts, ReadyMail, facts_of, send_all, to_panel
from portal.interviews.emails.inviting import PanelNews
from portal.interviews.models import Interview
from portal.interviews.queries.arranged import find_arranged
from portal.interviews.queries.overdue import seats_to_come_of, to_come_of
from portal.people.queries import recipient
from portal.wording.actions import holding_back


class SeatChanged(PortalError):
    """An interview is being changed while a seat in it is handed over; nothing was handed over."""

    def __init__(self) -> None:
        super().__init__(_("An interview of theirs is being changed just now. Please try again in a minute."))


@dataclass(frozen=True)
class Leaving:
    """An interview that somebody leaves, and the mails that say so."""

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


def ready_to_hand_over(from_id: int, to_id: int, now: datetime, *, stays: bool) -> list[Leaving]:
    """The mails about seats that `to_id` takes over from `from_id`: before the transaction that hands them over.

    Whoever takes over gets the entry for their calendar; whoever leaves gets it cancelled, if they are still here
    afterwards (`stays`). Words that lack a value keep nobody from leaving, as with `ready_to_leave`.
    """
    found = []
    for interview_id, public_id in seats_to_come_of(from_id, now):
        with holding_back(f"interviews/handed-over:{public_id}", to_id, now):
            found.append(_handed_over(facts_of(interview_id), from_id, to_id, now, stays=stays))
    return found


def _handed_over(facts: Facts, from_id: int, to_id: int, now: datetime, *, stays: bool) -> Leaving:
    one = facts.arranged
    # Nobody takes a seat in an interview of their own, see `privacy.hand_over`: it stays empty.
    takes_over = to_id != one.person_id
    panel = (set(one.panel) - {from_id}) | ({to_id} if takes_over else set())
    arranged_by = to_id if takes_over and one.arranged_by_id == from_id else one.arranged_by_id
    after = replace(one, sequence=one.sequence + 1, arranged_by_id=arranged_by, panel=tuple(sorted(panel)))
    to = recipient(to_id)
    members = tuple(recipient(staff_id) for staff_id in after.panel)
    answers = to if takes_over and facts.answers.person_id == from_id else facts.answers
    whole = replace(facts, arranged=after, answers=answers, panel=members)
    mails: tuple[ReadyMail, ...] = ()
    if stays:
        left = [member for member in facts.panel if member.person_id == from_id]
        mails += to_panel(left, facts, after, PanelNews.CANCELLED, now)
    if takes_over and to_id not in one.panel:
        mails += to_panel((to,), whole, after, PanelNews.CONFIRMED, now)
    return Leaving(facts, mails)


def hold_seats(found: Sequence[Leaving]) -> None:
    """Hold the interviews whose seats are about to be handed over; joins the transaction.

    Raises SeatChanged when one is not as it was when the mails were made.
    """
    ids = [one.facts.arranged.id for one in found]
    of = [one.facts.arranged.application_id for one in found]
    with transaction() as session:
        # Applications before interviews, as everybody who changes one.
        applications = select(Application.id).where(Application.id.in_(of)).order_by(Application.id)
        session.execute(applications.with_for_update()).all()
        interviews = select(Interview.id).where(Interview.id.in_(ids)).order_by(Interview.id)
        session.execute(interviews.with_for_update()).all()
        if not all(one.still_holds for one in found):
            raise SeatChanged


def tell_of_handing_over(found: Iterable[Leaving], now: datetime) -> None:
    """Put those mails into the outbox, once the seats are another's; joins the transaction."""
    with transaction() as session:
        for one in found:
            interview = session.get_one(Interview, one.facts.arranged.id)
            interview.sequence, interview.changed_at = one.facts.arranged.sequence + 1, now
            send_all(one.facts, f"seat:{interview.sequence}", None, one.mails, now)
