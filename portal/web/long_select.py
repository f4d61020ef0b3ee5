"""A field to choose one of hundreds: its options are written in one go, for WTForms' own takes long over each."""

from html import escape
from typing import Any, cast

from markupsafe import Markup
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice, SelectFieldBase  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import Select, html_params


class LongSelect(Select):
    """A select without groups, as WTForms renders it."""

    def __call__(self, field: SelectFieldBase, **attributes: Any) -> Markup:
        chosen, choices = field.data, cast(list[SelectChoice], cast(SelectField, field).choices)
        options = "".join(
            f'<option{" selected" if choice.value == chosen else ""} value="{escape(choice.value)}">'
            f"{escape(choice.label)}</option>"
            for choice in choices
        )
        known = html_params(name=field.name, **{"id": field.id, **attributes})
        return Markup(f"<select {known}>{options}</select>")  # noqa: S704  # all of it is escaped above
