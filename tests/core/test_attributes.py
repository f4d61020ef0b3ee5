"""The attributes of inputs: what a browser reads in them is what was meant."""

from html.parser import HTMLParser
from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from markupsafe import Markup

from portal.web.attributes import html_attributes

# A parser drops NUL and normalises line ends; a form's fields hold neither.
_TEXT = st.text(st.characters(blacklist_categories=["Cs"], blacklist_characters="\x00\r"))
_NAMES = st.from_regex(r"[a-z]{1,6}(-[a-z]{1,6})?", fullmatch=True)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def read(attributes: dict[str, Any]) -> list[tuple[str, dict[str, str | None]]]:
    reader = _Reader()
    reader.feed(f"<input {html_attributes(**attributes)}>")
    reader.close()
    return reader.found


@given(st.dictionaries(_NAMES, st.one_of(_TEXT, st.integers(), st.booleans())))
def test_a_browser_reads_what_was_meant(attributes: dict[str, Any]) -> None:
    meant = {name: None if value is True else str(value) for name, value in attributes.items() if value is not False}
    assert read(attributes) == [("input", meant)]


@given(_TEXT)
def test_text_that_is_marked_as_safe_ends_no_attribute_either(text: str) -> None:
    [(tag, attributes)] = read({"value": Markup(text)})
    assert (tag, set(attributes)) == ("input", {"value"})


def test_names_are_those_of_html_and_in_order() -> None:
    said = html_attributes(class_="a", data_url="/x", aria_hidden="true", checked=True, disabled=False)
    assert said == 'aria-hidden="true" checked class="a" data-url="/x"'
