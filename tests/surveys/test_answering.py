"""A survey is answered by the link from the mail: saved as they go, sent once, without a name or with it."""

import io
import logging
from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.core.db import db, end_reading, session, transaction
from portal.core.logs import configure_logs
from portal.core.permissions import Role
from portal.outbox.models import Delivery
from portal.surveys.models import Survey, SurveyVersion
from portal.surveys.rules.questions import Content, Question, content_as_json
from portal.surveys.states import QuestionKind, SurveyState, Touchpoint, WhyNotAsked
from tests.conftest import Time
from tests.factories import make_person, make_staff, signed_in, visitor
from tests.pages import Page
from tests.surveys.answering import (
    Invited,
    answer,
    answer_all,
    ask_somebody,
    ballots,
    change_invitation,
    invitation,
    lots,
    saved,
    send,
    signed_responses,
)
from tests.surveys.rows import CONTENT, invite, make_survey

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def asked(app: Flask) -> Invited:
    return ask_somebody()


def flags(one: Invited) -> tuple[bool, bool, int | None]:
    row = invitation(one)
    return row.is_opened, row.is_answered, row.version_number


def test_the_first_screen_says_what_comes_and_who_sees_it(app: Flask, asked: Invited) -> None:
    page = visitor(app).get(asked.link)
    assert page.heading == CONTENT.title
    for words in ("Data Analyst", "8 questions, about 4 minutes", "until Friday 3 April 2026"):
        assert words in page.text
    who = ("Nobody here sees who answered what", "5 of them or more", "there are 10 such texts", "after 30 days")
    for words in (*who, "Nobody who decides about your application sees any of it until"):
        assert words in page.text


def test_what_comes_after_the_decision_says_nothing_of_waiting_for_it(app: Flask) -> None:
    page = visitor(app).get(ask_somebody(Touchpoint.NOT_SELECTED).link)
    assert "Not before the decision" not in page.text


def test_looking_at_every_page_is_no_answer(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    for path in ("", "/questions/q-recommend", "/all", "/finish", "/contact", "/thanks"):
        browser.get(f"{asked.link}{path}")
    assert flags(asked) == (False, False, None)
    assert saved(asked) is None
    assert ballots() == []


def test_one_question_after_the_other_and_back(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.get(f"{asked.link}/questions/q-recommend")
    assert "recommend applying to" in page.heading
    assert page.title.startswith(f"{page.heading} (Question 1 of 8)")
    page = browser.submit(page, **{"q-recommend": "7"})
    assert page.heading == "How fair was it?"
    assert "Question 2 of 8" in page.text
    assert flags(asked) == (True, False, 1)
    page = browser.submit(page, **{"q-fair": "0"}, button="Back")
    assert page.form(having="q-recommend").values["q-recommend"] == "7"
    assert saved(asked) == {"q-recommend": 7, "q-fair": 0}
    assert browser.submit(page, having="q-recommend", button="Back").heading == CONTENT.title


def test_the_whole_way_ends_in_the_box(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.get(f"{asked.link}/questions/q-recommend")
    for values in (
        {"q-recommend": "9"},
        {"q-fair": "10"},
        {"q-happy": "5"},
        {},
        {"q-who": "b"},
        {"q-what": ["b", "a"]},
        {"q-word": "kind"},
        {"q-long": "Nothing,\r\nreally."},
    ):
        page = browser.submit(page, having="go", **values)
    assert page.heading == "With or without your name?"
    assert page.form(having="name").values["name"] == "without"
    page = browser.submit(page, having="name")
    assert page.heading == "May somebody write to you about it?"
    assert page.form(having="contact").values["contact"] == "no"
    page = browser.submit(page, having="contact")
    assert page.heading == "Thank you"
    assert CONTENT.thanks in page.text
    assert "no mail follows" in page.text
    assert "/you-said-we-did" in page.links
    (ballot,) = ballots()
    assert ballot.answers == {
        "q-recommend": 9,
        "q-fair": 10,
        "q-happy": 5,
        "q-who": "b",
        "q-what": ["a", "b"],
        "q-word": "kind",
        "q-long": "Nothing,\nreally.",
    }
    assert flags(asked) == (True, True, 1)
    assert saved(asked) is None
    assert signed_responses() == []


def test_somebody_who_comes_back_goes_on_where_they_were(app: Flask, asked: Invited) -> None:
    first = visitor(app)
    first.submit(first.get(f"{asked.link}/questions/q-recommend"), **{"q-recommend": "7"})
    second = visitor(app)
    page = second.get(asked.link)
    assert "1 of 8 questions have an answer of yours" in page.text
    assert "kept until Friday 3 April 2026" in page.text
    assert f"{asked.link}/questions/q-fair" in page.links
    assert second.get(f"{asked.link}/all").form(having="q-fair").values["q-recommend"] == "7"


def test_what_is_required_is_asked_for_at_the_end(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    assert browser.get(f"{asked.link}/finish").heading == "One question still waits"
    browser.submit(browser.get(f"{asked.link}/questions/q-fair"), **{"q-fair": "3"})
    page = browser.get(f"{asked.link}/finish")
    (link,) = {one for one in page.links if "q-recommend" in one}
    page = browser.submit(browser.get(link), **{"q-recommend": "0"})
    assert page.heading == "With or without your name?"


def test_nothing_is_sent_while_something_required_is_missing(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.submit(browser.get(f"{asked.link}/questions/q-fair"), **{"q-fair": "3"})
    token = page.form(having="csrf_token").values["csrf_token"]
    page = browser.post(f"{asked.link}/send", {"csrf_token": token, "name": "without", "contact": "no"})
    assert page.heading == "One question still waits"
    assert ballots() == []
    assert saved(asked) == {"q-fair": 3}


def test_an_answer_can_be_taken_back(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    browser.submit(browser.get(f"{asked.link}/questions/q-fair"), **{"q-fair": "3"})
    page = browser.get(f"{asked.link}/questions/q-fair")
    browser.submit(page, having="q-fair", clear="yes")
    assert saved(asked) == {}


def test_what_is_too_long_is_said_and_stays(app: Flask, asked: Invited) -> None:
    browser, long = visitor(app), "x" * 201
    page = browser.submit(browser.get(f"{asked.link}/all"), **{"q-word": long, "q-fair": "4"}, expect=422)
    assert "This has 201 characters" in page.text
    assert "#q-word" in page.links
    assert page.form(having="q-word").values["q-word"] == long
    assert saved(asked) == {"q-fair": 4}
    page = browser.submit(browser.get(f"{asked.link}/questions/q-word"), **{"q-word": long}, expect=422)
    assert page.form(having="q-word").values["q-word"] == long


def test_a_script_saves_while_they_type(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.get(f"{asked.link}/questions/q-word")
    values = {**page.form(having="q-word").values, "q-word": "ki"}
    script = {"X-Requested-With": "autosave"}
    answer = browser.client.post(page.path, data=values, headers=script)
    assert (answer.status_code, answer.json) == (200, {"errors": {}, "hidden": {}})
    assert saved(asked) == {"q-word": "ki"}
    answer = browser.client.post(page.path, data={**values, "q-word": "x" * 201}, headers=script)
    assert answer.status_code == 422
    assert saved(asked) == {"q-word": "ki"}
    change_invitation(asked, is_answered=True)
    assert browser.client.post(page.path, data=values, headers=script).status_code == 409


def test_one_page_on_two_devices_loses_nothing(app: Flask, asked: Invited) -> None:
    desk, phone = visitor(app), visitor(app)
    old = desk.get(f"{asked.link}/all")
    phone.submit(phone.get(f"{asked.link}/questions/q-recommend"), **{"q-recommend": "7"})
    desk.submit(old, **{"q-word": "kind"})
    assert saved(asked) == {"q-recommend": 7, "q-word": "kind"}
    desk.submit(desk.get(f"{asked.link}/all"), **{"q-word": ""})
    assert saved(asked) == {"q-recommend": 7}


def test_with_a_name_it_is_theirs_and_no_ballot(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = answer_all(browser, asked.link)
    assert "those who decide about your application only after the decision" in page.text
    page = send(browser, page, name="with")
    assert "with your name" in page.text
    (signed,) = signed_responses()
    assert (signed.person_id, signed.application_id, signed.may_contact) == (asked.made.person_id, asked.made.id, False)
    assert signed.answers == {"q-recommend": 9}
    assert ballots() == []
    assert invitation(asked).lot is None
    assert saved(asked) is None


def test_in_a_team_of_one_nobody_is_promised_an_answer_by_somebody_else(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.submit(answer_all(browser, asked.link), name="without")
    assert "Everybody who could answer you had a part in it, so nobody is asked to" in page.text
    page = browser.submit(page, contact="yes")
    assert "Everybody who could answer you had a part in it, so nobody is asked to" in page.text


def test_leave_to_be_written_to_says_that_it_ends_anonymity_and_does(app: Flask, asked: Invited) -> None:
    make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")
    browser = visitor(app)
    page = browser.submit(answer_all(browser, asked.link), name="without")
    assert "This ends anonymity" in page.text
    page = browser.submit(page, contact="yes")
    assert "somebody who was not part of it is asked to write to you within a few working days" in page.text
    (signed,) = signed_responses()
    assert signed.may_contact
    assert ballots() == []


def test_before_the_decision_ballots_go_in_lots_of_five(app: Flask) -> None:
    survey_id = make_survey(Touchpoint.INTERVIEWED)
    one = ask_somebody(survey_id=survey_id)
    everybody = [one, *(_beside(one) for _ in range(6))]
    for each in everybody:
        answer(app, each)
    assert sorted(lots().values()) == [2, 5]
    of_people, of_ballots = [invitation(each).lot for each in everybody], [ballot.lot for ballot in ballots()]
    assert sorted(of_people) == sorted(of_ballots)
    answer(app, ask_somebody(survey_id=survey_id))
    assert sorted(lots().values()) == [1, 2, 5]
    assert {ballot.outcome for ballot in ballots()} == {None}


def test_after_the_decision_a_ballot_says_how_it_ended_and_waits_in_no_lot(app: Flask) -> None:
    one = ask_somebody(Touchpoint.NOT_SELECTED, status=ApplicationStatus.NOT_SELECTED)
    answer(app, one)
    (ballot,) = ballots()
    assert (ballot.lot, ballot.outcome) == ("", ApplicationStatus.NOT_SELECTED)
    assert invitation(one).lot is None
    assert lots() == {}


def test_the_community_is_asked_without_an_application(app: Flask) -> None:
    person_id = make_person()
    _public_id, token = invite(make_survey(Touchpoint.COMMUNITY), person_id)
    browser = visitor(app)
    page = send(browser, answer_all(browser, f"/surveys/{token}"))
    assert page.heading == "Thank you"
    (ballot,) = ballots()
    assert (ballot.opening_id, ballot.area, ballot.outcome, ballot.lot) == (None, "", None, "")


def test_sending_writes_to_nothing_that_keeps_a_time(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = browser.submit(answer_all(browser, asked.link), name="without")
    before = _counts()
    browser.submit(page, contact="no")
    assert _counts() == before


def test_no_line_of_our_log_says_that_somebody_answered(
    app: Flask, asked: Invited, monkeypatch: pytest.MonkeyPatch
) -> None:
    written = io.StringIO()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    monkeypatch.setattr("sys.stderr", written)
    configure_logs("json")
    try:
        answer(app, asked)
        assert written.getvalue() == ""
        visitor(app).get("/openings")
        assert '"request"' in written.getvalue()
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)


def test_what_breaks_is_logged_without_the_link(app: Flask, asked: Invited, monkeypatch: pytest.MonkeyPatch) -> None:
    with transaction() as own:
        row = own.scalars(select(SurveyVersion).where(SurveyVersion.survey_id == asked.survey_id)).one()
        row.content = {"title": "Torn"}
    written = io.StringIO()
    handlers, level = logging.getLogger().handlers[:], logging.getLogger().level
    monkeypatch.setattr("sys.stderr", written)
    monkeypatch.setitem(app.config, "PROPAGATE_EXCEPTIONS", False)
    configure_logs("json")
    try:
        visitor(app).client.get(asked.link)
    finally:
        logging.getLogger().handlers[:] = handlers
        logging.getLogger().setLevel(level)
    assert "/surveys/<token>" in written.getvalue()
    assert asked.token not in written.getvalue()


def test_a_second_answer_is_told_kindly_that_the_first_one_counts(app: Flask, asked: Invited) -> None:
    slow = visitor(app)
    waiting = slow.submit(answer_all(slow, asked.link), name="with")
    answer(app, asked)
    page = slow.submit(waiting, contact="no")
    assert page.heading == "You have answered this one"
    assert len(ballots()) == 1
    assert signed_responses() == []
    for path in ("/questions/q-fair", "/all", "/finish", "/contact"):
        assert slow.get(f"{asked.link}{path}").heading == "You have answered this one"


def test_a_closed_survey_says_since_when(app: Flask, asked: Invited, time: Time) -> None:
    browser = visitor(app)
    browser.submit(browser.get(f"{asked.link}/questions/q-fair"), **{"q-fair": "3"})
    page = browser.get(f"{asked.link}/questions/q-fair")
    with transaction() as own:
        row = own.get_one(Survey, asked.survey_id)
        row.state, row.closed_at = SurveyState.CLOSED, time.at
    shown = browser.get(asked.link, expect=410)
    assert shown.heading == "This survey is closed"
    assert "until Wednesday 4 March 2026" in shown.text
    assert "destroyed on Friday 3 April 2026" in shown.text
    browser.submit(page, **{"q-fair": "9"}, expect=410)
    assert saved(asked) == {"q-fair": 3}


def test_after_its_last_day_it_is_closed_and_a_paused_one_is_not(app: Flask, asked: Invited, time: Time) -> None:
    with transaction() as own:
        own.get_one(Survey, asked.survey_id).state = SurveyState.PAUSED
    change_invitation(asked, closes_on=time.at.date())
    assert visitor(app).get(asked.link).heading == CONTENT.title
    time.pass_by(days=1)
    page = visitor(app).get(asked.link, expect=410)
    assert "until Wednesday 4 March 2026" in page.text


def test_a_link_that_is_too_old_leads_to_their_own_page(app: Flask, asked: Invited, time: Time) -> None:
    change_invitation(asked, closes_on=time.at.date() + timedelta(days=60))
    time.pass_by(days=31)
    page = visitor(app).get(asked.link, expect=410)
    assert page.heading == "This link is too old"
    assert "/sign-in" in page.links


def test_who_is_not_asked_any_more_reads_so(app: Flask, asked: Invited) -> None:
    change_invitation(asked, why_not=WhyNotAsked.OPTED_OUT)
    page = visitor(app).get(asked.link, expect=410)
    assert page.heading == "This survey is not for you any more"


def test_who_is_signed_in_is_not_told_to_sign_in(app: Flask, asked: Invited, time: Time) -> None:
    browser = signed_in(app, asked.made.person_id)
    change_invitation(asked, why_not=WhyNotAsked.OPTED_OUT)
    page = browser.get(asked.link, expect=410)
    assert "/me/conversation" in page.links
    assert "sign in" not in page.text
    change_invitation(asked, why_not=None, closes_on=time.at.date() + timedelta(days=60))
    time.pass_by(days=31)
    page = signed_in(app, asked.made.person_id).get(asked.link, expect=410)
    assert page.heading == "This link is too old"
    assert "/me/surveys" in page.links
    assert "sign in" not in page.text


def test_an_application_that_is_no_longer_theirs_is_not_asked_about(app: Flask, asked: Invited) -> None:
    with transaction() as own:
        own.get_one(Application, asked.made.id).person_id = make_person("Somebody Else")
    assert visitor(app).get(asked.link, expect=410).heading == "This survey is not for you any more"


@pytest.mark.parametrize("token", ["", "A" * 43, "None", "x", "a/b"])
def test_a_link_that_never_was_leads_nowhere(app: Flask, asked: Invited, token: str) -> None:
    browser = visitor(app)
    browser.get(f"/surveys/{token}", expect=404)
    browser.get(f"/surveys/{asked.token[:-1]}{'A' if asked.token[-1] != 'A' else 'B'}", expect=404)


def test_a_question_that_is_not_asked_leads_to_the_first_screen(app: Flask, asked: Invited) -> None:
    assert visitor(app).get(f"{asked.link}/questions/q-nothing").heading == CONTENT.title


def test_who_has_begun_answers_the_version_that_they_began(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    browser.submit(browser.get(f"{asked.link}/questions/q-recommend"), **{"q-recommend": "7"})
    _publish(asked.survey_id, Content("A new title", "", (Question("q-new", QuestionKind.EFFORT, "Hard?"),), ""))
    assert browser.get(asked.link).heading == CONTENT.title
    send(browser, browser.get(f"{asked.link}/finish"))
    (ballot,) = ballots()
    assert ballot.version_number == 1
    late = _beside(asked)
    page: Page = browser.get(late.link)
    assert page.heading == "A new title"
    browser.submit(browser.get(f"{late.link}/questions/q-new"), **{"q-new": "2"})
    assert invitation(late).version_number == 2


def _beside(one: Invited) -> Invited:
    """Somebody else who applied to the same opening and was asked the same."""
    opening_id = session().get_one(Application, one.made.id).opening_id
    other = ask_somebody(survey_id=one.survey_id)
    with transaction() as own:
        own.get_one(Application, other.made.id).opening_id = opening_id
    return other


def _publish(survey_id: int, content: Content) -> None:
    with transaction() as own:
        survey = own.get_one(Survey, survey_id)
        survey.version_number += 1
        own.add(
            SurveyVersion(
                survey_id=survey_id,
                number=survey.version_number,
                content=content_as_json(content),
                published_by_id=None,
                published_at=survey.created_at,
            )
        )


def _counts() -> list[int | None]:
    """How many audit records and deliveries there are, and when tokens were used."""
    end_reading()
    reading = session()
    used = db.metadata.tables["one_time_token"].c.used_at
    return [
        reading.scalar(select(func.count(AuditRecord.id))),
        reading.scalar(select(func.count(Delivery.id))),
        reading.scalar(select(func.count()).where(used.is_not(None))),
    ]
