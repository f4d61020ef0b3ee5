"""Reading what somebody types and sends to apply here."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime
from typing import Any

from sqlalchemy import bindparam, select

from portal.applications.models import (
    Application,
    ApplicationDraft,
    ApplyRequest,
    Submission,
)
from portal.applications.queries.shown import Shown, with_shown
from portal.applications.rules.applying import (
    DRAFTS_KEPT,
    Answer,
    Earlier,
    Reader,
    Sent,
    answers_from_json,
    owner_of,
)
from portal.applications.rules.documents import DocumentKind, kind_of_name
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.files.models import StoredFile
from portal.openings.models import Opening, OpeningVersion
from portal.openings.queries.public import Asker, OpeningPage, find_opening
from portal.openings.rules import OpeningContent, from_json
from portal.openings.states import OpeningState
from portal.people.models import Address, Person
from portal.people.queries import StaffRow, all_staff


@dataclass(frozen=True)
class ApplyPage:
    """An opening that somebody may apply to now, and which version of it they read."""

    opening: OpeningPage
    version: int

    @property
    def id(self) -> int:
        return self.opening.id

    @property
    def content(self) -> OpeningContent:
        return self.opening.content


@dataclass(frozen=True)
class FileLine:
    """A file as people read of it: its name, bytes, and when it came."""

    id: int
    public_id: str
    name: str
    size: int
    created_at: datetime

    @property
    def kind(self) -> DocumentKind:
        return kind_of_name(self.name)


@dataclass(frozen=True)
class Draft:
    """What somebody has typed and not sent."""

    typed: dict[str, Any]
    saved_at: datetime
    cv: FileLine | None


@dataclass(frozen=True)
class DraftLine:
    """A draft in a list; `goes_on` is the day on which it is forgotten."""

    slug: str
    title: str
    saved_at: datetime
    goes_on: date


@dataclass(frozen=True)
class Received:
    """What came with an application, as it came."""

    application_public_id: str
    opening_title: str
    slug: str | None
    name: str
    phone: str
    cover_note: str
    created_at: datetime
    answers: tuple[Answer, ...] = field(default=())
    cv: FileLine | None = None
    #: What the opening said then; None when that version is gone.
    content: OpeningContent | None = None


@dataclass(frozen=True)
class Asked:
    """What a stranger sent, until they confirm their address."""

    token_id: int
    opening_id: int
    opening_title: str
    slug: str
    opening_version: int
    email: str
    channel: str
    locale: str
    timezone: str
    sent: Sent = field(default_factory=lambda: Sent(""))
    cv: FileLine | None = None


_FILE = (StoredFile.id, StoredFile.public_id, StoredFile.name, StoredFile.size, StoredFile.created_at)
_VERSION = select(Opening.version_number).where(Opening.id == bindparam("opening_id"))
_EARLIER = with_shown(
    select(Application.public_id, Shown.status, Application.created_at)
    .select_from(Application)
    .where(Application.person_id == bindparam("person_id"))
    .where(Application.opening_id == bindparam("opening_id"))
).order_by(Application.id.desc())
_DRAFT = (
    select(ApplicationDraft.typed, ApplicationDraft.saved_at, *_FILE)
    .outerjoin(StoredFile, StoredFile.id == ApplicationDraft.cv_id)
    .where(ApplicationDraft.person_id == bindparam("person_id"))
    .where(ApplicationDraft.opening_id == bindparam("opening_id"))
)
_DRAFTS = (
    select(Opening.slug, Opening.title, ApplicationDraft.saved_at, Opening.closes_on)
    .join(Opening, Opening.id == ApplicationDraft.opening_id)
    .where(ApplicationDraft.person_id == bindparam("person_id"))
    .where(Opening.state == OpeningState.PUBLISHED)
    .order_by(ApplicationDraft.saved_at.desc(), ApplicationDraft.id)
)
_RECEIVED = (
    select(
        Application.public_id,
        Opening.title,
        Opening.slug,
        Submission.name,
        Submission.phone,
        Submission.cover_note,
        Application.created_at,
        Submission.answers,
        OpeningVersion.content,
        *_FILE,
    )
    .select_from(Submission)
    .join(Application, Application.id == Submission.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .outerjoin(
        OpeningVersion,
        (OpeningVersion.opening_id == Application.opening_id) & (OpeningVersion.number == Application.opening_version),
    )
    .outerjoin(StoredFile, StoredFile.id == Submission.cv_id)
)
_RECEIVED_OF = _RECEIVED.where(Application.id == bindparam("application_id"))
_OWN_RECEIVED = _RECEIVED.where(Application.public_id == bindparam("public_id")).where(
    Application.person_id == bindparam("person_id")
)
_REQUEST = (
    select(
        ApplyRequest.token_id,
        ApplyRequest.opening_id,
        Opening.title,
        Opening.slug,
        ApplyRequest.opening_version,
        ApplyRequest.email,
        ApplyRequest.channel,
        ApplyRequest.locale,
        ApplyRequest.timezone,
        ApplyRequest.name,
        ApplyRequest.phone,
        ApplyRequest.cover_note,
        ApplyRequest.answers,
        *_FILE,
    )
    .join(Opening, Opening.id == ApplyRequest.opening_id)
    .outerjoin(StoredFile, StoredFile.id == ApplyRequest.cv_id)
    .where(ApplyRequest.token_id == bindparam("token_id"))
)
_PHONE = (
    select(Person.phone, Submission.phone)
    .outerjoin(Application, Application.person_id == Person.id)
    .outerjoin(Submission, Submission.application_id == Application.id)
    .where(Person.id == bindparam("person_id"))
    .order_by(Submission.application_id.is_(None), Submission.application_id.desc())
    .limit(1)
)
_KEPT_FILE = (
    select(*_FILE)
    .where(StoredFile.public_id == bindparam("public_id"))
    .where(StoredFile.owner_id.is_(None))
    .where(StoredFile.delete_on.is_not(None))
)
_WAITING_OF = (
    select(Opening.title, ApplyRequest.expires_at)
    .join(Opening, Opening.id == ApplyRequest.opening_id)
    .join(Address, Address.email == ApplyRequest.email)
    .where(Address.person_id == bindparam("person_id"))
    .order_by(ApplyRequest.id)
)


def find_apply_page(slug: str, person_id: int | None, now: datetime) -> ApplyPage | None:
    """The opening at this address, if this person (None: a stranger) may see it, and so apply to it, now."""
    found = find_opening(slug, Asker(person_id, now, day_of(now, company_zone())))
    if found is None:
        return None
    return ApplyPage(found, int(fetch(_VERSION, {"opening_id": found.id}).scalar_one()))


def earlier_to(person_id: int, opening_id: int) -> list[Earlier]:
    """The person's applications to one opening, as they see them, the newest first."""
    return [Earlier(*row) for row in fetch(_EARLIER, {"person_id": person_id, "opening_id": opening_id})]


def draft_of(person_id: int, opening_id: int) -> Draft | None:
    """What this person has typed for this opening and not sent."""
    row = fetch(_DRAFT, {"person_id": person_id, "opening_id": opening_id}).one_or_none()
    return Draft(dict(row[0]), row[1], _file(row[2:])) if row else None


def drafts_of(person_id: int) -> list[DraftLine]:
    """What this person has begun to apply to and can still send, the newest first; one statement."""
    lines = []
    for slug, title, saved_at, closes_on in fetch(_DRAFTS, {"person_id": person_id}):
        goes_on = (saved_at + DRAFTS_KEPT).date()
        lines.append(DraftLine(slug, title, saved_at, min(goes_on, closes_on) if closes_on else goes_on))
    return lines


def typed_drafts_of(person_id: int) -> list[tuple[str, list[str]]]:
    """Every draft of this person: what it is for, and what stands in its fields."""
    rows = fetch(
        select(Opening.title, ApplicationDraft.typed)
        .join(Opening, Opening.id == ApplicationDraft.opening_id)
        .where(ApplicationDraft.person_id == person_id)
        .order_by(ApplicationDraft.id)
    )
    return [(title, [str(text) for text in dict(typed).values()]) for title, typed in rows]


def received_of(application_id: int) -> Received | None:
    """What came with this application; None for an import. For whoever may see the application."""
    return _received(fetch(_RECEIVED_OF, {"application_id": application_id}).one_or_none())


def find_own_received(person_id: int, public_id: str) -> Received | None:
    """What this person sent with their own application; nobody else's."""
    values = {"public_id": public_id, "person_id": person_id}
    return _received(fetch(_OWN_RECEIVED, values).one_or_none())


def _received(row: Any) -> Received | None:
    if row is None:
        return None
    content = from_json(row[8]) if row[8] is not None else None
    return replace(Received(*row[:7]), answers=answers_from_json(row[7]), cv=_file(row[9:]), content=content)


def apply_request_of(token_id: int) -> Asked | None:
    """What waits for this confirmation token; only for whoever holds the token."""
    row = fetch(_REQUEST, {"token_id": token_id}).one_or_none()
    if row is None:
        return None
    name, phone, cover_note, answers = row[9:13]
    sent = Sent(name, phone, cover_note, answers_from_json(answers))
    return replace(Asked(*row[:9]), sent=sent, cv=_file(row[13:]))


def waiting_requests_of(person_id: int) -> list[tuple[str, datetime]]:
    """What was sent to apply with one of this person's addresses and is not confirmed: opening, and until when."""
    return [(title, until) for title, until in fetch(_WAITING_OF, {"person_id": person_id})]


def phone_of(person_id: int) -> str:
    """The number this person gave last."""
    row = fetch(_PHONE, {"person_id": person_id}).one_or_none()
    return (row[1] or row[0]) if row else ""


def find_kept_file(public_id: str) -> FileLine | None:
    """A file that a stranger has sent and that belongs to nothing yet; the caller knows that it is theirs."""
    row = fetch(_KEPT_FILE, {"public_id": public_id}).one_or_none()
    return _file(row) if row else None


def who_reads(page: ApplyPage) -> StaffRow | None:
    """Who will look after an application to this opening; None when nobody is here who can."""
    staff = sorted(all_staff(), key=lambda one: one.role is not Role.ADMIN)
    able = {Role.ADMIN, Role.RECRUITER}
    readers = [Reader(one.person_id, one.lead_id, one.is_here, one.role in able) for one in staff]
    owner_id = owner_of(page.opening.recruiter_id, page.opening.hiring_manager_id, readers)
    return next((one for one in staff if one.person_id == owner_id), None)


def _file(row: Any) -> FileLine | None:
    return FileLine(*row) if row[0] is not None else None
