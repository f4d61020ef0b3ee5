"""People who come past a touchpoint, and the worker that asks them."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.applications.states import ApplicationStatus, EventKind
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.surveys.jobs import ask_people, remind_people, stop_waiting_mails
from portal.surveys.models import Survey, SurveyInvitation
from portal.surveys.rules.questions import Content, Question
from portal.surveys.states import QuestionKind, Touchpoint, WhyNotAsked
from tests.factories import Made, add_event, make_application, make_opening
from tests.outbox.letters import put

#: Nobody is late by then.
LATER = date(2026, 6, 1)
ONE_TAP = Content(
    title="How was applying?",
    introduction="One tap is enough.",
    questions=(Question("effort", QuestionKind.EFFORT, "How easy or hard was it to apply?", is_required=True),),
    thanks="Thank you.",
)


def candidate(rita: int, name: str = "Ada Lind", person_id: int | None = None, title: str = "Data Analyst") -> Made:
    """Somebody whose application is open, and to whom we owe nothing yet."""
    return make_application(make_opening(title), rita, name=name, person_id=person_id, promised=LATER)


def told(
    made: Made,
    status: ApplicationStatus = ApplicationStatus.NOT_SELECTED,
    *,
    state: DeliveryState = DeliveryState.SENT,
) -> int:
    """A letter says how it ended; the delivery's id. Sent: accepted by the mail server now."""
    delivery_id = put(len(deliveries()) + 1000, cause=f"application:{made.public_id}", person_id=made.person_id)
    add_event(made.id, status=status, delivery_id=delivery_id, message="A letter.")
    settle(delivery_id, state)
    return delivery_id


def withdrew(made: Made) -> None:
    """They took it back on their page."""
    add_event(made.id, EventKind.WITHDRAWN, status=ApplicationStatus.WITHDRAWN)


def settle(delivery_id: int, state: DeliveryState = DeliveryState.SENT) -> None:
    """Let a mail stand so."""
    with transaction() as own:
        row = own.get_one(Delivery, delivery_id)
        row.state = state
        row.sent_at = clock.now() if state is DeliveryState.SENT else None


def work() -> None:
    """What the worker does about surveys."""
    for job in (ask_people, remind_people, stop_waiting_mails):
        end_reading()
        job(clock.now())
    end_reading()


def asked(*touchpoints: Touchpoint) -> list[SurveyInvitation]:
    """Everybody who was asked or passed over, the first one first."""
    end_reading()
    found = select(SurveyInvitation).join(Survey, Survey.id == SurveyInvitation.survey_id)
    if touchpoints:
        found = found.where(Survey.touchpoint.in_(touchpoints))
    return list(session().scalars(found.order_by(SurveyInvitation.id)))


def why_not(*touchpoints: Touchpoint) -> list[WhyNotAsked | None]:
    """Of each of them why they were not asked; None: they were."""
    return [one.why_not for one in asked(*touchpoints)]


def deliveries(kinds: Iterable[str] = ()) -> list[Delivery]:
    """The mails of these kinds, the first one first; all where none is named."""
    end_reading()
    found = select(Delivery).order_by(Delivery.id)
    return [one for one in session().scalars(found) if not kinds or one.kind in kinds]


def survey_mails() -> list[Delivery]:
    """The mails about surveys."""
    return [one for one in deliveries() if one.kind.startswith("surveys/")]
