"""What the demo tells of surveys: what was answered and released, who is asked now, what was done about it."""

import re

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import end_reading, session
from portal.outbox.models import DevMail
from portal.people.models import Person
from portal.people.queries import all_staff
from portal.surveys.models import Ballot, Survey, SurveyComment, SurveyPart, SurveyResponse, SurveyTally
from portal.surveys.queries.reaching import reached
from portal.surveys.rules.scopes import EVERYTHING, RESPONSES
from portal.surveys.states import SurveyState, Touchpoint
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from tests.factories import signed_in, visitor
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # it is told through the actions that are tested on both


def colleague(app: Flask, key: str) -> Browser:
    return signed_in(app, next(row.person_id for row in all_staff() if row.email == f"{key}@demo.example"))


def test_three_surveys_are_live_with_300_answers_that_add_up(demo: Flask) -> None:
    live = {row.touchpoint: row.state for row in session().execute(select(Survey.touchpoint, Survey.state))}
    assert live == dict.fromkeys(
        (Touchpoint.APPLIED, Touchpoint.INTERVIEWED, Touchpoint.NOT_SELECTED), SurveyState.LIVE
    )
    assert session().scalar(select(func.count()).select_from(SurveyResponse)) == 300
    assert session().scalar(select(func.sum(SurveyPart.response_count))) == 300
    counted = select(func.sum(SurveyTally.count)).where(SurveyTally.question_id == "")
    counted = counted.where(SurveyTally.scope == EVERYTHING).where(SurveyTally.value == RESPONSES)
    assert session().scalar(counted) == 300
    assert session().scalar(select(func.count(func.distinct(SurveyTally.month_on)))) >= 6
    for survey_id, touchpoint in session().execute(select(Survey.id, Survey.touchpoint)).all():
        found, of_survey = reached(survey_id, touchpoint), counted.where(SurveyTally.survey_id == survey_id)
        assert found.asked > found.opened >= (session().scalar(of_survey) or 0)
    # A few wait for others, and what was written can be read from ten on.
    assert 0 < (session().scalar(select(func.count()).select_from(Ballot)) or 0) < 10
    assert (session().scalar(select(func.count()).select_from(SurveyComment)) or 0) >= 10


def test_links_to_open_surveys_lie_in_the_mailbox(demo: Flask) -> None:
    mails = session().scalars(select(DevMail).where(DevMail.kind == "surveys/not_selected")).all()
    assert len(mails) >= 2
    to_silas = next(mail for mail in mails if mail.to_address == "silas@demo.example")
    found = re.search(r"/surveys/[\w-]+", to_silas.text)
    assert found is not None
    end_reading()
    assert "How did we treat you?" in visitor(demo).get(found[0]).text
    silas = signed_in(demo, session().scalars(select(Person.id).where(Person.name == "Silas Berg")).one())
    assert "How did we treat you?" in silas.get("/me/surveys").text


def test_somebody_whom_it_went_badly_for_is_with_the_admin_alone(demo: Flask) -> None:
    task = session().scalars(select(Task).where(Task.kind == TaskKind.LOW_SCORE)).one()
    name = session().get_one(Person, task.person_id).name
    path = f"/recruiting/surveys/low-scores/{task.about}"
    end_reading()
    page = colleague(demo, "admin").get(path)
    assert page.heading == f"{name} told us that it went badly"
    assert "moved twice" in page.text
    for other in ("rita", "omar", "hugo", "lena"):
        colleague(demo, other).get(path, expect=404)


def test_what_was_done_about_it_is_on_the_public_page(demo: Flask) -> None:
    assert "within seven days" in visitor(demo).get("/you-said-we-did").text
    assert "within seven days" in visitor(demo).get("/promises").text
    assert "Not published yet" in colleague(demo, "rita").get("/recruiting/surveys/posts").text
