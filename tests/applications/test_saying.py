"""The first sentence of an application's page, its steps by the opening's stages, and what an ending says."""

import re
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications import rules
from portal.applications.rules import Decided, Happened, Told, Turn
from portal.applications.rules.asking import answer_words
from portal.applications.rules.keeping_touch import about_keeping_touch
from portal.applications.rules.news import NEWS, news_words
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
    assert first.text == "There is no news yet, and you hear from us by Friday 6 March 2026."
    assert "automatic" in first.detail
    assert "Rita Sander looks after" in first.detail
    assert first.promise == FRIDAY


@pytest.mark.parametrize("notes", [1, 2])
def test_the_second_note_in_a_row_says_what_comes_if_nobody_writes(notes: int) -> None:
    told = Told(TUESDAY, notes=notes, missed_on=TUESDAY)
    first = rules.say_first(REVIEW, EventKind.HOLDING_NOTE, FRIDAY, "Rita Sander", TODAY, told)
    assert "we had promised word by Tuesday 3 March 2026, and there was none" in first.detail
    last = "It was the second in a row. If nobody writes by Friday 6 March 2026, somebody else is asked."
    assert (last in first.detail) == (notes == 2)


def test_an_escalated_one_names_no_day_and_who_was_asked() -> None:
    told = Told(TUESDAY, asked_name="Alma Reyes", is_lead_asked=True)
    first = rules.say_first(REVIEW, EventKind.ESCALATED, FRIDAY, "Rita Sander", TODAY, told)
    assert first.is_escalated
    assert first.promise is None
    assert "have not kept our promise" in first.text
    assert "says nothing about your application" in first.detail
    assert "Alma Reyes, who leads the recruiting team, has been asked to write" in first.detail
    assert "You can write to Alma Reyes at any time." in first.detail
    assert "Rita" not in first.detail
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
    assert "no second letter. If it did not reach you, ask Rita Sander." in first.detail


def test_an_ending_that_was_taken_back_is_open_again_and_says_so() -> None:
    first = rules.say_first(REVIEW, EventKind.REVERTED, FRIDAY, "Rita Sander", TODAY, Told(TUESDAY, ended_as=NO))
    assert "open again" in first.text
    assert "it had ended: Not selected. That was our mistake, and we are sorry." in first.detail
    assert first.turn is Turn.US


def test_a_withdrawal_that_was_taken_back_is_nobodys_mistake() -> None:
    told = Told(TUESDAY, ended_as=ApplicationStatus.WITHDRAWN)
    first = rules.say_first(REVIEW, EventKind.REVERTED, FRIDAY, "Rita Sander", TODAY, told)
    assert "You had withdrawn it, and it is open again." in first.detail
    assert "mistake" not in first.detail


@pytest.mark.parametrize("is_known", [False, True])
def test_that_no_machine_decides_is_said_only_where_we_know_it(is_known: bool) -> None:
    told = Told(TUESDAY, is_read_by_people=is_known)
    first = rules.say_first(REVIEW, EventKind.MOVED, FRIDAY, "Rita Sander", TODAY, told)
    assert ("no machine decides" in first.detail) == is_known


@pytest.mark.parametrize("status", sorted(ENDINGS))
def test_what_stands_above_an_ending_says_that_it_has_ended(status: ApplicationStatus) -> None:
    first = rules.say_first(status, EventKind.MESSAGE, None, "Rita Sander", TODAY, Told(TUESDAY))
    assert first.eyebrow == ("You got the job" if status is ApplicationStatus.HIRED else "It has ended")


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
        st.integers(0, 3),
        st.none() | DAYS,
        st.none() | st.sampled_from(sorted(ENDINGS)),
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


def decision(status: ApplicationStatus = NO, kind: EventKind = EventKind.MESSAGE, **known: Any) -> dict[str, str]:
    return dict(rules.about_the_decision(Decided(status, kind, "Kindred", "Rita Sander", **known)))


THEIRS = {ApplicationStatus.WITHDRAWN, ApplicationStatus.OFFER_DECLINED}
CANCELLED = ApplicationStatus.OPENING_CANCELLED
OUTSIDE = [EventKind.ENDED_BEFORE_US, EventKind.TOLD_ELSEWHERE]


@pytest.mark.parametrize("status", sorted(ENDINGS))
@pytest.mark.parametrize("is_ai_used", [None, False, True])
def test_an_ending_says_who_decided_and_whether_a_machine_did(
    status: ApplicationStatus, is_ai_used: bool | None
) -> None:
    rows = decision(status, is_ai_used=is_ai_used, ai_words="It sorts by skill.")
    assert (rows["Who decided"] == "You did.") == (status in THEIRS)
    assert ("When you may apply again" in rows) == (status is not ApplicationStatus.HIRED)
    assert ("Whether a machine did" in rows) == (status not in THEIRS)
    if status not in THEIRS | {CANCELLED}:
        machine = rows["Whether a machine did"]
        assert ("It sorts by skill." in machine) == bool(is_ai_used)
        assert machine.startswith("No.") == (is_ai_used is False)
        assert ("we do not know" in machine) == (is_ai_used is None)


@pytest.mark.parametrize("kind", OUTSIDE)
@pytest.mark.parametrize("is_ai_used", [None, False, True])
def test_what_was_decided_outside_these_pages_is_said_not_to_be_known(kind: EventKind, is_ai_used: bool | None) -> None:
    rows = decision(kind=kind, recruiter_name="Rita Sander", manager_name="Hugo Berg", is_ai_used=is_ai_used)
    for answer in (rows["Who decided"], rows["Whether a machine did"]):
        assert answer.startswith("We do not know")
        assert "Rita Sander can ask." in answer
    assert "Hugo" not in rows["Who decided"]


def test_who_decided_here_is_named_where_it_is_known() -> None:
    both = decision(recruiter_name="Rita Sander", manager_name="Hugo Berg")["Who decided"]
    assert "Rita Sander, who recruits for this opening" in both
    assert "Hugo Berg, its hiring manager" in both
    alone = decision(recruiter_name="Rita Sander", manager_name="Rita Sander")["Who decided"]
    assert alone.count("Rita Sander") == 1
    assert "Hugo Berg, the hiring manager" in decision(manager_name="Hugo Berg")["Who decided"]
    assert "The people who recruit for this opening" in decision()["Who decided"]


def test_nobody_is_sent_back_to_an_opening_that_was_cancelled() -> None:
    assert "this one" not in decision(CANCELLED)["When you may apply again"]
    assert "this one" in decision(NO)["When you may apply again"]


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_an_open_one_says_nothing_of_a_decision(status: ApplicationStatus) -> None:
    assert decision(status) == {}
    assert rules.may_withdraw(status)
    assert str(STATUS_LABELS[status])


@pytest.mark.parametrize("kind", sorted(NEWS))
@pytest.mark.parametrize("status", sorted(ApplicationStatus))
def test_all_news_is_a_whole_sentence_without_a_day_where_nobody_dares_one(
    kind: EventKind, status: ApplicationStatus
) -> None:
    words = news_words(kind, status, FRIDAY if status in OPEN_STATUSES else None, "", "")
    assert words.endswith(".")
    assert not INTERNAL.search(words.lower())
    assert ("2026" in words) == (status in OPEN_STATUSES and kind is not EventKind.ESCALATED)


@pytest.mark.parametrize(("due", "is_late"), [(TODAY, False), (FRIDAY, False), (TUESDAY, True)])
def test_a_question_says_by_when_it_is_answered_or_that_it_was_not(due: date, is_late: bool) -> None:
    words = answer_words(due, TODAY, "Omar Haddad")
    assert format_day(due) in words
    assert ("have not. Omar Haddad is asked to." in words) == is_late
    assert ("We mean to answer" in words) == (not is_late)
    assert answer_words(due, TODAY, "").endswith(".")


def test_the_days_to_stay_in_touch_are_said_until_one_has_passed_without_a_letter() -> None:
    both = about_keeping_touch([FRIDAY, date(2026, 6, 1)], TODAY, "Rita Sander", yes_on=TUESDAY)
    assert both == (
        "You said yes to hearing from us on Tuesday 3 March 2026. Rita Sander writes to you around Friday 6 March 2026 "
        "and Monday 1 June 2026."
    )
    assert "passed" not in about_keeping_touch([TODAY], TODAY, "Rita Sander", yes_on=TUESDAY)
    late = about_keeping_touch([TUESDAY, FRIDAY], TODAY, "Rita Sander", yes_on=TUESDAY)
    assert "around Tuesday 3 March 2026. That day has passed, and Rita Sander is asked." in late
    assert late.endswith("After that you hear around Friday 6 March 2026.")
    assert about_keeping_touch([], TODAY, "Rita Sander", yes_on=TUESDAY) == ""


def test_whoever_has_not_said_yes_reads_only_of_days_to_come() -> None:
    words = about_keeping_touch([TUESDAY, FRIDAY], TODAY, "Rita Sander", yes_on=None)
    assert words == "Rita Sander would like to write to you around Friday 6 March 2026, if you say yes."
    assert about_keeping_touch([TUESDAY], TODAY, "Rita Sander", yes_on=None) == ""
    assert about_keeping_touch([], TODAY, "Rita Sander", yes_on=None) == ""
