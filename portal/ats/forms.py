"""What the pages of imports ask."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from hashlib import blake2b
from typing import Any

from flask import request
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import StopValidation

from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.ats.actions.people_lists import AboutList
from portal.ats.queries import LabelRow
from portal.ats.rules import FIELD_LABELS, normalise_source, same_title, suggest_status
from portal.ats.states import IGNORE, WHY_PARTED_LABELS, DateOrder, ImportField, LabelKind, WhyParted
from portal.contact.rules import PURPOSE_LABELS
from portal.contact.states import Purpose
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.queries import OpeningName
from portal.openings.states import OpeningState
from portal.people.queries import StaffRow
from portal.people.rules import clean_line
from portal.prospects.rules import NOTE_LENGTH
from portal.prospects.states import GROUND_LABELS, SOURCE_LABELS, LegalGround, ProspectSource
from portal.web.forms import CleanedField, Form, at_most, required

#: Systems whose headers we know, offered before anything was imported.
_KNOWN_SOURCES = ("greenhouse", "lever")
_NOT_MAPPED = ""


def _people(staff: Sequence[StaffRow]) -> list[SelectChoice]:
    return [SelectChoice(one.public_id, one.name) for one in staff]


def _needed_unless_kept(form: Any, field: Any) -> None:
    if not field.data and not form.kept.data:
        raise StopValidation(_("Please choose a file."))


class UploadForm(Form):
    """A file from another system."""

    file = FileField(_l("File (CSV, TSV or XLSX)"), [_needed_unless_kept])
    #: The file that was sent before with something else missing.
    kept = HiddenField()
    source = SelectField(_l("Where it comes from"), default="")
    new_source = CleanedField(
        _l("Or the name of another system"),
        [at_most(60)],
        clean=normalise_source,
    )
    owner = SelectField(_l("Who looks after applications whose opening has no recruiter yet"), [required()])
    told = RadioField(
        _l("Has that system already told people when their application ended?"),
        choices=[
            SelectChoice("yes", _l("Yes")),
            SelectChoice("no", _l("No")),
            SelectChoice("", _l("As last time, or not known")),
        ],
        default="",
    )

    def __init__(self, *, sources: Sequence[str], staff: Sequence[StaffRow], **rest: Any) -> None:
        super().__init__(**rest)
        names = sorted({*sources, *_KNOWN_SOURCES})
        self.source.choices = [SelectChoice("", _("Recognise it by its header")), *map(SelectChoice, names)]
        self.owner.choices = _people(staff)

    @property
    def chosen_source(self) -> str:
        """The system that was named; empty to recognise it."""
        return self.new_source.data or self.source.data or ""

    @property
    def was_told(self) -> bool | None:
        """Whether people were told; None: not said."""
        return {"yes": True, "no": False}.get(self.told.data or "")


class AboutListFields(Form):
    """What holds for everybody on a list of people, unless their row says more."""

    source = SelectField(_l("How they came to us"), default=str(ProspectSource.EARLIER_LIST))
    source_note = CleanedField(
        _l("Where exactly, or through whom"),
        [required(_l("Please say where exactly: they will ask.")), at_most(NOTE_LENGTH)],
        clean=clean_line,
    )
    obtained_on = DateField(_l("On which day"), [required(_l("Please say on which day we got it."))])
    ground = RadioField(_l("Why we may keep it for now"), default=str(LegalGround.INTEREST))
    purpose = SelectField(_l("What they said yes to, where the list proves it"), default="")
    dates = SelectField(_l("What comes first in its days"), default="")

    def __init__(self, today: date, **rest: Any) -> None:
        super().__init__(**rest)
        self.today = today
        self.source.choices = [SelectChoice(str(one), str(label)) for one, label in SOURCE_LABELS.items()]
        self.ground.choices = [SelectChoice(str(one), str(label)) for one, label in GROUND_LABELS.items()]
        purposes = [SelectChoice(str(one), str(label)) for one, label in PURPOSE_LABELS.items()]
        self.purpose.choices = [SelectChoice("", _("Nothing: no yes is taken over")), *purposes]
        self.dates.choices = [
            SelectChoice("", _("The file shows it")),
            SelectChoice(DateOrder.DMY.value, _("The day: 31/12/2026")),
            SelectChoice(DateOrder.MDY.value, _("The month: 12/31/2026")),
        ]

    def validate_obtained_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise StopValidation(_("This day has not come yet."))

    @property
    def about(self) -> AboutList:
        """What was said; the form is valid."""
        return AboutList(
            source=ProspectSource(self.source.data),
            source_note=self.source_note.data or "",
            obtained_on=self.obtained_on.data or self.today,
            ground=LegalGround(self.ground.data),
            purpose=Purpose(self.purpose.data) if self.purpose.data else None,
            dates=DateOrder(self.dates.data) if self.dates.data else None,
        )

    @property
    def arguments(self) -> dict[str, Any]:
        """The same for the address of the next page."""
        said = {
            "source": self.source.data,
            "source_note": self.source_note.data,
            "obtained_on": self.obtained_on.data.isoformat() if self.obtained_on.data else "",
            "ground": self.ground.data,
            "purpose": self.purpose.data,
            "dates": self.dates.data,
        }
        return {name: value for name, value in said.items() if value}


class PeopleUploadForm(AboutListFields):
    """A list of people, and what holds for all of them."""

    file = FileField(_l("File (CSV, TSV or XLSX)"), [FileRequired(_l("Please choose a file."))])

    def __init__(self, today: date, **rest: Any) -> None:
        super().__init__(today, data={"obtained_on": today}, **rest)


class AboutListForm(AboutListFields):
    """The same of a list that is here; it stands in the address."""

    class Meta(Form.Meta):
        csrf = False

    def __init__(self, today: date) -> None:
        super().__init__(today, formdata=request.args)


class DatesForm(Form):
    """Whether the day or the month comes first."""

    dates = RadioField(
        _l("What comes first in these dates?"),
        [required(_l("Please choose one."))],
        choices=[
            SelectChoice(DateOrder.DMY.value, _l("The day: 31/12/2026")),
            SelectChoice(DateOrder.MDY.value, _l("The month: 12/31/2026")),
        ],
    )


class AllTheSameForm(Form):
    """That an import goes on though nobody has said what some labels mean."""

    all_the_same = BooleanField(
        _l("Go on all the same: these people are told that they are still in the running"),
        [required(_l("Please say first what these labels mean, or tick this to go on all the same."))],
    )


class OwnerForm(Form):
    """Who looks after applications without a recruiter."""

    owner = SelectField(_l("Owner"), [required()])

    def __init__(self, *, staff: Sequence[StaffRow], **rest: Any) -> None:
        super().__init__(**rest)
        self.owner.choices = _people(staff)


class SameForm(Form):
    """Which opening of ours an opening from an import is."""

    ours = SelectField(_l("The same as"), [required(_l("Please choose one of ours."))], default="")

    def __init__(self, *, ours: Sequence[OpeningName], title: str, **rest: Any) -> None:
        super().__init__(**rest)
        self.ours.choices = [
            SelectChoice("", _("Choose one of ours")),
            *(SelectChoice(one.public_id, one.label) for one in ours),
        ]
        alike = [one.public_id for one in ours if same_title(one.title) == same_title(title)]
        if not self.is_submitted() and len(alike) == 1:
            self.ours.data = alike[0]


class PartForm(Form):
    """Why two openings that were joined are two again."""

    why = RadioField(
        _l("Why"),
        [required(_l("Please say why. It stands in the audit log."))],
        choices=[SelectChoice(str(one), words) for one, words in WHY_PARTED_LABELS.items()],
    )

    @property
    def reason(self) -> WhyParted:
        """What was chosen; only after the form was found valid."""
        return WhyParted(self.why.data)


class ChoicesForm(Form):
    """One select for each of a list of things that only the request knows; see `choices_form`."""

    def chosen(self, prefix: str) -> dict[str, str]:
        """What was chosen, by what follows `prefix` in the name of the field."""
        return {f.name.removeprefix(prefix): f.data or "" for f in self if f.name.startswith(prefix)}


def columns_form(headers: Sequence[str], demographic: Sequence[str], fields: Mapping[str, str]) -> ChoicesForm:
    """What each header holds; `fields` is the mapping as it is read now (field to header)."""
    known = (SelectChoice(field.value, str(FIELD_LABELS[field])) for field in ImportField)
    choices = [SelectChoice(IGNORE, _("Leave out")), *known]
    now = {header: field for field, header in fields.items()}
    columns = {
        f"column-{index}": SelectField(header, choices=choices, default=now.get(header, IGNORE))
        for index, header in enumerate(headers)
        if header not in demographic
    }
    return _form("ColumnsForm", columns)


def labels_form(labels: Sequence[LabelRow], *, has_status: bool) -> ChoicesForm:
    """What candidates read for each stage and end reason, prefilled with what it most likely means.

    `has_status`: the file has a status column, which counts where an end reason is not mapped.
    """
    statuses = (SelectChoice(status.value, str(STATUS_LABELS[status])) for status in ApplicationStatus)
    known = list(statuses)
    not_mapped = {
        LabelKind.STAGE: _("In review (not mapped)"),
        LabelKind.REASON: _("What their status says (not mapped)") if has_status else _("In review (not mapped)"),
    }
    fields = {
        f"label-{row.id}": SelectField(
            row.label,
            choices=[SelectChoice(_NOT_MAPPED, not_mapped[row.kind]), *known],
            default=(row.status or suggest_status(row.label) or _NOT_MAPPED),
        )
        for row in labels
    }
    return _form("LabelsForm", fields)


@dataclass(frozen=True)
class OpeningInFile:
    """An opening of a file for which none was made here yet."""

    #: See `ats.rules.opening_key`.
    key: str
    title: str
    #: Applications that are added to it.
    count: int
    #: The opening here that they join; None: one of their own, which is made then.
    joins_id: int | None

    @property
    def field(self) -> str:
        """The name of its field: keys are anything that another system writes."""
        return f"opening-{blake2b(self.key.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"


def openings_form(in_file: Sequence[OpeningInFile], here: Sequence[OpeningName]) -> ChoicesForm:
    """Which opening here each opening of the file is; `here` are those to choose from."""
    own = SelectChoice(_NOT_MAPPED, _("New here: an opening of its own"))
    choices = [own, *(SelectChoice(one.public_id, _here(one)) for one in here)]
    public_ids = {one.id: one.public_id for one in here}
    fields = {
        one.field: SelectField(one.title, choices=choices, default=public_ids.get(one.joins_id or 0, _NOT_MAPPED))
        for one in in_file
    }
    return _form("OpeningsForm", fields)


def _here(one: OpeningName) -> str:
    """What an opening that is here is called: one that an import made and nobody published is not ours."""
    if one.source and one.state is OpeningState.DRAFT:
        return _("From an import: %(opening)s", opening=one.label)
    return _("Ours: %(opening)s", opening=one.label)


def _form(name: str, fields: Mapping[str, Any]) -> ChoicesForm:
    made: ChoicesForm = type(name, (ChoicesForm,), dict(fields))()
    return made
