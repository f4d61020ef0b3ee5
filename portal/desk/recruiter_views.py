"""The staff's home, the search, and the people we know with the card of each."""

from collections.abc import Sequence
from datetime import date, datetime, time
from itertools import groupby
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import Blueprint, make_response, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import (
    StaffLine,
    StaffScope,
    applications_of_person,
    find_for_staff,
    next_promise,
)
from portal.applications.queries.applying import received_of
from portal.applications.queries.endings import marks_of_person
from portal.applications.queries.noted import noted_for
from portal.applications.queries.promises import ComingLine, coming_up
from portal.applications.states import ENDINGS, MARK_LABELS, STATUS_LABELS
from portal.community.queries import OffersRow, PreferencesRow, offers_of, preferences_of, wishes_in
from portal.community.rules import Told, told_of
from portal.company.queries import areas, company_zone, last_restore
from portal.contact.queries import consents_in, contact_now
from portal.conversations.queries import has_conversation
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import local
from portal.core.identifiers import new_public_id
from portal.core.permissions import Permission, Role
from portal.desk.forms import SearchForm
from portal.desk.queries import (
    CandidateCard,
    DueTasks,
    Found,
    count_to_invite,
    due_tasks,
    find_all,
    find_candidate,
    neighbours_of,
    not_among,
    stood_in_for,
    story_of,
    what_else_waits,
    what_is_due,
    with_tasks,
)
from portal.desk.queries import candidates as candidates_matching
from portal.desk.rules import name_alike
from portal.feedback.queries import OwedLine, ReturnedLine, Shows, owed_to_candidates
from portal.feedback.queries import Whose as OwedBy
from portal.interviews.queries.ahead import AheadLine
from portal.interviews.states import WISH_LABELS
from portal.notes.queries import notes_about, notes_of
from portal.openings.states import STATE_LABELS
from portal.outbox.queries import mail_standing
from portal.pools.queries import pools_and_tags_of
from portal.prospects.queries import find_prospect
from portal.setup.queries import steps_done
from portal.tasks.queries import TaskScope, Whose
from portal.tasks.rules import KINDS, path_of
from portal.tasks.states import TaskKind
from portal.web.beside import Beside
from portal.web.headers import CONTENT_SECURITY_POLICY
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("desk", __name__)
candidates = Blueprint("candidates", __name__)
NOTHING_TO_DO = DueTasks([], 0, [])
#: Lines of what comes up: the page is about today.
_COMING_SHOWN = 5
#: Lines of feedback that is owed.
_FEEDBACK_SHOWN = 5
#: What of a card is open at once; the rest unfolds.
_STORY_SHOWN, _MESSAGES_SHOWN = 12, 3
#: Marks a card that was opened from the list of people, narrowed as `q` says.
_PEOPLE = "people"


@blueprint.get("/")
def home() -> Response | str:
    me = identity()
    scope = StaffScope(me.person_id, me.role)
    whose = _whose(me.role)
    owner_id = me.person_id if whose is Whose.MINE else None
    at = now()
    today = day_of(at, company_zone())
    number = page_number()
    days, counts = what_is_due(scope, today, owner_id, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if number > 1 and not days:
        return redirect(page_url(1), 303)
    may_import = me.may(Permission.IMPORT)
    waiting = what_else_waits(me.person_id, today, at, imports=may_import)
    tasks = _tasks(waiting.away, whose, today, at) if number == 1 else NOTHING_TO_DO
    is_free = not counts.total and not tasks.total
    coming = _coming(scope, waiting.coming_until, today, owner_id) if number == 1 else []
    return render_template(
        "recruiting/desk/home.html",
        today=today,
        at=at,
        whose=whose,
        may_switch=me.role is not Role.HIRING_MANAGER,
        may_write=me.may(Permission.WRITE_TO_CANDIDATES),
        may_import=may_import,
        counts=counts,
        days=with_tasks(days, tasks.rows, today),
        tasks=tasks,
        page=Page(days, number, counts.lines),
        is_free=is_free,
        coming=coming,
        coming_more=coming[0][1].total - sum(line.alike_count for _names, line in coming) if coming else 0,
        noted=noted_for(scope, owner_id) if number == 1 and waiting.has_notes else None,
        next_promise=next_promise(scope, today, owner_id) if is_free else None,
        standing=mail_standing(at),
        restore=last_restore() if me.may(Permission.SEE_MAIL) else None,
        may_mend_mail=me.role is Role.ADMIN,
        status_labels=STATUS_LABELS,
        link_labels={kind: row.link for kind, row in KINDS.items()},
        waiting=not_among(waiting, tasks.rows),
        meetings=_meetings(waiting.meetings) if number == 1 else [],
        wish_labels=WISH_LABELS,
        feedback=_feedback(scope, tasks, waiting.returned, at) if number == 1 and waiting.has_feedback else None,
        steps_left=_steps_left(),
        away=stood_in_for(waiting.away, scope, today) if waiting.away and whose is Whose.MINE else [],
    )


def _feedback(
    scope: StaffScope, tasks: DueTasks, returned: Sequence[ReturnedLine], at: datetime
) -> tuple[list[OwedLine], int]:
    """The feedback that the asker owes, the soonest first, but for what this page tells of already; and how much."""
    lines, total = owed_to_candidates(scope, OwedBy.MINE, Shows.OPEN, at, 0, _FEEDBACK_SHOWN)
    told = (TaskKind.FEEDBACK_DUE, TaskKind.FEEDBACK_TO_APPROVE)
    shown = {row.path for row in tasks.rows if row.kind in told}
    shown |= {path_of(TaskKind.FEEDBACK_DUE, one.public_id) for one in returned}
    return [line for line in lines if not shown & {path_of(kind, line.public_id) for kind in told}], total


def _meetings(lines: Sequence[AheadLine]) -> list[tuple[date, list[tuple[str, AheadLine]]]]:
    """The asker's interviews by day, each with its time, on the asker's clock."""
    by_day = groupby(lines, key=lambda line: local(line.starts_at).date())
    return [(day, [(f"{local(line.starts_at):%H:%M}", line) for line in found]) for day, found in by_day]


def _coming(scope: StaffScope, until: date | None, today: date, owner_id: int | None) -> list[tuple[str, ComingLine]]:
    """Who is promised word after today and by `until`, with the people in a line as they are named there."""
    lines = coming_up(scope, today, until, owner_id, _COMING_SHOWN) if until is not None else []
    return [(name_alike(line.first_name, line.last_name, line.alike_count), line) for line in lines]


def _tasks(away: tuple[int, ...], whose: Whose, today: date, at: datetime) -> DueTasks:
    me = identity()
    begun = datetime.combine(today, time(), ZoneInfo(company_zone()))
    return due_tasks(TaskScope(me.person_id, me.role is Role.ADMIN, away), whose, today, min(begun, at))


def _steps_left() -> int:
    """What is still to be set up, for those who can do it: this is the page they land on after their first sign-in."""
    if not identity().may(Permission.CHANGE_SETTINGS):
        return 0
    return sum(not is_done for is_done in steps_done().values())


def _whose(role: Role) -> Whose:
    """Recruiters begin with what is their own; the others see all that they may see."""
    if role is Role.HIRING_MANAGER:
        return Whose.TEAM
    asked = request.args.get("whose")
    if asked in set(Whose):
        return Whose(asked)
    return Whose.MINE if role is Role.RECRUITER else Whose.TEAM


def _told(preferences: PreferencesRow) -> list[Told]:
    """What a person told us of what they look for and of themselves, with its day; what they left open is left out."""
    return told_of(wishes_in(preferences), {area.key: area.label for area in areas()}, preferences.said_on)


def _offers(person_id: int, applications: list[StaffLine]) -> OffersRow | None:
    """Other offers, for whoever looks after an open application of this person; nothing for anybody else."""
    me = identity()
    is_theirs = any(line.owner_id == me.person_id and line.status not in ENDINGS for line in applications)
    return offers_of(person_id) if is_theirs else None


@blueprint.get("/search")
def search() -> str:
    """People, openings and notes by one word; it stays in the address."""
    form, me = SearchForm(), identity()
    return render_template(
        "recruiting/desk/search.html",
        form=form,
        found=find_all(form.search, StaffScope(me.person_id, me.role)) if form.search else Found(),
        among=_among(form.search),
        state_labels=STATE_LABELS,
        may_see_people=me.may(Permission.SEE_CANDIDATES),
    )


@blueprint.get("/applications/<public_id>/read")
def read(public_id: str) -> Response:
    """What somebody sent and what colleagues noted, beside the CV."""
    me = identity()
    scope = StaffScope(me.person_id, me.role)
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    page = render_template(
        "recruiting/desk/read.html",
        view=view,
        received=received_of(view.id),
        notes=notes_about(view.id, scope),
        note_key=new_public_id(),
        asker_id=me.person_id,
        at=now(),
        status_labels=STATUS_LABELS,
        is_open=view.status not in ENDINGS,
        may_see_person=me.may(Permission.SEE_CANDIDATES),
    )
    response = make_response(page)
    response.headers["Content-Security-Policy"] = f"{CONTENT_SECURITY_POLICY}; frame-src 'self'"
    return response


@candidates.get("/candidates")
def index() -> Response | str:
    form = SearchForm()
    number = page_number()
    asker_id = identity().person_id
    found, total = candidates_matching(form.search, asker_id, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found:
        return redirect(page_url(1), 303)
    return render_template(
        "recruiting/candidates/index.html",
        form=form,
        page=Page(found, number, total),
        to_invite=count_to_invite(form.search, asker_id),
        among=_among(form.search),
    )


def _among(search: str) -> str:
    """What tells a card which list it was opened from; the end of its address."""
    return "?" + urlencode({"among": _PEOPLE, **({"q": search} if search else {})})


def _beside(card: CandidateCard) -> Beside | None:
    """Who comes before and after in the list that the asker came from; None where they came from elsewhere."""
    if request.args.get("among") != _PEOPLE:
        return None
    search = SearchForm().search
    found, among = neighbours_of(card, search, identity().person_id), _among(search)
    previous, following = (
        url_for(".show", public_id=one) + among if one else "" for one in (found.previous, found.next)
    )
    return Beside(_("People in this list"), previous, following, url_for(".index") + among)


@candidates.get("/candidates/<public_id>")
def show(public_id: str) -> str:
    card = find_candidate(public_id, identity().person_id)
    if card is None:
        raise NotFound
    me, at = identity(), now()
    scope, today = StaffScope(me.person_id, me.role), day_of(at, company_zone())
    preferences = preferences_of(card.person_id)
    applications = applications_of_person(card.person_id, scope)
    story = story_of(card.person_id)
    pools, tags = pools_and_tags_of(card.person_id)
    return render_template(
        "recruiting/candidates/show.html",
        card_of=card,
        addresses=card.addresses,
        preferences=preferences,
        told=_told(preferences),
        consents=consents_in(story.consents),
        contact_now=contact_now(card.person_id, card.addresses[0].email, story.consents, at),
        applications=applications,
        has_conversation=bool(applications) or has_conversation(card.person_id),
        offers=_offers(card.person_id, applications),
        status_labels=STATUS_LABELS,
        today=today,
        marks=marks_of_person(card.person_id, today),
        mark_labels=MARK_LABELS,
        story=story.entries[:_STORY_SHOWN],
        earlier=story.entries[_STORY_SHOWN:],
        messages=story.messages[:_MESSAGES_SHOWN],
        notes=notes_of(card.person_id, scope),
        tags=tags,
        pools=pools,
        note_key=new_public_id(),
        asker_id=me.person_id,
        at=at,
        beside=_beside(card),
        prospect=None if applications or preferences.joined_at else find_prospect(card.public_id),
    )
