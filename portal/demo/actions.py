"""Loading the demo: its story is lived through the actions that people use, on a clock that runs fast."""

import csv
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from zoneinfo import ZoneInfo

from sqlalchemy import func, select

from portal.accounts.actions import confirm_address
from portal.accounts.actions.passwords import store_password
from portal.accounts.adapters import hash_password
from portal.accounts.models import Account
from portal.applications.actions import write_to_candidate
from portal.applications.models import Application
from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ENDINGS, ApplicationStatus
from portal.ats.actions import create_import, import_file, map_labels, release_import, restate_source, work_on_import
from portal.ats.queries import find_import, imports_on_page, labels_of
from portal.community.actions import Wishes, change_preferences, join
from portal.community.adapters import places, skills
from portal.community.rules import places_from, skills_from
from portal.community.states import CareerStage, WorkMode
from portal.company.queries import calendar_from
from portal.company.rules import working_days_after
from portal.contact.states import Purpose
from portal.core.clock import day_of, running_from
from portal.core.db import Model, end_reading, session, transaction
from portal.core.errors import PortalError
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.demo import data
from portal.demo.rules import export_rows, opportunity_rows, working_day_before
from portal.openings.actions import assign_opening, find_or_add_opening
from portal.outbox.jobs import MailSender
from portal.people.actions import add_person, add_staff
from portal.people.models import Person

PASSWORD = "demo-password"  # noqa: S105 - public, as the demo is
ACCOUNTS = tuple((row[0], row[-1]) for row in (*data.CANDIDATES, *data.STAFF))
_SOURCE = "greenhouse"
_SEED = 20261122
_HEADERS = (
    "Application ID",
    "Candidate Name",
    "Email",
    "Job ID",
    "Job",
    "Current Stage",
    "Status",
    "Applied On",
    "Last Activity",
    "Rejection Reason",
    "Source",
)


@dataclass
class _Story:
    """What the telling needs to remember."""

    at: datetime
    zone: str
    random: Random
    staff: dict[str, int]

    @property
    def today(self) -> date:
        return day_of(self.at, self.zone)

    def moment(self, day: date, hour: int) -> datetime:
        return datetime.combine(day, time(hour, self.random.randrange(60)), ZoneInfo(self.zone))


def is_empty() -> bool:
    """Whether nobody is in the database yet."""
    return session().scalar(select(func.count()).select_from(Person)) == 0


def load_demo(now: datetime) -> None:
    """Tell the whole story up to `now`. Raises PortalError in production and on a database with people in it."""
    settings = current_settings()
    if settings.is_production:
        raise PortalError("The demo is not for production.")
    if not is_empty():
        raise PortalError("The demo needs an empty database.")
    story = _Story(now, settings.timezone, Random(_SEED), {})
    begun = story.today - timedelta(days=24)
    with _at(story.moment(begun, 9)) as at:
        _add_staff(story, at)
        _add_openings(story, at)
    with _at(story.moment(begun, 10)) as at:
        _import_applications(story, at)
    _write_letters(story)
    _add_candidates(story)
    with _at(now - timedelta(minutes=50)) as at:
        _leave_an_import_waiting(story, at)
    _deliver()


def remove_demo(now: datetime) -> None:
    """Empty every table. Raises PortalError in production and where there is anybody but the demo's people."""
    if current_settings().is_production:
        raise PortalError("The demo is not for production.")
    with transaction() as own:
        for table in reversed(Model.metadata.sorted_tables):
            own.execute(table.delete())
    end_reading()


@contextmanager
def _at(moment: datetime) -> Iterator[datetime]:
    with running_from(lambda: moment):
        yield moment


def _deliver() -> None:
    MailSender("demo", threading.Event()).send_due_mail()
    end_reading()


def _add_staff(story: _Story, at: datetime) -> None:
    hashed = hash_password(PASSWORD)
    for email, name, role, line, _shown in data.STAFF:
        with transaction():
            person = add_person(name, email, "en", story.zone, at)
            lead = story.staff.get("admin")
            add_staff(person.id, Role(role), lead, at, introduction=line)
            _give_account(email, name, story.zone, hashed, at)
        story.staff[email.split("@")[0]] = person.id


def _give_account(email: str, name: str, zone: str, hashed: str, at: datetime) -> int:
    account_id = confirm_address(email, name=name, locale="en", timezone=zone, now=at)
    store_password(account_id, hashed, None, at, except_session=None)
    return account_id


def _add_openings(story: _Story, at: datetime) -> None:
    for opening in data.OPENINGS:
        with transaction():
            recruiter = story.staff[opening.recruiter]
            added = find_or_add_opening(_SOURCE, opening.external_id, opening.title, recruiter, at)
            assign_opening(added.id, recruiter_id=recruiter, hiring_manager_id=story.staff[opening.manager])


def _import_applications(story: _Story, at: datetime) -> None:
    with TemporaryDirectory() as folder:
        path = Path(folder) / "greenhouse-export.csv"
        _write_csv(path, export_rows(story.random, day_of(at, story.zone)))
        import_file(
            path,
            source=_SOURCE,
            dry_run=False,
            on_error="skip",
            owner_email="rita@demo.example",
            column_map={},
            dates="",
            told=True,
            now=at,
            progress=_say_nothing,
        )
    end_reading()
    row = imports_on_page(1, 1)[0][0]
    meanings = {**data.STAGE_STATUS, **data.REASON_STATUS}
    mapped = {
        one.id: ApplicationStatus(meanings[one.label]) for one in labels_of(row.source_id) if one.label in meanings
    }
    map_labels(row.id, mapped, actor_id=story.staff["rita"], now=at)
    restate_source(row.id, at)
    release_import(row.id, actor_id=story.staff["rita"], now=at)
    end_reading()


def _say_nothing(_done: int, _total: int) -> None:
    """Nobody watches the demo being loaded."""


def _write_csv(path: Path, rows: list[list[str]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([list(_HEADERS), *rows])


def _write_letters(story: _Story) -> None:
    """Everybody who is open gets at least one letter; whom we owe a word today and who is late is spread on purpose."""
    ids = list(session().scalars(select(Application.public_id).order_by(Application.id)))
    special = {"ada@demo.example": _ada, "silas@demo.example": _silas}
    targets = _next_dates(story)
    letters = []
    for public_id in ids:
        view = _view(story, public_id)
        if view.status in ENDINGS or view.next_update_by is None:
            continue
        plan = special.get(view.email)
        letters += plan(story, view) if plan else [_ordinary(story, view, next(targets))]
    for letter in sorted(letters, key=lambda one: one.at):
        _send(story, letter)


@dataclass(frozen=True)
class _Planned:
    """One letter of the story."""

    at: datetime
    public_id: str
    author: str
    status: str
    words: str
    next_update_by: date | None
    reason: str


def _next_dates(story: _Story) -> Iterator[date]:
    """When people hear next: two are late, eleven are owed a word today, the others in the coming days."""
    coming = working_days_after(story.today, 9, calendar_from(story.today))
    today = story.today if story.today.weekday() < 5 else coming[0]
    late = [working_day_before(today, count) for count in (2, 1)]
    yield from late
    yield from [today] * 11
    while True:
        yield story.random.choice(coming)


def _ordinary(story: _Story, view: StaffView, hears_by: date) -> _Planned:
    fitting = [letter for letter in data.LETTERS if letter.status == view.status] or [data.LETTERS[0]]
    letter = data.OFFER_LETTER if view.status is ApplicationStatus.OFFER_MADE else story.random.choice(fitting)
    latest = min(view.next_update_by or story.today, working_day_before(min(hears_by, story.today), 1))
    written = working_day_before(latest + timedelta(days=1), 1)
    return _Planned(
        at=story.moment(written, story.random.randrange(9, 16)),
        public_id=view.public_id,
        author=_recruiter(view),
        status=letter.status,
        words=letter.words,
        next_update_by=hears_by,
        reason="So that everybody on the team can read or meet you before we write again.",
    )


def _recruiter(view: StaffView) -> str:
    return next(row[0].split("@")[0] for row in data.STAFF if row[1] == view.owner_name)


def _ada(story: _Story, view: StaffView) -> list[_Planned]:
    first, second = data.ADA_LETTERS
    soon = working_days_after(story.today, 3, calendar_from(story.today))[-1]
    plan = (
        (9, 11, first, working_day_before(story.today, 1), "Hugo is away this week and wants to read it himself."),
        (2, 15, second, soon, "I am asking both teams for times that suit them."),
    )
    return [
        _Planned(
            story.moment(working_day_before(story.today, days), hour),
            view.public_id,
            "rita",
            letter.status,
            letter.words,
            hears_by,
            reason,
        )
        for days, hour, letter, hears_by, reason in plan
    ]


def _silas(story: _Story, view: StaffView) -> list[_Planned]:
    day = min(working_day_before(story.today, 4), view.next_update_by or story.today)
    return [_Planned(story.moment(day, 10), view.public_id, "rita", "not_selected", data.SILAS_ENDING, None, "")]


def _view(story: _Story, public_id: str) -> StaffView:
    found = find_for_staff(public_id, StaffScope(story.staff["admin"], Role.ADMIN))
    if found is None:
        raise PortalError("The demo lost one of its applications.")
    return found


def _send(story: _Story, letter: _Planned) -> None:
    scope = StaffScope(story.staff[letter.author], Role.RECRUITER)
    with _at(letter.at) as at:
        view = _view(story, letter.public_id)
        proposal = Proposal(ApplicationStatus(letter.status), letter.words, letter.next_update_by, letter.reason)
        write_to_candidate(letter.public_id, scope=scope, proposal=proposal, seen_event_id=view.newest_event_id, now=at)
        _deliver()


def _leave_an_import_waiting(story: _Story, at: datetime) -> None:
    """A second file that is checked and waits for a recruiter's decision."""
    day = day_of(at, story.zone)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "lever-opportunities.csv"
        with path.open("w", newline="") as file:
            csv.writer(file).writerows([data.LEVER_HEADERS, *opportunity_rows(story.random, day)])
        public_id = create_import(
            path,
            path.name,
            source="lever",
            owner_id=story.staff["omar"],
            told=None,
            created_by_id=story.staff["omar"],
            now=at,
        )
    work_on_import(find_import(public_id).id, at)
    end_reading()


def _add_candidates(story: _Story) -> None:
    """Ada and Silas came with the import and claimed their records; Nora joined by herself."""
    hashed = hash_password(PASSWORD)
    for email, name, _shown in data.CANDIDATES:
        days, purposes = data.JOINED[email]
        with _at(story.moment(working_day_before(story.today, days), 19)) as at:
            with transaction():
                account_id = _give_account(email, name, story.zone, hashed, at)
            person_id = session().get_one(Account, account_id).person_id
            join(person_id, [Purpose(purpose) for purpose in purposes], at)
            wished = data.WISHES.get(email)
            if wished:
                change_preferences(person_id, _wishes(wished), shown=[], ticked=[], now=at)


def _wishes(wished: data.DemoWishes) -> Wishes:
    return Wishes(
        areas=wished.areas,
        skills=tuple(skills_from("\n".join(wished.skills), skills())),
        places=tuple(places_from("\n".join(wished.places), places("en"))),
        work_modes=(WorkMode.REMOTE, WorkMode.HYBRID),
        career_stage=CareerStage(wished.career_stage),
    )
