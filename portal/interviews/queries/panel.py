"""What the panel reads: the page of one interview, who knows the candidate, who has read the guide, what is ahead."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from functools import cache
from typing import Any, Final

from sqlalchemy import ColumnElement, Integer, and_, bindparam, exists, func, or_, select
from sqlalchemy.orm import aliased

from portal.applications.models import Application
from portal.applications.queries import StaffScope
from portal.applications.queries.shown import Shown, is_in_scope, with_shown
from portal.applications.states import ApplicationStatus, EventKind
from portal.company.queries import company_zone
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.interviews.models import (
    GuideRead,
    Interview,
    InterviewNeed,
    InterviewWish,
    PanelMember,
    PanelNote,
    QuestionAhead,
)
from portal.interviews.rules.guide import is_read
from portal.interviews.rules.panel import may_read_notes
from portal.interviews.states import CLOSE, OPEN_INTERVIEWS, InterviewFormat, InterviewState, Relationship, WishKind
from portal.openings.models import Opening
from portal.people.models import Address, Person, Staff, StaffPicture

_WISHES_SHOWN: Final = 10
_Candidate = aliased(Person, name="candidate")
_Arranger = aliased(Person, name="arranger")
_Owner = aliased(Person, name="its_owner")
_Contact = aliased(Person, name="contact")
#: How colleagues read a candidate.
_NAME: Final = func.coalesce(func.nullif(_Candidate.name, ""), Address.email, "")


@dataclass(frozen=True)
class Member:
    """A colleague who takes part, and how they know the candidate; `relationship` is None until they have said so."""

    person_id: int
    name: str
    introduction: str
    picture_id: str
    relationship: Relationship | None

    @property
    def is_close(self) -> bool:
        """Whether they know the candidate so well that they approve no feedback to them."""
        return self.relationship in CLOSE


@dataclass(frozen=True)
class PanelNoteLine:
    """What a colleague noted against one criterion; an empty criterion: on the whole."""

    author_id: int
    author_name: str
    criterion: str
    words: str
    changed_at: datetime


@dataclass(frozen=True)
class EarlierLine:
    """Another interview of the same application."""

    title: str
    starts_at: datetime
    state: InterviewState


@dataclass(frozen=True)
class WishLine:
    """What the candidate told us about it; whether somebody has answered."""

    kind: WishKind
    #: Empty for those who only take part.
    words: str
    told_at: datetime
    is_answered: bool

    @property
    def waits(self) -> bool:
        """Whether somebody has to answer it: that they are late is only to be known."""
        return not self.is_answered and self.kind is not WishKind.RUNNING_LATE


@dataclass(frozen=True)
class PanelPage:
    """One interview, as those who take part or look after it read it."""

    id: int
    public_id: str
    state: InterviewState
    title: str
    format: InterviewFormat
    minutes: int
    place: str
    about: str
    prepare: str
    criteria: str
    #: IANA name of the zone in which it was arranged.
    zone: str
    starts_at: datetime | None
    application_id: int
    application_public_id: str
    person_id: int
    person_name: str
    #: The candidate's own IANA zone.
    person_zone: str
    opening_title: str
    manager_id: int | None
    owner_id: int
    owner_name: str
    arranged_by_id: int | None
    arranger_name: str
    contact_name: str
    contact_phone: str
    #: What the candidate reads of where it stands, and by when they hear from us.
    status: ApplicationStatus
    shown_kind: EventKind
    next_update_by: date | None
    panel: list[Member] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state in OPEN_INTERVIEWS

    @property
    def expected_on(self) -> date | None:
        """By when they expect a word; None where they were told that we have not kept our promise."""
        return None if self.shown_kind is EventKind.ESCALATED else self.next_update_by

    def is_past(self, now: datetime) -> bool:
        """Whether its time is over."""
        return self.starts_at is not None and self.starts_at + timedelta(minutes=self.minutes) <= now

    def member(self, person_id: int) -> Member | None:
        """Who on the panel this is; None for somebody who does not take part."""
        return next((one for one in self.panel if one.person_id == person_id), None)

    def may_see_application(self, scope: StaffScope) -> bool:
        """Whether the asker may read more than this page: the application itself."""
        return scope.role in {Role.RECRUITER, Role.ADMIN} or self.manager_id == scope.person_id

    def may_see_relationships(self, scope: StaffScope) -> bool:
        """Whoever arranges it or looks after the application reads how the panel knows the candidate."""
        return scope.role in {Role.RECRUITER, Role.ADMIN} or scope.person_id == self.arranged_by_id

    def may_see_needs(self, scope: StaffScope) -> bool:
        """Only who arranges it, who looks after the application, and admins read what makes it accessible."""
        return scope.role is Role.ADMIN or scope.person_id in {self.arranged_by_id, self.owner_id}


def takes_part(asker_id: Any) -> ColumnElement[bool]:
    """Of an interview: whether this colleague is on its panel."""
    return exists().where(PanelMember.interview_id == Interview.id).where(PanelMember.staff_id == asker_id)


def may_see_interview(asker_id: Any, role: Role) -> ColumnElement[bool]:
    """Of an interview with its application and opening: those one takes part in or arranges, and those of applications
    that one may see; nobody sees one about themselves."""
    is_theirs = or_(takes_part(asker_id), Interview.arranged_by_id == asker_id)
    return and_(Application.person_id != asker_id, or_(is_in_scope(asker_id, role), is_theirs))


_PAGE = with_shown(
    select(
        Interview.id,
        Interview.public_id,
        Interview.state,
        Interview.title,
        Interview.format,
        Interview.minutes,
        Interview.place,
        Interview.about,
        Interview.prepare,
        Interview.criteria,
        Interview.zone,
        Interview.starts_at,
        Application.id,
        Application.public_id,
        Application.person_id,
        _NAME,
        _Candidate.timezone,
        Opening.title,
        Opening.hiring_manager_id,
        Application.owner_id,
        _Owner.name,
        Interview.arranged_by_id,
        func.coalesce(_Arranger.name, ""),
        func.coalesce(_Contact.name, ""),
        Interview.contact_phone,
        Shown.status,
        Shown.kind,
        Shown.next_update_by,
    )
    .select_from(Interview)
    .join(Application, Application.id == Interview.application_id)
    .join(Opening, Opening.id == Application.opening_id)
    .join(_Candidate, _Candidate.id == Application.person_id)
    .join(_Owner, _Owner.id == Application.owner_id)
    .outerjoin(_Arranger, _Arranger.id == Interview.arranged_by_id)
    .outerjoin(_Contact, _Contact.id == Interview.contact_id)
    .outerjoin(Address, (Address.person_id == Application.person_id) & Address.is_primary)
).where(Interview.public_id == bindparam("public_id"))
_PANEL = (
    select(
        Person.id,
        func.coalesce(func.nullif(Person.name, ""), Address.email, ""),
        Staff.introduction,
        func.coalesce(StaffPicture.public_id, ""),
        PanelMember.relationship,
    )
    .select_from(PanelMember)
    .join(Staff, Staff.person_id == PanelMember.staff_id)
    .join(Person, Person.id == Staff.person_id)
    .outerjoin(Address, (Address.person_id == Person.id) & Address.is_primary)
    .outerjoin(StaffPicture, StaffPicture.person_id == Staff.person_id)
    .where(PanelMember.interview_id == bindparam("interview_id"))
    .order_by(PanelMember.added_at, func.lower(Person.name), Person.id)
)
_QUESTIONS = (
    select(QuestionAhead.words)
    .where(QuestionAhead.interview_id == bindparam("interview_id"))
    .order_by(QuestionAhead.id)
)
_WISHES = (
    select(InterviewWish.kind, InterviewWish.words, InterviewWish.created_at, InterviewWish.closed_at.is_not(None))
    .where(InterviewWish.interview_id == bindparam("interview_id"))
    .order_by(InterviewWish.id.desc())
    .limit(bindparam("count", type_=Integer))
)
_NEED = select(InterviewNeed.words).where(InterviewNeed.interview_id == bindparam("interview_id"))
_NOTES = (
    select(PanelNote.author_id, Person.name, PanelNote.criterion, PanelNote.words, PanelNote.changed_at)
    .join(Person, Person.id == PanelNote.author_id)
    .where(PanelNote.interview_id == bindparam("interview_id"))
    .order_by(func.lower(Person.name), PanelNote.author_id, PanelNote.id)
)
_BESIDE = (
    select(Interview.title, Interview.starts_at, Interview.state)
    .where(Interview.application_id == bindparam("application_id"))
    .where(Interview.id != bindparam("interview_id"))
    .where(Interview.starts_at.is_not(None))
    .where(Interview.state != InterviewState.CANCELLED)
    .order_by(Interview.starts_at, Interview.id)
)


@cache
def _page_for(role: Role) -> Any:
    """Built once: building it costs more than running it."""
    return _PAGE.where(may_see_interview(bindparam("asker_id"), role))


def find_panel_page(public_id: str, scope: StaffScope) -> PanelPage | None:
    """The interview with this public id, if the asker takes part in it, arranges it or may see its application."""
    values = {"public_id": public_id, "asker_id": scope.person_id}
    row = fetch(_page_for(scope.role), values).one_or_none()
    if row is None:
        return None
    values = {"interview_id": row[0]}
    panel = [Member(*made) for made in fetch(_PANEL, values)]
    return replace(PanelPage(*row), panel=panel, questions=list(fetch(_QUESTIONS, values).scalars()))


def wishes_of(page: PanelPage, scope: StaffScope) -> list[WishLine]:
    """What the candidate told us about it, the newest first; their words are for those who arrange it."""
    may_read = page.may_see_relationships(scope)
    rows = fetch(_WISHES, {"interview_id": page.id, "count": _WISHES_SHOWN})
    return [WishLine(kind, words if may_read else "", at, done) for kind, words, at, done in rows]


def need_of(page: PanelPage, scope: StaffScope) -> str:
    """What makes it accessible to the candidate, for those who may read that; else empty."""
    if not page.may_see_needs(scope):
        return ""
    return str(fetch(_NEED, {"interview_id": page.id}).scalar_one_or_none() or "")


@dataclass(frozen=True)
class NotesSeen:
    """The notes on an interview as far as the asker reads them."""

    #: By criterion.
    own: dict[str, str]
    others: list[PanelNoteLine]
    #: How many others wrote whose notes the asker does not read yet.
    hidden_count: int


def notes_seen(page: PanelPage, scope: StaffScope) -> NotesSeen:
    """Own notes, and those of the others once the asker has written their own; see `rules.may_read_notes`."""
    lines = [PanelNoteLine(*row) for row in fetch(_NOTES, {"interview_id": page.id})]
    own = {line.criterion: line.words for line in lines if line.author_id == scope.person_id}
    others = [line for line in lines if line.author_id != scope.person_id]
    may_read = may_read_notes(
        is_on_panel=page.member(scope.person_id) is not None,
        has_written=bool(own),
        may_see_application=page.may_see_application(scope) or page.arranged_by_id == scope.person_id,
    )
    hidden = 0 if may_read else len({line.author_id for line in others})
    return NotesSeen(own, others if may_read else [], hidden)


def interviews_beside(page: PanelPage) -> list[EarlierLine]:
    """The other interviews of the same application that have a time, the earliest first."""
    return [
        EarlierLine(*row) for row in fetch(_BESIDE, {"application_id": page.application_id, "interview_id": page.id})
    ]


def is_close(person_id: int, application_id: int) -> bool:
    """Whether this colleague has said that they know whose application this is well: they approve no feedback."""
    return person_id in close_to(application_id)


def close_to(application_id: int) -> frozenset[int]:
    """Ids of the colleagues who said in an interview of this application that they know the candidate well."""
    rows = fetch(
        select(PanelMember.staff_id)
        .join(Interview, Interview.id == PanelMember.interview_id)
        .where(Interview.application_id == application_id)
        .where(PanelMember.relationship.in_(CLOSE))
    )
    return frozenset(rows.scalars())


def has_read_guide(staff_ids: Collection[int], today: date) -> frozenset[int]:
    """Who of these colleagues has said within a year that they read the guide; one statement."""
    if not staff_ids:
        return frozenset()
    zone = company_zone()
    return frozenset(staff_id for staff_id, read_at in _read_by(sorted(staff_ids)) if is_read(read_at, today, zone))


def guide_read_at(staff_id: int) -> datetime | None:
    """When this colleague said last that they read the guide."""
    return next((read_at for _staff_id, read_at in _read_by([staff_id])), None)


def _read_by(staff_ids: Sequence[int]) -> list[tuple[int, datetime]]:
    rows = fetch(select(GuideRead.staff_id, GuideRead.read_at).where(GuideRead.staff_id.in_(staff_ids)))
    return [(staff_id, read_at) for staff_id, read_at in rows]
