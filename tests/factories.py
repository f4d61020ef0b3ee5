"""People, openings and applications as tests need them, and browsers in which they are signed in."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from itertools import count
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import confirm_address, start_session
from portal.applications.actions.documents import belong, keep_document
from portal.applications.models import Application, ApplicationEvent, Submission
from portal.applications.states import ENDINGS, ApplicationStatus, EventKind
from portal.community.states import WorkMode
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.openings.models import Opening, OpeningPlace, OpeningVersion
from portal.openings.rules import OpeningContent, Pay, Place, Stage, as_json, search_text_of
from portal.openings.states import Employment, OpeningState, Seniority
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.actions import add_person, add_staff
from portal.people.models import Address, Person
from portal.people.queries import recipient
from portal.pools.actions import create_pool, put_in
from portal.prospects.models import Prospect
from portal.prospects.states import LegalGround, ProspectSource
from portal.segments.actions import save_segment
from portal.segments.rules import READY_MADE, Group
from portal.tasks.actions import add_task
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from portal.updates.actions import create_update, freeze_some, name_member, publish_update, save_draft
from portal.updates.models import InsiderUpdate
from portal.updates.rules import UpdateContent
from portal.updates.states import UpdateKind
from tests.pages import Browser

ZONE = "Europe/Warsaw"
_numbers = count(1)


def visitor(app: Flask) -> Browser:
    """The browser of somebody who is not signed in."""
    return Browser(app)


def signed_in(app: Flask, person_id: int) -> Browser:
    """A browser in which this person is signed in; their address counts as confirmed from now on."""
    known = recipient(person_id)
    with transaction():
        account_id = confirm_address(known.email, name=known.name, locale="en", timezone=ZONE, now=clock.now())
    secret = start_session(account_id, "Firefox on Linux", clock.now())
    browser = visitor(app)
    with browser.client.session_transaction() as cookie:
        cookie["_user_id"] = secret
        cookie["_fresh"] = True
        cookie["seen"] = int(clock.now().timestamp())
    return browser


def make_person(name: str = "Ada Lind", email: str = "") -> int:
    """Somebody we know, perhaps from an import, who has confirmed nothing; returns the person's id."""
    return add_person(name, email or f"person{next(_numbers)}@example.org", "en", ZONE, clock.now()).id


def make_staff(name: str = "Rita Sander", role: Role = Role.RECRUITER, email: str = "") -> int:
    """A member of staff; returns the person's id."""
    with transaction():
        person_id = make_person(name, email)
        add_staff(person_id, role, None, clock.now())
    return person_id


def make_opening(title: str = "Data Analyst", *, recruiter_id: int | None = None, manager_id: int | None = None) -> int:
    """An opening from an import; returns its id."""
    with transaction() as own:
        opening = Opening(
            public_id=new_public_id(),
            title=title,
            source="greenhouse",
            external_key=f"opening-{next(_numbers)}",
            recruiter_id=recruiter_id,
            hiring_manager_id=manager_id,
            created_at=clock.now(),
        )
        own.add(opening)
        own.flush()
        return opening.id


def published_content(title: str = "Data Analyst", **facts: Any) -> OpeningContent:
    """What an opening says when nothing is missing; `facts` are fields of `OpeningContent`."""
    said: dict[str, Any] = {
        "summary": "You find out what our numbers say.",
        "area": "data",
        "seniority": Seniority.MID,
        "employment": Employment.FULL_TIME,
        "places": (Place("geonames:756135", "Warsaw, Poland"),),
        "work_modes": (WorkMode.HYBRID,),
        "work": "You ask, you count, you tell.",
        "needed": "- SQL\n- Patience",
        "team": "Five people who read each other's work.",
        "hard": "Half of the numbers are wrong.",
        "pay": Pay(Decimal(60_000), Decimal(75_000), "EUR"),
        "is_pool": False,
        "is_ai_used": False,
        "stages": (Stage("A talk", "We talk about your work.", "Hugo", "45 minutes"),),
        "decision_by": date(2026, 5, 29),
        **facts,
    }
    return OpeningContent(title=title, **said)


def make_published(
    title: str = "Data Analyst",
    *,
    published_at: datetime | None = None,
    public_at: datetime | None = None,
    recruiter_id: int | None = None,
    manager_id: int | None = None,
    **facts: Any,
) -> str:
    """An opening that people may apply to, public at once unless `public_at` says otherwise; returns its slug."""
    content, at = published_content(title, **facts), published_at or clock.now()
    with transaction() as own:
        opening_id = make_opening(title, recruiter_id=recruiter_id, manager_id=manager_id)
        opening = own.get_one(Opening, opening_id)
        opening.slug = f"opening-{opening_id}-{next(_numbers)}"
        opening.state, opening.version_number = OpeningState.PUBLISHED, 1
        opening.published_at, opening.public_at, opening.closes_on = at, public_at or at, content.closes_on
        opening.area, opening.seniority = content.area, content.seniority
        opening.is_remote = WorkMode.REMOTE in content.work_modes
        opening.is_hybrid = WorkMode.HYBRID in content.work_modes
        opening.is_on_site = WorkMode.ON_SITE in content.work_modes
        opening.search_text = search_text_of(content)
        for place in content.places:
            own.add(OpeningPlace(opening_id=opening_id, place=place.key, label=place.label))
        own.add(
            OpeningVersion(
                opening_id=opening_id, number=1, content=as_json(content), override_reason="", published_at=at
            )
        )
        return opening.slug


def make_version(opening_id: int, title: str = "Data Analyst", **facts: Any) -> None:
    """What an opening from an import says from now on, for those who applied to it; it is on no public page."""
    with transaction() as own:
        opening = own.get_one(Opening, opening_id)
        opening.version_number += 1
        opening.published_at = opening.public_at = clock.now()
        own.add(
            OpeningVersion(
                opening_id=opening_id,
                number=opening.version_number,
                content=as_json(published_content(title, **facts)),
                override_reason="",
                published_at=clock.now(),
            )
        )


def opening_id_of(slug: str) -> str:
    """The name of a published opening in the staff's URLs."""
    return session().scalars(select(Opening.public_id).where(Opening.slug == slug)).one()


@dataclass(frozen=True)
class Made:
    """An application, by both its names."""

    id: int
    public_id: str
    person_id: int


def make_application(
    opening_id: int,
    owner_id: int,
    *,
    person_id: int | None = None,
    name: str = "Ada Lind",
    status: ApplicationStatus = ApplicationStatus.IN_REVIEW,
    promised: date | None = date(2026, 3, 4),
    changed_at: datetime | None = None,
    **facts: Any,
) -> Made:
    """An application as an import brings it, promised word by `promised` unless it has ended.

    `facts` are columns of `Application`, such as `source_stage` or `channel`.
    """
    has_ended = status in ENDINGS
    values: dict[str, Any] = {
        "source": "greenhouse",
        "external_key": f"application-{next(_numbers)}",
        "applied_on": None,
        "last_activity_on": None,
        "channel": "",
        "imported_tags": [],
        "source_stage": "",
        "source_status": "",
        "source_reason": "",
        "is_held": False,
        "import_ref": "",
        **facts,
    }
    with transaction() as own:
        application = Application(
            public_id=new_public_id(),
            person_id=make_person(name) if person_id is None else person_id,
            opening_id=opening_id,
            owner_id=owner_id,
            change_reported_at=changed_at,
            created_at=clock.now(),
            **values,
        )
        own.add(application)
        own.flush()
        kind = EventKind.ENDED_BEFORE_US if has_ended else EventKind.IMPORTED
        add_event(application.id, kind, status=status, promised=None if has_ended else promised)
        return Made(application.id, application.public_id, application.person_id)


def add_event(
    application_id: int,
    kind: EventKind = EventKind.MESSAGE,
    *,
    status: ApplicationStatus = ApplicationStatus.IN_REVIEW,
    promised: date | None = None,
    message: str = "",
    actor_id: int | None = None,
    delivery_id: int | None = None,
    **facts: Any,
) -> str:
    """Something that happened to an application; returns its public id. `facts` are columns, such as `channel`."""
    with transaction() as own:
        event = ApplicationEvent(
            public_id=new_public_id(),
            application_id=application_id,
            kind=kind,
            status=status,
            next_update_by=promised,
            date_reason="",
            message=message,
            internal_reason="",
            actor_id=actor_id,
            delivery_id=delivery_id,
            created_at=clock.now(),
            **facts,
        )
        own.add(event)
        return event.public_id


def make_submission(public_id: str, person_id: int) -> None:
    """Let this application be one that was made here, with a cover note and a CV."""
    kept = keep_document(b"%PDF-1.4 a life", "cv.pdf", person_id, clock.now())
    with transaction() as own:
        application_id = own.scalars(select(Application.id).where(Application.public_id == public_id)).one()
        note = f"A note of {public_id}"
        sent = Submission(application_id=application_id, name="", phone="", cover_note=note, answers=[])
        sent.cv_id = belong(kept.id, person_id)
        own.add(sent)


def make_prospect(person_id: int, staff_id: int) -> None:
    """Let a colleague have added this person, before they came to us."""
    with transaction() as own:
        own.add(
            Prospect(
                person_id=person_id,
                source=ProspectSource.EVENT,
                source_note="PyData Warsaw",
                obtained_on=date(2026, 3, 2),
                ground=LegalGround.INTEREST,
                areas=[],
                added_by_id=staff_id,
                added_at=clock.now(),
            )
        )


def make_task(
    owner_id: int,
    kind: TaskKind = TaskKind.DEAD_LETTER,
    *,
    due: date = date(2026, 3, 4),
    person_id: int | None = None,
    title: str = "",
    about: str = "",
    cause: str = "",
) -> int:
    """Something that a member of staff owes by `due`; returns its id."""
    key = f"task-{next(_numbers)}"
    return add_task(
        owner_id=owner_id,
        kind=kind,
        cause=cause or key,
        about=about or "nothing",
        due_on=due,
        dedupe_key=key,
        title=title,
        person_id=person_id,
        now=clock.now(),
    )


def task_id_of(task_id: int) -> str:
    """The task's name in URLs."""
    return session().scalars(select(Task.public_id).where(Task.id == task_id)).one()


def make_pool(
    owner_id: int, name: str = "Silver medals", *, people: Iterable[int] = (), review_on: date = date(2026, 9, 1)
) -> str:
    """A pool that a colleague looks after, with these people in it; returns its public id."""
    pool = create_pool(
        name=name,
        purpose="To ask you first when we look for somebody again.",
        review_on=review_on,
        owner=public_id_of(owner_id),
        form_key="",
        actor_id=owner_id,
        now=clock.now(),
    )
    chosen = [public_id_of(person_id) for person_id in people]
    if chosen:
        put_in(pool, chosen, reason="Was good", form_key="", actor_id=owner_id, now=clock.now())
    return pool


def make_segment(owner_id: int, tree: Group | None = None, *, name: str = "Finalists", is_shared: bool = True) -> str:
    """A segment, without `tree` that of finalists; returns its public id."""
    rules = tree or READY_MADE["finalists"].tree
    return save_segment(name, rules, is_shared=is_shared, actor_id=owner_id, form_key="", now=clock.now())


def settle_mail(state: DeliveryState = DeliveryState.SENT, error: str = "") -> None:
    """Let the mail server accept everything that waits, or refuse it."""
    with transaction() as own:
        for row in own.scalars(select(Delivery).where(Delivery.state == DeliveryState.QUEUED)):
            row.state, row.last_error = state, error
            row.sent_at = clock.now() if state is DeliveryState.SENT else None


def primary_email(person_id: int) -> str:
    """The address we write to."""
    return session().scalars(select(Address.email).where(Address.person_id == person_id, Address.is_primary)).one()


def public_id_of(person_id: int) -> str:
    """The person's name in URLs."""
    return session().scalars(select(Person.public_id).where(Person.id == person_id)).one()


def make_update(author_id: int, title: str = "What we pay", **facts: Any) -> str:
    """An update that its readers read, everybody unless `facts` say otherwise; returns its slug."""
    said = UpdateContent(title=title, **{"summary": "Four bands.", "body": "We publish **what we pay**.", **facts})
    made_id = _update_saying(said, author_id)
    publish_update(made_id, revision=2, actor_id=author_id, now=clock.now())
    while freeze_some(made_id, clock.now()):
        pass
    return session().scalars(select(InsiderUpdate.slug).where(InsiderUpdate.id == made_id)).one() or ""


def make_story(author_id: int, person_id: int) -> str:
    """A story about a person that waits for their yes; returns its public id."""
    said = UpdateContent("How I came here", UpdateKind.MEMBER_STORY, "A short one.", "I **asked**.")
    made_id = _update_saying(said, author_id)
    name_member(made_id, person_id, actor_id=author_id, now=clock.now())
    return session().scalars(select(InsiderUpdate.public_id).where(InsiderUpdate.id == made_id)).one()


def _update_saying(said: UpdateContent, author_id: int) -> int:
    public_id = create_update(said.title, said.kind, copy_of="", actor_id=author_id, now=clock.now())
    made_id = session().scalars(select(InsiderUpdate.id).where(InsiderUpdate.public_id == public_id)).one()
    save_draft(made_id, said, revision=1, actor_id=author_id, now=clock.now())
    return made_id


def update_id_of(slug: str) -> str:
    """The name of a published update in the staff's URLs."""
    return session().scalars(select(InsiderUpdate.public_id).where(InsiderUpdate.slug == slug)).one()
