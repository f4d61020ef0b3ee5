"""A small world with two of everything, and every route's address in it."""

import threading
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.accounts.models import DeviceSession
from portal.applications.actions import write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus
from portal.ats.actions import create_import, work_on_import
from portal.ats.queries import find_import
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import session
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, enqueue, mark_failed_try
from portal.outbox.models import DevMail
from portal.outbox.rules import Refused
from portal.outbox.states import MailClass, Reason
from portal.tasks.actions import escalate_task
from portal.tasks.states import TaskKind
from portal.worker import run_worker
from tests import factories
from tests.pages import Browser

DATA = Path(__file__).parent.parent / "data"
NO_TOKEN = "A" * 43
#: The key of a message that came back.
DEAD_LETTER = "D" * 24


@dataclass
class World:
    """Who is in it, and what belongs to whom."""

    app: Flask
    people: dict[str, int]
    browsers: dict[str, Browser]
    applications: dict[str, str]
    devices: dict[str, str]
    import_id: str
    task_id: str
    mail_id: str = ""
    slug: str = ""
    openings: dict[str, str] = field(default_factory=dict)
    #: An application for the same opening whose letter did not arrive, and that letter.
    lost: dict[str, tuple[str, str]] = field(default_factory=dict)
    known: list[str] = field(default_factory=list)

    def values(self, rule: Rule, whose: str = "ada") -> dict[str, str]:
        """What fills the places in the address of `rule`, taken from what belongs to `whose`."""
        endpoint = str(rule.endpoint)
        public_id = {
            "candidate.applications.show": self.applications[whose],
            "candidate.applications.opening": self.applications[whose],
            "candidate.applications.withdraw": self.applications[whose],
            "candidate.sent.receipt": self.applications[whose],
            "candidate.sent.effort": self.applications[whose],
            "candidate.sent.cv": self.applications[whose],
            "candidate.sent.cv_file": self.applications[whose],
            "candidate.sent.take_cv_away": self.applications[whose],
            "recruiting.applications.cv": self.applications[whose],
            "recruiting.applications.show": self.applications[whose],
            "recruiting.applications.call": self.applications[whose],
            "recruiting.applications.move": self.applications[whose],
            "recruiting.applications.end": self.applications[whose],
            "recruiting.applications.mark": self.applications[whose],
            "recruiting.applications.unmark": self.applications[whose],
            "recruiting.applications.stay_in_touch": self.applications[whose],
            "recruiting.applications.told": self.lost[whose][0],
            "recruiting.applications.send_now": self.applications[whose],
            "recruiting.applications.take_back": self.applications[whose],
            "recruiting.applications.throw_away": self.applications[whose],
            "recruiting.applications.revert": self.applications[whose],
            "recruiting.applications.not_ended": self.applications[whose],
            "recruiting.applications.finish": self.openings[whose],
            "recruiting.applications.finish_letters": self.openings[whose],
            "recruiting.applications.ending_round": self.openings[whose],
            "recruiting.applications.ending_progress": self.openings[whose],
            "recruiting.applications.take_endings": self.openings[whose],
            "candidate.accounts.sign_out_device": self.devices[whose],
            "recruiting.desk.read": self.applications[whose],
            "recruiting.notes.about": self.applications[whose],
            "recruiting.notes.change": "a-note-that-is-not-there",
            "recruiting.notes.remove": "a-note-that-is-not-there",
            "recruiting.person_notes.about_person": factories.public_id_of(self.people[whose]),
            "recruiting.person_notes.tags": factories.public_id_of(self.people[whose]),
            "recruiting.candidates.show": factories.public_id_of(self.people[whose]),
        }.get(endpoint, "")
        if endpoint.startswith("recruiting.imports."):
            public_id = self.import_id
        elif endpoint.startswith(("recruiting.staff.", "recruiting.colleagues.", "recruiting.leaving.")):
            public_id = factories.public_id_of(self.people["rita"])
        elif endpoint.startswith("recruiting.openings.") or endpoint in {
            f"recruiting.applications.{page}" for page in ("pipeline", "change_many", "reassign")
        }:
            public_id = self.openings[whose]
        elif endpoint.startswith("recruiting.conversations."):
            public_id = factories.public_id_of(self.people[whose])
        elif endpoint.startswith("recruiting.tasks."):
            public_id = self.task_id
        elif endpoint.startswith("dev.mailbox."):
            public_id = self.mail_id
        known = {"public_id": public_id, "token": NO_TOKEN, "level": "refused", "filename": "css/app.css"}
        known |= {"key": DEAD_LETTER, "reason": "refused-550-5.1.1"}
        known["slug"] = self.slug
        known["absence_id"] = "a-line-that-is-not-there"
        known["event_id"] = "a-letter-that-is-not-there"
        known["round_id"] = "a-round-that-is-not-there"
        known["change_id"] = "a-change-that-is-not-there"
        known["message_id"] = "a-message-that-is-not-there"
        known |= {"feature": "accounts", "message": "sign_in", "number": "0"}
        known |= {
            "recruiting.applications.told": {"event_id": self.lost[whose][1]},
            "recruiting.openings.version": {"number": "1"},
        }.get(endpoint, {})
        return {name: known[name] for name in rule.arguments}

    def url(self, rule: Rule, whose: str = "ada") -> str:
        """The address of `rule`."""
        with self.app.test_request_context():
            return self.app.url_map.bind("localhost").build(rule.endpoint, self.values(rule, whose))


def make_world(app: Flask) -> World:
    """Ada and Bob with an application each, Hugo who leads the opening of Ada's, Rita, Omar and an admin."""
    people = {
        "ada": factories.make_person("Ada Lind", "ada@example.org"),
        "bob": factories.make_person("Bob Eriksen", "bob@example.org"),
        "rita": factories.make_staff("Rita Sander", Role.RECRUITER, "rita@example.org"),
        "hugo": factories.make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org"),
        "lena": factories.make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org"),
        "admin": factories.make_staff("Alma Reyes", Role.ADMIN, "admin@example.org"),
    }
    openings = {
        "ada": factories.make_opening("Data Analyst", recruiter_id=people["rita"], manager_id=people["hugo"]),
        "bob": factories.make_opening("Nurse", recruiter_id=people["rita"], manager_id=people["lena"]),
    }
    applications = {
        name: factories.make_application(
            openings[name],
            people["rita"],
            person_id=people[name],
            source_stage="ZZ secret stage",
            source_reason="culture fit secret",
            imported_tags=["secret label"],
        ).public_id
        for name in openings
    }
    for name, public_id in applications.items():
        factories.make_submission(public_id, people[name])
        factories.make_version(openings[name])
    browsers = {name: factories.signed_in(app, person_id) for name, person_id in people.items()}
    browsers["visitor"] = factories.visitor(app)
    _write(people["rita"], applications["ada"])
    slugs = {
        "ada": factories.make_published(recruiter_id=people["rita"], manager_id=people["hugo"]),
        "bob": factories.make_published("Nurse", recruiter_id=people["rita"], manager_id=people["lena"]),
    }
    for name in applications:
        ask(people[name], text="Is there a lift?", application=applications[name], form_key=name, now=clock.now())
    public_id = create_import(
        DATA / "applications-lever.tsv",
        "applications-lever.tsv",
        source="",
        owner_id=people["rita"],
        told=None,
        created_by_id=people["rita"],
        now=clock.now(),
    )
    work_on_import(find_import(public_id).id, clock.now())
    run_worker(app, until_idle=True, stop=threading.Event())
    _lose_a_letter()
    lost = {name: _lost(openings[name], people["rita"], name) for name in openings}
    return World(
        app=app,
        people=people,
        browsers=browsers,
        applications=applications,
        devices={name: _device(people[name]) for name in ("ada", "bob")},
        import_id=public_id,
        task_id=_task(people["hugo"], people["rita"], people["ada"]),
        slug=slugs["ada"],
        lost=lost,
        openings={name: factories.opening_id_of(slug) for name, slug in slugs.items()},
        mail_id=session().scalars(select(DevMail.delivery_key).order_by(DevMail.id)).first() or "",
    )


def _write(staff_id: int, public_id: str) -> None:
    scope = StaffScope(staff_id, Role.RECRUITER)
    view = find_for_staff(public_id, scope)
    assert view is not None
    proposal = Proposal(ApplicationStatus.INTERVIEWING, "Lovely to read you.", date(2026, 3, 10), "Hugo is away.")
    write_to_candidate(
        public_id,
        scope=scope,
        proposal=proposal,
        seen_event_id=view.newest_event_id,
        now=clock.now(),
        is_hurried=True,
    )


def _lost(opening_id: int, staff_id: int, name: str) -> tuple[str, str]:
    """An application whose letter did not arrive, and that letter."""
    person_id = factories.make_person("Cleo Lost", f"cleo.{name}@example.org")
    public_id = factories.make_application(opening_id, staff_id, person_id=person_id).public_id
    _write(staff_id, public_id)
    claimed = claim_next("world", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, Refused(Reason.REFUSED, 550, "5.1.1 no such user", True), clock.now())
    view = find_for_staff(public_id, StaffScope(staff_id, Role.RECRUITER))
    assert view is not None
    return public_id, view.newest_event_id


def _task(owner_id: int, lead_id: int, person_id: int) -> str:
    """A task that the whole staff may see: it is one's, and too late, so that it is the other's too."""
    task_id = factories.make_task(owner_id, TaskKind.DEAD_ACCOUNT_LETTER, person_id=person_id, title="Nurse")
    escalate_task(task_id, lead_id, clock.now())
    return factories.task_id_of(task_id)


def _lose_a_letter() -> None:
    """A message to an address that is not there any more."""
    enqueue(
        RenderedMail(DEAD_LETTER, "accounts/sign_in", "Your link", "Hello\n", "<p>Hello</p>", "en"),
        to_address="nobody@example.com",
        to_name="",
        person_id=None,
        mail_class=MailClass.OWN,
        cause="sign-in:nobody",
        dedupe_key="sign-in:nobody",
        now=clock.now(),
    )
    claimed = claim_next("world", clock.now())
    assert claimed is not None
    mark_failed_try(claimed, Refused(Reason.REFUSED, 550, "5.1.1 no such user", True), clock.now())


def _device(person_id: int) -> str:
    return (
        session()
        .scalars(select(DeviceSession.public_id).where(DeviceSession.person_id == person_id).order_by(DeviceSession.id))
        .one()
    )
