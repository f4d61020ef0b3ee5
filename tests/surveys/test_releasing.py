"""Answers without a name are released five and more at a time, later than they came, and are gone from the box."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import event, func, select

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import Model, db, end_reading, session, transaction
from portal.outbox.models import Delivery
from portal.privacy.actions import erase_person
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.actions.releasing import release_ballots as release_one
from portal.surveys.jobs import forget_partial_answers, release_ballots
from portal.surveys.models import (
    Ballot,
    PartialAnswers,
    SignedResponse,
    SurveyComment,
    SurveyPart,
    SurveyResponse,
    SurveyTally,
    SurveyTotal,
    WaitingComment,
)
from portal.surveys.queries.releasing import waiting_count
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.rules.releasing import common_questions, questionnaires
from portal.surveys.rules.scopes import SIGNED, scope_of
from portal.surveys.states import QuestionKind, Touchpoint
from tests.conftest import Time
from tests.outbox.letters import put
from tests.surveys.box import (
    Asking,
    answer,
    close,
    comments,
    parts,
    publish,
    release,
    responses,
    row_of,
    tell,
    totals,
    waiting,
)
from tests.surveys.rows import CONTENT, invite, make_survey

OPEN = ApplicationStatus.INTERVIEWING
LEFT = ApplicationStatus.WITHDRAWN


@pytest.fixture
def after(app: Flask) -> Asking:
    """Asked after the decision."""
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


@pytest.fixture
def before(app: Flask) -> Asking:
    """Asked while the decision may be open."""
    return Asking(make_survey(Touchpoint.INTERVIEWED))


def test_four_answers_wait_and_the_fifth_releases_them(after: Asking) -> None:
    for score in (0, 3, 7, 9):
        after.answered(score=score)
    release()
    assert (waiting(), parts(), totals()) == (4, [], Counter())
    assert waiting_count(after.survey_id) == 4
    after.answered(score=10)
    assert parts() == [], "released by whoever answers"
    release()
    (part,) = parts()
    assert (waiting(), part.response_count) == (0, 5)
    assert part.opening_id == after.openings["Analyst"]
    assert (part.area, part.outcome) == ("data", ApplicationStatus.NOT_SELECTED)
    assert part.week_on == date(2026, 3, 2), "of a time, the Monday is all that stays"
    assert sorted(one["q-recommend"] for one in responses()) == [0, 3, 7, 9, 10]
    assert totals("q-recommend", "10")[""] == 1


def test_whoever_comes_after_a_release_waits_for_four_others(after: Asking) -> None:
    for _ in range(5):
        after.answered()
    release()
    after.answered(score=0)
    release()
    assert (waiting(), len(responses()), totals()[""]) == (1, 5, 5)


def test_releasing_twice_changes_nothing(after: Asking) -> None:
    for _ in range(6):
        after.answered(words="Thank you")
    release()
    then = _everything()
    release()
    assert _everything() == then


def test_every_ballot_is_released_once_by_two_workers(app: Flask, after: Asking) -> None:
    for score in range(7):
        after.answered(score=score)
    end_reading()
    ready = Barrier(2)

    def work() -> None:
        with app.app_context():
            ready.wait()
            release_one(after.survey_id, clock.now())

    workers = [Thread(target=work) for _ in range(2)]
    for one in workers:
        one.start()
    for one in workers:
        one.join()
    assert sorted(one["q-recommend"] for one in responses()) == list(range(7))
    assert totals()[""] == 7


def test_a_release_that_breaks_off_anywhere_has_not_happened(after: Asking) -> None:
    for score in range(10):
        after.answered(score=score, words=f"Words {score}")
    then = _everything()
    for statement in range(1, 200):
        try:
            with _breaking_at(statement):
                release_one(after.survey_id, clock.now())
        except ConnectionAbortedError:
            assert _everything() == then
        else:
            break
    assert (waiting(), len(responses()), len(comments())) == (0, 10, 10)


def test_nothing_is_read_before_the_decision_of_each_of_the_five(before: Asking) -> None:
    made = [before.answered(status=OPEN) for _ in range(5)]
    release()
    assert parts() == []
    for one in made[:4]:
        tell(one)
    release()
    assert parts() == []
    mail_id = put(1, to="ada@example.org", person_id=made[4].person_id)
    tell(made[4], delivery_id=mail_id)
    release()
    assert parts() == [], "the mail server has not accepted the letter"
    with transaction() as own:
        mail = own.get_one(Delivery, mail_id)
        mail.state, mail.sent_at = "sent", clock.now()
    release()
    assert [one.response_count for one in parts()] == [5]


def test_nobody_waits_for_somebody_who_was_erased(before: Asking) -> None:
    made = [before.answered(status=OPEN, score=score) for score in range(5)]
    for one in made[:4]:
        tell(one)
    erase_person(made[4].person_id, None, clock.now())
    release()
    assert sorted(one["q-recommend"] for one in responses()) == [0, 1, 2, 3, 4]


def test_an_erasure_leaves_what_was_released(after: Asking) -> None:
    made = [after.answered() for _ in range(5)]
    release()
    for one in made[1:]:
        erase_person(one.person_id, None, clock.now())
    assert (len(responses()), totals()[""]) == (5, 5)


def test_an_opening_with_fewer_than_five_is_shown_in_its_area_only(after: Asking) -> None:
    for _ in range(5):
        after.answered("Analyst")
    for _ in range(2):
        after.answered("Engineer")
    for _ in range(3):
        after.answered("Modeller")
    release()
    analyst = after.openings["Analyst"]
    assert sorted((one.opening_id or 0, one.response_count) for one in parts()) == [(0, 5), (analyst, 5)]
    found = totals()
    assert (found[""], found[scope_of(area="data")], found[scope_of(opening_id=analyst)]) == (10, 10, 5)
    assert found[scope_of(opening_id=after.openings["Engineer"])] == 0


def test_how_it_ended_is_shown_for_five_and_more(app: Flask) -> None:
    asking = Asking(make_survey(Touchpoint.LEFT))
    for _ in range(4):
        asking.answered(status=LEFT)
    asking.answered(status=ApplicationStatus.OFFER_DECLINED)
    release()
    (part,) = parts()
    assert (part.opening_id, part.outcome) == (asking.openings["Analyst"], None)


def test_versions_that_ask_the_same_are_released_together(after: Asking) -> None:
    for _ in range(3):
        after.answered()
    publish(after.survey_id, replace(CONTENT, title="How was it?", questions=CONTENT.questions[::-1]))
    for _ in range(2):
        after.answered()
    release()
    assert [(one.version_number, one.response_count) for one in parts()] == [(2, 5)]


def test_versions_that_ask_otherwise_are_never_in_one_part(after: Asking) -> None:
    for _ in range(3):
        after.answered()
    publish(after.survey_id, replace(CONTENT, questions=CONTENT.questions[:3]))
    for _ in range(4):
        after.answered()
    release()
    assert (waiting(), parts()) == (7, [])
    after.answered()
    release()
    assert [(one.version_number, one.response_count) for one in parts()] == [(2, 5)]


def test_totals_are_the_sum_of_their_months(after: Asking, time: Time) -> None:
    for score in (10, 0, 7):
        for _ in range(6):
            after.answered(score=score, is_signed=score == 7)
        release()
        time.pass_by(days=40)
    end_reading()
    months = select(SurveyTally.scope, SurveyTally.question_id, SurveyTally.value, func.sum(SurveyTally.count))
    summed = session().execute(months.group_by(SurveyTally.scope, SurveyTally.question_id, SurveyTally.value)).all()
    totals = select(SurveyTotal.scope, SurveyTotal.question_id, SurveyTotal.value, SurveyTotal.count)
    assert sorted(map(tuple, session().execute(totals))) == sorted((*row[:3], int(row[3])) for row in summed)
    assert session().scalar(select(func.count(func.distinct(SurveyTally.month_on)))) == 3
    assert sum(1 for row in summed if row[3] == 18) > 1, "nothing was counted in all of the months"


def test_words_stand_apart_from_numbers_and_wait_for_ten(after: Asking) -> None:
    for number in range(9):
        after.answered(score=number, words=f"Words {number}")
    release()
    assert (len(responses()), comments()) == (9, [])
    assert all(set(one) == {"q-recommend"} for one in responses())
    assert totals("q-long", "=answered")[""] == 9
    for number in range(9, 14):
        after.answered(words=f"Words {number}" if number == 9 else "")
    release()
    assert comments() == [f"Words {number}" for number in range(10)]
    assert session().scalars(select(WaitingComment.key)).all() == []
    assert len(set(session().scalars(select(SurveyComment.key))) & set(session().scalars(select(SurveyPart.key)))) == 0


def test_words_are_never_shown_by_more_than_the_numbers_they_came_with(after: Asking) -> None:
    for _ in range(4):
        after.answered("Analyst", words="From the analyst")
    after.answered("Engineer", words="From the engineer")
    release()
    cuts = session().execute(select(WaitingComment.opening_id, WaitingComment.area, WaitingComment.outcome)).all()
    assert set(cuts) == {(None, "data", ApplicationStatus.NOT_SELECTED)}


def test_a_row_says_nothing_of_the_order_in_which_somebody_answered(after: Asking) -> None:
    for turn in range(5):
        _made, invitation_id = after.ask()
        given = {"q-what": ["a"], "q-recommend": ["7"], "q-fair": ["8"]}
        for question in list(given)[turn % 3 :] + list(given)[: turn % 3]:
            save_answers(invitation_id, {question: given[question]}, now=clock.now())
        answer_survey(invitation_id, given={"q-what": ["b", "a"]}, now=clock.now())
    release()
    written = {str(one) for one in responses()}
    assert written == {"{'q-recommend': 7, 'q-fair': 8, 'q-what': ['a', 'b']}"}


def test_signed_answers_are_never_counted_alone(after: Asking) -> None:
    after.answered(is_signed=True)
    for _ in range(4):
        after.answered()
    release()
    assert (waiting(), totals()) == (4, Counter()), "a signed answer made five of four"
    after.answered()
    release()
    assert (totals()[""], totals(value=SIGNED)[""], len(responses())) == (6, 1, 5)
    after.answered(is_signed=True)
    release()
    assert totals()[""] == 6, "one more is the difference between two moments"
    for _ in range(4):
        after.answered(is_signed=True)
    release()
    assert (totals()[""], totals(value=SIGNED)[""]) == (11, 6)


def test_signed_answers_wait_for_the_decision(before: Asking) -> None:
    made = [before.answered(status=OPEN, is_signed=True) for _ in range(5)]
    for one in made[:4]:
        tell(one)
    release()
    assert _counted() == 0
    tell(made[4])
    release()
    assert (_counted(), totals()[""]) == (5, 5)
    assert totals()[scope_of(outcome=ApplicationStatus.NOT_SELECTED)] == 5


def test_what_waits_when_a_survey_closes_joins_its_total_if_there_are_five(after: Asking) -> None:
    for _ in range(3):
        after.answered("Analyst", "data", words="Short")
    other = Question("q-new", QuestionKind.SATISFACTION, "And the guide?")
    publish(after.survey_id, replace(CONTENT, questions=(*CONTENT.questions[:4], other)))
    for _ in range(2):
        after.answered("Cook", "kitchen")
    release()
    assert parts() == []
    close(after.survey_id)
    release()
    (part,) = parts()
    assert (part.response_count, part.opening_id, part.area, part.outcome) == (5, None, "", None)
    assert all(set(one) == {"q-recommend"} for one in responses())
    assert totals("q-new", "=asked")[""] == 0, "only some were asked that"
    assert (waiting(), set(totals())) == (0, {""})


def test_fewer_than_five_are_destroyed_when_a_survey_closes(after: Asking) -> None:
    for number in range(9):
        after.answered(words=f"Words {number}")
    release()
    for _ in range(4):
        after.answered(words="Too few")
    close(after.survey_id)
    release()
    assert (waiting(), len(responses()), comments()) == (0, 9, [])
    assert session().scalars(select(WaitingComment.key)).all() == []


def test_whoever_answered_only_what_others_were_not_asked_is_in_no_last_part(after: Asking) -> None:
    optional = [replace(one, is_required=False) for one in CONTENT.questions]
    publish(after.survey_id, replace(CONTENT, questions=(*optional[:2], optional[6])))
    for _ in range(4):
        after.answered()
    publish(after.survey_id, replace(CONTENT, questions=(optional[0], optional[4])))
    _made, invitation_id = after.ask()
    answer_survey(invitation_id, given={"q-who": ["a"]}, now=clock.now())
    close(after.survey_id)
    release()
    assert (waiting(), parts()) == (0, []), "an empty row is theirs"


def test_a_closed_survey_waits_for_its_decisions(before: Asking) -> None:
    made = [before.answered(status=OPEN) for _ in range(3)]
    for _ in range(2):
        before.answered("Cook", "kitchen")
    close(before.survey_id)
    release()
    assert (waiting(), parts()) == (5, [])
    for one in made:
        tell(one)
    release()
    assert (waiting(), [one.response_count for one in parts()]) == (0, [5])


def test_answers_that_were_not_sent_are_destroyed_after_thirty_days(after: Asking, time: Time) -> None:
    _made, invitation_id = after.ask()
    save_answers(invitation_id, {"q-recommend": ["3"]}, now=clock.now())
    time.pass_by(days=29)
    forget_partial_answers(clock.now())
    assert _saved() == 1
    time.pass_by(days=1)
    forget_partial_answers(clock.now())
    assert _saved() == 0


def test_answers_that_were_not_sent_go_when_the_survey_closes(after: Asking) -> None:
    _made, invitation_id = after.ask()
    save_answers(invitation_id, {"q-recommend": ["3"]}, now=clock.now())
    close(after.survey_id)
    forget_partial_answers(clock.now())
    assert _saved() == 0


def test_the_community_is_asked_about_no_application(app: Flask) -> None:
    asking = Asking(make_survey(Touchpoint.COMMUNITY))
    for _ in range(5):
        made, _asked = asking.ask()
        public_id, _token = invite(asking.survey_id, made.person_id)
        answer(row_of(public_id))
    release()
    assert [(one.response_count, one.opening_id, one.area) for one in parts()] == [(5, None, "")]


def test_surveys_of_which_nothing_waits_cost_nothing(after: Asking) -> None:
    release_ballots(clock.now())
    assert parts() == []


def question(id: str, *options: str, kind: QuestionKind = QuestionKind.ONE_OF) -> Question:
    return Question(id, kind, "Words", options=tuple(Option(one, one) for one in options))


def content(*questions: Question) -> Content:
    return Content("", "", questions, "")


def test_what_versions_ask_tells_them_apart_and_not_how() -> None:
    first, second = question("one", "a", "b"), question("two", kind=QuestionKind.FAIRNESS)
    required = replace(second, is_required=True)
    versions = {
        1: content(first, second),
        2: content(replace(second, words="Better words"), first),
        3: content(question("one", "a", "b", "c"), second),
        4: content(second, replace(first, help="Help")),
        5: content(first, required),
    }
    assert questionnaires(versions) == {1: "1", 2: "1", 3: "3", 4: "1", 5: "5"}, "a missing answer says which"
    assert [one.id for one in common_questions([versions[1], versions[5]])] == ["one"]
    assert [one.id for one in common_questions([versions[1], versions[3]])] == ["two"]


def _everything() -> dict[str, list[str]]:
    end_reading()
    released = (SurveyPart, SurveyResponse, SurveyComment, SurveyTally, SurveyTotal)
    tables = (Ballot, WaitingComment, SignedResponse, *released)
    found = {one.__tablename__: session().execute(select(one.__table__)).all() for one in tables}
    end_reading()
    return {name: sorted(map(str, rows)) for name, rows in found.items()}


def _counted() -> int:
    return session().scalar(select(func.count()).where(SignedResponse.is_counted)) or 0


def _saved() -> int:
    return _count(PartialAnswers)


def _count(model: type[Model]) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(model)) or 0


@contextmanager
def _breaking_at(number: int) -> Iterator[None]:
    """The connection breaks at this statement of the block that writes."""
    seen = 0

    def count(*_about: object) -> None:
        nonlocal seen
        seen += 1
        if seen == number:
            raise ConnectionAbortedError

    event.listen(db.engines["write"], "before_cursor_execute", count)
    try:
        yield
    finally:
        event.remove(db.engines["write"], "before_cursor_execute", count)
