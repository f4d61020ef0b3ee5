"""The internal stage follows the status: a stage that reads otherwise than the candidate does would contradict it."""

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries.pipeline import stages_offered
from portal.applications.rules.pipeline import (
    StageOf,
    TakenBack,
    reads_as,
    stage_for,
    stage_without,
    stages_of,
)
from portal.applications.states import ApplicationStatus
from portal.openings.models import Opening, OpeningVersion
from portal.openings.rules import from_json
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState


def follow_status(
    session: Session, application: Application, event: ApplicationEvent, stood: str | None = None
) -> None:
    """Move an application that is in a stage to the one that reads as this event does; joins the transaction.

    To the first such stage of its opening, else into none. The stage it was in is noted with the event. An ending
    leaves it, as how far they came. `stood`: the stage before a move was undone that this event replaces; whoever
    was put into it stays there when this says the same.
    """
    stood = application.stage if stood is None else stood
    stages = _stages(session, application, stood)
    stays = bool(stood) and reads_as(stood, event.status, stages)
    stage = stood if stays else stage_for(application.stage, event.status, stages)
    if stage != application.stage:
        event.stage_before, application.stage = application.stage, stage


def take_stage_back(
    session: Session, application: Application, event: ApplicationEvent, moved: tuple[str, str] | None
) -> None:
    """The stage as it is without this event, which is taken back; joins the transaction.

    `moved`: of a change of many, the stage before and the stage it put them in.
    """
    before, put = moved or (event.stage_before, "")
    stages = _stages(session, application, before or application.stage)
    if moved is None and before is not None:
        put = stage_for(before, event.status, stages)
    taken = TakenBack(event.status, _reads_without(session, event), before, put)
    application.stage = stage_without(application.stage, taken, stages)


def _reads_without(session: Session, event: ApplicationEvent) -> ApplicationStatus:
    """What the candidate reads without this event, once the rest that waits has gone."""
    others = (
        select(ApplicationEvent.status)
        .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
        .where(ApplicationEvent.application_id == event.application_id)
        .where(ApplicationEvent.id != event.id)
        .where(or_(Delivery.id.is_(None), Delivery.state.not_in([DeliveryState.DEAD, DeliveryState.CANCELLED])))
        .order_by(ApplicationEvent.id.desc())
        .limit(1)
    )
    return session.scalar(others) or event.status


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
