"""Who came past a touchpoint and was neither asked nor passed over, and who was; for the worker, and for counts."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import Integer, String, bindparam, cast, exists, func, literal, select

from portal.applications.models import Application, ApplicationEvent, Submission
from portal.applications.queries.shown import is_accepted
from portal.applications.states import ApplicationStatus, EventKind
from portal.community.models import Membership
from portal.company.queries import company_zone
from portal.contact.models import ConsentEvent
from portal.contact.rules import ConsentFact, fold
from portal.contact.rules.hours import months_after
from portal.contact.states import ConsentAction, Purpose
from portal.core.clock import day_of
from portal.core.db import UTCDateTime, fetch
from portal.core.i18n import is_zone
from portal.feedback.queries.facts import facts_about
from portal.feedback.rules import Facts, Reached, ending_of
from portal.interviews.models import Interview
from portal.interviews.rules.afterwards import Met
from portal.interviews.states import InterviewState
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.surveys.models import Survey, SurveyInvitation, SurveyVersion
from portal.surveys.queries.letters import letters_before
from portal.surveys.queries.standing import PersonNow, applications_with_mail, causes_noted, people_now
from portal.surveys.rules.inviting import (
    AFTER_AN_INTERVIEW,
    DAYS_AFTER,
    DAYS_AFTER_CONSENT,
    DAYS_AFTER_FEEDBACK,
    PULSE_MONTHS,
    Standing,
    after_ending,
    after_interviews,
    cause_of,
    pulse_after,
)
from portal.surveys.states import SurveyState, Touchpoint, WhyNotAsked

#: Whoever came past longer ago was asked or passed over, or nobody looked for months.
_LOOK_BACK: Final = timedelta(days=60)
#: Longer than any wait before a survey: what happened so long before it was first published is not asked about.
_LONGEST_WAIT: Final = timedelta(days=15)
#: Which endings each touchpoint follows.
_ENDS_AT: Final[dict[Touchpoint, tuple[ApplicationStatus, ...]]] = {
    Touchpoint.NOT_SELECTED: (ApplicationStatus.NOT_SELECTED,),
    Touchpoint.LEFT: (ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED),
    Touchpoint.HIRED: (ApplicationStatus.HIRED,),
}
#: The soonest that a survey can follow an ending, in days.
_SOONEST: Final[dict[Touchpoint, int]] = {Touchpoint.NOT_SELECTED: DAYS_AFTER_FEEDBACK, **DAYS_AFTER}
#: How somebody was told where no mail of ours did it; they start no survey.
_TOLD: Final[dict[EventKind, WhyNotAsked]] = {
    EventKind.ENDED_BEFORE_US: WhyNotAsked.ENDED_BEFORE_US,
    EventKind.TOLD_ELSEWHERE: WhyNotAsked.TOLD_ELSEWHERE,
    EventKind.TOLD_HERE: WhyNotAsked.NOT_TOLD_BY_MAIL,
}
_HELD: Final = (InterviewState.DONE, InterviewState.CONFIRMED, InterviewState.MOVED)
_IDS: Final = bindparam("ids", expanding=True, type_=Integer)
_SINCE: Final = bindparam("since", type_=UTCDateTime())
_UNTIL: Final = bindparam("until", type_=UTCDateTime())


@dataclass(frozen=True)
class Asking:
    """A survey that is live: what it asks now, and since when anybody is asked at its touchpoint."""

    survey_id: int
    touchpoint: Touchpoint
    version_number: int
    live_since: datetime


@dataclass(frozen=True)
class Came:
    """Somebody who came past a touchpoint: when they are to be asked, and how they stand."""

    cause: str
    person_id: int
    timezone: str
    #: None: it is about the community.
    application_id: int | None
    owner_id: int | None
    opening_title: str
    due_at: datetime
    standing: Standing
    has_address: bool
    #: A survey about the same application has come by mail: this one stands in the portal only.
    has_had_mail: bool = False

    @property
    def about_id(self) -> int:
        """What `cases` and `came_again` know it by."""
        return self.person_id if self.application_id is None else self.application_id


_ASKING: Final = (
    select(Survey.id, Survey.touchpoint, Survey.version_number, SurveyVersion.published_at)
    .join(SurveyVersion, (SurveyVersion.survey_id == Survey.id) & (SurveyVersion.number == 1))
    .where(Survey.state == SurveyState.LIVE)
    .order_by(Survey.id)
)


def surveys_that_ask() -> list[Asking]:
    """The surveys for which people are asked now."""
    return [Asking(*row) for row in fetch(_ASKING)]


def survey_that_asks(touchpoint: Touchpoint) -> Asking | None:
    """The one of this touchpoint, if it is live."""
    return next((one for one in surveys_that_ask() if one.touchpoint is touchpoint), None)


def _is_new(touchpoint: Any, what: Any) -> Any:
    return ~exists().where(SurveyInvitation.cause == touchpoint + literal(":") + what).correlate(
        Application, ApplicationEvent
    )


_TOUCHPOINT: Final = bindparam("touchpoint", type_=String)
_REACHED_AT: Final = func.coalesce(Delivery.sent_at, ApplicationEvent.created_at, type_=UTCDateTime())
_ENDED: Final = (
    select(ApplicationEvent.application_id)
    .distinct()
    .outerjoin(Delivery, Delivery.id == ApplicationEvent.delivery_id)
    # What has ended has no next date, and an index knows that.
    .where(ApplicationEvent.next_update_by.is_(None))
    .where(ApplicationEvent.status.in_(bindparam("statuses", expanding=True, type_=ApplicationEvent.status.type)))
    .where(is_accepted())
    .where(_REACHED_AT >= _SINCE)
    .where(_REACHED_AT <= _UNTIL)
    .where(_is_new(_TOUCHPOINT, cast(ApplicationEvent.id, String)))
    .order_by(ApplicationEvent.application_id)
)
_MET: Final = (
    select(Application.id)
    .distinct()
    .join(Interview, Interview.application_id == Application.id)
    .where(Interview.state.in_(_HELD))
    .where(Interview.starts_at >= _SINCE)
    .where(Interview.starts_at <= _UNTIL)
    .where(_is_new(_TOUCHPOINT, Application.public_id))
    .order_by(Application.id)
)
_APPLIED: Final = (
    select(Application.id)
    .join(Submission, Submission.application_id == Application.id)
    .where(Application.created_at >= _SINCE)
    .where(Application.created_at <= _UNTIL)
    .where(_is_new(_TOUCHPOINT, Application.public_id))
    .order_by(Application.id)
)
_PULSE: Final = [Purpose.COMMUNITY_PULSE]
_Asked = select(SurveyInvitation.person_id).join(Survey, Survey.id == SurveyInvitation.survey_id)
_AGREED: Final = (
    select(ConsentEvent.person_id)
    .distinct()
    .join(Membership, Membership.person_id == ConsentEvent.person_id)
    .where(Membership.left_at.is_(None))
    .where(ConsentEvent.purpose.in_(_PULSE))
    .where(ConsentEvent.action == ConsentAction.GIVEN)
    .where(ConsentEvent.occurred_at <= _UNTIL)
    .where(
        ConsentEvent.person_id.not_in(
            _Asked.where(Survey.touchpoint == Touchpoint.COMMUNITY).where(
                SurveyInvitation.asked_on > bindparam("asked_since")
            )
        )
    )
    .order_by(ConsentEvent.person_id)
)


def came_past(asking: Asking, now: datetime) -> list[int]:
    """Of which applications (for the pulse: people) it is to be decided whether to ask; some of them later."""
    since = max(now - _LOOK_BACK, asking.live_since - _LONGEST_WAIT)
    values: dict[str, Any] = {"since": since, "until": now, "touchpoint": str(asking.touchpoint)}
    if asking.touchpoint is Touchpoint.COMMUNITY:
        return members_to_ask(now)
    if asking.touchpoint is Touchpoint.APPLIED:
        return list(fetch(_APPLIED, {**values, "since": max(since, asking.live_since)}).scalars())
    if asking.touchpoint is Touchpoint.INTERVIEWED:
        return list(fetch(_MET, {**values, "until": now - AFTER_AN_INTERVIEW}).scalars())
    # A day on their clock has 23 hours once a year.
    until = now - timedelta(days=_SOONEST[asking.touchpoint]) + timedelta(hours=1)
    statuses = list(_ENDS_AT[asking.touchpoint])
    return list(fetch(_ENDED, {**values, "until": until, "statuses": statuses}).scalars())


def members_to_ask(now: datetime) -> list[int]:
    """Members who agreed to the pulse a month ago, or perhaps took it back since, and were not asked for a year."""
    today = day_of(now, company_zone())
    until = now - timedelta(days=DAYS_AFTER_CONSENT) + timedelta(hours=1)
    values = {"until": until, "asked_since": months_after(today, -PULSE_MONTHS)}
    return list(fetch(_AGREED, values).scalars())


_ABOUT: Final = (
    select(
        Application.id,
        Application.public_id,
        Application.person_id,
        Application.owner_id,
        Application.is_held,
        Application.created_at,
        Opening.title,
    )
    .join(Opening, Opening.id == Application.opening_id)
    .where(Application.id.in_(_IDS))
    .order_by(Application.id)
)
_MEETINGS: Final = (
    select(Interview.application_id, Interview.starts_at, Interview.minutes, Interview.state, Interview.closed_at)
    .where(Interview.application_id.in_(_IDS))
    .where(Interview.starts_at.is_not(None))
    .order_by(Interview.application_id, Interview.id)
)


def cases(asking: Asking, ids: Sequence[int], now: datetime) -> list[Came]:
    """What decides whether each of these is asked, in this order; those are left out who came past before anybody was.

    `ids` are of applications, for the pulse of people. Whoever was asked or passed over since is none of them.
    """
    found = came_again(asking, ids, now)
    noted = causes_noted([one.cause for one in found])
    return [
        one
        for one in found
        if one.cause not in noted and (one.application_id is None or one.due_at >= asking.live_since)
    ]


def came_again(asking: Asking, ids: Sequence[int], now: datetime) -> list[Came]:
    """The same of everybody who still is where they came past, whether they were asked or not."""
    is_pulse = asking.touchpoint is Touchpoint.COMMUNITY
    return list(_members(ids, now) if is_pulse else _candidates(asking, ids, now))


def _candidates(asking: Asking, ids: Sequence[int], now: datetime) -> Iterator[Came]:
    touchpoint, home = asking.touchpoint, company_zone()
    rows = fetch(_ABOUT, {"ids": list(ids)}).all()
    people = people_now([row.person_id for row in rows], touchpoint, day_of(now, home))
    facts = {one: found for one, (found, _debts) in facts_about([row.id for row in rows]).items()}
    meetings = _meetings(ids) if touchpoint is Touchpoint.INTERVIEWED else {}
    mailed = applications_with_mail([row.id for row in rows])
    letters = letters_before(touchpoint, [row.id for row in rows])
    for row in rows:
        person, about = people.get(row.person_id), facts.get(row.id)
        if person is None or about is None or row.id in letters.on_its_way:
            continue
        zone = person.timezone if is_zone(person.timezone) else home
        ending = ending_of(about.reached)
        if touchpoint is Touchpoint.APPLIED:
            moment: datetime | None = row.created_at
        elif touchpoint is Touchpoint.INTERVIEWED:
            moment = after_interviews(meetings.get(row.id, ()), home)
        else:
            moment = _after_ending(touchpoint, ending, about, letters.confirmed.get(row.id), zone)
        if moment is None:
            continue
        what = row.public_id if ending is None or touchpoint not in _ENDS_AT else str(ending.event_id)
        yield Came(
            cause=cause_of(touchpoint, what),
            person_id=row.person_id,
            timezone=zone,
            application_id=row.id,
            owner_id=row.owner_id,
            opening_title=row.title,
            due_at=moment,
            standing=_standing(touchpoint, person, row, ending, day_of(now, home)),
            has_address=person.has_address,
            has_had_mail=row.id in mailed,
        )


def _after_ending(
    touchpoint: Touchpoint, ending: Reached | None, about: Facts, confirmed_at: datetime | None, zone: str
) -> datetime | None:
    """None where it is open, or ended otherwise than this touchpoint asks about."""
    if ending is None or ending.status not in _ENDS_AT[touchpoint]:
        return None
    told_at = ending.at if confirmed_at is None else max(ending.at, confirmed_at)
    return after_ending(touchpoint, told_at, min(about.given, default=None), zone)


def _standing(touchpoint: Touchpoint, person: PersonNow, row: Any, ending: Reached | None, today: date) -> Standing:
    return Standing(
        is_opted_out=person.is_opted_out,
        told=_TOLD.get(ending.kind) if ending is not None and touchpoint in _ENDS_AT else None,
        has_ended=ending is not None,
        is_held=row.is_held,
        is_outcome_queued=person.is_outcome_queued,
        is_unanswered=person.is_unanswered(today),
        is_active_elsewhere=person.is_active_beside(row.id),
        asked_on=person.asked_on,
    )


def _meetings(ids: Sequence[int]) -> dict[int, list[Met]]:
    found: dict[int, list[Met]] = {}
    for row in fetch(_MEETINGS, {"ids": list(ids)}):
        found.setdefault(row.application_id, []).append(Met(*row[1:]))
    return found


_CONSENTS: Final = (
    select(
        ConsentEvent.person_id,
        ConsentEvent.purpose,
        ConsentEvent.action,
        ConsentEvent.actor_id.is_(None).label("is_own"),
        ConsentEvent.occurred_at,
    )
    .where(ConsentEvent.person_id.in_(_IDS))
    .where(ConsentEvent.purpose.in_(_PULSE))
    .order_by(ConsentEvent.person_id, ConsentEvent.id)
)
_LAST_PULSE: Final = (
    select(SurveyInvitation.person_id, func.max(SurveyInvitation.asked_on))
    .join(Survey, Survey.id == SurveyInvitation.survey_id)
    .where(Survey.touchpoint == Touchpoint.COMMUNITY)
    .where(SurveyInvitation.person_id.in_(_IDS))
    .group_by(SurveyInvitation.person_id)
    .order_by(SurveyInvitation.person_id)
)
_MEMBERS: Final = select(Membership.person_id).where(Membership.person_id.in_(_IDS)).where(Membership.left_at.is_(None))


def _members(ids: Sequence[int], now: datetime) -> Iterator[Came]:
    """Members who agree at this moment; whoever took it back is not asked, and there is nothing to be noted of it."""
    values, home = {"ids": list(ids)}, company_zone()
    given: dict[int, list[ConsentFact]] = {}
    for row in fetch(_CONSENTS, values):
        given.setdefault(row.person_id, []).append(
            ConsentFact(row.purpose, row.action, bool(row.is_own), row.occurred_at)
        )
    last: dict[int, date] = {key: day for key, day in fetch(_LAST_PULSE, values)}
    members = set(fetch(_MEMBERS, values).scalars())
    today = day_of(now, home)
    for person_id, person in people_now([one for one in ids if one in members], Touchpoint.COMMUNITY, today).items():
        state = fold(given.get(person_id, ())).get(Purpose.COMMUNITY_PULSE)
        if state is None or not state.is_given:
            continue
        zone = person.timezone if is_zone(person.timezone) else home
        due_at = pulse_after(state.decided_by.occurred_at, last.get(person_id), zone)
        yield Came(
            cause=cause_of(Touchpoint.COMMUNITY, f"{person_id}:{day_of(due_at, zone).isoformat()}"),
            person_id=person_id,
            timezone=zone,
            application_id=None,
            owner_id=None,
            opening_title="",
            due_at=due_at,
            standing=Standing(
                is_outcome_queued=person.is_outcome_queued,
                is_unanswered=person.is_unanswered(today),
            ),
            has_address=person.has_address,
        )


_LATEST: Final = (
    select(func.max(ConsentEvent.id))
    .where(ConsentEvent.person_id == Membership.person_id)
    .where(ConsentEvent.purpose.in_(_PULSE))
    .correlate(Membership)
    .scalar_subquery()
)
_NOT_AGREED: Final = (
    select(func.count())
    .select_from(Membership)
    .where(Membership.left_at.is_(None))
    .where(~exists().where(ConsentEvent.id == _LATEST).where(ConsentEvent.action == ConsentAction.GIVEN))
)


def members_who_did_not_agree() -> int:
    """How many members do not agree to the pulse at this moment."""
    return int(fetch(_NOT_AGREED).scalar_one())
