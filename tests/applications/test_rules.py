"""What candidates read first, their steps, and what may be written to them."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.applications import rules
from portal.applications.rules import Happened, Proposal, ProposalRefused, Turn
from portal.applications.states import ENDINGS, OPEN_STATUSES, STATUS_LABELS, STEPS, ApplicationStatus, EventKind

TODAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)
DAYS = st.dates(date(2024, 1, 1), date(2028, 1, 1))


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_an_open_application_says_by_when_and_from_whom(status: ApplicationStatus) -> None:
    first = rules.say_first(status, EventKind.MESSAGE, FRIDAY, "Rita Sander", TODAY)
    assert "Friday 6 March 2026" in first.text
    assert "Rita Sander" in first.text
    assert first.turn in {Turn.US, Turn.YOU}
    assert first.text.endswith(".")


@pytest.mark.parametrize("status", sorted(ENDINGS))
@pytest.mark.parametrize("kind", [EventKind.MESSAGE, EventKind.ENDED_BEFORE_US])
def test_an_ended_application_leaves_nothing_open(status: ApplicationStatus, kind: EventKind) -> None:
    first = rules.say_first(status, kind, None, "Rita Sander", TODAY)
    assert first.turn is Turn.DONE
    assert first.day is None


def test_an_application_that_ended_before_us_says_so_and_whom_to_ask() -> None:
    first = rules.say_first(ApplicationStatus.NOT_SELECTED, EventKind.ENDED_BEFORE_US, None, "Rita Sander", TODAY)
    assert "before this page existed" in first.text
    assert "Not selected" in first.text
    assert "Rita Sander" in first.detail


def test_a_broken_promise_is_admitted() -> None:
    first = rules.say_first(ApplicationStatus.IN_REVIEW, EventKind.MESSAGE, date(2026, 3, 3), "Rita Sander", TODAY)
    assert first.is_late
    assert "have not" in first.text
    assert "Tuesday 3 March 2026" in first.text
    assert "says nothing about your application" in first.detail


def test_the_promised_day_itself_is_not_late() -> None:
    assert not rules.say_first(ApplicationStatus.IN_REVIEW, EventKind.MESSAGE, TODAY, "Rita Sander", TODAY).is_late


@given(st.sampled_from(sorted(OPEN_STATUSES)), DAYS, DAYS, st.text(min_size=1, max_size=40))
def test_no_open_application_is_ever_without_a_date(
    status: ApplicationStatus, day: date, today: date, name: str
) -> None:
    first = rules.say_first(status, EventKind.MESSAGE, day, name, today)
    assert first.day == day
    assert first.is_late == (day < today)


@given(st.sampled_from(STEPS))
def test_there_is_exactly_one_current_step(status: ApplicationStatus) -> None:
    states = [step.state for step in rules.steps(status, [Happened(status, TODAY)], None)]
    assert states.count("current") == 1
    assert states == ["done"] * states.index("current") + ["current"] + ["ahead"] * (4 - states.index("current"))


def test_an_ending_closes_the_row_after_the_steps_that_were_reached() -> None:
    way = rules.steps(
        ApplicationStatus.NOT_SELECTED,
        [
            Happened(ApplicationStatus.IN_REVIEW, date(2026, 2, 2)),
            Happened(ApplicationStatus.INTERVIEWING, date(2026, 2, 9)),
            Happened(ApplicationStatus.NOT_SELECTED, date(2026, 2, 20)),
        ],
        None,
    )
    assert [(step.title, step.state) for step in way] == [
        ("In review", "done"),
        ("Interviewing", "done"),
        ("Not selected", "ended"),
    ]


def test_the_day_of_applying_is_the_first_step_even_when_it_ended_before_us() -> None:
    applied = date(2025, 6, 2)
    happened = [Happened(ApplicationStatus.NOT_SELECTED, None)]
    way = rules.steps(ApplicationStatus.NOT_SELECTED, happened, applied)
    assert [(step.title, step.state, step.reached_on) for step in way] == [
        ("Received", "done", applied),
        ("Not selected", "ended", None),
    ]


def test_being_hired_is_a_step_done() -> None:
    assert rules.steps(ApplicationStatus.HIRED, [], None)[-1].state == "done"


def test_a_step_back_leaves_the_later_ones_to_come() -> None:
    happened = [Happened(ApplicationStatus.DECISION_PENDING, FRIDAY), Happened(ApplicationStatus.INTERVIEWING, FRIDAY)]
    way = rules.steps(ApplicationStatus.INTERVIEWING, happened, None)
    assert [step.state for step in way] == ["done", "done", "current", "ahead", "ahead"]
    assert way[3].reached_on is None


HISTORIES = st.lists(
    st.builds(Happened, st.sampled_from(sorted(ApplicationStatus)), st.none() | st.dates(date(2024, 1, 1), TODAY)),
    max_size=8,
)


@given(st.sampled_from(sorted(ApplicationStatus)), HISTORIES, st.none() | DAYS)
def test_the_way_says_where_it_stands_whatever_happened(
    status: ApplicationStatus, happened: list[Happened], applied_on: date | None
) -> None:
    way = rules.steps(status, happened, applied_on)
    titles = [step.title for step in way]
    assert len(titles) == len(set(titles))
    if status in ENDINGS:
        assert titles[-1] == str(STATUS_LABELS[status])
        assert all(step.state == "done" for step in way[:-1])
    else:
        assert titles == [str(STATUS_LABELS[step]) for step in STEPS]
        assert [step.title for step in way if step.state == "current"] == [str(STATUS_LABELS[status])]
        assert all(step.reached_on is None for step in way if step.state == "ahead")


@given(
    st.sampled_from(sorted(ApplicationStatus)),
    st.sampled_from(sorted(EventKind)),
    DAYS,
    DAYS,
    st.sampled_from(["Rita Sander", "王 小明", "%(day)s", 'O\'Neil, "Bo" %s', "{name}", "Zoë 100%"]),
)
def test_every_page_opens_with_a_whole_sentence_and_one_turn(
    status: ApplicationStatus, kind: EventKind, day: date, today: date, owner: str
) -> None:
    is_open = status in OPEN_STATUSES
    if is_open and kind is EventKind.ENDED_BEFORE_US:
        return
    first = rules.say_first(status, kind, day if is_open else None, owner, today)
    assert first.turn in set(Turn)
    assert (first.turn is Turn.DONE) == (not is_open)
    assert first.text.endswith((".",))
    assert first.detail.endswith(".")
    whole = first.text + first.detail
    assert status.value not in whole or "_" not in status.value
    assert "\ue000" not in whole
    assert owner in whole


@pytest.mark.parametrize("status", sorted(OPEN_STATUSES))
def test_on_the_promised_day_itself_it_says_so(status: ApplicationStatus) -> None:
    first = rules.say_first(status, EventKind.MESSAGE, TODAY, "Rita Sander", TODAY)
    assert first.detail.startswith("That is today.")


def test_an_offer_is_the_candidates_turn_until_we_are_late() -> None:
    offer = ApplicationStatus.OFFER_MADE
    assert rules.say_first(offer, EventKind.MESSAGE, FRIDAY, "Rita", TODAY).turn is Turn.YOU
    assert rules.say_first(offer, EventKind.MESSAGE, date(2026, 3, 3), "Rita", TODAY).turn is Turn.US


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("  Hello.\r\n\r\nBye.  ", "Hello.\n\nBye."),
        ("a\x00b\x07c\rd", "abc\nd"),
        ("\u200b \u2060\ufeff", ""),
        ("\ud800", ""),
        ("👍", "👍"),
        ("नमस्ते می‌خواهم", "नमस्ते می‌خواهم"),
    ],
)
def test_what_was_typed_is_kept_without_what_nobody_can_see(typed: str, kept: str) -> None:
    assert rules.clean_text(typed) == kept


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    once = rules.clean_text(text)
    assert rules.clean_text(once) == once
    assert "\x00" not in once


def test_a_message_too_long_to_read_is_refused() -> None:
    assert refused(Proposal(MOVED, "x" * 10_001, FRIDAY, "")) == "message"
    assert refused(Proposal(MOVED, "x", date(2026, 3, 9), "y" * 501)) == "date_reason"


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\x00\n"])
def test_a_reason_that_says_nothing_is_none(nothing: str) -> None:
    assert refused(Proposal(MOVED, "Hello", date(2026, 3, 9), nothing)) == "date_reason"


def refused(proposal: Proposal, promised: date | None = FRIDAY) -> str:
    with pytest.raises(ProposalRefused) as problem:
        rules.check_proposal(proposal, promised, TODAY)
    return problem.value.field


MOVED = ApplicationStatus.INTERVIEWING


def test_an_empty_message_is_refused() -> None:
    assert refused(Proposal(MOVED, " \n ", FRIDAY, "")) == "message"


@pytest.mark.parametrize(
    "day",
    [None, date(2026, 3, 3), date(2026, 3, 7), date(2026, 3, 8), TODAY + timedelta(days=91)],
    ids=["none", "past", "Saturday", "Sunday", "too far"],
)
def test_a_date_that_promises_nothing_is_refused(day: date | None) -> None:
    assert refused(Proposal(MOVED, "Hello", day, "because")) == "next_update_by"


def test_a_later_date_needs_a_reason_that_they_read() -> None:
    assert refused(Proposal(MOVED, "Hello", date(2026, 3, 9), "  ")) == "date_reason"
    rules.check_proposal(Proposal(MOVED, "Hello", date(2026, 3, 9), "Hugo is away."), FRIDAY, TODAY)


@pytest.mark.parametrize("day", [TODAY, date(2026, 3, 5), FRIDAY])
def test_the_same_or_an_earlier_date_needs_no_reason(day: date) -> None:
    rules.check_proposal(Proposal(MOVED, "Hello", day, ""), FRIDAY, TODAY)


@pytest.mark.parametrize("ending", sorted(ENDINGS))
def test_an_ending_needs_no_date_and_keeps_none(ending: ApplicationStatus) -> None:
    proposal = Proposal(ending, "Hello", date(2020, 1, 1), "whatever")
    rules.check_proposal(proposal, FRIDAY, TODAY)
    kept = rules.settled(proposal, FRIDAY)
    assert (kept.next_update_by, kept.date_reason) == (None, "")


@given(DAYS, DAYS, st.text(max_size=30))
def test_no_date_moves_later_without_a_reason(promised: date, day: date, reason: str) -> None:
    proposal = Proposal(MOVED, "Hello", day, reason)
    try:
        rules.check_proposal(proposal, promised, TODAY)
    except ProposalRefused:
        return
    kept = rules.settled(proposal, promised)
    assert day <= promised or kept.date_reason


@pytest.mark.parametrize(
    ("day", "has_change", "due"),
    [
        (TODAY, False, True),
        (date(2026, 3, 3), False, True),
        (FRIDAY, False, False),
        (FRIDAY, True, True),
        (None, True, True),
        (None, False, False),
    ],
)
def test_what_is_due(day: date | None, has_change: bool, due: bool) -> None:
    assert rules.is_due(day, has_change, TODAY) is due


NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def test_a_followed_application_is_forgotten_after_its_time() -> None:
    followed = rules.follow_more(None, "abc", NOW, NOW + timedelta(days=30))
    life = timedelta(days=30)
    assert rules.followed_since(followed, "abc", NOW + timedelta(days=29), life) == NOW
    assert rules.followed_since(followed, "abc", NOW + timedelta(days=30), life) is None
    assert rules.followed_since(followed, "abd", NOW, life) is None


def test_a_browser_follows_twenty_at_most() -> None:
    followed: object = None
    for number in range(30):
        followed = rules.follow_more(followed, str(number), NOW, NOW + timedelta(days=30, seconds=number))
    assert isinstance(followed, dict)
    assert sorted(followed, key=int) == [str(number) for number in range(10, 30)]


@pytest.mark.parametrize("nonsense", [None, [], "abc", {"abc": "soon"}, {"abc": None}, 7])
def test_a_cookie_that_makes_no_sense_follows_nothing(nonsense: object) -> None:
    assert rules.followed_since(nonsense, "abc", NOW, timedelta(days=30)) is None


def test_a_step_that_was_taken_back_and_again_shows_when_it_began_anew() -> None:
    way = rules.steps(
        ApplicationStatus.INTERVIEWING,
        [
            Happened(ApplicationStatus.INTERVIEWING, date(2026, 2, 2)),
            Happened(ApplicationStatus.IN_REVIEW, date(2026, 2, 9)),
            Happened(ApplicationStatus.INTERVIEWING, date(2026, 2, 20)),
        ],
        None,
    )
    assert [step.reached_on for step in way] == [None, date(2026, 2, 9), date(2026, 2, 20), None, None]
