"""What somebody fills in about a task: to whom it goes and why, a note, and how the list is narrowed."""

from collections.abc import Sequence

from flask import request
from wtforms import SelectField, StringField, TextAreaField

from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.queries import StaffRow
from portal.tasks.queries import TaskFilter, Whose
from portal.tasks.rules import KINDS, WHY_LENGTH, HandOverRefused
from portal.tasks.states import TaskKind
from portal.web.forms import Form, at_most, options, required

_OPEN, _CLOSED = "open", "closed"


class HandOverForm(Form):
    """To whom a task goes, with a word why."""

    to = SelectField(_l("To whom"), [required(_l("Please choose a colleague who works here."))])
    why = StringField(
        _l("A word on why"),
        [required(_l("Please say in a word why, so that they need not ask.")), at_most(WHY_LENGTH)],
    )

    def __init__(self, colleagues: Sequence[StaffRow]) -> None:
        super().__init__()
        self._ids = {row.public_id: row.person_id for row in colleagues}
        named = ((row.public_id, row.name or row.email) for row in colleagues)
        self.to.choices = options([("", _("Choose a colleague")), *named])

    @property
    def to_id(self) -> int:
        """The person id of who was chosen; only after the form was found valid."""
        return self._ids[self.to.data]

    def refuse(self, error: HandOverRefused) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field, error)


class NoteForm(Form):
    """A note for colleagues."""

    words = TextAreaField(_l("Note"), [required(_l("Please write what you want to note."))])


class TaskFilterForm(Form):
    """How the list of tasks is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    whose = SelectField(_l("Whose"))
    state = SelectField(_l("State"))
    kind = SelectField(_l("What it is about"))

    def __init__(self, may_see_team: bool) -> None:
        super().__init__(formdata=request.args)
        team = [(str(Whose.TEAM), _("My team's"))] if may_see_team else []
        self.whose.choices = options([(str(Whose.MINE), _("Mine")), *team])
        self.state.choices = options([(_OPEN, _("To do")), (_CLOSED, _("Finished"))])
        self.kind.choices = options([("", _("All")), *((str(kind), str(KINDS[kind].label)) for kind in TaskKind)])
        for field in (self.whose, self.state, self.kind):
            if field.data not in {choice[0] for choice in field.iter_choices()}:
                field.data = next(choice[0] for choice in field.iter_choices())

    @property
    def wanted(self) -> TaskFilter:
        """What to show; a choice that does not exist narrows nothing."""
        kind = TaskKind(self.kind.data) if self.kind.data else None
        return TaskFilter(Whose(self.whose.data), self.state.data == _OPEN, kind)
