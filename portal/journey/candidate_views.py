"""The candidate's home: what waits for me, where my applications stand, what is new."""

from datetime import date, timedelta

from flask import Blueprint, render_template

from portal.applications.queries import ApplicationCard, LetterLine, letters_to
from portal.applications.queries.own_notices import notices_for
from portal.applications.queries.standing import CardRow, rows_of
from portal.applications.rules import Ahead, Turn
from portal.applications.states import STATUS_LABELS
from portal.community.queries import preferences_of
from portal.community.rules import stage_question
from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.feedback.queries.own import unread_feedback
from portal.fitting.queries import OwnInvitation, invitations_for
from portal.interviews.queries.own import OwnInterview, ahead_of, interviews_of
from portal.offers.queries import ahead_of as offers_ahead
from portal.offers.queries import offers_to
from portal.openings.queries import Asker, early_openings
from portal.openings.rules import EARLY_OVER, ShownLine, line_in_words
from portal.surveys.queries.answering import OwnSurvey, waiting_surveys
from portal.updates.queries import unread_count, unread_updates
from portal.updates.states import KIND_LABELS
from portal.web.identity import identity

blueprint = Blueprint("journey", __name__)
#: For so long a message counts as new.
_NEW = timedelta(days=14)
_MOST_LETTERS = 2
_MOST_UPDATES = 3
#: An interview so near comes before whatever else waits for them.
_SOON = timedelta(days=1)
#: For so long the page opens with how something ended.
_JUST_ENDED = timedelta(days=7)


@blueprint.get("/")
def home() -> str:
    me = identity()
    zone = company_zone()
    today = day_of(now(), zone)
    own = interviews_of(me.person_id, now())
    rows = rows_of(me.person_id, lambda _me: _ahead(me.person_id, own, today), now())
    notices = notices_for(me.person_id, me.email)
    letters = letters_to(me.person_id, now() - _NEW, _MOST_LETTERS)
    turns = {turn: [row for row in rows if row.first.turn is turn] for turn in Turn}
    just_ended = None if turns[Turn.YOU] or turns[Turn.US] else _just_ended(turns[Turn.DONE], today, zone)
    its_letter = _letter_of(just_ended.card, letters) if just_ended else None
    preferences = preferences_of(me.person_id)
    updates = unread_updates(me.person_id, _MOST_UPDATES)
    invitations = _invitations(me.person_id, today)
    invited = {one.slug for one in invitations}
    interviews = _in_order(own)
    return render_template(
        "candidate/journey/home.html",
        name=me.name,
        interviews=interviews,
        # It is about what has ended.
        feedback=unread_feedback(me.person_id) if turns[Turn.DONE] else [],
        open_rows=turns[Turn.YOU] + turns[Turn.US],
        ended_rows=turns[Turn.DONE],
        just_ended=just_ended,
        its_letter=its_letter,
        letters=[letter for letter in letters if letter is not its_letter],
        questions=notices.questions,
        dead_address=notices.dead_address,
        today=today,
        early=[one for one in _early(me.person_id) if one.slug not in invited] if preferences.is_member else [],
        early_over=EARLY_OVER,
        invitations=invitations,
        surveys=_surveys(me.person_id, turns[Turn.DONE]),
        updates=updates,
        unread=unread_count(me.person_id) if len(updates) == _MOST_UPDATES else len(updates),
        kind_labels=KIND_LABELS,
        asked=stage_question(preferences.career_stage, preferences.career_stage_on, day_of(now(), me.timezone)),
        is_member=preferences.is_member,
        has_preferences=bool(preferences.areas or preferences.skills or preferences.places or preferences.career_stage),
        labels=STATUS_LABELS,
    )


def _ahead(person_id: int, interviews: list[OwnInterview], today: date) -> dict[str, list[Ahead]]:
    """What waits for them in each application: interviews, and an offer to decide about."""
    offers, found = offers_ahead(offers_to(person_id, is_whole=False), today), ahead_of(interviews)
    return {key: [*offers.get(key, ()), *found.get(key, ())] for key in offers | found}


def _in_order(interviews: list[OwnInterview]) -> list[OwnInterview]:
    """What is to take place: one in the next day, then those that wait for their answer, then the others by time."""
    soon = now() + _SOON
    ahead = [one for one in interviews if one.is_their_turn or one.has_time_ahead]
    return sorted(ahead, key=lambda one: one.starts_at is None or one.starts_at > soon)


def _just_ended(rows: list[CardRow], today: date, zone: str) -> CardRow | None:
    """What ended last, if that was in the last days: its letter is what they came for, not an invitation."""
    ended = [(row.card.ended_on(zone), row) for row in rows]
    lately = [(on, row) for on, row in ended if on is not None and on > today - _JUST_ENDED]
    return max(lately, key=lambda pair: pair[0])[1] if lately else None


def _letter_of(card: ApplicationCard, letters: list[LetterLine]) -> LetterLine | None:
    """The words with which it ended, if somebody wrote any."""
    of_it = [one for one in letters if one.application_public_id == card.public_id and one.status is card.status]
    return next((one for one in reversed(of_it) if one.message and not one.is_by_candidate), None)


def _invitations(person_id: int, today: date) -> list[OwnInvitation]:
    """To what they were invited to apply, can still, and have said nothing to."""
    return [one for one in invitations_for(person_id, now(), today) if one.is_open]


def _surveys(person_id: int, ended: list[CardRow]) -> list[OwnSurvey]:
    """What they can answer; who has read how an application ended is not asked here how it began."""
    over = {row.card.public_id for row in ended}
    waiting = waiting_surveys(person_id, now())
    return [one for one in waiting if not (one.is_before_the_decision and one.application_public_id in over)]


def _early(person_id: int) -> list[ShownLine]:
    """The openings that this member sees before everybody does."""
    at = now()
    labels = {area.key: area.label for area in areas()}
    found = early_openings(Asker(person_id, at, day_of(at, company_zone())))
    return [line_in_words(line.slug, line.content, line.public_at, labels, at) for line in found]
