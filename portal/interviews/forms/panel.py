"""What a colleague on a panel writes down: a field for each criterion, and one for the whole."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from wtforms import TextAreaField

from portal.core.i18n import lazy_gettext as _l
from portal.interviews.rules.panel import NOTE_LENGTH, ON_THE_WHOLE, NoteTooLong
from portal.web.forms import Form, at_most

_FIELD = "note_"
_WHOLE = "whole"


class NotesForm(Form):
    """Notes against criteria; `criteria` are those it asks for, in order, and the empty one on the whole."""

    criteria: Sequence[str] = ()

    @property
    def given(self) -> dict[str, str]:
        """What was written, by criterion."""
        return {criterion: self[name].data or "" for name, criterion in self._names()}

    @property
    def note_fields(self) -> list[Any]:
        """The fields as they stand on the page."""
        return [self[name] for name, _criterion in self._names()]

    def refuse(self, error: NoteTooLong) -> None:
        """Say it beside the note it is about."""
        self.put_error(next(name for name, criterion in self._names() if criterion == error.criterion), error)

    def _names(self) -> list[tuple[str, str]]:
        numbered = [(f"{_FIELD}{number}", criterion) for number, criterion in enumerate(self.criteria, start=1)]
        return [*numbered, (_WHOLE, ON_THE_WHOLE)]


def notes_form(criteria: Sequence[str], kept: Mapping[str, str]) -> NotesForm:
    """The form for these criteria; what was noted against one that is no longer asked for keeps its field."""
    asked = [*criteria, *(one for one in kept if one != ON_THE_WHOLE and one not in criteria)]
    fields: dict[str, Any] = {
        f"{_FIELD}{number}": TextAreaField(criterion, [at_most(NOTE_LENGTH)])
        for number, criterion in enumerate(asked, start=1)
    }
    fields[_WHOLE] = TextAreaField(_l("On the whole"), [at_most(NOTE_LENGTH)])
    made = type("NotesForm", (NotesForm,), {**fields, "criteria": tuple(asked)})
    data = {f"{_FIELD}{number}": kept.get(criterion, "") for number, criterion in enumerate(asked, start=1)}
    return cast(NotesForm, made(data={**data, _WHOLE: kept.get(ON_THE_WHOLE, "")}))
