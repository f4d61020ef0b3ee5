"""The feed of public updates (Atom, RFC 4287)."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring

_ATOM: Final = "http://www.w3.org/2005/Atom"
#: What XML 1.0 cannot hold (https://www.w3.org/TR/xml/#charsets); somebody may have pasted it.
_NOT_XML: Final = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
#: Part of the ids, which never change: from when on we name updates so (RFC 4151).
_NAMING_SINCE: Final = "2026"


@dataclass(frozen=True)
class FeedEntry:
    """One update in the feed; the address is absolute, the content clean HTML."""

    public_id: str
    title: str
    summary: str
    content: str
    kind: str
    author: str
    url: str
    published_at: datetime
    changed_at: datetime


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
    found: bytes = tostring(feed, encoding="utf-8", xml_declaration=True)
    return found


def _add(feed: Element, entry: FeedEntry, url: str) -> None:
    one = SubElement(feed, "entry")
    # Whatever its title and address become, a reader knows it by this (a tag URI).
    _text(one, "id", f"tag:{urlsplit(url).hostname},{_NAMING_SINCE}:update/{entry.public_id}")
    _text(one, "title", entry.title)
    _text(one, "published", _instant(entry.published_at))
    _text(one, "updated", _instant(entry.changed_at))
    if entry.author:
        _text(SubElement(one, "author"), "name", entry.author)
    SubElement(one, "category", {"term": entry.kind})
    _text(one, "summary", entry.summary)
    content = SubElement(one, "content", {"type": "html"})
    content.text = _NOT_XML.sub("", entry.content)
    SubElement(one, "link", {"rel": "alternate", "type": "text/html", "href": entry.url})


def _text(parent: Element, name: str, text: str) -> None:
    SubElement(parent, name).text = _NOT_XML.sub("", text)


def _instant(value: datetime) -> str:
    return value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
