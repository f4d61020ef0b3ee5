"""The tests read pages as a browser does: what is read quickly and what html5lib reads are the same tree."""

from xml.etree.ElementTree import Element

import html5lib
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.reading import Doubtful, _Reader, read_page
from tests.whole_site.routes import routes
from tests.whole_site.world import World

NAMES = (
    "a b button caption dd div dl dt em fieldset footer form h1 h2 hr iframe img input label legend li main ol option "
    "p path pre script select small span strong style summary svg table tbody td textarea th thead title tr ul use"
).split()
ATTRIBUTES = [
    "",
    ' class="a b"',
    " id=x",
    ' href="?a=1&amp;b=2"',
    ' viewBox="0 0 1 1"',
    " hidden",
    ' title="a & b"',
    "/",
]
WORDS = ["word", " ", "\n", "\r\n", "&lt;p&gt;", "&amp;copy;", "&notit;", "1 < 2", "&#8217;", "<!-- said -->"]
PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(NAMES), st.sampled_from(ATTRIBUTES)),
    st.sampled_from(NAMES).map("</{}>".format),
    st.sampled_from(WORDS),
)
PAGE = '<!doctype html>\n<html lang="en">\n<head>\n<title>A page</title>\n</head>\n<body>{}</body>\n</html>\n'


def nested(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Elements that end where they should, whether or not they may stand there."""
    return st.builds(
        "<{0}{1}>{2}</{0}>".format,
        st.sampled_from(NAMES),
        st.sampled_from(ATTRIBUTES),
        st.lists(inner, max_size=4).map("".join),
    )


def flat(tree: Element) -> list[tuple[object, object, str, str]]:
    """All that can be told apart in a tree, in its order."""
    return [(e.tag, e.attrib, e.text or "", e.tail or "") for e in tree.iter()]


def same(body: str) -> bool:
    return flat(read_page(body)) == flat(html5lib.parse(body))


def is_read_quickly(body: str) -> bool:
    try:
        _Reader(body).read()
    except Doubtful:
        return False
    return True


@pytest.mark.soak  # it tries our own reader, by the slow one; the rest of this file tries it on random pieces
@pytest.mark.only("sqlite")  # the pages are the same
def test_every_page_is_read_as_a_browser_reads_it(world: World) -> None:
    bodies = set()
    for who in ("visitor", "ada", "admin"):
        for rule in routes(world.app, "GET"):
            answer = world.browsers[who].client.get(world.url(rule))
            if answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303}:
                bodies.add(answer.get_data(as_text=True))
    assert [body for body in bodies if not same(body)] == []
    quick = sum(is_read_quickly(body) for body in bodies)
    assert quick > 0.9 * len(bodies), "hardly a page is read quickly any more"


@settings(max_examples=300)
@given(st.lists(PIECES, max_size=12).map("".join))
@example("<p>One<div>Two</div>")
@example("<table><tr><td>One</table>")
@example('<table><form method="post"><tbody><tr><td></td></tr></tbody></form></table>')
@example("<a href=x>One <a href=y>Two</a></a>")
@example("<b><p>One</b>Two</p>")
@example("<button><button></button></button>")
def test_whatever_is_written_is_read_as_a_browser_reads_it(inner: str) -> None:
    assert same(PAGE.format(inner))


@settings(max_examples=300)
@given(st.lists(st.recursive(st.sampled_from(WORDS), nested, max_leaves=12), max_size=3).map("".join))
@example("<select><svg></svg></select>")
def test_whatever_is_nested_is_read_as_a_browser_reads_it(inner: str) -> None:
    assert same(PAGE.format(inner))


@pytest.mark.parametrize(
    "body",
    [
        "",
        "words",
        "<p>One",
        "<html><body>One</body></html>",
        "<html><head></head><head></head><body></body></html>",
        "<html><head></head><body></body><body></body></html>",
        "<!doctype html>",
        PAGE.format("") + "<p>After",
        PAGE.format("</body>"),
    ],
)
def test_what_is_no_whole_page_is_read_as_a_browser_reads_it(body: str) -> None:
    assert same(body)
