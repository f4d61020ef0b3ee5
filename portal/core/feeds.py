"""What programs read of the site: feeds (Atom, RFC 4287) and its map (https://www.sitemaps.org/protocol.html)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM: Final = "http://www.w3.org/2005/Atom"
_SITEMAP: Final = "http://www.sitemaps.org/schemas/sitemap/0.9"
#: What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets); somebody may have pasted it.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Part of the ids, which never change: from when on we name things so (RFC 4151).
_NAMING_SINCE: Final = "2026"


@dataclass(frozen=True)
class FeedEntry:
    """One thing in a feed; the address is absolute."""

    #: What it is, in one word, and what it is called in addresses: a feed reader knows it by both.
    noun: str
    public_id: str
    title: str
    summary: str
    url: str
    published_at: datetime
    changed_at: datetime
    #: Each of these may be empty.
    author: str = ""
    category: str = ""
    #: Clean HTML, its links with their hosts.
    content: str = ""


def atom_feed(
    entries: Iterable[FeedEntry], *, title: str, author: str, url: str, page_url: str, changed_at: datetime
) -> bytes:
    """The feed at `url` for the page at `page_url`, both absolute, with `entries` in the order given."""
    feed = Element("feed", {"xmlns": _ATOM})
    _text(feed, "id", url)
    _text(feed, "title", title)
    _text(feed, "updated", _instant(changed_at))
    _text(SubElement(feed, "author"), "name", author)
    SubElement(feed, "link", {"rel": "self", "type": "application/atom+xml", "href": url})
    SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": page_url})
    for entry in entries:
        _add(feed, entry, url)
    return _document(feed)


def _add(feed: Element, entry: FeedEntry, feed_url: str) -> None:
    one = SubElement(feed, "entry")
    # A tag URI (RFC 4151): the same whatever its title and address become.
    _text(one, "id", f"tag:{urlsplit(feed_url).hostname},{_NAMING_SINCE}:{entry.noun}/{entry.public_id}")
    _text(one, "title", entry.title)
    _text(one, "published", _instant(entry.published_at))
    _text(one, "updated", _instant(entry.changed_at))
    if entry.author:
        _text(SubElement(one, "author"), "name", entry.author)
    if entry.category:
        SubElement(one, "category", {"term": _NOT_XML.sub("", entry.category)})
    _text(one, "summary", entry.summary)
    if entry.content:
        _text(one, "content", entry.content).set("type", "html")
    SubElement(one, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})


def sitemap(pages: Iterable[tuple[str, datetime | None]]) -> bytes:
    """The map of `pages` for search engines: absolute address and, where known, when it last changed."""
    root = Element("urlset", {"xmlns": _SITEMAP})
    for address, changed_at in pages:
        one = SubElement(root, "url")
        _text(one, "loc", address)
        if changed_at is not None:
            _text(one, "lastmod", _instant(changed_at))
    return _document(root)


def _text(parent: Element, name: str, text: str) -> Element:
    found = SubElement(parent, name)
    found.text = _NOT_XML.sub("", text)
    return found


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def _document(root: Element) -> bytes:
    found: bytes = tostring(root, encoding="utf-8", xml_declaration=True)
    return found
