"""The HTML of every mail: valid, small, readable everywhere, and nothing in it comes from elsewhere."""

import re
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element

import html5lib
import pytest
from flask import Flask

from portal.core.mail import RenderedMail
from portal.wording.data import MAILS
from portal.wording.queries import render_example
from portal.wording.rules import GoesTo, Scheme, in_scheme

pytestmark = pytest.mark.only("sqlite")  # a mail looks the same whatever the database
NS = "{http://www.w3.org/1999/xhtml}"
#: What mail programs drop, or what would load something.
DROPPED = re.compile(
    r"url\(|@import|var\(|calc\(|light-dark\(|flex|grid|position:|float:|expression|-moz-|behavior", re.I
)


@dataclass(frozen=True)
class Seen:
    """A mail with its examples, and its HTML as a strict reader takes it."""

    mail: RenderedMail

    @cached_property
    def _read(self) -> tuple[Element, list[object]]:
        parser = html5lib.HTMLParser()
        return parser.parse(self.mail.html), parser.errors

    @property
    def elements(self) -> list[tuple[str, Element]]:
        return [(str(element.tag).removeprefix(NS), element) for element in self._read[0].iter()]

    @property
    def words(self) -> str:
        return " ".join("".join(self._read[0].itertext()).split())

    @property
    def mistakes(self) -> list[object]:
        return self._read[1]


_seen: dict[str, Seen] = {}


@pytest.fixture
def mails(app: Flask) -> dict[str, Seen]:
    """Every mail by its kind, rendered and read once: nothing here changes what they say."""
    if not _seen:
        _seen.update({kind: Seen(render_example(kind)) for kind in MAILS})
    return _seen


def test_it_is_valid_and_has_one_headline(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        tags = [tag for tag, _element in seen.elements]
        assert seen.mistakes == [], kind
        assert tags.count("h1") == 1, kind
        assert tags.count("title") == 1, kind
        assert not {"script", "img", "link", "iframe", "form", "object", "video", "svg", "base"} & set(tags), kind


def test_nothing_in_it_comes_from_elsewhere(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        for tag, element in seen.elements:
            assert not {"src", "srcset", "background", "poster"} & set(element.keys()), (kind, tag)
            assert not any(name.startswith("on") for name in list(element.keys())), (kind, tag)
            if element.get("href"):
                assert element.get("href", "").startswith("http://localhost/"), (kind, element.get("href"))


def test_its_styles_are_ones_that_mail_programs_keep(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        styles = [element.get("style", "") for _tag, element in seen.elements]
        styles += re.findall(r"<style[^>]*>(.*?)</style>", seen.mail.html, re.S)
        assert any(styles), kind
        assert [style for style in styles if DROPPED.search(style)] == [], kind
        assert not any(
            element.get("class") and element.get("style") is None for tag, element in seen.elements if tag == "a"
        ), kind


def test_tables_are_layout_or_have_headers(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        for tag, element in seen.elements:
            if tag == "table" and element.get("role") != "presentation":
                assert all(row.find(f"{NS}th") is not None for row in element.iter(f"{NS}tr")), kind


def test_it_is_small_enough_to_be_shown_whole(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        assert len(seen.mail.html.encode()) < 40_000, f"{kind}: some programs cut what is over 102 kB"


def test_it_says_its_language_and_its_preview_line(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        found = {tag: element for tag, element in seen.elements if tag == "html"}
        assert found["html"].get("lang") == "en", kind
        assert '<div class="preheader"' in seen.mail.html, kind


def test_it_looks_as_asked_whatever_the_browser_prefers(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        light, dark = in_scheme(seen.mail.html, Scheme.LIGHT), in_scheme(seen.mail.html, Scheme.DARK)
        assert "@media not all" in light, kind
        assert "@media all" in dark, kind
        assert "prefers-color-scheme" not in light + dark, kind


def test_text_and_html_say_the_same(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        words = seen.words
        for line in seen.mail.text.split("--\n")[0].split("\n"):
            if line.strip() and "http://" not in line and not line.endswith(":") and ": " not in line:
                assert " ".join(line.split()) in words, kind


def test_people_we_know_can_choose_what_they_get(mails: dict[str, Seen]) -> None:
    for kind, seen in mails.items():
        is_known = MAILS[kind].goes_to is GoesTo.PERSON
        assert ("/preferences/" in seen.mail.text) == ("/preferences/" in seen.mail.html) == is_known, kind
