"""A field to choose one of hundreds: its options are written in one go, for WTForms' own takes long over each."""

from itertools import groupby
from operator import attrgetter
from typing import Any, cast

from markupsafe import Markup
from wtforms import SelectField
from wtforms.fields.choices import SelectChoice, SelectFieldBase  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.widgets import Select, html_params

from portal.web.templating import as_text


class LongSelect(Select):
    """A select as WTForms renders it, with groups whose options follow one another."""

    def __call__(self, field: SelectFieldBase, **attributes: Any) -> Markup:
        chosen, choices = field.data, cast(list[SelectChoice], cast(SelectField, field).choices)
        options = "".join(
            _in_group(title, "".join(_option(choice, chosen) for choice in some))
            for title, some in groupby(choices, attrgetter("optgroup"))
        )
        known = html_params(name=field.name, **{"id": field.id, **attributes})
        return Markup(f"<select {known}>{options}</select>")  # noqa: S704  # all of it is escaped above


def _option(choice: SelectChoice, chosen: Any) -> str:
    is_chosen = " selected" if choice.value == chosen else ""
    return f'<option{is_chosen} value="{as_text(str(choice.value))}">{as_text(str(choice.label))}</option>'


def _in_group(title: str | None, options: str) -> str:
    return f'<optgroup label="{as_text(str(title))}">{options}</optgroup>' if title else options
