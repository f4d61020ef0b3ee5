"""Pages of results in tests."""

import re

from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.surveys.jobs import count_reached
from portal.surveys.models import Survey, SurveyInvitation
from portal.surveys.queries.reaching import Reached, reached
from portal.surveys.states import WhyNotAsked
from tests.pages import Page
from tests.surveys.box import Asking


def address_of(survey_id: int) -> str:
    """Where the results of a survey stand."""
    end_reading()
    public_id = session().scalars(select(Survey.public_id).where(Survey.id == survey_id)).one()
    return f"/recruiting/surveys/{public_id}"


def count_on(page: Page) -> int:
    """How many responses the page says it is about."""
    found = re.search(r'data-response-count="(\d+)"', page.body)
    assert found is not None
    return int(found[1])


def reach_of(survey_id: int) -> Reached:
    """How many were asked, began and were passed over, once the worker has counted."""
    count_reached(clock.now())
    return reached(survey_id, session().scalars(select(Survey.touchpoint).where(Survey.id == survey_id)).one())


def pass_over(asking: Asking, why: WhyNotAsked) -> None:
    """Somebody who came past and was not asked."""
    _made, invitation_id = asking.ask()
    with transaction() as own:
        own.get_one(SurveyInvitation, invitation_id).why_not = why
