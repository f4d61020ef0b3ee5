"""What programs read of the site, read back by programs that did not write it."""

from datetime import UTC, datetime, timedelta, timezone
from xml.dom import minidom

from hypothesis import given
from hypothesis import strategies as st

from portal.core.feeds import FeedEntry, atom_feed, sitemap

AT = datetime(2026, 3, 4, 9, 0, tzinfo=timezone(timedelta(hours=1)))
URL, PAGE = "https://jobs.example/feeds/things.xml", "https://jobs.example/things"
#: Everything that somebody can paste into a form, and that a database keeps.
texts = st.text(st.characters(codec="utf-8"), max_size=40)


def entry(title: str = "A thing", **facts: str) -> FeedEntry:
    return FeedEntry("thing", "x1", title, facts.pop("summary", ""), f"{PAGE}/x", AT, AT, **facts)


def feed(*entries: FeedEntry) -> minidom.Document:
    return minidom.parseString(
        atom_feed(entries, title="Things", author="Kindred", url=URL, page_url=PAGE, changed_at=AT)
    )


def said(document: minidom.Document, name: str) -> list[str]:
    found = document.getElementsByTagName(name)
    return ["".join(node.data for node in one.childNodes if node.nodeType == node.TEXT_NODE) for one in found]


def readable(text: str) -> str:
    """What XML can hold of `text`, with the line ends that its readers make one (XML 1.0, 2.11)."""
    kept = [one for one in text if one in "\t\n\r" or (ord(one) >= 32 and ord(one) not in {0xFFFE, 0xFFFF})]
    return "".join(kept).replace("\r\n", "\n").replace("\r", "\n")


@given(texts, texts, texts)
def test_whatever_was_typed_a_program_reads_it_back(title: str, author: str, content: str) -> None:
    document = feed(entry(title, summary=title, author=author, content=content))
    assert said(document, "title")[1] == said(document, "summary")[0] == readable(title)
    assert said(document, "name")[1:] == ([readable(author)] if author else [])
    assert said(document, "content") == ([readable(content)] if content else [])


def test_moments_are_told_in_universal_time() -> None:
    document = feed(entry())
    assert said(document, "updated") == said(document, "published") * 2 == ["2026-03-04T08:00:00Z"] * 2
    assert b"<lastmod>2026-03-04T08:00:00Z</lastmod>" in sitemap([(PAGE, AT)])


def test_an_entry_is_known_by_what_never_changes() -> None:
    assert said(feed(entry()), "id") == [URL, "tag:jobs.example,2026:thing/x1"]


def test_the_map_leaves_out_a_day_that_nobody_knows() -> None:
    document = minidom.parseString(sitemap([(PAGE + "?a=1&b=2", None), (PAGE, AT.astimezone(UTC))]))
    assert said(document, "loc") == [PAGE + "?a=1&b=2", PAGE]
    assert len(said(document, "lastmod")) == 1
