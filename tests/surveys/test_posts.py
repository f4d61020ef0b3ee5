"""You said, we did: a recruiter says back what changed, to those who answered and to everybody."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.surveys.actions.answering import answer_survey
from portal.surveys.actions.posts import publish_post, take_back_post, write_post
from portal.surveys.models import SurveyPost
from portal.surveys.queries.answering import find_own_survey
from portal.surveys.queries.posts import find_post, posts_for, published_posts
from portal.surveys.rules.posts import PostMoved
from portal.surveys.states import SurveyState, Touchpoint
from tests.factories import make_person, make_staff, signed_in, visitor
from tests.pages import Browser, Page
from tests.surveys.rows import invite, make_survey

_LIST = "/recruiting/surveys/posts"
_PUBLIC = "/you-said-we-did"
_SAID, _DID = "You waited too long for a word.", "Since March somebody writes within five days."


@pytest.fixture
def rita_id(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def rita(app: Flask, rita_id: int) -> Browser:
    return signed_in(app, rita_id)


@pytest.fixture
def survey_id(app: Flask) -> int:
    return make_survey(Touchpoint.NOT_SELECTED)


def write(rita: Browser, **values: str) -> Page:
    form = rita.get(f"{_LIST}/new")
    survey = next(iter(_choices(form)))
    return rita.submit(form, **{"survey": survey, "said": _SAID, "did": _DID, **values})


def _choices(page: Page) -> list[str]:
    assert page.tree is not None
    return [e.get("value", "") for e in page.tree.iter() if e.tag.endswith("}option") and e.get("value")]


def published(survey_id: int, actor_id: int, did: str = _DID) -> int:
    public_id = write_post(survey_id, _SAID, did, actor_id=actor_id, now=clock.now())
    post_id = session().scalars(select(SurveyPost.id).where(SurveyPost.public_id == public_id)).one()
    publish_post(post_id, actor_id=actor_id, now=clock.now())
    end_reading()
    return post_id


def test_it_is_written_looked_at_and_published(rita: Browser, survey_id: int, app: Flask) -> None:
    assert "Nothing posted yet" in rita.get(_LIST).text
    page = write(rita)
    assert page.heading == "As candidates read it"
    assert _SAID in page.text
    assert _DID in page.text
    assert _DID not in visitor(app).get(_PUBLIC).text
    page = rita.submit(page, action="/publish")
    assert "Published." in page.text
    page = visitor(app).get(_PUBLIC)
    assert _SAID in page.text
    assert _DID in page.text
    assert "Not selected" in page.text


def test_both_parts_are_asked_for_and_nothing_typed_is_lost(rita: Browser, survey_id: int) -> None:
    page = rita.submit(rita.get(f"{_LIST}/new"), said=_SAID, did=" ", survey="", expect=422)
    assert "Please write what you changed." in page.text
    assert "Please choose the survey in which they said it." in page.text
    assert page.form(having="said").values["said"] == _SAID
    page = rita.submit(page, survey=_choices(page)[0], did="x" * 1001, expect=422)
    assert "Please keep this under 1000 characters." in page.text


def test_nothing_is_written_about_what_nobody_was_asked(rita: Browser) -> None:
    assert "Nobody was asked yet" in rita.get(_LIST).text
    rita.get(f"{_LIST}/new", expect=404)


def test_what_is_published_is_changed_only_after_it_was_taken_back(rita: Browser, survey_id: int, app: Flask) -> None:
    page = rita.submit(write(rita), action="/publish")
    where = next(link for link in page.links if link.startswith(f"{_LIST}/") and not link.endswith("/new"))
    assert rita.get(f"{where}/edit").path == where
    assert rita.get(f"{where}/discard").path == where
    page = rita.submit(rita.get(where), action="/take-back")
    assert "Nobody reads it now" in page.text
    assert "Nothing here yet" in visitor(app).get(_PUBLIC).text
    page = rita.submit(rita.get(f"{where}/edit"), did="Since April within three days.")
    assert "Since April within three days." in page.text
    rita.submit(page, action="/publish")
    assert "Since April within three days." in visitor(app).get(_PUBLIC).text


def test_a_draft_is_thrown_away_after_a_question(rita: Browser, survey_id: int) -> None:
    where = write(rita).path
    page = rita.get(f"{where}/discard")
    assert "gone for good" in page.text
    assert "Thrown away." in rita.submit(page, action="/discard").text
    rita.get(where, expect=404)


def test_two_at_once_do_it_once(rita_id: int, survey_id: int) -> None:
    post_id = published(survey_id, rita_id)
    with pytest.raises(PostMoved):
        publish_post(post_id, actor_id=rita_id, now=clock.now())
    take_back_post(post_id, actor_id=rita_id, now=clock.now())
    with pytest.raises(PostMoved):
        take_back_post(post_id, actor_id=rita_id, now=clock.now())


def test_those_who_answered_find_it_beside_their_surveys(app: Flask, rita_id: int, survey_id: int) -> None:
    ada, nora = make_person("Ada Lind"), make_person("Nora Diaz", "nora@example.org")
    for person_id in (ada, nora):
        invite(survey_id, person_id)
    published(survey_id, rita_id)
    assert posts_for(ada) == []
    public_id, _token = invite(survey_id, ada)
    own = find_own_survey(ada, public_id, clock.now())
    assert own is not None
    answer_survey(own.invitation_id, given={"q-recommend": ["3"]}, now=clock.now())
    end_reading()
    assert _DID in signed_in(app, ada).get("/me/surveys").text
    assert _DID not in signed_in(app, nora).get("/me/surveys").text


def test_the_page_of_promises_shows_the_newest(app: Flask, rita_id: int, survey_id: int) -> None:
    assert "You said, we did" not in visitor(app).get("/promises").text
    published(survey_id, rita_id)
    page = visitor(app).get("/promises")
    assert _DID in page.text
    assert _PUBLIC in page.links
    published(survey_id, rita_id, "We pay for the journey.")
    page = visitor(app).get("/promises")
    assert "We pay for the journey." in page.text
    assert _DID not in page.text


def test_of_a_closed_survey_one_can_still_say_what_came_of_it(rita: Browser) -> None:
    make_survey(Touchpoint.HIRED, state=SurveyState.CLOSED)
    assert "closed on" in rita.get(f"{_LIST}/new").text
    assert _DID in write(rita).text


def test_search_engines_find_the_page_once_something_stands_on_it(app: Flask, rita_id: int, survey_id: int) -> None:
    robots = visitor(app).client.get("/robots.txt").text
    assert "Sitemap: http://localhost/sitemap-you-said-we-did.xml" in robots.splitlines()
    document = visitor(app).client.get("/sitemap-you-said-we-did.xml").text
    assert "<loc>" not in document
    post_id = published(survey_id, rita_id)
    document = visitor(app).client.get("/sitemap-you-said-we-did.xml").text
    assert f"<loc>http://localhost{_PUBLIC}</loc>" in document
    assert "<lastmod>2026-03-04T08:00:00Z</lastmod>" in document
    take_back_post(post_id, actor_id=rita_id, now=clock.now())
    end_reading()
    assert "<loc>" not in visitor(app).client.get("/sitemap-you-said-we-did.xml").text


def test_from_the_results_the_survey_is_chosen_already(rita: Browser, survey_id: int) -> None:
    public_id = next(iter(_choices(rita.get(f"{_LIST}/new"))))
    assert rita.get(f"{_LIST}/new?survey={public_id}").form(having="said").values["survey"] == public_id
    assert not rita.get(f"{_LIST}/new?survey=nowhere").form(having="said").values.get("survey")


def test_a_hiring_manager_finds_nothing(app: Flask, survey_id: int, rita: Browser) -> None:
    where = write(rita).path
    hugo = signed_in(app, make_staff("Hugo Lind", Role.HIRING_MANAGER, "hugo@example.org"))
    for address in (_LIST, f"{_LIST}/new", where, f"{where}/edit"):
        hugo.get(address, expect=404)


def test_each_step_is_in_the_audit_log_and_names_nobody(rita: Browser, survey_id: int) -> None:
    page = rita.submit(write(rita), action="/publish")
    where = next(link for link in page.links if link.startswith(f"{_LIST}/") and not link.endswith("/new"))
    page = rita.submit(rita.get(where), action="/take-back")
    rita.submit(rita.get(f"{where}/discard"), action="/discard")
    end_reading()
    found = session().execute(
        select(AuditRecord.action, func.count())
        .where(AuditRecord.action.like("surveys.%"))
        .group_by(AuditRecord.action)
        .order_by(AuditRecord.action)
    )
    assert [row[0] for row in found] == [
        "surveys.discard_post",
        "surveys.publish_post",
        "surveys.take_back_post",
        "surveys.write_post",
    ]


def test_line_breaks_stay_and_markup_is_words(app: Flask, rita_id: int, survey_id: int) -> None:
    published(survey_id, rita_id, "First.\r\n<b>Second</b>")
    assert published_posts(0, 1)[0].did == "First.\n<b>Second</b>"
    assert "<b>Second</b>" in visitor(app).get(_PUBLIC).text
    assert find_post("nowhere") is None
