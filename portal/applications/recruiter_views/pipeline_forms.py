"""How a pipeline is narrowed, and what a colleague fills in to change many at once."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import BooleanField, DateField, HiddenField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.applications.forms import DayForm, When
from portal.applications.queries.choosing import wanted_in
from portal.applications.queries.pipeline import PipelineFilter
from portal.applications.rules import MESSAGE_LENGTH, REASON_LENGTH
from portal.applications.rules.pipeline import Change, StageOf
from portal.applications.states import STATUS_LABELS, ApplicationStatus, ManyKind
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.queries import StaffRow
from portal.web.forms import Form, at_most, options, required


class PipelineForm(Form):
    """How a pipeline is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name or address"))
    status = SelectField(_l("Status"))
    owner = SelectField(_l("Looked after by"))
    due = BooleanField(_l("Only what is due"))
    asked = BooleanField(_l("Only those who wait for an answer"))
    marked = BooleanField(_l("Only near-fits and silver medals"))
    waiting = BooleanField(_l("Only an automatic note so far"))
    promised = DateField(_l("Promised for"), [Optional()])

    def __init__(self, opening_id: str, owners: Sequence[StaffRow]) -> None:
        super().__init__(formdata=request.args)
        self.opening_id = opening_id
        self.status.choices = options(
            [("", _("All")), *((str(one), str(STATUS_LABELS[one])) for one in ApplicationStatus)]
        )
        self.owner.choices = options(
            [("", _("Everybody")), *((row.public_id, row.name or row.email) for row in owners)]
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether more than a name or a stage narrows the list."""
        return any(field.data for field in self if field is not self.q)

    @property
    def wanted(self) -> PipelineFilter:
        """What to show; a choice that does not exist narrows nothing."""
        owners = {value for value, *_rest in self.owner.iter_choices() if value}
        return wanted_in(request.args, self.opening_id, owners)


class ManyForm(DayForm):
    """What is done to many at once; a field that this does not need is not on the form."""

    stage = SelectField(_l("Stage from now on"), [required(_l("Please choose a stage."))])
    message = TextAreaField(
        _l("What you write to them"),
        [required(_l("Please write what the candidates will read.")), at_most(MESSAGE_LENGTH)],
    )
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    #: Application and its newest event when the page was made, a pair a line.
    seen = HiddenField()

    def __init__(
        self,
        kind: ManyKind,
        stages: Sequence[StageOf],
        ahead: Sequence[tuple[int, date]],
        due: Sequence[bool],
        seen: str,
    ) -> None:
        """`due`: of each who is chosen, whether the day has come by which they were promised word.

        `seen`: how each stands as the page is shown.
        """
        self.kind, self._stages = kind, stages
        self.prepare_days(ahead, None)
        super().__init__(data={"when": None if kind is ManyKind.DELAY or any(due) else str(When.KEEP), "seen": seen})
        self.stage.choices = options([("", _("Choose")), *((one.name, _stage_words(one)) for one in stages)])
        offers = [
            (str(count), _("%(in_days)s: %(day)s", in_days=_in_days(count), day=format_day(day)))
            for count, day in ahead
        ]
        if kind is not ManyKind.DELAY and not (due and all(due)):
            offers.insert(0, (str(When.KEEP), _("Each keeps the day they were promised")))
        self.when.choices = options([*offers, (str(When.OTHER), _("Another day"))])
        if kind is not ManyKind.MOVE:
            del self.stage
        if kind is not ManyKind.WRITE:
            del self.message
        self._begin_in(kind)

    def _begin_in(self, kind: ManyKind) -> None:
        """Let the cursor stand where there is something to say."""
        first = {ManyKind.MOVE: "stage", ManyKind.WRITE: "message"}.get(kind)
        if first and not self.is_submitted():
            self[first].render_kw = {"autofocus": True}

    def validate(self, extra_validators: Any = None) -> bool:
        if not super().validate(extra_validators):
            return False
        if self.day is None and self.when.data != When.KEEP:
            self.when.errors = [*self.when.errors, _("Please say by when they hear from us next.")]
            return False
        return True

    @property
    def has_stages(self) -> bool:
        """Whether there is a stage to choose."""
        return bool(self._stages)

    @property
    def change(self) -> Change:
        """What was chosen."""
        stages = {one.name: one for one in self._stages}
        return Change(
            kind=self.kind,
            stage=stages[self.stage.data] if self.kind is ManyKind.MOVE else None,
            message=self.message.data or "" if self.kind is ManyKind.WRITE else "",
            day=self.day,
            date_reason=self.date_reason.data or "",
        )

    @property
    def seen_events(self) -> dict[str, str]:
        """The newest event of each application that the colleague had before them."""
        pairs = (line.split(":", 1) for line in (self.seen.data or "").split() if ":" in line)
        return {application: event for application, event in pairs}


class OwnerForm(Form):
    """To whom applications are given."""

    owner = SelectField(_l("Looked after by"), [required(_l("Please choose a colleague."))])

    def __init__(self, owners: Sequence[StaffRow]) -> None:
        super().__init__()
        self.owner.choices = options([("", _("Choose")), *((row.public_id, row.name or row.email) for row in owners)])

    @property
    def colleague(self) -> str:
        """The public id of whom they are given to."""
        return self.owner.data or ""


def _stage_words(stage: StageOf) -> str:
    return _("%(stage)s (they read: %(status)s)", stage=stage.name, status=STATUS_LABELS[stage.status])


def _in_days(count: int) -> str:
    return ngettext("In %(count)s working day", "In %(count)s working days", count)
