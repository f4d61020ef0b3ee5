"""Tags on what people wrote: put on, taken off, counted, narrowed by; they say nothing of whoever wrote."""

import csv
import io
import threading
from collections.abc import Sequence

import pytest
from flask import Flask
from sqlalchemy import inspect, select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.notes.rules import TAGS_AT_MOST
from portal.surveys.actions.tagging import change_comment_tags
from portal.surveys.models import SurveyComment, SurveyCommentTag
from portal.surveys.states import Touchpoint
from tests.conftest import counted_statements
from tests.factories import make_staff, signed_in
from tests.pages import Browser, Page
from tests.surveys.box import Asking, release
from tests.surveys.results import address_of
from tests.surveys.rows import make_survey


@pytest.fixture
def asking(app: Flask) -> Asking:
    return Asking(make_survey(Touchpoint.NOT_SELECTED))


@pytest.fixture
def rita_id(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def rita(app: Flask, rita_id: int) -> Browser:
    return signed_in(app, rita_id)


def write(
    asking: Asking, count: int = 10, *, title: str = "Analyst", area: str = "data", word: str = "Thought"
) -> None:
    for number in range(count):
        asking.answered(title, area, words=f"{word} {number:02}")
    release()


def keys(asking: Asking) -> dict[str, str]:
    """The key of each text, by its words."""
    end_reading()
    rows = session().execute(
        select(SurveyComment.words, SurveyComment.key).where(SurveyComment.survey_id == asking.survey_id)
    )
    return {words: key for words, key in rows}


def tag(asking: Asking, rita_id: int, words: str, *names: str, seen: Sequence[str] = ()) -> None:
    key = keys(asking)[words]
    end_reading()
    change_comment_tags(asking.survey_id, key, names=names, seen=seen, actor_id=rita_id, now=clock.now())
    end_reading()


def tags_of(asking: Asking) -> dict[str, list[str]]:
    """The tags of each text that has one, by its words."""
    named = {key: words for words, key in keys(asking).items()}
    found: dict[str, list[str]] = {}
    for row in session().scalars(select(SurveyCommentTag).order_by(SurveyCommentTag.comment_key, SurveyCommentTag.key)):
        found.setdefault(named[row.comment_key], []).append(row.name)
    return found


def texts_of(browser: Browser, asking: Asking, **chosen: str) -> Page:
    return browser.get(f"{address_of(asking.survey_id)}/comments", query_string=chosen)


def tags_page(browser: Browser, asking: Asking, words: str, **chosen: str) -> Page:
    where = f"{address_of(asking.survey_id)}/comments/{keys(asking)[words]}/tags"
    return browser.get(where, query_string=chosen)


def counts_on(page: Page) -> str:
    """The short list of tags with their counts, as text."""
    return page.text.split("Tags, and how many texts have each", 1)[1].split("Thought", 1)[0]


def test_a_text_gets_tags_and_loses_them(asking: Asking, rita: Browser) -> None:
    write(asking)
    page = tags_page(rita, asking, "Thought 03")
    assert "Thought 03" in page.text
    assert "What should we do otherwise?" in page.text
    done = rita.submit(page, having="tags", tags="speed,  interviewer  prepared")
    assert "The tags were saved." in done.text
    assert tags_of(asking) == {"Thought 03": ["interviewer prepared", "speed"]}
    rita.submit(tags_page(rita, asking, "Thought 03"), having="tags", tags="speed")
    assert tags_of(asking) == {"Thought 03": ["speed"]}
    rita.submit(tags_page(rita, asking, "Thought 03"), having="tags", tags="")
    assert tags_of(asking) == {}


def test_the_list_leads_to_the_tags_of_each_text_and_without_any_shows_no_filter(asking: Asking, rita: Browser) -> None:
    write(asking)
    page = texts_of(rita, asking)
    assert page.text.count("Add tags") == 10
    assert f"/comments/{keys(asking)['Thought 00']}/tags" in page.body
    assert "how many texts have each" not in page.text
    assert 'name="tag"' not in page.body


def test_texts_are_narrowed_by_a_tag_and_counted(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    tag(asking, rita_id, "Thought 01", "Speed", "Prepared")
    tag(asking, rita_id, "Thought 02", "speed")
    assert counts_on(texts_of(rita, asking)).split()[:4] == ["Prepared", "1", "Speed", "2"]
    found = texts_of(rita, asking, tag="speed")
    assert "2 texts" in found.text
    assert [f"Thought {number:02}" in found.text for number in range(4)] == [False, True, True, False]
    assert "1 text" in texts_of(rita, asking, tag="speed", q="02").text
    assert "Nothing fits" in texts_of(rita, asking, tag="speed", q="05").text
    assert "10 texts" in texts_of(rita, asking, tag="no such tag").text


def test_a_tag_is_a_link_that_keeps_what_else_was_chosen(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    tag(asking, rita_id, "Thought 01", "R&D", "über uns")
    page = texts_of(rita, asking, q="thought", where="area:data")
    for key in ("r%26d", "%C3%BCber%20uns"):
        assert f"q=thought&amp;tag={key}" in page.body or f"&amp;q=thought&amp;tag={key}" in page.body
    found = texts_of(rita, asking, q="thought", where="area:data", tag="r&d")
    assert "1 text" in found.text
    assert 'aria-current="true"' in found.body


def test_counts_are_of_what_else_was_chosen(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    write(asking, title="Cook", area="people", word="Thought about food")
    for words in ("Thought 01", "Thought 02", "Thought about food 01"):
        tag(asking, rita_id, words, "speed")
    tag(asking, rita_id, "Thought 01", "kind", "speed", seen=["speed"])
    assert counts_on(texts_of(rita, asking)).split()[:4] == ["kind", "1", "speed", "3"]
    assert counts_on(texts_of(rita, asking, where="area:people")).split()[:2] == ["speed", "1"]
    assert counts_on(texts_of(rita, asking, q="02")).split()[:2] == ["speed", "1"]
    # What was chosen stays in sight, even where no text is left.
    assert counts_on(texts_of(rita, asking, tag="kind", where="area:people")).split()[:4] == ["kind", "0", "speed", "1"]


def test_a_tag_shows_no_text_that_its_place_does_not_show(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    for number in range(6):
        asking.answered("Cook", "people", words=f"Kitchen {number:02}")
    for number in range(4):
        asking.answered("Clerk", "office", words=f"Desk {number:02}")
    release()
    shown = keys(asking)
    for words in shown:
        tag(asking, rita_id, words, "speed")
    for where in ("area:people", "area:office", "area:data"):
        alone = texts_of(rita, asking, where=where)
        tagged = texts_of(rita, asking, where=where, tag="speed")
        assert {words for words in shown if words in tagged.text} <= {words for words in shown if words in alone.text}
    assert "Kitchen" not in texts_of(rita, asking, where="area:people", tag="speed").text


def test_texts_that_wait_have_no_page(asking: Asking, rita: Browser) -> None:
    write(asking, 9)
    assert keys(asking) == {}
    rita.get(f"{address_of(asking.survey_id)}/comments/{'0' * 24}/tags", expect=404)


def test_a_text_is_found_by_its_own_survey_only(asking: Asking, rita: Browser) -> None:
    write(asking)
    other = address_of(make_survey(Touchpoint.INTERVIEWED))
    rita.get(f"{other}/comments/{keys(asking)['Thought 00']}/tags", expect=404)


def test_whoever_saved_comes_back_to_the_same_list(asking: Asking, rita: Browser) -> None:
    write(asking)
    page = tags_page(rita, asking, "Thought 03", q="thought", where="area:data", next="https://example.com")
    done = rita.submit(page, having="tags", tags="speed", follow=False, expect=303)
    location = done.response.headers["Location"]
    assert "/comments?q=thought&where=area:data#text-" in location
    assert "example.com" not in location


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("", "Please write a tag."),
        (" , \n", "Please write a tag."),
        ("x" * 61, "Please keep each tag under 60 characters."),
        ("\n".join(f"Tag {number}" for number in range(TAGS_AT_MOST + 1)), f"Please keep it to {TAGS_AT_MOST} tags"),
    ],
)
@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_what_cannot_be_is_said_beside_the_field_and_stays_in_it(
    asking: Asking, rita: Browser, typed: str, said: str
) -> None:
    write(asking)
    page = rita.submit(tags_page(rita, asking, "Thought 03"), having="tags", tags=typed, expect=422)
    assert said in page.text
    assert page.form(having="tags").values["tags"].split() == typed.split()
    assert tags_of(asking) == {}


def test_however_it_is_written_it_is_one_tag_in_every_survey(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    other = Asking(make_survey(Touchpoint.INTERVIEWED), asking.owner_id)
    tag(asking, rita_id, "Thought 01", "Speed")
    tag(asking, rita_id, "Thought 02", " SPEED ")
    assert tags_of(asking) == {"Thought 01": ["Speed"], "Thought 02": ["Speed"]}
    assert rita.get("/recruiting/surveys/tags/suggestions", query_string={"q": "spe"}).response.json == ["Speed"]
    assert rita.get("/recruiting/surveys/tags/suggestions", query_string={"q": "%"}).response.json == []
    assert "Tags in use, to add by a tick" in tags_page(rita, asking, "Thought 03").text
    rita.submit(tags_page(rita, asking, "Thought 03"), having="tags", more=["Speed"])
    assert tags_of(asking)["Thought 03"] == ["Speed"]
    assert "how many texts have each" not in texts_of(rita, other).text


def test_what_a_colleague_changed_meanwhile_stays(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    tag(asking, rita_id, "Thought 01", "old")
    page = tags_page(rita, asking, "Thought 01")
    tag(asking, rita_id, "Thought 01", "theirs", "old", seen=["old"])
    rita.submit(page, having="tags", tags="mine")
    assert tags_of(asking) == {"Thought 01": ["mine", "theirs"]}


def test_two_who_tag_at_once_both_count(app: Flask, asking: Asking, rita_id: int) -> None:
    write(asking)
    key = keys(asking)["Thought 01"]
    end_reading()
    start = threading.Barrier(4)

    def run(*names: str) -> None:
        with app.app_context():
            start.wait()
            try:
                change_comment_tags(asking.survey_id, key, names=names, seen=[], actor_id=rita_id, now=clock.now())
            finally:
                end_reading()

    threads = [threading.Thread(target=run, args=(f"Tag {number}", "Both")) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert tags_of(asking) == {"Thought 01": ["Both", "Tag 0", "Tag 1", "Tag 2", "Tag 3"]}


def lines(browser: Browser, asking: Asking, **chosen: str) -> list[list[str]]:
    page = browser.get(f"{address_of(asking.survey_id)}/comments.csv", query_string=chosen)
    return list(csv.reader(io.StringIO(page.body.removeprefix("\ufeff"))))


def test_the_file_has_the_tags_and_is_narrowed_as_the_page_is(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    tag(asking, rita_id, "Thought 01", "speed", "=1+1")
    tag(asking, rita_id, "Thought 02", "speed")
    head, *rows = lines(rita, asking)
    assert head[-2:] == ["What was written", "Tags"]
    written = {row[-2]: row[-1] for row in rows}
    assert len(written) == 10
    assert written["Thought 01"].endswith("=1+1, speed")
    assert not written["Thought 01"].startswith("=")
    assert written["Thought 02"] == "speed"
    assert written["Thought 03"] == ""
    assert {row[-2] for row in lines(rita, asking, tag="speed")[1:]} == {"Thought 01", "Thought 02"}
    assert {row[-2] for row in lines(rita, asking, tag="speed", q="01")[1:]} == {"Thought 01"}
    body = texts_of(rita, asking, tag="speed", q="01").body
    assert "/comments.csv?q=01&amp;tag=speed" in body


def test_a_tag_is_text_and_nothing_else(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking)
    tag(asking, rita_id, "Thought 01", "<script>alert(1)</script>")
    for page in (texts_of(rita, asking), tags_page(rita, asking, "Thought 01")):
        assert "<script>alert(1)" not in page.body


@pytest.mark.only("sqlite", reason="the database has no part in it")
def test_admins_tag_and_hiring_managers_find_nothing(app: Flask, asking: Asking) -> None:
    write(asking)
    page = tags_page(signed_in(app, make_staff("Ann Admin", Role.ADMIN)), asking, "Thought 01")
    assert page.heading == "Tags of a text"
    hugo = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER))
    hugo.get(page.path, expect=404)
    hugo.get("/recruiting/surveys/tags/suggestions?q=s", expect=404)


def test_a_row_says_which_text_and_which_tag_and_nothing_else(asking: Asking, rita_id: int) -> None:
    columns = {column.name for column in inspect(SurveyCommentTag).columns}
    assert columns == {"survey_id", "comment_key", "key", "name"}
    write(asking)
    tag(asking, rita_id, "Thought 01", "Zanzibarka")
    end_reading()
    found = session().execute(
        select(AuditRecord.subject, AuditRecord.details).where(AuditRecord.action == "surveys.tag_text")
    )
    ((subject, details),) = found.all()
    assert details == {"added": 1, "removed": 0}
    assert keys(asking)["Thought 01"] not in subject
    end_reading()
    everything = str(session().execute(select(AuditRecord.subject, AuditRecord.details)).all())
    assert "anzibarka" not in everything
    assert keys(asking)["Thought 01"] not in everything


def test_tags_cost_two_statements_however_many_there_are(asking: Asking, rita: Browser, rita_id: int) -> None:
    write(asking, 20)
    with counted_statements() as without:
        texts_of(rita, asking)
    for number in range(20):
        tag(asking, rita_id, f"Thought {number:02}", *(f"Tag {one}" for one in range(10)))
    with counted_statements() as with_tags:
        texts_of(rita, asking)
    assert len(with_tags) == len(without)
    assert sum("survey_comment_tag" in one for one in without) == 2
