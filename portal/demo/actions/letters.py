"""What the recruiters of the demo wrote."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import select

from portal.applications.actions import write_to_candidate
from portal.applications.actions.ending import Marking, ending_words, set_mark
from portal.applications.models import Application
from portal.applications.queries import StaffScope, StaffView
from portal.applications.rules import Proposal
from portal.applications.rules.endings import MARK_LASTS
from portal.applications.states import END_REASONS, ENDINGS, ApplicationStatus, MarkKind
from portal.company.rules import working_days_after
from portal.core.clock import day_of
from portal.core.db import session
from portal.core.permissions import Role
from portal.demo import data
from portal.demo.actions.story import Story, at, deliver, deliver_ending, view_of
from portal.demo.rules import working_day_before


def write_letters(story: Story) -> None:
    """Everybody who is open gets at least one letter; whom we owe a word today and who is late is spread on purpose."""
    special = {"ada@demo.example": _ada, "silas@demo.example": _silas}
    targets = _next_dates(story)
    letters: list[PlannedLetter] = []
    for public_id in all_applications():
        view = view_of(story, public_id)
        if view.status in ENDINGS or view.next_update_by is None:
            continue
        plan = special.get(view.email)
        letters += plan(story, view) if plan else [_ordinary(story, view, next(targets))]
    for letter in sorted(letters, key=lambda one: one.at):
        write(story, letter)
        if letter.status in ENDINGS:
            deliver_ending(letter.at)
        else:
            with at(letter.at):
                deliver()


def all_applications() -> list[str]:
    """Public ids, in the order in which they came."""
    return list(session().scalars(select(Application.public_id).order_by(Application.id)))


@dataclass(frozen=True)
class PlannedLetter:
    """One letter of the story."""

    at: datetime
    public_id: str
    author: str
    status: str
    words: str
    next_update_by: date | None
    reason: str
    #: Of a letter that says "not yet": what they are, and why, for colleagues.
    mark: MarkKind | None = None
    mark_reason: str = ""
    #: Whether it goes at once and cannot be taken back.
    is_hurried: bool = True


def write(story: Story, letter: PlannedLetter) -> None:
    """Write it; it waits to be sent."""
    scope = StaffScope(story.staff[letter.author], Role.RECRUITER)
    with at(letter.at) as moment:
        view = view_of(story, letter.public_id)
        status, words = ApplicationStatus(letter.status), letter.words
        if letter.mark is not None:
            marking = Marking(letter.mark, letter.mark_reason, day_of(moment, story.zone) + MARK_LASTS)
            set_mark(letter.public_id, marking, scope=scope, now=moment)
            words = _not_yet(view, letter.words, moment)
        why = END_REASONS[status][0] if status in END_REASONS else None
        proposal = Proposal(
            status,
            words,
            letter.next_update_by,
            letter.reason,
            end_reason=why,
            is_not_yet=letter.mark is not None,
        )
        write_to_candidate(
            letter.public_id,
            scope=scope,
            proposal=proposal,
            seen_event_id=view.newest_event_id,
            now=moment,
            is_hurried=letter.is_hurried,
        )


def _not_yet(view: StaffView, words: str, moment: datetime) -> str:
    """What a "not yet" begins with, with `words` of one's own before the days on which they hear again."""
    drafted = ending_words(view, ApplicationStatus.NOT_SELECTED, moment, is_not_yet=True)
    before, days = drafted.rsplit("\n\n", 1)
    return f"{before}\n\n{words}\n\n{days}"


def _next_dates(story: Story) -> Iterator[date]:
    """When people hear next: two are forgotten, two are late, eleven are owed a word today, the others soon."""
    coming = working_days_after(story.today, 9, story.calendar)
    today = story.today if story.calendar.is_working_day(story.today) else coming[0]
    yield from [working_day_before(today, count, story.calendar) for count in (11, 5, 2, 1)]
    yield from [today] * 11
    while True:
        yield story.random.choice(coming)


def _ordinary(story: Story, view: StaffView, hears_by: date) -> PlannedLetter:
    fitting = [letter for letter in data.LETTERS if letter.status == view.status] or [data.LETTERS[0]]
    letter = data.OFFER_LETTER if view.status is ApplicationStatus.OFFER_MADE else story.random.choice(fitting)
    day_before = working_day_before(min(hears_by, story.today), 1, story.calendar)
    latest = min(view.next_update_by or story.today, day_before)
    written = working_day_before(latest + timedelta(days=1), 1, story.calendar)
    return PlannedLetter(
        at=story.moment(written, story.random.randrange(9, 16)),
        public_id=view.public_id,
        author=_recruiter(view),
        status=letter.status,
        words=letter.words,
        next_update_by=hears_by,
        reason="So that everybody on the team can read or meet you before we write again.",
    )


def _recruiter(view: StaffView) -> str:
    return next(row[0].partition("@")[0] for row in data.STAFF if row[1] == view.owner_name)


def _ada(story: Story, view: StaffView) -> list[PlannedLetter]:
    first, second = data.ADA_LETTERS
    soon = working_days_after(story.today, 3, story.calendar)[-1]
    plan = (
        (9, 11, first, story.days_ago(1), "Hugo is away this week and wants to read it himself."),
        (2, 15, second, soon, "I am asking both teams for times that suit them."),
    )
    return [
        PlannedLetter(
            story.moment(story.days_ago(days), hour),
            view.public_id,
            "rita",
            letter.status,
            letter.words,
            hears_by,
            reason,
        )
        for days, hour, letter, hears_by, reason in plan
    ]


def _silas(story: Story, view: StaffView) -> list[PlannedLetter]:
    """He came to the last step, then heard that somebody else was chosen: not yet, and when he hears again."""
    public_id, ended = view.public_id, story.days_ago(4)
    first = min(story.days_ago(8), view.next_update_by or ended)
    reason = "Everybody who met you is in the same room on that day."
    return [
        PlannedLetter(
            story.moment(first, 10), public_id, "rita", data.SILAS_LETTER.status, data.SILAS_LETTER.words, ended, reason
        ),
        PlannedLetter(
            story.moment(ended, 10),
            public_id,
            "rita",
            "not_selected",
            data.SILAS_ENDING,
            None,
            "",
            mark=MarkKind.SILVER_MEDAL,
            mark_reason=data.SILAS_MEDAL,
        ),
    ]
