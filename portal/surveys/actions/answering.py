"""Somebody answers a survey: saved as they go, tied to them; sent, a ballot without a name or answers they signed.

No audit record, no line in a log, no mail, no time, and nothing of a token or a delivery: each of them would say who
answered when.
"""

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.surveys.models import Ballot, Lot, PartialAnswers, SignedResponse, SurveyInvitation
from portal.surveys.queries.answering import OwnSurvey, outcome_of, own_survey
from portal.surveys.rules.answers import (
    KEPT_DAYS,
    Cleaned,
    NotGood,
    clean_answers,
    must_be_complete,
    must_be_open,
)
from portal.surveys.rules.releasing import FEWEST

#: By the id of a question, what a form sends for it; a question that is not there was not on the form.
Given = Mapping[str, Sequence[str]]


def save_answers(invitation_id: int, given: Given, *, now: datetime) -> dict[str, str]:
    """Keep what somebody has answered so far; what was on the form and is empty now has no answer any more.

    Returns what is wrong by the id of the question; those answers are not kept and the others are.
    Raises NotFound, NotOpen when no answer is taken any more.
    """
    with transaction() as session:
        row, own = _locked(session, invitation_id, now)
        cleaned = clean_answers(own.content, given)
        answers = _merged(own, cleaned)
        if answers != own.answers:
            _keep(session, row, own, answers, day_of(now, company_zone()))
    return cleaned.errors


def answer_survey(
    invitation_id: int, *, is_signed: bool = False, may_contact: bool = False, given: Given | None = None, now: datetime
) -> None:
    """Send what was saved, and `given` with it: once, whoever presses how often.

    Without a name it goes into the ballot box; with it, or with leave to write to them, it is theirs to be read.
    Raises NotFound, NotOpen (also when it was sent before), NotGood, NotComplete.
    """
    with transaction() as session:
        row, own = _locked(session, invitation_id, now)
        cleaned = clean_answers(own.content, given or {})
        for message in cleaned.errors.values():
            raise NotGood(message)
        answers = _merged(own, cleaned)
        must_be_complete(own.content, answers)
        row.is_opened = row.is_answered = True
        row.version_number = own.version_number
        if is_signed or may_contact:
            _sign(session, own, answers, may_contact, day_of(now, company_zone()))
        else:
            row.lot = _drop_ballot(session, own, answers)
        session.execute(delete(PartialAnswers).where(PartialAnswers.invitation_id == invitation_id))


def _locked(session: Session, invitation_id: int, now: datetime) -> tuple[SurveyInvitation, OwnSurvey]:
    """The invitation, which nobody else changes until we have; raises unless answers are taken."""
    found = select(SurveyInvitation).where(SurveyInvitation.id == invitation_id)
    row = session.scalars(found.with_for_update()).one_or_none()
    own = own_survey(invitation_id, now) if row is not None else None
    if row is None or own is None:
        raise NotFound
    must_be_open(own.stand)
    return row, own


def _merged(own: OwnSurvey, cleaned: Cleaned) -> dict[str, Any]:
    """What was saved, with what is given now in its place, in the order of the questions."""
    answers = {**own.answers, **cleaned.answers}
    return {
        one.id: answers[one.id] for one in own.content.questions if one.id in answers and one.id not in cleaned.empty
    }


def _keep(session: Session, row: SurveyInvitation, own: OwnSurvey, answers: dict[str, Any], today: date) -> None:
    row.is_opened, row.version_number = True, own.version_number
    kept = session.get(PartialAnswers, own.invitation_id)
    if kept is None:
        delete_on = today + timedelta(days=KEPT_DAYS)
        session.add(PartialAnswers(invitation_id=own.invitation_id, answers=answers, delete_on=delete_on))
    else:
        kept.answers = answers


def _sign(session: Session, own: OwnSurvey, answers: dict[str, Any], may_contact: bool, today: date) -> None:
    session.add(
        SignedResponse(
            public_id=new_public_id(),
            survey_id=own.survey_id,
            version_number=own.version_number,
            person_id=own.person_id,
            application_id=own.application_id,
            answers=answers,
            may_contact=may_contact,
            signed_on=today,
            is_counted=False,
        )
    )


def _drop_ballot(session: Session, own: OwnSurvey, answers: dict[str, Any]) -> str | None:
    """Put the answers into the box; the key of the ballots that theirs is among, where they wait for the decision."""
    lot = outcome = None
    if own.is_before_the_decision:
        lot = _lot_for(session, own)
    elif own.application_id is not None:
        outcome = outcome_of(own.application_id)
    session.add(
        Ballot(
            key=new_public_id() + new_public_id(),
            survey_id=own.survey_id,
            version_number=own.version_number,
            lot=lot or "",
            opening_id=own.opening_id,
            area=own.area,
            outcome=outcome,
            answers=answers,
        )
    )
    return lot


def _lot_for(session: Session, own: OwnSurvey) -> str:
    """The lot of this version and opening that is not full, or a new one."""
    opening_id = own.opening_id or 0
    one_at_a_time(f"ballot lot of {own.survey_id}, {own.version_number}, {opening_id}")
    found = (
        select(Lot)
        .where(Lot.survey_id == own.survey_id)
        .where(Lot.version_number == own.version_number)
        .where(Lot.opening_id == opening_id)
        .where(Lot.ballot_count < FEWEST)
        .order_by(Lot.key)
        .limit(1)
    )
    lot = session.scalars(found).one_or_none()
    if lot is None:
        lot = Lot(
            key=new_public_id(),
            survey_id=own.survey_id,
            version_number=own.version_number,
            opening_id=opening_id,
            ballot_count=0,
        )
        session.add(lot)
    lot.ballot_count += 1
    return lot.key
