"""Finishing an opening: endings for many, each a letter of its own, and the end of the opening itself."""

from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from sqlalchemy import select

from portal.applications.actions.taking_back import take_back_letter
from portal.applications.actions.telling import found
from portal.applications.actions.writing import write_to_candidate
from portal.applications.models import Application, EndingLetter, EndingRound
from portal.applications.queries import StaffScope
from portal.applications.queries.finishing import (
    LetterToWrite,
    RoundView,
    in_opening,
    round_lines,
)
from portal.applications.rules import (
    EndingWaits,
    GoneAlready,
    Proposal,
    ProposalRefused,
    StaleApplication,
    check_ending,
)
from portal.applications.rules.finishing import FOR_MANY, StillOpen, check_words, personal
from portal.applications.states import STEPS, ApplicationStatus, ItemState
from portal.audit.actions import record
from portal.company.queries import end_reasons_known
from portal.core.db import end_reading, transaction
from portal.core.errors import Busy, NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, Role, is_allowed
from portal.openings.actions import mark_finished
from portal.openings.models import Opening
from portal.people.queries import find_staff
from portal.wording.rules import MissingValue

#: What keeps one person from being told and the others not.
_KEPT_FROM: Final = (EndingWaits, ProposalRefused, Busy)
_LETTER: Final = "applications/ending"


@dataclass(frozen=True)
class EndingForMany:
    """One outcome, one reason for us, and words that may hold the place of a name."""

    outcome: ApplicationStatus
    end_reason: str | None
    internal_reason: str
    message: str

    def proposal(self, name: str) -> Proposal:
        """What somebody called so is written; raises MissingValue where a name is needed and nobody knows it."""
        words = personal(self.message, name)
        if words is None:
            raise MissingValue(_LETTER, "name", _("Their name"))
        return Proposal(self.outcome, words, None, "", end_reason=self.end_reason, internal_reason=self.internal_reason)


def check_for_many(ending: EndingForMany) -> None:
    """Raise ProposalRefused unless many may be ended so."""
    if ending.outcome not in FOR_MANY:
        raise ProposalRefused("outcome", _("This outcome is worded one by one, on the page of each application."))
    check_words(ending.message)
    check_ending(ending.proposal("A"), STEPS[0], end_reasons_known(ending.outcome), is_marked=False)


def end_many(
    opening_id: int, seen: Mapping[str, str], ending: EndingForMany, *, scope: StaffScope, now: datetime
) -> str:
    """Let a job write to each of these that their application has ended; returns the public id of the whole. Recorded.

    `seen`: public ids of applications with the newest event of each that was before the writer; who had another
    meanwhile is left out by the job and listed. Raises ProposalRefused, NotFound.
    """
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    check_for_many(ending)
    here = [one.public_id for one in in_opening(opening_id, scope) if one.public_id in seen and one.is_to_do]
    if not here:
        raise ProposalRefused("who", _("Please choose at least one person who has no ending yet."))
    with transaction() as session:
        opening = session.get(Opening, opening_id)
        if opening is None:
            raise NotFound
        chosen = EndingRound(
            public_id=new_public_id(),
            opening_id=opening_id,
            actor_id=scope.person_id,
            outcome=ending.outcome,
            end_reason=ending.end_reason,
            internal_reason=ending.internal_reason,
            message=check_words(ending.message),
            created_at=now,
        )
        session.add(chosen)
        session.flush()
        found_ids = session.execute(
            select(Application.public_id, Application.id)
            .where(Application.public_id.in_(here))
            .where(Application.opening_id == opening_id)
            .order_by(Application.id)
        )
        for public_id, application_id in found_ids:
            session.add(
                EndingLetter(
                    round_id=chosen.id,
                    application_id=application_id,
                    seen_event_id=seen[public_id],
                    state=ItemState.WAITING,
                    why="",
                )
            )
        record(
            "applications.end_many",
            f"opening:{opening.public_id}",
            actor_id=scope.person_id,
            person_id=None,
            now=now,
            count=len(here),
            status=str(ending.outcome),
        )
        return chosen.public_id


def write_ending(letter: LetterToWrite, now: datetime) -> None:
    """Write one letter of an ending for many, or note why this person is left out; safe to run twice.

    Raises MissingValue, after noting it, where the words need a name that nobody knows.
    """
    scope = _scope_of(letter.actor_id)
    if scope is None:
        _settle(letter, ItemState.LEFT_OUT, _("Whoever wrote this does not work here any more."))
        return
    ending = EndingForMany(letter.outcome, letter.end_reason, letter.internal_reason, letter.message)
    try:
        proposal = ending.proposal(letter.person_name)
        write_to_candidate(
            letter.application_id, scope=scope, proposal=proposal, seen_event_id=letter.seen_event_id, now=now
        )
    except StaleApplication:
        _settle_changed(letter, scope)
    except NotFound:
        _settle(letter, ItemState.LEFT_OUT, _("This application is not here any more."))
    except _KEPT_FROM as error:
        _settle(letter, ItemState.LEFT_OUT, error.message)
    except MissingValue as error:
        _settle(letter, ItemState.LEFT_OUT, error.message)
        raise
    else:
        _settle_written(letter, scope, now)


def _settle_written(letter: LetterToWrite, scope: StaffScope, now: datetime) -> None:
    """It is written; where all was taken back while it was, it does not go either."""
    if _settle(letter, ItemState.DONE, ""):
        return
    end_reading()
    event_id = found(letter.application_id, scope).newest_event_id
    with suppress(GoneAlready, NotFound):
        take_back_letter(letter.application_id, event_id, scope=scope, now=now)


def _scope_of(actor_id: int | None) -> StaffScope | None:
    staff = find_staff(actor_id) if actor_id is not None else None
    return StaffScope(staff.person_id, Role(staff.role)) if staff is not None else None


def _settle_changed(letter: LetterToWrite, scope: StaffScope) -> None:
    """Something is newer than what was seen: our own letter, when a worker died right after it, or a colleague's."""
    end_reading()
    newest = found(letter.application_id, scope).events[0]
    is_ours = newest.actor_id == letter.actor_id and newest.status is letter.outcome
    if is_ours and newest.message == personal(letter.message, letter.person_name):
        _settle(letter, ItemState.DONE, "")
    else:
        _settle(letter, ItemState.LEFT_OUT, _("Something has happened since you looked."))


def _settle(letter: LetterToWrite, state: ItemState, why: str) -> bool:
    """Note what became of it, once; False where it was taken back before."""
    with transaction() as session:
        row = session.get(EndingLetter, letter.letter_id, with_for_update=True)
        if row is not None and row.state is ItemState.WAITING:
            row.state, row.why = state, why
        return row is None or row.state is not ItemState.TAKEN_BACK


def take_endings_back(chosen: RoundView, *, scope: StaffScope, now: datetime) -> int:
    """Take back what no mail server has been given yet, and write to nobody else; returns how many that were."""
    if not is_allowed(scope.role, Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    count = 0
    with transaction() as session:
        rows = session.scalars(
            select(EndingLetter)
            .where(EndingLetter.round_id == chosen.id)
            .where(EndingLetter.state == ItemState.WAITING)
            .order_by(EndingLetter.id)
            .with_for_update()
        ).all()
        for row in rows:
            row.state = ItemState.TAKEN_BACK
            count += 1
    for line in round_lines(chosen.id):
        if line.waiting_event_id is None:
            continue
        end_reading()
        try:
            take_back_letter(line.application_id, line.waiting_event_id, scope=scope, now=now)
        except (GoneAlready, NotFound):
            continue
        _note_taken_back(chosen.id, line.application_id)
        count += 1
    return count


def _note_taken_back(round_id: int, public_id: str) -> None:
    with transaction() as session:
        row = session.scalars(
            select(EndingLetter)
            .join(Application, Application.id == EndingLetter.application_id)
            .where(EndingLetter.round_id == round_id)
            .where(Application.public_id == public_id)
        ).one()
        row.state = ItemState.TAKEN_BACK


def close_opening(public_id: str, *, scope: StaffScope, now: datetime) -> None:
    """Mark an opening as finished, when everybody in it was told how their application ended. Recorded.

    Raises StillOpen with the names of those who were not, MoveRefused while it is published or never was, NotFound.
    """
    if not is_allowed(scope.role, Permission.WRITE_OPENINGS):
        raise NotFound
    with transaction() as session:
        opening = session.scalars(select(Opening).where(Opening.public_id == public_id).with_for_update()).one_or_none()
        if opening is None:
            raise NotFound
        # All of them, whatever the asker may see: an opening is finished for everybody.
        left = [one.name for one in in_opening(opening.id, StaffScope(0, Role.ADMIN)) if not one.has_ended]
        if left:
            raise StillOpen(left)
        mark_finished(opening.id, now)
        record(
            "openings.finish",
            f"opening:{public_id}",
            actor_id=scope.person_id,
            person_id=None,
            now=now,
        )
