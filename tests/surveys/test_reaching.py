"""How many were asked and began: counted once each, later than they answer, and for good."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.privacy.actions import erase_person
from portal.surveys import privacy
from portal.surveys.actions.answering import save_answers
from portal.surveys.actions.reaching import count_some
from portal.surveys.jobs import count_reached
from portal.surveys.models import SurveyInvitation, SurveyReach
from portal.surveys.queries.reaching import Reached, reached, uncounted
from portal.surveys.rules.reaching import adds, counts_as, what_of, why_of
from portal.surveys.states import CountedAs, Touchpoint, WhyNotAsked
from tests.factories import make_staff, signed_in
from tests.surveys.box import Asking, answer, release
from tests.surveys.results import address_of, pass_over, reach_of
from tests.surveys.rows import make_survey


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


def stands(asking: Asking) -> Reached:
    """What pages say now."""
    end_reading()
    return reached(asking.survey_id, Touchpoint.NOT_SELECTED)


@given(st.lists(st.booleans(), max_size=6), st.sampled_from([None, *WhyNotAsked]))
def test_whenever_it_is_counted_each_is_counted_once(looked: list[bool], why: WhyNotAsked | None) -> None:
    was: CountedAs | None = None
    found: list[str] = []
    is_opened = False
    for opens in looked:
        is_opened = (is_opened or opens) and why is None
        becomes = counts_as(why, is_opened=is_opened)
        found += adds(was, becomes, why)
        was = becomes
    expected = ["asked", "began"][: 1 + is_opened] if why is None else [what_of(why)]
    assert found == (expected if looked else [])


@pytest.mark.parametrize("why", list(WhyNotAsked))
def test_a_count_names_why(why: WhyNotAsked) -> None:
    assert why_of(what_of(why)) is why


def test_asking_saving_and_sending_change_no_count_until_the_job_has_counted(asking: Asking) -> None:
    asking.ask()
    _made, saved = asking.ask()
    asking.answered()
    pass_over(asking, WhyNotAsked.OPTED_OUT)
    save_answers(saved, {"q-word": ["Long"]}, now=clock.now())
    assert stands(asking) == Reached(0, 0, {})
    for _again in range(3):
        assert reach_of(asking.survey_id) == Reached(3, 2, {WhyNotAsked.OPTED_OUT: 1})
    answer(saved)
    assert reach_of(asking.survey_id) == Reached(3, 2, {WhyNotAsked.OPTED_OUT: 1})
    assert uncounted() == []


def test_whoever_begins_after_they_were_counted_is_not_asked_twice(asking: Asking) -> None:
    _made, invitation_id = asking.ask()
    assert reach_of(asking.survey_id) == Reached(1, 0, {})
    answer(invitation_id)
    assert reach_of(asking.survey_id) == Reached(1, 1, {})


def test_erasing_takes_nothing_away_and_counts_whom_nobody_had_counted(asking: Asking) -> None:
    counted, begun = asking.answered(), asking.ask()
    count_reached(clock.now())
    answer(begun[1])
    never = asking.answered()
    for made in (counted, begun[0], never):
        erase_person(made.person_id, None, clock.now())
    assert stands(asking) == Reached(3, 3, {})
    assert reach_of(asking.survey_id) == Reached(3, 3, {})
    assert session().scalars(select(SurveyInvitation.id)).all() == []


def test_an_erasure_that_fails_counts_nobody_and_keeps_them(asking: Asking) -> None:
    made = asking.answered()

    def fail() -> None:
        with transaction():
            privacy.erase(made.person_id, clock.now())
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert stands(asking) == Reached(0, 0, {})
    assert reach_of(asking.survey_id) == Reached(1, 1, {})


def test_no_page_says_that_more_answered_than_began(asking: Asking, app: Flask) -> None:
    everybody = [asking.answered() for _ in range(5)]
    release()
    for made in everybody:
        erase_person(made.person_id, None, clock.now())
    page = signed_in(app, make_staff("Rita Sander", email="rita@example.org")).get(address_of(asking.survey_id))
    assert "Asked 5 Began to answer (100%) 5 Answered, and shown here (100%) 5" in page.text


def test_two_workers_count_everybody_once(app: Flask, asking: Asking) -> None:
    for number in range(30):
        if number % 2:
            asking.ask()
        else:
            asking.answered()
    end_reading()
    ids, start = uncounted(), Barrier(4)
    end_reading()

    def work(_number: int) -> None:
        with app.app_context():
            start.wait(30)
            for first in range(0, len(ids), 5):
                count_some(ids[first : first + 5])

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(work, range(4)))
    assert reach_of(asking.survey_id) == Reached(30, 15, {})
    assert set(session().scalars(select(SurveyInvitation.counted_as))) == {CountedAs.ASKED, CountedAs.BEGAN}
    assert set(session().scalars(select(SurveyReach.what))) == {"asked", "began"}
