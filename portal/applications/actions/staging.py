"""The internal stage follows the status: a stage that reads otherwise than the candidate does would contradict it."""

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.pipeline import stages_offered
from portal.applications.rules.pipeline import StageOf, stage_for, stages_of
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json


def follow_status(session: Session, application: Application, event: ApplicationEvent) -> None:
    """Move an application that is in a stage to the one that reads as this event does; joins the transaction.

    To the first such stage of its opening, else into none. The stage it was in is noted with the event. An ending
    leaves it, as how far they came.
    """
    stage = stage_for(application.stage, event.status, _stages(session, application, application.stage))
    if stage != application.stage:
        event.stage_before, application.stage = application.stage, stage


def take_stage_back(session: Session, application: Application, event: ApplicationEvent) -> None:
    """Back to the stage before this event, unless somebody has moved it on since; joins the transaction."""
    before = event.stage_before
    if before is None:
        return
    if application.stage == stage_for(before, event.status, _stages(session, application, before)):
        application.stage = before


def _stages(session: Session, application: Application, before: str) -> list[StageOf]:
    """The stages of the newest version of the opening; where it was in none of them, also those that people are in."""
    said = session.scalar(
        select(OpeningVersion.content)
        .join(Opening, (Opening.id == OpeningVersion.opening_id) & (Opening.version_number == OpeningVersion.number))
        .where(Opening.id == application.opening_id)
    )
    named = stages_of([(stage.name, stage.status) for stage in from_json(said).stages]) if said else []
    if not before or any(stage.name == before for stage in named):
        return named
    return stages_offered(application.opening_id, named)
