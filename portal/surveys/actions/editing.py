"""Writing a survey and saying whether it is asked: beginning, saving, publishing, pausing, closing for good."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.audit.actions import record
from portal.core.db import one_at_a_time, transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.identifiers import new_public_id
from portal.surveys.data.ready import ready_content
from portal.surveys.models import Survey, SurveyVersion
from portal.surveys.queries.surveys import contents_of
from portal.surveys.rules.editing import (
    NothingChanged,
    PublishingBlocked,
    StaleDraft,
    check_move,
    lacking,
    with_ids,
    with_results_apart,
)
from portal.surveys.rules.questions import Content, content_as_json, content_from_json
from portal.surveys.states import SurveyState, Touchpoint


def begin_survey(touchpoint: Touchpoint, *, actor_id: int, now: datetime) -> str:
    """Make the ready survey of a touchpoint a draft that can be changed; its public id.

    The same again, or a colleague meanwhile, finds what is there.
    """
    with transaction() as session:
        found = _at(session, touchpoint)
        return (found or _begun(session, touchpoint, actor_id, now)).public_id


def publish_ready(touchpoint: Touchpoint, *, actor_id: int, now: datetime) -> str:
    """Ask what the ready survey of a touchpoint asks, as it is; its public id. A second click publishes nothing more.

    Raises StaleDraft when a colleague has begun to change it.
    """
    with transaction() as session:
        found = _at(session, touchpoint)
        if found is None:
            found = _begun(session, touchpoint, actor_id, now)
            _publish(session, found, content_from_json(found.draft), actor_id, now)
        elif found.state is SurveyState.DRAFT:
            raise StaleDraft(_("A colleague has begun to change it. Nothing was published."))
        return found.public_id


def save_draft(survey_id: int, content: Content, *, draft_number: int, actor_id: int, now: datetime) -> int:
    """Keep what was written, which nobody is asked yet; the draft's new number.

    `draft_number` is the one the writer had before them; raises StaleDraft when a colleague saved another, MoveRefused
    when it is closed, NotFound. Saving the same again changes nothing.
    """
    with transaction() as session:
        survey = _locked(session, survey_id, draft_number, _("A colleague saved this survey while your page was open."))
        draft = content_as_json(with_ids(content, new_public_id))
        if draft != survey.draft:
            survey.draft, survey.draft_number = draft, survey.draft_number + 1
            _note("surveys.save_draft", survey, actor_id, now)
        return survey.draft_number


def publish_survey(survey_id: int, *, draft_number: int, actor_id: int, now: datetime) -> int:
    """Ask what the draft with this number says, from now on; the number of the version.

    Whoever has begun to answer an earlier one goes on with that. A paused survey stays paused. Raises
    PublishingBlocked, NothingChanged, StaleDraft when a colleague saved another draft, MoveRefused when it is closed,
    NotFound.
    """
    with transaction() as session:
        stale = _("A colleague saved this survey while your page was open. Nothing was published.")
        survey = _locked(session, survey_id, draft_number, stale)
        earlier = contents_of(survey_id)
        content = with_results_apart(content_from_json(survey.draft), earlier.values(), new_public_id)
        if found := lacking(content):
            raise PublishingBlocked(found)
        if content == earlier.get(survey.version_number):
            raise NothingChanged(_("Nothing has changed since the last version, so there is none to publish."))
        _publish(session, survey, content, actor_id, now)
        return survey.version_number


def pause_survey(survey_id: int, *, actor_id: int, now: datetime) -> None:
    """Ask nobody new; who was asked can still answer. Raises MoveRefused, NotFound."""
    _move(survey_id, SurveyState.PAUSED, "surveys.pause", actor_id, now)


def resume_survey(survey_id: int, *, actor_id: int, now: datetime) -> None:
    """Ask again, from now on. Raises MoveRefused, also for what was never published; NotFound."""
    _move(survey_id, SurveyState.LIVE, "surveys.resume", actor_id, now)


def close_survey(survey_id: int, *, actor_id: int, now: datetime) -> None:
    """Take no answer any more, for good; what waits is released or destroyed by the release.

    Raises MoveRefused, NotFound.
    """
    _move(survey_id, SurveyState.CLOSED, "surveys.close", actor_id, now)


def _at(session: Session, touchpoint: Touchpoint) -> Survey | None:
    """The survey of a touchpoint that is not closed; nobody else begins one until our transaction ends."""
    one_at_a_time(f"surveys.begin:{touchpoint}")
    statement = select(Survey).where(Survey.touchpoint == touchpoint).where(Survey.state != SurveyState.CLOSED)
    return session.scalar(statement.with_for_update())


def _begun(session: Session, touchpoint: Touchpoint, actor_id: int, now: datetime) -> Survey:
    survey = Survey(
        public_id=new_public_id(),
        touchpoint=touchpoint,
        state=SurveyState.DRAFT,
        draft=content_as_json(ready_content(touchpoint)),
        draft_number=1,
        version_number=0,
        created_at=now,
    )
    session.add(survey)
    session.flush()
    _note("surveys.begin", survey, actor_id, now)
    return survey


def _locked(session: Session, survey_id: int, draft_number: int, stale: str) -> Survey:
    """The survey, which nobody else changes until our transaction ends, to be written on."""
    survey = _one(session, survey_id)
    if survey.state is SurveyState.CLOSED:
        check_move(survey.state, SurveyState.LIVE)
    if survey.draft_number != draft_number:
        raise StaleDraft(stale)
    return survey


def _one(session: Session, survey_id: int) -> Survey:
    survey = session.get(Survey, survey_id, with_for_update=True)
    if survey is None:
        raise NotFound
    return survey


def _publish(session: Session, survey: Survey, content: Content, actor_id: int, now: datetime) -> None:
    stored = content_as_json(content)
    if stored != survey.draft:
        survey.draft, survey.draft_number = stored, survey.draft_number + 1
    survey.version_number += 1
    if survey.state is SurveyState.DRAFT:
        check_move(survey.state, SurveyState.LIVE, is_publishing=True)
        survey.state = SurveyState.LIVE
    session.add(
        SurveyVersion(
            survey_id=survey.id,
            number=survey.version_number,
            content=stored,
            published_by_id=actor_id,
            published_at=now,
        )
    )
    _note("surveys.publish", survey, actor_id, now, version=survey.version_number)


def _move(survey_id: int, after: SurveyState, action: str, actor_id: int, now: datetime) -> None:
    with transaction() as session:
        survey = _one(session, survey_id)
        check_move(survey.state, after)
        survey.state = after
        survey.closed_at = now if after is SurveyState.CLOSED else None
        _note(action, survey, actor_id, now)


def _note(action: str, survey: Survey, actor_id: int, now: datetime, **details: int) -> None:
    record(action, f"survey:{survey.public_id}", actor_id=actor_id, now=now, person_id=None, **details)
