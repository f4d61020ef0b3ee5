"""A small world with two of everything, and every route's address in it."""

import threading
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.routing import Rule

from portal.accounts.models import DeviceSession
from portal.applications.actions import write_to_candidate
from portal.applications.models import Application, ApplicationEvent
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus
from portal.ats.actions import create_import, work_on_import
from portal.ats.queries import find_import
from portal.company.states import FeedbackWay
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import db, end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail
from portal.core.permissions import Role
from portal.digests.models import UpdateMailing
from portal.digests.states import MailingState
from portal.feedback.actions.folding import new_debt
from portal.feedback.models import Feedback
from portal.feedback.rules import Owed
from portal.feedback.states import FeedbackForm, FeedbackState
from portal.files.queries import folder
from portal.interviews.models import Interview, InterviewWish, QuestionAhead
from portal.interviews.states import WishKind
from portal.keeping.actions import seal_record
from portal.keeping.models import SealedRecord
from portal.offers.actions import Saying, say
from portal.offers.rules import Terms
from portal.offers.states import WordKind
from portal.outbox.actions import claim_next, enqueue, keep_mail, mark_failed_try
from portal.outbox.jobs import sort_mail
from portal.outbox.models import Delivery, DevMail, IncomingMail
from portal.outbox.rules import Refused
from portal.outbox.states import CameBy, DeliveryState, MailClass, Reason
from portal.surveys.actions.answering import save_answers
from portal.surveys.actions.posts import write_post
from portal.surveys.models import Survey, SurveyComment
from portal.surveys.queries.answering import find_own_survey
from portal.tasks.actions import escalate_task
from portal.tasks.states import TaskKind
from portal.updates.models import InsiderUpdate
from portal.updates.states import PURPOSES
from portal.worker import run_worker
from tests import factories
from tests.conftest import bring_back, is_untouched, keep
from tests.interviews.rows import make_interview
from tests.pages import Browser
from tests.surveys.rows import invite, make_survey

DATA = Path(__file__).parent.parent / "data"
#: The cookie that says who somebody is.
COOKIE = "rapport"
NO_TOKEN = "A" * 43
#: The key of a message that came back.
DEAD_LETTER = "D" * 24

#: What stands in addresses when nothing of the world is meant.
_NOWHERE = {
    "token": NO_TOKEN,
    "level": "refused",
    "touchpoint": "hired",
    "filename": "css/app.css",
    "key": DEAD_LETTER,
    "reason": "refused-550-5.1.1",
    "absence_id": "a-line-that-is-not-there",
    "event_id": "a-letter-that-is-not-there",
    "round_id": "a-round-that-is-not-there",
    "change_id": "a-change-that-is-not-there",
    "file_id": "a-file-that-is-not-there",
    "mail_id": "a-mail-that-is-not-there",
    "message_id": "a-message-that-is-not-there",
    "word_id": "a-word-that-is-not-there",
    "feature": "accounts",
    "ready": "finalists",
    "message": "sign_in",
    "number": "0",
    "form_key": "a-form-that-is-not-there",
    "question_id": "q-fair",
}
#: Pages of applications that are about a whole opening.
_OF_OPENINGS = frozenset(
    f"recruiting.applications.{page}"
    for page in (
        "change_many",
        "early_access_of",
        "ending_progress",
        "ending_round",
        "finish",
        "finish_letters",
        "pipeline",
        "reassign",
        "take_endings",
    )
)
#: Something that was written and released.
_TEXT_KEY = "T" * 24
#: Pages of other features about those who are chosen in the pipeline of an opening.
_OF_MANY = frozenset({"recruiting.notes.many", "recruiting.pools.put_many", "recruiting.tags.many"})


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
    #: A mail that came in and that nobody could place.
    unplaced_id: str = ""
    pool_id: str = ""
    update_slug: str = ""
    #: A story about each of them that waits for their yes.
    stories: dict[str, str] = field(default_factory=dict)
    segment_id: str = ""
    #: A survey that is asked after interviews.
    survey_id: str = ""
    #: What was done after it, not published yet.
    post_id: str = ""
    #: What each of them was asked about their application.
    surveys: dict[str, str] = field(default_factory=dict)
    slug: str = ""
    openings: dict[str, str] = field(default_factory=dict)
    #: An interview of each application, and a question that its candidate sent ahead.
    interviews: dict[str, str] = field(default_factory=dict)
    questions: dict[str, str] = field(default_factory=dict)
    #: An application for the same opening whose letter did not arrive, and that letter.
    lost: dict[str, tuple[str, str]] = field(default_factory=dict)
    _urls: dict[tuple[str, str, str], str] = field(default_factory=dict, init=False)

    def values(self, rule: Rule, whose: str = "ada") -> dict[str, str]:
        """What fills the places in the address of `rule`, taken from what belongs to `whose`."""
        endpoint = str(rule.endpoint)
        known = _NOWHERE | {"public_id": self._public_id(endpoint, whose), "slug": self.slug}
        known["person_id"] = factories.public_id_of(self.people[whose])
        known |= {
            "recruiting.applications.told": {"event_id": self.lost[whose][1]},
            "recruiting.openings.version": {"number": "1"},
            "public.company.promises_then": {"number": "1"},
            "recruiting.updates.version": {"number": "1"},
            "recruiting.surveys.version": {"number": "1"},
            "recruiting.surveys.tags": {"key": _TEXT_KEY},
        }.get(endpoint, {})
        if endpoint.startswith("candidate.interviews."):
            known["question_id"] = self.questions[whose]
        if ".updates." in endpoint:
            known["slug"] = self.update_slug
        return {name: known[name] for name in rule.arguments}

    def _public_id(self, endpoint: str, whose: str) -> str:
        """What the address of `endpoint` is about; empty when it is about nothing of the world."""
        person_id = factories.public_id_of(self.people[whose])
        if endpoint in _OF_OPENINGS or endpoint in _OF_MANY:
            return self.openings[whose]
        pages = {
            "recruiting.applications.told": self.lost[whose][0],
            "recruiting.notes.about": self.applications[whose],
            "recruiting.interviews.new": self.applications[whose],
            "recruiting.desk.read": self.applications[whose],
            "candidate.accounts.sign_out_device": self.devices[whose],
            "candidate.surveys.tap": self.applications[whose],
            "recruiting.privacy_requests.sealed": session().scalar(select(SealedRecord.public_id)) or "",
        }
        features = {
            "candidate.applications.": self.applications[whose],
            "candidate.sent.": self.applications[whose],
            "candidate.offers.": self.applications[whose],
            "recruiting.offers.": self.applications[whose],
            "candidate.read_feedback.": self.applications[whose],
            "recruiting.written_feedback.": self.applications[whose],
            "recruiting.applications.": self.applications[whose],
            "recruiting.notes.": "a-note-that-is-not-there",
            "recruiting.person_notes.": person_id,
            "recruiting.prospects.": person_id,
            "recruiting.pools.": self.pool_id,
            "recruiting.digests.": factories.update_id_of(self.update_slug) if self.update_slug else "",
            "recruiting.updates.": factories.update_id_of(self.update_slug) if self.update_slug else "",
            "candidate.updates.": self.stories.get(whose, ""),
            "candidate.fitting.": "an-invitation-that-is-not-there",
            "candidate.feedback.": self.applications[whose],
            "recruiting.feedback.": self.applications[whose],
            "recruiting.feedback_holds.": self.applications[whose],
            "candidate.interviews.": self.interviews[whose],
            "candidate.surveys.": self.surveys[whose],
            "recruiting.interviews.": self.interviews[whose],
            "recruiting.candidates.": person_id,
            "recruiting.segments.": self.segment_id,
            "recruiting.surveys.": self.survey_id,
            "candidate.privacy.": "a-copy-that-is-not-there",
            "recruiting.privacy_requests.": person_id,
            "recruiting.posts.": self.post_id,
            "recruiting.low_scores.": "a-low-score-that-is-not-there",
            "recruiting.conversations.": person_id,
            "recruiting.came_back.": person_id,
            "recruiting.incoming.": self.unplaced_id,
            "recruiting.imports.": self.import_id,
            "recruiting.joining.": self.openings[whose],
            "recruiting.staff.": factories.public_id_of(self.people["rita"]),
            "recruiting.colleagues.": factories.public_id_of(self.people["rita"]),
            "recruiting.leaving.": factories.public_id_of(self.people["rita"]),
            "recruiting.openings.": self.openings[whose],
            "recruiting.fitting.": self.openings[whose],
            "recruiting.tasks.": self.task_id,
            "dev.mailbox.": self.mail_id,
        }
        feature = endpoint.rpartition(".")[0] + "."
        return pages.get(endpoint) or features.get(feature, "")

    def url(self, rule: Rule, whose: str = "ada") -> str:
        """The address of `rule`; it stays what it is, and to find it takes as long as some pages do."""
        key = (str(rule.endpoint), rule.rule, whose)
        if key not in self._urls:
            self._urls[key] = self.app.url_map.bind("localhost").build(rule.endpoint, self.values(rule, whose))
        return self._urls[key]


@dataclass(frozen=True)
class _Kept:
    """A world that was made, beside the copy of its database: who is in it, their cookies, and the files it brought."""

    world: World
    cookies: dict[str, str | None]
    files: dict[Path, bytes]


#: Worlds of this process by the instant at which they were made.
_kept: dict[datetime, _Kept] = {}


def make_world(app: Flask) -> World:
    """Ada and Bob with an application each, Hugo who leads the opening of Ada's, Rita, Omar and an admin.

    On an untouched SQLite it is made once for each instant, and afterwards copied: to make it takes half a second.
    """
    if db.engine.dialect.name != "sqlite" or not is_untouched():
        return make_new_world(app)
    now = clock.now()
    name = f"world-{now:%Y%m%dT%H%M%S%f}"
    if now not in _kept:
        before = set(folder().glob("*"))
        world = make_new_world(app)
        files = {path: path.read_bytes() for path in set(folder().glob("*")) - before if path.is_file()}
        cookies = {who: _cookie(browser) for who, browser in world.browsers.items()}
        _kept[now] = _Kept(world, cookies, files)
        keep(name)
        return world
    bring_back(name)
    kept = _kept[now]
    for path, content in kept.files.items():
        path.write_bytes(content)
    browsers = {who: factories.visitor(app) for who in kept.cookies}
    for who, cookie in kept.cookies.items():
        if cookie is not None:
            browsers[who].client.set_cookie(COOKIE, cookie)
    return replace(kept.world, app=app, browsers=browsers)


def _cookie(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie(COOKIE)
    return None if cookie is None else cookie.value


def make_new_world(app: Flask) -> World:
    """The world, made and not copied."""
    people = _people()
    openings = {
        "ada": factories.make_opening("Data Analyst", recruiter_id=people["rita"], manager_id=people["hugo"]),
        "bob": factories.make_opening("Nurse", recruiter_id=people["rita"], manager_id=people["lena"]),
    }
    applications = {name: _apply(opening, people["rita"], people[name]) for name, opening in openings.items()}
    browsers = {name: factories.signed_in(app, person_id) for name, person_id in people.items()}
    browsers["visitor"] = factories.visitor(app)
    for name in ("ada", "bob"):
        factories.make_prospect(people[name], people["rita"])
    _write(people["rita"], applications["ada"])
    _seal()
    slugs = {
        "ada": factories.make_published(recruiter_id=people["rita"], manager_id=people["hugo"]),
        "bob": factories.make_published("Nurse", recruiter_id=people["rita"], manager_id=people["lena"]),
    }
    for name in applications:
        ask(people[name], text="Is there a lift?", application=applications[name], form_key=name, now=clock.now())
        _offer(people["rita"], applications[name])
    import_id = _import(people["rita"])
    run_worker(app, until_idle=True, stop=threading.Event())
    _lose_a_letter()
    lost = {name: _lost(openings[name], people["rita"], name) for name in openings}
    interviews = {name: _meet(applications[name], people) for name in applications}
    for name in applications:
        _give_feedback(applications[name], people)
        _owe_feedback(applications[name])
    survey_id = _asked()
    return World(
        app=app,
        people=people,
        browsers=browsers,
        applications=applications,
        devices={name: _device(people[name]) for name in ("ada", "bob")},
        import_id=import_id,
        task_id=_task(people["hugo"], people["rita"], people["ada"]),
        slug=slugs["ada"],
        segment_id=factories.make_segment(people["rita"]),
        survey_id=survey_id,
        post_id=_post(survey_id, people["rita"]),
        surveys={name: _invite(survey_id, applications[name]) for name in applications},
        pool_id=factories.make_pool(people["rita"], people=[people["ada"], people["bob"]]),
        lost=lost,
        update_slug=_mailed(factories.make_update(people["rita"])),
        stories={name: factories.make_story(people["rita"], people[name]) for name in ("ada", "bob")},
        openings={name: factories.opening_id_of(slug) for name, slug in slugs.items()},
        unplaced_id=_unplaced(),
        interviews=interviews,
        questions={name: _question(public_id) for name, public_id in interviews.items()},
        mail_id=session().scalars(select(DevMail.delivery_key).order_by(DevMail.id)).first() or "",
    )


def _people() -> dict[str, int]:
    """Who is in it, by a short name."""
    return {
        "ada": factories.make_person("Ada Lind", "ada@example.org"),
        "bob": factories.make_person("Bob Eriksen", "bob@example.org"),
        "rita": factories.make_staff("Rita Sander", Role.RECRUITER, "rita@example.org"),
        "hugo": factories.make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@example.org"),
        "lena": factories.make_staff("Lena Walczak", Role.HIRING_MANAGER, "lena@example.org"),
        "admin": factories.make_staff("Alma Reyes", Role.ADMIN, "admin@example.org"),
    }


def _seal() -> None:
    """What the law keeps of somebody who is gone."""
    on = clock.now().date()
    said = {"name": "", "address": "", "opening": "", "applied_on": "", "answers": []}
    said |= {"interviewed_on": [], "outcome": "", "told_on": ""}
    seal_record(said, place="Toronto", address_hash="", keep_until=on + timedelta(days=900), sealed_on=on)


def _meet(application: str, people: dict[str, int]) -> str:
    """An interview in five days about which the candidate said that they are late; its public id."""
    with transaction() as own:
        about = own.scalars(select(Application.id).where(Application.public_id == application)).one()
    starts_at = clock.now() + timedelta(days=5)
    public_id = make_interview(about, people["rita"], starts_at=starts_at, panel=[(people["hugo"], None)])
    with transaction() as own:
        interview_id = own.scalars(select(Interview.id).where(Interview.public_id == public_id)).one()
        late, at = WishKind.RUNNING_LATE, clock.now()
        own.add(InterviewWish(public_id=new_public_id(), interview_id=interview_id, kind=late, words="", created_at=at))
        own.add(
            QuestionAhead(public_id=new_public_id(), interview_id=interview_id, words="Is there a lift?", asked_at=at)
        )
    return public_id


def _give_feedback(application: str, people: dict[str, int]) -> None:
    """Feedback that Hugo wrote, Rita approved and the mail server has taken the mail of."""
    with transaction() as own:
        about = own.scalars(select(Application).where(Application.public_id == application)).one()
        delivery_id = enqueue(
            RenderedMail(new_public_id(), "feedback/given", "Feedback", "Hello\n", "<p>Hello</p>", "en"),
            to_address="somebody@example.org",
            to_name="",
            person_id=about.person_id,
            mail_class=MailClass.OWN,
            cause=f"feedback-written:{application}",
            dedupe_key=f"feedback-given:{application}",
            now=clock.now(),
        )
        mail = own.get_one(Delivery, delivery_id)
        mail.state, mail.sent_at = DeliveryState.SENT, clock.now()
        own.add(
            Feedback(
                public_id=new_public_id(),
                application_id=about.id,
                state=FeedbackState.APPROVED,
                form=FeedbackForm.SHORT,
                author_id=people["hugo"],
                approver_id=people["rita"],
                is_alone=False,
                strong="You asked first.",
                missing="",
                criterion="",
                try_this="Say the figure first.",
                resource="",
                resource_url="",
                lint_reason="",
                returned_words="",
                retracted_words="",
                revision=2,
                delivery_id=delivery_id,
                created_at=clock.now(),
                changed_at=clock.now(),
                approved_at=clock.now(),
            )
        )


def _owe_feedback(application: str) -> None:
    """Feedback that is owed on it."""
    with transaction() as own:
        about = own.scalars(select(Application.id).where(Application.public_id == application)).one()
        newest = select(ApplicationEvent.id).where(ApplicationEvent.application_id == about)
        event_id = own.scalars(newest.order_by(ApplicationEvent.id.desc()).limit(1)).one()
        due = Owed(event_id, FeedbackForm.FULL, FeedbackWay.WRITTEN, date(2026, 3, 11), None)
        own.add(new_debt(about, due, clock.now()))


def _asked() -> str:
    """A survey that is live, with a text that was released; its public id."""
    survey_id = make_survey()
    with transaction() as own:
        text = SurveyComment(survey_id=survey_id, key=_TEXT_KEY, question_id="q-long", area="", outcome=None)
        text.words, text.search_text, text.week_on = "You wrote soon.", "you wrote soon.", clock.now().date()
        own.add(text)
    return session().scalars(select(Survey.public_id).where(Survey.id == survey_id)).one()


def _post(survey_id: str, author_id: int) -> str:
    """What somebody means to publish about this survey; its public id."""
    asked = session().scalars(select(Survey.id).where(Survey.public_id == survey_id)).one()
    return write_post(asked, "We waited long.", "We write sooner.", actor_id=author_id, now=clock.now())


def _invite(survey_id: str, application: str) -> str:
    """Ask about an application, whose candidate has begun to answer; the public id of what they were asked."""
    with transaction() as own:
        about = own.scalars(select(Application).where(Application.public_id == application)).one()
        asked = own.scalars(select(Survey.id).where(Survey.public_id == survey_id)).one()
    public_id, _token = invite(asked, about.person_id, about.id)
    row = find_own_survey(about.person_id, public_id, clock.now())
    assert row is not None
    save_answers(row.invitation_id, {"q-recommend": ["7"]}, now=clock.now())
    return public_id


def _question(interview: str) -> str:
    """The question that was sent ahead of this interview; its public id."""
    found = select(QuestionAhead.public_id).join(Interview, Interview.id == QuestionAhead.interview_id)
    return session().scalars(found.where(Interview.public_id == interview)).one()


def _unplaced() -> str:
    """A mail from a stranger; its public id."""
    keep_mail(b"From: stranger@example.net\r\nSubject: Hello\r\n\r\nHello\r\n", CameBy.HOOK, clock.now())
    sort_mail(clock.now())
    end_reading()
    return session().scalars(select(IncomingMail.public_id)).one()


def _apply(opening_id: int, staff_id: int, person_id: int) -> str:
    """An application with words that no candidate may ever read, and what they sent; its public id."""
    public_id = factories.make_application(
        opening_id,
        staff_id,
        person_id=person_id,
        source_stage="ZZ secret stage",
        source_reason="culture fit secret",
        imported_tags=["secret label"],
    ).public_id
    factories.make_submission(public_id, person_id)
    factories.make_version(opening_id)
    return public_id


def _import(staff_id: int) -> str:
    """A file that was checked and waits; the import's public id."""
    public_id = create_import(
        DATA / "applications-lever.tsv",
        "applications-lever.tsv",
        source="",
        owner_id=staff_id,
        told=None,
        created_by_id=staff_id,
        now=clock.now(),
    )
    work_on_import(find_import(public_id).id, clock.now())
    return public_id


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


def _offer(staff_id: int, public_id: str) -> None:
    """An offer that goes at once."""
    said = Terms("Data Analyst", "- Pay: enough", date(2026, 3, 20), "", staff_id, "+48 22 123 45 67", "Come to us.")
    say(
        Saying(
            public_id=public_id,
            scope=StaffScope(staff_id, Role.RECRUITER),
            kind=WordKind.MADE,
            seen_id="",
            form_key="",
            now=clock.now(),
            is_hurried=True,
            terms=said,
        )
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


def _mailed(slug: str) -> str:
    """Let the mail about an update be on its way; returns the slug."""
    with transaction() as own:
        about = own.scalars(select(InsiderUpdate).where(InsiderUpdate.slug == slug)).one()
        own.add(
            UpdateMailing(
                update_id=about.id,
                state=MailingState.SENDING,
                purpose=PURPOSES[about.kind],
                begun_at=clock.now(),
                version_number=about.version_number,
                is_written=True,
            )
        )
    return slug
