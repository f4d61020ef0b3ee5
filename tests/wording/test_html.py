"""The HTML of every mail: valid, small, readable everywhere, and nothing in it comes from elsewhere."""

import re
from collections.abc import Iterator
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


@pytest.fixture(params=MAILS)
def mail(app: Flask, request: pytest.FixtureRequest) -> RenderedMail:
    return render_example(request.param)


def elements(mail: RenderedMail) -> Iterator[tuple[str, Element]]:
    parser = html5lib.HTMLParser(strict=True)
    for element in parser.parse(mail.html).iter():
        yield str(element.tag).removeprefix(NS), element


def test_it_is_valid_and_has_one_headline(mail: RenderedMail) -> None:
    tags = [tag for tag, _element in elements(mail)]
    assert tags.count("h1") == 1
    assert tags.count("title") == 1
    assert not {"script", "img", "link", "iframe", "form", "object", "video", "svg", "base"} & set(tags)


def test_nothing_in_it_comes_from_elsewhere(mail: RenderedMail) -> None:
    for tag, element in elements(mail):
        assert not {"src", "srcset", "background", "poster"} & set(element.keys()), tag
        assert not any(name.startswith("on") for name in list(element.keys())), tag
        if element.get("href"):
            assert element.get("href", "").startswith("http://localhost/"), element.get("href")


def test_its_styles_are_ones_that_mail_programs_keep(mail: RenderedMail) -> None:
    styles = [element.get("style", "") for _tag, element in elements(mail)]
    styles += re.findall(r"<style[^>]*>(.*?)</style>", mail.html, re.S)
    assert any(styles)
    assert [style for style in styles if DROPPED.search(style)] == []
    assert not any(
        element.get("class") and element.get("style") is None for tag, element in elements(mail) if tag == "a"
    )


def test_tables_are_layout_or_have_headers(mail: RenderedMail) -> None:
    for tag, element in elements(mail):
        if tag == "table" and element.get("role") != "presentation":
            assert all(row.find(f"{NS}th") is not None for row in element.iter(f"{NS}tr"))


def test_it_is_small_enough_to_be_shown_whole(mail: RenderedMail) -> None:
    assert len(mail.html.encode()) < 40_000, "some programs cut what is over 102 kB"


def test_it_says_its_language_and_its_preview_line(mail: RenderedMail) -> None:
    found = {tag: element for tag, element in elements(mail) if tag == "html"}
    assert found["html"].get("lang") == "en"
    assert '<div class="preheader"' in mail.html


def test_it_looks_as_asked_whatever_the_browser_prefers(mail: RenderedMail) -> None:
    light, dark = in_scheme(mail.html, Scheme.LIGHT), in_scheme(mail.html, Scheme.DARK)
    assert "@media not all" in light
    assert "@media all" in dark
    assert "prefers-color-scheme" not in light + dark


def test_text_and_html_say_the_same(mail: RenderedMail) -> None:
    seen = " ".join("".join(html5lib.parse(mail.html).itertext()).split())
    for line in mail.text.split("--\n")[0].split("\n"):
        if line.strip() and "http://" not in line and not line.endswith(":") and ": " not in line:
            assert " ".join(line.split()) in seen


def test_people_we_know_can_choose_what_they_get(mail: RenderedMail) -> None:
    goes_to = MAILS[mail.kind].goes_to
    assert ("/preferences/" in mail.text) == ("/preferences/" in mail.html) == (goes_to is GoesTo.PERSON)
