"""An interview moves, gets other times to choose from, other details or another panel, or is called off."""

from dataclasses import dataclass, replace
from datetime import datetime

from portal.applications.queries import StaffScope
from portal.core.i18n import gettext as _
from portal.interviews.actions.carrying import Change, MakeChange, carry_out, plan_change
from portal.interviews.actions.telling import ReadyMail
from portal.interviews.emails.inviting import Letter
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.arranging import (
    ArrangementRefused,
    Details,
    NotPossible,
    Said,
    check_panel,
    checked_details,
    is_past,
    refuse_closed,
    refuse_move,
)
from portal.interviews.states import HistoryKind, InterviewState
from portal.people.queries import active_staff

#: What the candidate has to know when it changes; the rest of the details they find on their page.
_TOLD = ("minutes", "place", "format")


@dataclass(frozen=True)
class Move:
    """Another time at once (`is_set`), or times to choose from instead; the candidate hears why."""

    times: tuple[datetime, ...]
    #: IANA zone in which they were meant.
    zone: str
    is_set: bool
    said: Said


@dataclass(frozen=True)
class NewDetails:
    """What an interview is like from now on; `panel` and `contact_id` are ids of colleagues."""

    details: Details
    panel: tuple[int, ...]
    contact_id: int
    #: Goes to the candidate where they have to know.
    said: Said


def move_interview(public_id: str, move: Move, *, scope: StaffScope, seen: datetime | None, now: datetime) -> None:
    """Put an interview at another time, or offer others; the candidate and the panel hear of it. Recorded.

    Raises as `carry_out` does.
    """
    carry_out(public_id, moving(move), scope=scope, seen=seen, action="interviews.move", now=now)


def preview_move(public_id: str, move: Move, *, scope: StaffScope, now: datetime) -> ReadyMail | None:
    """What the candidate would read of that. Raises as `carry_out` does."""
    return plan_change(public_id, moving(move), scope=scope, now=now)


def moving(move: Move) -> MakeChange:
    """The change that puts it at the one time, or offers several."""
    times, said, is_set, zone = move.times, move.said, move.is_set, move.zone

    def make(one: Arranged, now: datetime) -> Change:
        refuse_closed(one.state)
        if is_past(one.starts_at, now):
            raise NotPossible(_("Its time has passed. Please say first what became of it."))
        if is_set and len(times) != 1:
            raise ArrangementRefused("times", _("Please give one time, or let them choose from several."))
        if is_set and times[0] == one.starts_at:
            raise ArrangementRefused("times", _("It is at this time already."))
        if not is_set:
            after = InterviewState.PROPOSED if one.state is InterviewState.PROPOSED else InterviewState.MOVED
            refuse_move(one.state, after)
            return Change(
                after=replace(one, state=after, starts_at=None, zone=zone),
                history=HistoryKind.MOVED,
                letter=Letter.CHOOSE_AGAIN,
                said=said,
                offered=times,
                last=max(times),
            )
        had_time = one.starts_at is not None
        state = InterviewState.MOVED if had_time else InterviewState.CONFIRMED
        refuse_move(one.state, state)
        return Change(
            after=replace(one, state=state, starts_at=times[0], zone=zone),
            history=HistoryKind.MOVED,
            letter=Letter.MOVED if had_time else Letter.TIME_SET,
            said=said,
            last=times[0],
        )

    return make


def call_off(public_id: str, said: Said, *, scope: StaffScope, seen: datetime | None, now: datetime) -> None:
    """Call an interview off, with words for the candidate; it goes out of every calendar. Recorded. As `carry_out`."""
    carry_out(public_id, calling_off(said), scope=scope, seen=seen, action="interviews.call_off", now=now)


def preview_call_off(public_id: str, said: Said, *, scope: StaffScope, now: datetime) -> ReadyMail | None:
    """What the candidate would read of that. Raises as `carry_out` does."""
    return plan_change(public_id, calling_off(said), scope=scope, now=now)


def calling_off(said: Said) -> MakeChange:
    """The change that calls it off; its time stays noted."""

    def make(one: Arranged, now: datetime) -> Change:
        refuse_closed(one.state)
        if is_past(one.starts_at, now):
            raise NotPossible(_("Its time has passed. Please say what became of it."))
        return Change(
            after=replace(one, state=InterviewState.CANCELLED),
            history=HistoryKind.CANCELLED,
            letter=Letter.CALLED_OFF,
            said=said,
        )

    return make


def change_interview(
    public_id: str, new: NewDetails, *, scope: StaffScope, seen: datetime | None, now: datetime
) -> None:
    """Change what an interview is like and who takes part.

    Another place, way or length is told to the candidate; other details they find on their page. Those who come to
    the panel or leave it hear of it. Recorded. Raises as `carry_out` does.
    """
    carry_out(public_id, changing(new), scope=scope, seen=seen, action="interviews.change", now=now)


def preview_change(public_id: str, new: NewDetails, *, scope: StaffScope, now: datetime) -> ReadyMail | None:
    """What the candidate would read of that; None when they get no mail. Raises as `carry_out` does."""
    return plan_change(public_id, changing(new), scope=scope, now=now)


def changing(new: NewDetails) -> MakeChange:
    """The change of details and panel."""
    panel, contact_id, said = new.panel, new.contact_id, new.said

    def make(one: Arranged, now: datetime) -> Change:
        refuse_closed(one.state)
        if is_past(one.starts_at, now):
            raise NotPossible(_("Its time has passed. Please say what became of it."))
        kept = checked_details(new.details)
        here = {row.person_id: row.name for row in active_staff()}
        check_panel([staff_id for staff_id in panel if staff_id not in one.panel] or panel, one.person_id, here)
        if contact_id not in here:
            raise ArrangementRefused("contact", _("Please choose from those who work here now."))
        after = replace(
            one,
            title=kept.title,
            format=kept.format,
            minutes=kept.minutes,
            place=kept.place,
            about=kept.about,
            prepare=kept.prepare,
            criteria=kept.criteria,
            contact_id=contact_id,
            contact_name=here[contact_id],
            contact_phone=kept.contact_phone,
            panel=tuple(sorted(set(panel))),
        )
        is_told = any(getattr(after, name) != getattr(one, name) for name in _TOLD)
        return Change(
            after=after,
            history=HistoryKind.CHANGED,
            letter=Letter.CHANGED if is_told else None,
            said=said if is_told else None,
            last=one.starts_at,
            answers_wishes=False,
        )

    return make
