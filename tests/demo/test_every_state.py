"""The demo shows what the contract promises of it, and one of each state that can be shown without harm."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import ApplicationEvent, Mark
from portal.applications.states import ApplicationStatus, EventKind, MarkKind
from portal.community.models import Membership
from portal.company.rules import WorkCalendar, holidays_between
from portal.core.db import session
from portal.demo.data import COUNTRY, openings
from portal.feedback.models import Feedback
from portal.feedback.states import FeedbackState
from portal.interviews.models import Interview
from portal.interviews.states import InterviewState
from portal.keeping.models import PersonalCopy, StayQuestion
from portal.keeping.states import CopyState
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.people.models import Staff

pytestmark = pytest.mark.only("sqlite")  # it is told through the actions that are tested on both


def test_the_company_is_as_large_as_the_contract_says(demo: Flask) -> None:
    roles = sorted(session().scalars(select(Staff.role).where(Staff.is_active)))
    assert roles == ["admin", *["hiring-manager"] * 2, *["recruiter"] * 2]
    states = sorted(session().scalars(select(Opening.state)))
    assert states == [OpeningState.DRAFT, *[OpeningState.PUBLISHED] * 6, OpeningState.STOPPED]
    titles = list(session().scalars(select(Opening.title)))
    assert len(set(titles)) == len(titles) == 8


def test_nobody_is_promised_a_decision_on_a_holiday() -> None:
    first = date(2026, 1, 1)
    days = [first + timedelta(days=n) for n in range(365)]
    off = frozenset(day.on for day in holidays_between(first, date(2027, 12, 31), COUNTRY, "", []))
    calendar = WorkCalendar(off)
    for written in (*openings.OF_THE_IMPORT.values(), openings.EARLY, openings.CLOSED):
        said = [written.on(day, calendar).decision_by or day for day in days]
        assert all(calendar.is_working_day(one) for one in said)
        assert written.decides_in < 0 or all(one > day for one, day in zip(said, days, strict=True))


def test_there_is_one_of_each_state(demo: Flask) -> None:
    assert set(session().scalars(select(Interview.state))) == set(InterviewState)
    assert set(session().scalars(select(ApplicationEvent.status).distinct())) == set(ApplicationStatus)
    shown = set(session().scalars(select(ApplicationEvent.kind).distinct()))
    # Endings told elsewhere reach the pages a day after the import that says so.
    assert set(EventKind) - shown <= {EventKind.TOLD_ELSEWHERE}
    assert set(session().scalars(select(Mark.kind))) == set(MarkKind)
    assert set(session().scalars(select(Feedback.state))) == set(FeedbackState) - {FeedbackState.RETRACTED}


def test_somebody_left_somebody_is_asked_to_stay_and_somebody_has_a_copy(demo: Flask) -> None:
    assert session().scalar(select(func.count()).where(Membership.left_at.is_not(None))) == 1
    assert session().scalar(select(func.count()).select_from(StayQuestion)) == 1
    assert list(session().scalars(select(PersonalCopy.state))) == [CopyState.READY]
