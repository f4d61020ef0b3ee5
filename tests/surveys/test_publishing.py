"""Publishing a survey and its next versions, pausing it, letting it go on, closing it for good."""

from dataclasses import replace

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session
from portal.surveys.actions.editing import (
    begin_survey,
    close_survey,
    pause_survey,
    publish_ready,
    publish_survey,
    resume_survey,
    save_draft,
)
from portal.surveys.data.ready import ready_content
from portal.surveys.models import Survey, SurveyVersion
from portal.surveys.queries.surveys import (
    SurveyView,
    content_of,
    find_survey,
    survey_asked_at,
    survey_at,
    surveys_listed,
)
from portal.surveys.rules.comparing import changes
from portal.surveys.rules.editing import MoveRefused, NothingChanged, PublishingBlocked, StaleDraft, lacking
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.states import QuestionKind, SurveyState, Touchpoint
from tests.factories import make_staff, signed_in
from tests.pages import Browser
from tests.surveys.test_editing import begin, press

_LIST = "/recruiting/surveys"


@pytest.fixture
def rita_id(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def rita(app: Flask, rita_id: int) -> Browser:
    return signed_in(app, rita_id)


def survey(touchpoint: Touchpoint = Touchpoint.LEFT) -> SurveyView:
    """The survey of a touchpoint that is not closed, as it stands now."""
    end_reading()
    found = survey_at(touchpoint)
    assert found is not None
    return found


def published(actor_id: int, touchpoint: Touchpoint = Touchpoint.LEFT) -> SurveyView:
    """The ready survey of a touchpoint, published as it is."""
    publish_ready(touchpoint, actor_id=actor_id, now=clock.now())
    return survey(touchpoint)


def write(view: SurveyView, content: Content, actor_id: int) -> SurveyView:
    """Save another draft."""
    save_draft(view.id, content, draft_number=view.draft_number, actor_id=actor_id, now=clock.now())
    return survey(view.touchpoint)


def publish(view: SurveyView, actor_id: int) -> Content:
    """Publish the draft; what is asked then."""
    number = publish_survey(view.id, draft_number=view.draft_number, actor_id=actor_id, now=clock.now())
    end_reading()
    content = content_of(view.id, number)
    assert content is not None
    return content


def changed(content: Content, place: int, **parts: object) -> Content:
    """`content` with parts of one question changed."""
    questions = list(content.questions)
    questions[place] = replace(questions[place], **parts)  # type: ignore[arg-type]
    return replace(content, questions=tuple(questions))


# The first version


def test_nothing_is_asked_before_somebody_publishes(rita: Browser) -> None:
    assert "Nobody is asked yet" in rita.get(_LIST).text
    assert survey_asked_at(Touchpoint.LEFT) is None
    begin(rita)
    end_reading()
    assert survey_asked_at(Touchpoint.LEFT) is None


def test_the_ready_survey_is_published_in_two_clicks(rita: Browser, app: Flask) -> None:
    page = rita.get(f"{_LIST}/ready/not_selected")
    assert f"{_LIST}/ready/not_selected" in rita.get(_LIST).links
    page = rita.submit(page, action="/publish")
    assert "Published." in page.text
    assert "Nobody is asked yet" not in page.text
    end_reading()
    found = survey_asked_at(Touchpoint.NOT_SELECTED)
    assert found is not None
    assert (found.state, found.version_number) == (SurveyState.LIVE, 1)
    with app.test_request_context():
        assert content_of(found.id, 1) == ready_content(Touchpoint.NOT_SELECTED)


def test_a_second_click_publishes_nothing_more(rita: Browser) -> None:
    page = rita.get(f"{_LIST}/ready/left")
    rita.submit(page, action="/publish")
    rita.submit(page, action="/publish")
    assert len(session().scalars(select(SurveyVersion)).all()) == 1


def test_what_a_colleague_has_begun_to_change_is_not_published_in_passing(rita: Browser) -> None:
    page = rita.get(f"{_LIST}/ready/left")
    begin(rita)
    page = rita.submit(page, action="/publish")
    assert "A colleague has begun to change it. Nothing was published." in page.text
    assert survey().version_number == 0


def test_a_survey_that_was_changed_first_is_published_from_its_draft(rita: Browser) -> None:
    page = rita.submit(begin(rita), button="On to publishing", **{"questions-1-words": "What decided it?"})
    assert "What people are asked" in page.text
    assert "What decided it?" in page.text
    assert "A day after they withdrew or declined our offer." in page.text
    page = rita.submit(page, button="Publish it", having="draft_number")
    assert "Published: version 1 is asked from now on." in page.text
    assert survey().state is SurveyState.LIVE


def test_what_is_missing_is_listed_with_links_to_its_fields(rita: Browser) -> None:
    page = press(rita, begin(rita), "questions:add", add_kind="recommend", title="")
    typed = {"questions-1-words": "", "questions-1-options-1-words": "I took another offer"}
    page = rita.submit(page, button="On to publishing", **typed)
    assert "4 things are missing before anybody is asked" in page.text
    anchors = {link.partition("#")[2] for link in page.links if "/edit#" in link}
    assert anchors == {"title", "questions-1-words", "questions-1-options-0-words", "questions-3-kind"}
    edit = rita.get(next(link for link in page.links if "/edit#" in link).partition("#")[0])
    assert edit.tree is not None
    assert anchors <= {element.get("id") for element in edit.tree.iter()}


def test_what_is_missing_keeps_it_from_being_published(rita_id: int) -> None:
    begin_survey(Touchpoint.LEFT, actor_id=rita_id, now=clock.now())
    view = survey()
    view = write(view, replace(view.draft, questions=()), rita_id)
    with pytest.raises(PublishingBlocked) as found:
        publish(view, rita_id)
    assert [one.field for one in found.value.lacking] == ["add_kind"]
    assert survey().state is SurveyState.DRAFT


def test_a_question_to_choose_from_needs_two_answers(app: Flask) -> None:
    one = Question("a", QuestionKind.ONE_OF, "Which?", options=(Option("x", "This"),))
    with app.test_request_context():
        assert [lack.words for lack in lacking(Content("T", "", (one,), ""))] == [
            "Question 1: at least two answers to choose from"
        ]


# The next versions


def test_a_published_version_never_changes(rita_id: int) -> None:
    view = published(rita_id)
    first = content_of(view.id, 1)
    view = write(view, changed(view.draft, 1, words="Why?"), rita_id)
    assert content_of(view.id, 1) == first
    second = publish(view, rita_id)
    assert second.questions[1].words == "Why?"
    assert content_of(view.id, 1) == first
    assert survey().version_number == 2


def test_a_question_that_is_reworded_keeps_its_id_and_its_results(rita_id: int) -> None:
    view = published(rita_id)
    second = publish(write(view, changed(view.draft, 1, words="Why?"), rita_id), rita_id)
    assert [one.id for one in second.questions] == [one.id for one in view.draft.questions]


def test_a_question_that_is_answered_in_another_way_gets_a_new_id(rita_id: int) -> None:
    view = published(rita_id)
    kind = QuestionKind.SOME_OF
    second = publish(write(view, changed(view.draft, 1, kind=kind), rita_id), rita_id)
    assert second.questions[1].id not in {one.id for one in view.draft.questions}
    assert second.questions[0].id == view.draft.questions[0].id
    # Back again, it is a third question: the one in between had answers of its own.
    view = survey()
    third = publish(write(view, changed(view.draft, 1, kind=QuestionKind.ONE_OF), rita_id), rita_id)
    assert third.questions[1].id not in {second.questions[1].id, "reason"}


def test_a_kind_that_was_changed_and_changed_back_before_publishing_is_the_same_question(rita_id: int) -> None:
    view = published(rita_id)
    view = write(view, changed(view.draft, 1, kind=QuestionKind.SOME_OF), rita_id)
    view = write(view, changed(view.draft, 1, kind=QuestionKind.ONE_OF, words="Why?"), rita_id)
    assert publish(view, rita_id).questions[1].id == "reason"


def test_the_same_again_is_no_version(rita_id: int, rita: Browser) -> None:
    view = published(rita_id)
    with pytest.raises(NothingChanged):
        publish(view, rita_id)
    assert "Nothing has changed" in rita.get(f"{_LIST}/{view.public_id}/publish").text


def test_what_a_colleague_saved_meanwhile_is_not_published_unseen(rita: Browser, rita_id: int) -> None:
    view = published(rita_id)
    view = write(view, changed(view.draft, 1, words="Why?"), rita_id)
    page = rita.get(f"{_LIST}/{view.public_id}/publish")
    write(view, changed(view.draft, 1, words="Why, really?"), rita_id)
    page = rita.submit(page, button="Publish it", having="draft_number", expect=409)
    assert "A colleague saved this survey while your page was open. Nothing was published." in page.text
    assert "Why, really?" in page.text
    assert survey().version_number == 1
    rita.submit(page, button="Publish it", having="draft_number")
    assert survey().version_number == 2
    with pytest.raises(StaleDraft):
        publish(view, rita_id)


def test_before_publishing_it_says_what_happens_to_results(rita: Browser, rita_id: int) -> None:
    view = published(rita_id)
    recommend, reason, words = view.draft.questions
    after = (
        replace(reason, words="Why?"),
        recommend,
        Question("", QuestionKind.EFFORT, "How hard was it to say no?"),
    )
    write(view, replace(view.draft, questions=after, thanks="Good luck."), rita_id)
    page = rita.get(f"{_LIST}/{view.public_id}/publish")
    for said in (
        "What changes with version 2",
        "Results of both versions are joined. If it means something else now, add a new question instead.",
        "Its results begin with this version.",
        "Question 3 until now",
        "Its results stay, and get no more.",
        "Order of the questions",
        "Whoever has begun to answer goes on with the version they began.",
    ):
        assert said in page.text
    assert words.words in page.text


def test_before_publishing_it_says_which_answers_wait_together(rita: Browser, rita_id: int) -> None:
    view = published(rita_id)
    view = write(view, changed(view.draft, 1, words="Why?"), rita_id)
    page = rita.get(f"{_LIST}/{view.public_id}/publish")
    assert "so answers to both are shown together once there are five." in page.text
    write(view, replace(view.draft, questions=view.draft.questions[:2]), rita_id)
    page = rita.get(f"{_LIST}/{view.public_id}/publish")
    assert "Fewer to the old one wait until the survey is closed for good." in page.text


def test_contents_that_are_the_same_differ_in_nothing(app: Flask) -> None:
    with app.test_request_context():
        content = ready_content(Touchpoint.COMMUNITY)
        assert changes(content, content, "Kindred") == []
        other = changed(content, 1, kind=QuestionKind.EFFORT)
        (found,) = changes(content, other, "Kindred")
    assert found.results.startswith("It is answered in another way, so it counts as a new question.")


def test_a_version_is_shown_with_what_changed_with_it(rita: Browser, rita_id: int) -> None:
    view = published(rita_id)
    publish(write(view, changed(view.draft, 1, words="Why?"), rita_id), rita_id)
    page = rita.get(f"{_LIST}/{view.public_id}/versions/2")
    assert "by Rita Sander" in page.text
    assert "What was your main reason?" in page.text
    rita.get(f"{_LIST}/{view.public_id}/versions/1")
    for number in (0, 3, 10**30):
        rita.get(f"{_LIST}/{view.public_id}/versions/{number}", expect=404)


# Whether anybody is asked


def test_a_survey_is_paused_and_goes_on(rita: Browser, rita_id: int) -> None:
    view = published(rita_id)
    page = rita.submit(rita.get(_LIST), action=f"{view.public_id}/pause")
    assert "Paused. Nobody new is asked; whoever was asked can still answer." in page.text
    assert survey().state is SurveyState.PAUSED
    publish(write(survey(), changed(view.draft, 1, words="Why?"), rita_id), rita_id)
    assert survey().state is SurveyState.PAUSED, "publishing asks nobody while it is paused"
    rita.submit(rita.get(_LIST), action=f"{view.public_id}/resume")
    assert survey().state is SurveyState.LIVE


def test_closing_for_good_is_confirmed_on_a_page_and_ends_it(rita: Browser, rita_id: int) -> None:
    view = published(rita_id, Touchpoint.INTERVIEWED)
    page = rita.get(f"{_LIST}/{view.public_id}/close")
    assert "This cannot be undone." in page.text
    assert "Fewer are destroyed." in page.text
    assert "Answers of people whose application is still open wait for its end" in page.text
    page = rita.submit(page, action="/close")
    assert "Closed for good. Its results stay." in page.text
    assert "Ready, not asked" in page.text
    end_reading()
    closed = find_survey(view.public_id)
    assert closed is not None
    assert (closed.state, closed.is_open) == (SurveyState.CLOSED, False)
    assert closed.closed_at is not None
    for refused in (pause_survey, resume_survey, close_survey):
        with pytest.raises(MoveRefused):
            refused(view.id, actor_id=rita_id, now=clock.now())
    with pytest.raises(MoveRefused):
        write(closed, replace(closed.draft, title="Other"), rita_id)
    with pytest.raises(MoveRefused):
        publish(closed, rita_id)


def test_after_one_is_closed_another_asks_at_the_same_moment(rita_id: int) -> None:
    first = published(rita_id)
    close_survey(first.id, actor_id=rita_id, now=clock.now())
    second = published(rita_id)
    assert second.id != first.id
    assert [one.id for one in surveys_listed()] == [second.id, first.id]


def test_a_draft_goes_live_by_publishing_only(rita_id: int) -> None:
    begin_survey(Touchpoint.LEFT, actor_id=rita_id, now=clock.now())
    for refused in (pause_survey, resume_survey, close_survey):
        with pytest.raises(MoveRefused):
            refused(survey().id, actor_id=rita_id, now=clock.now())
    assert survey().state is SurveyState.DRAFT


def test_each_step_stands_in_the_audit_log(rita_id: int) -> None:
    view = published(rita_id)
    view = write(view, changed(view.draft, 1, words="Why?"), rita_id)
    publish(view, rita_id)
    for move in (pause_survey, resume_survey, close_survey):
        move(view.id, actor_id=rita_id, now=clock.now())
    end_reading()
    records = select(AuditRecord.action).where(AuditRecord.subject == f"survey:{view.public_id}")
    assert session().scalars(records.order_by(AuditRecord.id)).all() == [
        "surveys.begin",
        "surveys.publish",
        "surveys.save_draft",
        "surveys.publish",
        "surveys.pause",
        "surveys.resume",
        "surveys.close",
    ]
    assert session().scalars(select(Survey.state)).all() == [SurveyState.CLOSED]
