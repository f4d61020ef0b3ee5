"""The first sentence of an application's page, its steps by the opening's stages, and what an ending says."""

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications import rules
from portal.applications.rules import Happened, Told, Turn
from portal.applications.states import (
    ENDINGS,
    OPEN_STATUSES,
    STATUS_LABELS,
    STEPS,
    ApplicationStatus,
    Channel,
    EventKind,
)
from portal.core.i18n import format_day

TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)
TUESDAY = date(2026, 3, 3)
REVIEW = ApplicationStatus.IN_REVIEW
NO = ApplicationStatus.NOT_SELECTED
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))
#: Why there is no day: we broke our word, or it has ended.
WHY_NO_DAY = ("name no new day", "ended", "Welcome", "cancelled")
INTERNAL = re.compile(r"escalat|holding|told_|in_review|_pending|_made|not_sel|stage|task|outbox|delivery|%\(|None")


def test_a_note_says_that_there_is_no_news_and_that_it_was_automatic() -> None:
    first = rules.say_first(REVIEW, EventKind.HOLDING_NOTE, FRIDAY, "Rita Sander", TODAY)
    assert first.text == "There is no news yet, and you hear from Rita Sander by Friday 6 March 2026."
    assert "automatic" in first.detail
    assert first.promise == FRIDAY


def test_an_escalated_one_names_no_day_and_who_was_asked() -> None:
    told = Told(TUESDAY, asked_name="Alma Reyes", is_lead_asked=True)
    first = rules.say_first(REVIEW, EventKind.ESCALATED, FRIDAY, "Rita Sander", TODAY, told)
    assert first.is_escalated
    assert first.promise is None
    assert "have not kept our promise" in first.text
    assert "says nothing about your application" in first.detail
    assert "Alma Reyes, who leads the recruiting team, has been asked to write" in first.detail
    assert "2026" not in first.text + first.detail


def test_an_escalated_one_without_a_known_lead_still_says_who_was_asked() -> None:
    first = rules.say_first(REVIEW, EventKind.ESCALATED, FRIDAY, "Rita Sander", TODAY)
    assert "The lead of the recruiting team has been asked" in first.detail
    told = Told(asked_name="Alma Reyes")
    other = rules.say_first(REVIEW, EventKind.ESCALATED, FRIDAY, "Rita Sander", TODAY, told)
    assert "Alma Reyes has been asked" in other.detail


@pytest.mark.parametrize("is_held", [False, True])
def test_a_late_one_says_that_word_is_on_its_way_only_where_it_is(is_held: bool) -> None:
    first = rules.say_first(REVIEW, EventKind.MESSAGE, TUESDAY, "Rita", TODAY, Told(is_held=is_held))
    assert first.is_late
    assert ("on its way" in first.detail) is not is_held


def test_what_was_told_by_telephone_says_by_whom_and_when() -> None:
    told = Told(TUESDAY, Channel.TELEPHONE, "Rita Sander")
    first = rules.say_first(NO, EventKind.TOLD_HERE, None, "Rita Sander", TODAY, told)
    assert first.text.endswith("ended on Tuesday 3 March 2026.")
    assert "Rita Sander told you by telephone on Tuesday 3 March 2026" in first.detail


def test_what_only_the_page_tells_says_so() -> None:
    first = rules.say_first(NO, EventKind.TOLD_HERE, None, "Rita Sander", TODAY, Told(TUESDAY))
    assert "did not reach you, so this page tells you" in first.detail
    still_open = rules.say_first(REVIEW, EventKind.TOLD_HERE, FRIDAY, "Rita Sander", TODAY, Told(TUESDAY))
    assert still_open.promise == FRIDAY
    assert "did not reach you" in still_open.detail


def test_what_another_system_told_says_when_and_that_no_second_letter_comes() -> None:
    first = rules.say_first(NO, EventKind.TOLD_ELSEWHERE, None, "Rita Sander", TODAY, Told(TUESDAY))
    assert "told you about it on Tuesday 3 March 2026" in first.detail
    assert "no second letter" in first.detail


def test_an_ending_that_was_taken_back_is_open_again_and_says_so() -> None:
    first = rules.say_first(REVIEW, EventKind.REVERTED, FRIDAY, "Rita Sander", TODAY)
    assert "open again" in first.text
    assert "no longer holds" in first.detail
    assert first.turn is Turn.US


@given(
    st.sampled_from(sorted(ApplicationStatus)),
    st.sampled_from(sorted(EventKind)),
    DAYS,
    DAYS,
    st.builds(
        Told,
        st.none() | DAYS,
        st.none() | st.sampled_from(sorted(Channel)),
        st.sampled_from(["", "Rita Sander", "100% %(day)s", "王 小明"]),
        st.sampled_from(["", "Alma Reyes", "%s {x}"]),
        st.booleans(),
        st.booleans(),
    ),
)
def test_the_first_sentence_has_a_date_or_says_why_not(
    status: ApplicationStatus, kind: EventKind, day: date, today: date, told: Told
) -> None:
    is_open = status in OPEN_STATUSES
    if is_open and kind in {EventKind.ENDED_BEFORE_US, EventKind.WITHDRAWN}:
        return
    first = rules.say_first(status, kind, day if is_open else None, "Rita Sander", today, told)
    assert first.text
    assert first.detail
    assert (first.day is not None and format_day(first.day) in first.text) or any(
        why in first.text for why in WHY_NO_DAY
    )
    ours = (first.text + first.detail).replace(told.by or "-", "").replace(told.asked_name or "-", "")
    assert not INTERNAL.search(ours.lower())
    assert (first.turn is Turn.DONE) == (not is_open)
    if is_open:
        assert first.turn in {rules.whose_turn(status), Turn.US}
        assert first.is_escalated == (kind is EventKind.ESCALATED)
        assert first.promise == (None if first.is_escalated else day)
    else:
        assert first.promise is None


TALK, WORK = ("A talk", ApplicationStatus.INTERVIEWING), ("A piece of work", ApplicationStatus.INTERVIEWING)


def test_the_steps_bear_the_names_of_the_openings_stages() -> None:
    stages = [("Reading", REVIEW), TALK, WORK]
    way = rules.steps(ApplicationStatus.INTERVIEWING, [Happened(REVIEW, TUESDAY)], TUESDAY, stages)
    assert [(step.title, step.state) for step in way] == [
        ("Received", "done"),
        ("Reading", "done"),
        ("A talk and A piece of work", "current"),
    ]


def test_a_status_that_no_stage_names_still_has_its_step() -> None:
    way = rules.steps(ApplicationStatus.OFFER_MADE, [], TUESDAY, [TALK])
    assert [(step.title, step.state) for step in way] == [
        ("Received", "done"),
        ("A talk", "done"),
        ("Offer made", "current"),
    ]


STAGES = st.lists(st.tuples(st.sampled_from(["A talk", "Reading", "Work"]), st.sampled_from(STEPS)), max_size=6)
HISTORIES = st.lists(st.builds(Happened, st.sampled_from(sorted(ApplicationStatus)), st.none() | DAYS), max_size=6)


@given(st.sampled_from(STEPS), HISTORIES, STAGES)
def test_whatever_the_stages_there_is_one_current_step_in_its_place(
    status: ApplicationStatus, happened: list[Happened], stages: list[tuple[str, ApplicationStatus]]
) -> None:
    states = [step.state for step in rules.steps(status, happened, None, stages)]
    assert states.count("current") == 1
    here = states.index("current")
    assert set(states[:here]) <= {"done"}
    assert set(states[here + 1 :]) <= {"ahead"}


@pytest.mark.parametrize("status", sorted(ENDINGS))
@pytest.mark.parametrize("is_ai_used", [None, False, True])
def test_an_ending_says_who_decided_and_whether_a_machine_did(
    status: ApplicationStatus, is_ai_used: bool | None
) -> None:
    rows = dict(rules.about_the_decision(status, EventKind.MESSAGE, "Kindred", is_ai_used, "It sorts by skill."))
    is_theirs = status in {ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED}
    assert (rows["Who decided"] == "You did.") == is_theirs
    assert ("When you may apply again" in rows) == (status is not ApplicationStatus.HIRED)
    if not is_theirs:
        machine = rows["Whether a machine did"]
        assert ("It sorts by skill." in machine) == bool(is_ai_used)
        assert machine.startswith("No.") == (not is_ai_used)


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_an_open_one_says_nothing_of_a_decision(status: ApplicationStatus) -> None:
    assert rules.about_the_decision(status, EventKind.MESSAGE, "Kindred", None, "") == []
    assert rules.may_withdraw(status)
    assert str(STATUS_LABELS[status])
