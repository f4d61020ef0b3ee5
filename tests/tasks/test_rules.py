"""When a task is due and too late, when it is morning, what is alike, and what the mails say."""

import re
from datetime import UTC, date, datetime, timedelta
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.routing import RequestRedirect

from portal.company.rules import WorkCalendar, working_days_after
from portal.core.i18n import reading_as
from portal.core.permissions import Role
from portal.tasks.rules import (
    KINDS,
    HandOverRefused,
    IllegalMove,
    OwedLine,
    OwedTask,
    begins_on,
    begun_until,
    can_do,
    check_hand_over,
    check_move,
    days_over,
    due_after_hand_over,
    due_day,
    escalates_to,
    escalation_subject,
    heap_words,
    is_too_late,
    line_words,
    lines_of,
    morning_of,
    morning_subject,
    path_of,
    task_words,
)
from portal.tasks.states import MOVES, TaskKind, TaskState

MONDAY = date(2026, 3, 2)
WEDNESDAY = date(2026, 3, 4)
FRIDAY = date(2026, 3, 6)
PLAIN = WorkCalendar()
days = st.dates(date(2025, 1, 1), date(2027, 12, 31))
kinds = st.sampled_from(TaskKind)
calendars = st.builds(
    WorkCalendar,
    holidays=st.frozensets(days, max_size=40),
    weekdays=st.frozensets(st.integers(0, 6), min_size=1),
)
zones = st.sampled_from(["Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Auckland", "UTC"])
tasks = st.builds(OwedTask, public_id=st.text("abc", min_size=12, max_size=12), kind=kinds, due_on=days)


@pytest.mark.parametrize(
    ("kind", "found_on", "due_on"),
    [
        (TaskKind.DEAD_LETTER, WEDNESDAY, WEDNESDAY),
        (TaskKind.DEAD_LETTER, date(2026, 3, 7), date(2026, 3, 9)),
        (TaskKind.MISSED_PROMISE, FRIDAY, FRIDAY),
        (TaskKind.IMPORT_TO_RELEASE, FRIDAY, date(2026, 3, 9)),
        (TaskKind.LABELS_TO_MAP, FRIDAY, date(2026, 3, 9)),
        (TaskKind.HANDED_OVER, FRIDAY, date(2026, 3, 10)),
    ],
)
def test_a_task_is_due_after_the_days_it_takes(kind: TaskKind, found_on: date, due_on: date) -> None:
    assert due_day(kind, found_on, PLAIN) == due_on


def test_a_holiday_moves_what_is_due() -> None:
    easter_monday = date(2026, 4, 6)
    assert due_day(TaskKind.DEAD_LETTER, easter_monday, WorkCalendar(frozenset({easter_monday}))) == date(2026, 4, 7)


@given(kinds, days, calendars)
def test_what_is_due_is_due_on_a_working_day_and_never_before_it_was_found(
    kind: TaskKind, found_on: date, calendar: WorkCalendar
) -> None:
    due_on = due_day(kind, found_on, calendar)
    assert due_on >= found_on
    assert calendar.is_working_day(due_on)


@pytest.mark.parametrize(
    ("today", "count"),
    [(MONDAY, 0), (date(2026, 3, 3), 1), (WEDNESDAY, 2), (date(2026, 3, 7), 4), (date(2026, 3, 9), 5)],
)
def test_only_working_days_make_late(today: date, count: int) -> None:
    assert days_over(MONDAY, today, PLAIN) == count


def test_two_working_days_are_too_late() -> None:
    assert not is_too_late(FRIDAY, date(2026, 3, 9), PLAIN)
    assert is_too_late(FRIDAY, date(2026, 3, 10), PLAIN)
    assert not is_too_late(FRIDAY, date(2026, 3, 10), WorkCalendar(frozenset({date(2026, 3, 9)})))


@given(days, days, calendars)
def test_what_is_too_late_stays_too_late(due_on: date, today: date, calendar: WorkCalendar) -> None:
    if is_too_late(due_on, today, calendar):
        assert today > due_on
        assert is_too_late(due_on, today + timedelta(days=1), calendar)


@given(days, days, calendars)
def test_who_receives_a_task_has_at_least_a_day(due_on: date, today: date, calendar: WorkCalendar) -> None:
    after = due_after_hand_over(TaskKind.DEAD_LETTER, due_on, today, calendar)
    assert after > today
    assert after == due_on or calendar.is_working_day(after)
    assert due_after_hand_over(TaskKind.FEEDBACK_DUE, due_on, today, calendar) == due_on, "the day is the candidate's"


@given(days, calendars)
def test_what_comes_before_its_day_has_begun_until_the_last_day_whose_task_is_there(
    today: date, calendar: WorkCalendar
) -> None:
    until = begun_until(today, calendar)
    assert until >= today
    assert begins_on(TaskKind.FEEDBACK_DUE, until, calendar) <= today
    assert begins_on(TaskKind.FEEDBACK_DUE, until + timedelta(days=1), calendar) > today
    assert begins_on(TaskKind.DEAD_LETTER, until, calendar) == until


@pytest.mark.parametrize(
    ("owner", "lead", "at_work", "admins", "to"),
    [
        (1, 2, [1, 2, 3], [3], 2),
        (1, 2, [1, 3], [3], 3),
        (1, None, [1, 3], [3], 3),
        (3, None, [3, 4], [3, 4], 4),
        (3, None, [3], [3], None),
        (1, 1, [1, 3], [3], 3),
    ],
)
def test_what_is_too_late_goes_to_the_lead_else_to_an_admin(
    owner: int, lead: int | None, at_work: list[int], admins: list[int], to: int | None
) -> None:
    assert escalates_to(owner, lead, at_work, admins) == to


@pytest.mark.parametrize(
    ("hour", "minute", "is_morning"), [(7, 59, False), (8, 0, True), (11, 59, True), (12, 0, False), (20, 0, False)]
)
def test_the_morning_is_from_eight_to_noon_where_somebody_is(hour: int, minute: int, is_morning: bool) -> None:
    there = datetime(2026, 3, 4, hour, minute, tzinfo=ZoneInfo("America/New_York"))
    assert morning_of(there.astimezone(UTC), "America/New_York", PLAIN) == (WEDNESDAY if is_morning else None)


def test_there_is_no_morning_on_a_day_off() -> None:
    saturday = datetime(2026, 3, 7, 9, tzinfo=ZoneInfo("Europe/Warsaw"))
    assert morning_of(saturday, "Europe/Warsaw", PLAIN) is None
    assert morning_of(saturday - timedelta(days=1), "Europe/Warsaw", WorkCalendar(frozenset({FRIDAY}))) is None


@given(st.integers(0, 363 * 24 * 60), zones, calendars)
def test_every_working_day_has_one_morning(minutes: int, zone: str, calendar: WorkCalendar) -> None:
    begun = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    seen = [morning_of(begun + timedelta(minutes=30 * step), zone, calendar) for step in range(48 * 3)]
    found = [day for day in seen if day is not None]
    assert found == sorted(found)
    assert all(calendar.is_working_day(day) for day in found)
    middle = (begun.astimezone(ZoneInfo(zone)) + timedelta(days=1)).date()
    assert (middle in found) == calendar.is_working_day(middle)


@given(st.lists(tasks, max_size=30))
def test_what_is_alike_is_one_line_and_none_is_lost(owed: list[OwedTask]) -> None:
    lines = lines_of(owed, "/recruiting/tasks?kind={kind}")
    assert sum(line.count for line in lines) == len(owed)
    assert len(lines) == len({task.kind for task in owed})
    assert [line.oldest for line in lines] == sorted(line.oldest for line in lines if line.oldest)
    singles = {line.path for line in lines if line.count == 1}
    assert singles == {f"/recruiting/tasks/{t.public_id}" for t in owed if [o.kind for o in owed].count(t.kind) == 1}


def line(count: int, oldest: date | None, kind: TaskKind = TaskKind.DEAD_LETTER) -> OwedLine:
    return OwedLine(heap_words(kind, count), count, oldest, "/recruiting/")


@pytest.mark.parametrize(
    ("lines", "subject"),
    [
        ([line(1, WEDNESDAY)], "1 letter did not arrive"),
        ([line(12, MONDAY)], "12 letters did not arrive, the oldest since Monday 2 March 2026"),
        (
            [line(12, MONDAY), line(2, WEDNESDAY, TaskKind.HANDED_OVER)],
            "14 things are due, the oldest since Monday 2 March 2026",
        ),
        ([line(1, WEDNESDAY), line(2, None, TaskKind.MISSED_PROMISE)], "3 things are due"),
    ],
)
def test_the_morning_mail_says_the_news_in_its_subject(lines: list[OwedLine], subject: str) -> None:
    assert morning_subject(lines, WEDNESDAY) == subject


@pytest.mark.parametrize(
    ("oldest", "words"),
    [
        (MONDAY, "2 letters did not arrive, since Monday 2 March 2026"),
        (WEDNESDAY, "2 letters did not arrive, due today"),
        (None, "2 letters did not arrive"),
    ],
)
def test_a_line_says_since_when(oldest: date | None, words: str) -> None:
    assert line_words(line(2, oldest), WEDNESDAY) == words


def test_a_lead_reads_what_is_late() -> None:
    assert escalation_subject([line(2, MONDAY)], WEDNESDAY) == "Two days late: 2 letters did not arrive"
    many = [line(2, MONDAY), line(1, MONDAY, TaskKind.HANDED_OVER)]
    assert escalation_subject(many, WEDNESDAY) == "3 tasks of your team are two days late"


def test_a_lead_reads_of_feedback_by_when_it_is_owed() -> None:
    owed = lines_of([OwedTask("a", TaskKind.FEEDBACK_DUE, WEDNESDAY)], "/{kind}")
    assert escalation_subject(owed, WEDNESDAY) == "1 person is owed feedback, due today"
    assert escalation_subject(owed, MONDAY) == "1 person is owed feedback, by Wednesday 4 March 2026"
    assert escalation_subject(owed, WEDNESDAY + timedelta(days=1)) == (
        "1 person is owed feedback, since Wednesday 4 March 2026"
    )
    assert escalation_subject([*owed, line(2, MONDAY)], WEDNESDAY) == "3 tasks of your team need a hand"


@given(st.lists(tasks, min_size=1, max_size=20), days)
def test_a_subject_fits_in_one_line(owed: list[OwedTask], today: date) -> None:
    with reading_as("en", "UTC"):
        subject = morning_subject(lines_of(owed, "/{kind}"), today)
    assert 0 < len(subject) <= 120
    assert "\n" not in subject


def test_every_kind_has_its_words_its_link_and_its_time() -> None:
    missing = set(TaskKind) - set(KINDS)
    assert not missing, f"{missing} lacks a row in portal/tasks/rules/kinds"
    for kind in TaskKind:
        for name, title in (("Ada Lind", "Data Analyst"), ("", ""), ("", "Data Analyst"), ("Ada Lind", "")):
            said = task_words(kind, name, title)
            assert said.strip(), kind
            assert "%" not in said
            assert not re.search(r" {2}|: ?$|  |\bNone\b", said), said
        assert heap_words(kind, 1) != heap_words(kind, 2)


@pytest.mark.only("sqlite")
def test_every_link_leads_to_a_page(app: Flask) -> None:
    urls = app.url_map.bind("localhost")
    for kind in TaskKind:
        path = urlsplit(path_of(kind, "abcdefghijkm")).path
        try:
            endpoint, _arguments = urls.match(path)
        except RequestRedirect as moved:
            raise AssertionError(f"{path} is not written as its page is") from moved
        assert str(endpoint).startswith("recruiting."), kind


@given(st.sampled_from(TaskState), st.sampled_from(TaskState))
def test_only_legal_moves_are_made(before: TaskState, after: TaskState) -> None:
    if after in MOVES[before]:
        check_move(before, after)
    else:
        with pytest.raises(IllegalMove):
            check_move(before, after)


def test_a_task_goes_only_to_who_can_do_it() -> None:
    assert (
        check_hand_over(TaskKind.DEAD_LETTER, "  I am away. ", to_role=Role.RECRUITER, is_owner=False) == "I am away."
    )
    for kind, why, role, is_owner, field in (
        (TaskKind.DEAD_LETTER, "Away", None, False, "to"),
        (TaskKind.DEAD_LETTER, "Away", Role.HIRING_MANAGER, False, "to"),
        (TaskKind.DEAD_INVITATION, "Away", Role.RECRUITER, False, "to"),
        (TaskKind.DEAD_LETTER, "Away", Role.RECRUITER, True, "to"),
        (TaskKind.DEAD_LETTER, "  ", Role.RECRUITER, False, "why"),
        (TaskKind.DEAD_LETTER, "x" * 501, Role.RECRUITER, False, "why"),
    ):
        with pytest.raises(HandOverRefused) as refused:
            check_hand_over(kind, why, to_role=role, is_owner=is_owner)
        assert refused.value.field == field


def test_an_admin_can_do_everything_and_a_candidate_nothing() -> None:
    assert all(can_do(kind, Role.ADMIN) for kind in TaskKind)
    assert not any(can_do(kind, Role.CANDIDATE) for kind in TaskKind)


@given(days, calendars)
def test_the_day_of_escalation_is_the_second_working_day(due_on: date, calendar: WorkCalendar) -> None:
    second = working_days_after(due_on, 2, calendar)[-1]
    assert is_too_late(due_on, second, calendar)
    assert not is_too_late(due_on, second - timedelta(days=1), calendar)
