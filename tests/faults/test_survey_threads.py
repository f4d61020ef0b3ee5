"""Fifty threads on one survey link leave one ballot, whatever each of them had chosen."""

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.models import SurveyInvitation
from portal.surveys.rules.answers import NotOpen
from portal.surveys.states import Touchpoint
from tests.factories import visitor
from tests.faults.test_at_once import THREADS, copies, press_at_once
from tests.surveys.answering import (
    answer_all,
    ask_somebody,
    ballots,
    invitation,
    lots,
    saved,
    signed_responses,
)
from tests.surveys.rows import invite


@pytest.mark.parametrize("touchpoint", [Touchpoint.INTERVIEWED, Touchpoint.NOT_SELECTED])
def test_one_link_sent_fifty_times_leaves_one_ballot(app: Flask, touchpoint: Touchpoint) -> None:
    one, browser = ask_somebody(touchpoint), visitor(app)
    page = browser.submit(answer_all(browser, one.link), name="without")
    values = {**page.form(having="contact").values}
    statuses = press_at_once(copies(browser, app), f"{one.link}/send", [values] * THREADS)
    assert statuses == {303: THREADS}
    (ballot,) = ballots()
    row = invitation(one)
    assert row.is_answered
    assert (row.lot or "") == ballot.lot
    assert sum(lots().values()) == (1 if touchpoint is Touchpoint.INTERVIEWED else 0)
    assert saved(one) is None


def test_with_and_without_a_name_at_once_only_one_of_them_counts(app: Flask) -> None:
    one, browser = ask_somebody(), visitor(app)
    page = browser.submit(answer_all(browser, one.link), name="without")
    values = page.form(having="contact").values
    sent = [{**values, "name": "with" if number % 2 else "without"} for number in range(THREADS)]
    press_at_once(copies(browser, app), f"{one.link}/send", sent)
    assert len(ballots()) + len(signed_responses()) == 1
    assert (invitation(one).lot is None) is bool(signed_responses())


def test_saving_beside_sending_leaves_nothing_that_was_not_sent(app: Flask) -> None:
    one, browser = ask_somebody(), visitor(app)
    page = browser.submit(answer_all(browser, one.link), name="without")
    values = page.form(having="contact").values
    everybody = copies(browser, app)
    start = Barrier(THREADS)

    def press(number: int) -> int:
        start.wait()
        path = f"{one.link}/send" if number == 0 else f"{one.link}/questions/q-fair"
        data: dict[str, Any] = values if number == 0 else {**values, "q-fair": str(number % 11)}
        return everybody[number].client.post(path, data=data).status_code

    end_reading()
    with ThreadPoolExecutor(THREADS) as pool:
        assert set(pool.map(press, range(THREADS))) == {303}
    assert len(ballots()) == 1
    assert saved(one) is None


def test_twenty_people_at_once_fill_lots_of_five(app: Flask) -> None:
    one = ask_somebody()
    public_ids = [one.public_id, *(invite(one.survey_id, one.made.person_id, one.made.id)[0] for _ in range(19))]
    rows = [_row_of(public_id) for public_id in public_ids]
    start = Barrier(len(rows))

    def answer(row_id: int) -> None:
        with app.app_context():
            start.wait()
            answer_survey(row_id, given={"q-recommend": ["9"]}, now=clock.now())

    end_reading()
    with ThreadPoolExecutor(len(rows)) as pool:
        list(pool.map(answer, rows))
    assert sorted(lots().values()) == [5, 5, 5, 5]
    assert len(ballots()) == 20


def test_once_sent_nothing_more_is_taken(app: Flask) -> None:
    one = ask_somebody()
    row_id = invitation(one).id
    answer_survey(row_id, given={"q-recommend": ["9"]}, now=clock.now())
    with pytest.raises(NotOpen):
        answer_survey(row_id, given={"q-recommend": ["1"]}, is_signed=True, now=clock.now())
    with pytest.raises(NotOpen):
        save_answers(row_id, {"q-recommend": ["1"]}, now=clock.now())
    assert [ballot.answers for ballot in ballots()] == [{"q-recommend": 9}]


def _row_of(public_id: str) -> int:
    return session().scalars(select(SurveyInvitation.id).where(SurveyInvitation.public_id == public_id)).one()
