"""Arranging interviews as a recruiter does: on the pages, and what goes out."""

from datetime import datetime
from typing import Any

import vobject
from sqlalchemy import select

from portal.applications.models import Application, ApplicationEvent
from portal.core.db import end_reading, session
from portal.interviews.models import Interview, InterviewHistory, InterviewTime
from portal.interviews.states import TimeState
from portal.outbox.models import Delivery
from tests.factories import Made, public_id_of
from tests.pages import Browser, Page

#: What a recruiter fills in; Tuesday and Wednesday of next week.
FILLED: dict[str, Any] = {
    "times": "10 March 14:00\nWed 11 Mar 10am",
    "title": "Talk with the team",
    "format": "video",
    "minutes": "45",
    "place": "https://meet.example/talk",
    "about": "Your work, and ours.",
    "prepare": "Nothing to prepare.",
    "contact_phone": "+48 22 123 45 67",
    "message": "Dear Ada, we would like to meet you.",
}


def page_of(desk: Browser, made: Made) -> Page:
    """The page on which an interview is proposed."""
    return desk.get(f"/recruiting/applications/{made.public_id}/interviews/new")


def propose(
    desk: Browser,
    made: Made,
    panel: list[int],
    *,
    do: str = "now",
    expect: int = 200,
    again: bool = True,
    **values: Any,
) -> Page:
    """Fill the page in and send it; what is pointed out first is looked at, and sent `again`."""
    filled = {**FILLED, "panel": [public_id_of(one) for one in panel], **values}
    page = desk.submit(page_of(desk, made), having="times", button=do, expect=expect, **filled)
    if again and "Please look at this once" in page.text:
        page = desk.submit(page, having="times", button=do, expect=expect, **filled)
    return page


def newest() -> Interview:
    """The interview that was made last."""
    end_reading()
    return session().scalars(select(Interview).order_by(Interview.id.desc()).limit(1)).one()


def count() -> int:
    """How many interviews there are."""
    end_reading()
    return len(session().scalars(select(Interview.id)).all())


def offered(public_id: str) -> list[datetime]:
    """The times that can be chosen."""
    end_reading()
    found = (
        select(InterviewTime.starts_at)
        .join(Interview, Interview.id == InterviewTime.interview_id)
        .where(Interview.public_id == public_id)
        .where(InterviewTime.state == TimeState.OFFERED)
        .order_by(InterviewTime.starts_at)
    )
    return list(session().scalars(found))


def history(public_id: str) -> list[str]:
    """What happened, the oldest first."""
    end_reading()
    found = (
        select(InterviewHistory.kind)
        .join(Interview, Interview.id == InterviewHistory.interview_id)
        .where(Interview.public_id == public_id)
        .order_by(InterviewHistory.id)
    )
    return [str(kind) for kind in session().scalars(found)]


def last_event(made: Made) -> ApplicationEvent:
    """What happened to the application last."""
    end_reading()
    found = select(ApplicationEvent).where(ApplicationEvent.application_id == made.id)
    return session().scalars(found.order_by(ApplicationEvent.id.desc()).limit(1)).one()


def stage_of(made: Made) -> str:
    """The internal stage."""
    end_reading()
    return session().scalars(select(Application.stage).where(Application.id == made.id)).one()


def outbox(kind: str = "") -> list[Delivery]:
    """The mails about interviews, the oldest first; of one kind, or all."""
    end_reading()
    found = select(Delivery).where(Delivery.kind.startswith(f"interviews/{kind}")).order_by(Delivery.id)
    return list(session().scalars(found))


def sent_to(kind: str) -> set[str]:
    """To whom mails of this kind went."""
    return {mail.to_address for mail in outbox(kind) if mail.kind == f"interviews/{kind}"}


def calendar_in(mail: Delivery) -> tuple[str, int, datetime]:
    """What the entry that goes with a mail says: its method, its sequence and when it begins."""
    read = vobject.readOne(mail.calendar)
    return read.method.value, int(read.vevent.sequence.value), read.vevent.dtstart.value
