"""What the export says of surveys, and what erasing, merging, parting and leaving do to it."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.core import clock
from portal.core.db import Model, end_reading, session, transaction
from portal.core.tokens import TokenKind
from portal.people.queries import known_person
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.surveys import privacy
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.models import (
    Ballot,
    PartialAnswers,
    SignedResponse,
    SurveyInvitation,
    SurveyPost,
    SurveyVersion,
)
from portal.surveys.states import PostState, Touchpoint, WhyNotAsked
from tests import factories
from tests.accounts.addresses import add, join_both, keep_link, press, signed_in_browser
from tests.accounts.visitors import RITA, hire, join
from tests.conftest import Time
from tests.pages import Browser
from tests.surveys.box import Asking, answer, release, row_of
from tests.surveys.rows import invite, make_survey

BO = "bo@home.example"


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


def words(person_id: int) -> str:
    end_reading()
    return " ".join(f"{section.title} {section.rows} {section.extra}" for section in privacy.export(person_id))


def count(table: type[Model]) -> int:
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def asked_about(person_id: int) -> int:
    end_reading()
    found = select(func.count(SurveyInvitation.id)).where(SurveyInvitation.person_id == person_id)
    return session().scalar(found) or 0


def test_the_export_says_what_was_asked_and_never_what_was_answered_without_a_name(asking: Asking) -> None:
    made = asking.answered(words="They never rang")
    said = words(made.person_id)
    assert "Not selected, Analyst" in said
    assert "asked on Wednesday 4 March 2026, answered" in said
    assert "They never rang" not in said
    for _ in range(4):
        asking.answered()
    release()
    assert "They never rang" not in words(made.person_id)


def test_the_export_holds_what_was_not_sent_and_what_was_signed(asking: Asking) -> None:
    made, invitation_id = asking.ask()
    given = {"q-recommend": ["3"], "q-who": ["b"], "q-what": ["a", "b"], "q-word": ["Long"]}
    save_answers(invitation_id, given, now=clock.now())
    said = words(made.person_id)
    for known in ("not answered", "recommend applying to", "'3'", "'HR'", "The guide and A call", "Long"):
        assert known in said
    answer_survey(invitation_id, may_contact=True, now=clock.now())
    said = words(made.person_id)
    for known in (
        "Answers you signed",
        "Wednesday 4 March 2026",
        "('Somebody may write to you about it', 'yes')",
        "Long",
    ):
        assert known in said
    assert "not sent" not in said


def test_the_export_says_why_somebody_was_not_asked(asking: Asking) -> None:
    made, invitation_id = asking.ask()
    with transaction() as own:
        own.get_one(SurveyInvitation, invitation_id).why_not = WhyNotAsked.ASKED_LATELY
    said = words(made.person_id)
    assert "you could have been asked on Wednesday 4 March 2026, and were not" in said
    assert "'not_asked_because': 'asked_lately'" in said


def test_whoever_was_never_asked_reads_so(asking: Asking) -> None:
    (section,) = privacy.export(factories.make_person())
    assert (section.rows, section.empty) == ([], "You were not asked to answer one.")


def test_a_colleague_reads_that_they_published_and_wrote(asking: Asking) -> None:
    rita = asking.owner_id
    with transaction() as own:
        own.execute(update(SurveyVersion).values(published_by_id=rita))
        own.add(_post(asking, rita))
    said = words(rita)
    assert "('Versions of surveys you published', '1')" in said
    assert "('What you wrote about what was done', '1')" in said


def test_an_erased_person_leaves_nothing_but_what_nobody_can_find(asking: Asking) -> None:
    made, invitation_id = asking.ask()
    save_answers(invitation_id, {"q-word": ["Long"]}, now=clock.now())
    signed = asking.answered(is_signed=True)
    sent = asking.answered()
    for one in (made, signed, sent):
        erase_person(one.person_id, None, clock.now())
    assert (count(SurveyInvitation), count(PartialAnswers), count(SignedResponse)) == (0, 0, 0)
    assert count(Ballot) == 1, "nobody can say which it is"


def test_an_erased_colleague_published_as_nobody(asking: Asking) -> None:
    rita = factories.make_person("Rita Sander")
    with transaction() as own:
        own.execute(update(SurveyVersion).values(published_by_id=rita))
        own.add(_post(asking, rita))
    erase_person(rita, None, clock.now())
    end_reading()
    assert session().scalars(select(SurveyVersion.published_by_id)).all() == [None]
    assert session().scalars(select(SurveyPost.author_id)).all() == [None]


def test_two_records_that_become_one_were_asked_what_either_was(asking: Asking) -> None:
    one, other = asking.answered(is_signed=True), asking.answered(is_signed=True)
    merge_people(one.person_id, other.person_id, None, clock.now())
    assert (asked_about(one.person_id), asked_about(other.person_id)) == (2, 0)
    assert set(session().scalars(select(SignedResponse.person_id))) == {one.person_id}


def test_whoever_leaves_the_company_published_what_they_published(asking: Asking) -> None:
    nora = factories.make_staff("Nora Berg")
    with transaction() as own:
        own.execute(update(SurveyVersion).values(published_by_id=asking.owner_id))
    hand_over(asking.owner_id, nora, nora, clock.now())
    end_reading()
    assert session().scalars(select(SurveyVersion.published_by_id)).all() == [asking.owner_id]


def test_answers_that_were_not_sent_are_not_retained(asking: Asking, time: Time) -> None:
    _made, invitation_id = asking.ask()
    save_answers(invitation_id, {"q-word": ["Long"]}, now=clock.now())
    privacy.retention(clock.now() + timedelta(days=29))
    assert count(PartialAnswers) == 1
    privacy.retention(clock.now() + timedelta(days=30))
    assert count(PartialAnswers) == 0


def test_records_that_part_take_what_was_asked_about_their_applications(app: Flask) -> None:
    rita, ada, bo = hire(RITA), join(), join(BO, "Bo Lind")
    survey_id, opening = make_survey(Touchpoint.NOT_SELECTED), factories.make_opening()
    for person_id in (ada, bo):
        made = factories.make_application(opening, rita, person_id=person_id)
        answer(row_of(invite(survey_id, person_id, made.id)[0]), is_signed=True)
    browser = signed_in_browser(app)
    join_both(browser, add(browser, BO))
    assert (asked_about(ada), asked_about(bo)) == (2, 0)
    press(Browser(app), keep_link(BO, TokenKind.KEEP_APART))
    end_reading()
    parted = known_person(BO)
    assert parted is not None
    assert (asked_about(ada), asked_about(parted.person_id)) == (1, 1)
    assert sorted(session().scalars(select(SignedResponse.person_id))) == sorted([ada, parted.person_id])
    erase_person(parted.person_id, None, clock.now())
    assert (asked_about(ada), count(SignedResponse)) == (1, 1)


def _post(asking: Asking, author_id: int) -> SurveyPost:
    return SurveyPost(
        public_id="abcdefghijkm",
        survey_id=asking.survey_id,
        state=PostState.DRAFT,
        said="Slow",
        did="Faster",
        author_id=author_id,
        created_at=clock.now(),
    )
