"""What people write becomes text and links, whatever they write."""

from dataclasses import replace
from datetime import date
from xml.dom import minidom

import html5lib
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.db import end_reading
from portal.updates.actions import correct_update, save_draft, withdraw_update
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.rules import UpdateContent, as_json, from_json, html_of, text_of
from portal.updates.states import Audience, UpdateKind
from tests.conftest import Time
from tests.factories import make_staff, visitor
from tests.openings.test_feed import texts
from tests.updates.posting import id_of, post

pytestmark = pytest.mark.both_in_soak
NASTY = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt&#58;alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/pixel.png)",
    '<a href="https://ok.example" onclick="x()">x</a>',
    '[x](<https://ok.example" onclick=x>)',
    "<iframe src=//evil.example></iframe>",
    "{{ 7 * 7 }} {% raw %}",
    "# <style>*{}</style>",
    "``` \n</pre><script>x\n```",
]
_SIGNS = ["\n", "\n\n", "- ", "# ", "> ", "| a | b |\n|---|---|\n", "*", "`", "["]
PIECES = st.lists(st.sampled_from([*NASTY, *_SIGNS]), max_size=8)
ALLOWED = set("a blockquote br code em h2 h3 h4 hr li ol p pre s strong table tbody td th thead tr ul".split())


@given(PIECES.map("".join))
def test_nothing_but_text_and_links_comes_out(text: str) -> None:
    body = html5lib.parse(f"<!doctype html><body>{html_of(text)}</body>").find(".//{*}body")
    for element in body.iter():
        name = str(element.tag).rpartition("}")[2]
        assert name in ALLOWED | {"body"}, name
        assert set(element.attrib) <= {"href", "title", "rel", "start"}, element.attrib
        assert element.get("href", "https:").partition(":")[0] in {"http", "https", "mailto"}


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("# One\n\n## Two", "<h2>One</h2>\n<h3>Two</h3>\n"),
        ("## One\n\n#### Two\n\n## Three", "<h2>One</h2>\n<h3>Two</h3>\n<h2>Three</h2>\n"),
        ("### One\n\n# Two", "<h2>One</h2>\n<h2>Two</h2>\n"),
        ("a **b** `c` ~~d~~", "<p>a <strong>b</strong> <code>c</code> <s>d</s></p>\n"),
        ("![our office](https://x.example/a.png)", "<p>our office</p>\n"),
        ("node.js and e.g. this", "<p>node.js and e.g. this</p>\n"),
        (
            "see https://ok.example",
            '<p>see <a href="https://ok.example" rel="noopener noreferrer nofollow ugc">https://ok.example</a></p>\n',
        ),
    ],
)
def test_what_is_written_looks_as_meant(text: str, html: str) -> None:
    assert html_of(text) == html


def test_the_text_part_reads_without_marks() -> None:
    text = "# One\n\nSee [our *book*](https://ok.example/b).\n\n- a\n- b\n\n```\ncode\n```"
    assert text_of(text) == "One\n\nSee our book (https://ok.example/b).\n\n- a\n- b\n\ncode"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("| Level | From |\n|---|---|\n| Junior | 42 |\n| Senior | 66 |", "Level | From\nJunior | 42\nSenior | 66"),
        ("3. three\n4. four\n\nEnd", "3. three\n4. four\n\nEnd"),
        ("- a\n  - b\n\n  more of a\n- c", "- a\n  - b\n  more of a\n- c"),
        ("-\n\nAfter an empty one", "After an empty one"),
        ("[our jobs](/openings) and [mail](mailto:a@b.example)", "our jobs (/openings) and mail (mailto:a@b.example)"),
    ],
)
def test_lists_and_tables_keep_their_lines_in_the_text_part(text: str, said: str) -> None:
    assert text_of(text) == said


@given(st.text("ab \n\t-*#>|1.`[]()", max_size=60))
def test_whatever_is_written_nothing_that_is_said_is_left_out_of_the_text(text: str) -> None:
    page = html5lib.parse(html_of(text), namespaceHTMLElements=False)
    words = "".join(page.itertext()).split()
    assert set("".join(words)) & set("ab") <= set(text_of(text))


def test_a_link_within_the_site_leads_there_from_mail_and_feed() -> None:
    text, base = "[our jobs](/openings)", "https://jobs.example/"
    assert 'href="https://jobs.example/openings"' in html_of(text, base)
    assert text_of(text, base) == "our jobs (https://jobs.example/openings)"
    assert 'href="/openings"' in html_of(text)


@given(
    st.builds(
        UpdateContent,
        title=st.text(),
        kind=st.sampled_from(UpdateKind),
        body=st.text(),
        source_on=st.none() | st.dates(),
        audience=st.sampled_from(Audience),
        areas=st.lists(st.text(), max_size=3).map(tuple),
    )
)
def test_what_is_stored_is_read_back(content: UpdateContent) -> None:
    assert from_json(as_json(content)) == content


# The feed


def read(app: Flask) -> minidom.Document:
    return minidom.parseString(visitor(app).client.get("/feeds/updates.xml").data)


def test_the_feed_is_whole_and_holds_the_text(app: Flask, time: Time) -> None:
    rita = make_staff("Rita Sander")
    post(rita, "First & \x0b<last>", body="## Hi\n\nWe *pay*. <script>alert(1)</script>")
    time.pass_by(hours=1)
    post(rita, "Second")
    document = read(app)
    assert texts(document, "title") == ["Updates from Kindred", "Second", "First & <last>"]
    assert "<h2>Hi</h2>" in texts(document, "content")[1]
    assert "<script" not in texts(document, "content")[1]
    assert texts(document, "updated")[0] == "2026-03-04T09:00:00Z"
    ids = texts(document, "id")
    assert len(set(ids)) == 3
    assert ids[1].startswith("tag:localhost,2026:update/")


def test_the_feed_says_where_figures_come_from_and_what_was_corrected(app: Flask, time: Time) -> None:
    rita = make_staff("Rita Sander")
    slug = post(
        rita,
        kind=UpdateKind.PAY_BANDS,
        source="Our own payroll",
        source_on=date(2026, 2, 1),
        body="See [our jobs](/openings).",
    )
    [said] = texts(read(app), "content")
    assert "<p><b>Where the figures come from:</b> Our own payroll</p>" in said
    assert "Sunday 1 February 2026" in said
    assert 'href="http://localhost/openings"' in said
    view = find_for_staff(id_of(slug))
    assert view is not None
    time.pass_by(hours=1)
    changed = replace(draft_for_staff(view).content, source="Our payroll <of March>")
    save_draft(view.id, changed, revision=draft_for_staff(view).revision, actor_id=rita, now=clock.now())
    end_reading()
    correct_update(
        view.id, words="The source & its day.", revision=draft_for_staff(view).revision, actor_id=rita, now=clock.now()
    )
    end_reading()
    [said] = texts(read(app), "content")
    assert said.startswith("<p><b>Corrected:</b> The source &amp; its day.</p>")
    assert "Our payroll &lt;of March&gt;" in said


def test_a_feed_reader_hears_that_one_was_withdrawn(app: Flask, time: Time) -> None:
    rita = make_staff("Rita Sander")
    view = find_for_staff(id_of(post(rita, "Short-lived")))
    assert view is not None
    reader = visitor(app).client
    before = reader.get("/feeds/updates.xml")
    assert reader.get("/feeds/updates.xml", headers={"If-None-Match": before.headers["ETag"]}).status_code == 304
    time.pass_by(hours=1)
    withdraw_update(view.id, words="", actor_id=rita, now=clock.now())
    after = reader.get("/feeds/updates.xml", headers={"If-None-Match": before.headers["ETag"]})
    assert after.status_code == 200
    assert "Short-lived" not in after.text
