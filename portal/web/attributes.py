"""The attributes of inputs and options as HTML, each written at once.

WTForms formats every attribute through half a dozen objects; with 50 on a page of filters that was a tenth of its work.
It offers the function to be replaced on some widgets only, so it is replaced where all of them find it.
"""

from functools import cache
from typing import Any

import wtforms.widgets.core as widgets
from markupsafe import Markup, escape


def html_attributes(**attributes: Any) -> Markup:
    """What `wtforms.widgets.html_params` says of `attributes`, sorted by name: no False, and True without a value."""
    said = " ".join(
        _name(name) if value is True else f'{_name(name)}="{_value(value)}"'
        for name, value in sorted(attributes.items())
        if value is not False
    )
    return Markup(said)  # noqa: S704  # each part of it is escaped


def write_attributes_at_once() -> None:
    """Let every widget use `html_attributes`."""
    widgets.html_params = html_attributes
    for widget in (widgets.Input, widgets.Button):  # type: ignore[attr-defined]  # newer than its stubs
        widget.html_params = staticmethod(html_attributes)  # type: ignore[method-assign]


@cache
def _name(name: str) -> str:
    return str(escape(widgets.clean_key(name)))  # type: ignore[attr-defined]  # newer than its stubs


def _value(value: Any) -> str:
    # A lazy text or one marked as safe may hold quotation marks that would end the attribute.
    return str(escape(value)).replace('"', "&quot;")
