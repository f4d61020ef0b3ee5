"""What stands in a page for a value: never markup that nobody made, and the same as the library has it."""

import pytest
from flask import Flask, render_template_string
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import UndefinedError
from markupsafe import Markup, escape

from portal.core.i18n import lazy_gettext
from portal.web.templating import as_text

ANYTHING = st.one_of(st.text(), st.text("<>&'\"a"), st.integers(), st.floats(), st.none(), st.booleans(), st.dates())


@given(ANYTHING)
def test_whatever_is_shown_is_escaped_as_the_library_does(value: object) -> None:
    assert str(as_text(value)) == str(escape(value))


@given(st.text().map(Markup))
def test_what_is_markup_already_stays_as_it_is(value: Markup) -> None:
    assert str(as_text(value)) == str(value)


@given(st.text("<>&'\"a"))
def test_what_only_becomes_a_text_is_escaped_too(value: str) -> None:
    class Named:
        def __str__(self) -> str:
            return value

    assert str(as_text(Named())) == str(escape(value))


def test_a_late_text_is_escaped() -> None:
    assert str(as_text(lazy_gettext("<b>"))) == "&lt;b&gt;"


@pytest.mark.only("sqlite")  # nothing is read
def test_templates_are_compiled_to_it(app: Flask) -> None:
    assert "environment.as_text(" in app.jinja_env.compile("{{ name }}", raw=True)


@pytest.mark.only("sqlite")  # nothing is read
def test_a_page_escapes_in_macros_sets_calls_and_filters(app: Flask) -> None:
    template = (
        "{% macro say(what) %}<i>{{ what }}</i>{% endmacro %}{% macro around() %}<u>{{ caller() }}</u>{% endmacro %}"
        "{% set kept %}{{ name }}{% endset %}"
        "{{ say(name) }}{{ kept }}{% call around() %}{{ name }}{% endcall %}{{ name|upper }}{{ name ~ '<' }}"
        "{% autoescape false %}{{ name }}{% endautoescape %}"
    )
    with app.test_request_context("/"):
        made = render_template_string(template, name="<b>")
        with pytest.raises(UndefinedError):
            render_template_string("{{ nobody }}")
    safe = "&lt;b&gt;"
    assert made == f"<i>{safe}</i>{safe}<u>{safe}</u>&lt;B&gt;{safe}&lt;<b>"
