"""What the settings pages ask, one form for each subject."""

from datetime import time
from typing import Any, ClassVar
from zoneinfo import available_timezones

from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    HiddenField,
    IntegerField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    TimeField,
)
from wtforms.validators import InputRequired, NumberRange, ValidationError

from portal.company.queries import areas_in, company_name, company_zone
from portal.company.rules import (
    MAX_END_REASON_LENGTH,
    MAX_INTRODUCTION_LENGTH,
    MAX_TEXT_LENGTH,
    Area,
    CompanyEndReason,
    InvalidAreas,
    InvalidDays,
    InvalidEndReason,
    areas_from,
    clean_colour,
    countries,
    end_reasons_in,
    own_days_from,
    own_days_text,
    regions_of,
    reworded,
    stored_end_reasons,
    version_of,
    with_new,
)
from portal.company.states import ACCENTS, AREAS, ENDING_LABELS, PACE_LABELS, SETTING_LABELS, WEEKDAYS, Setting
from portal.core.i18n import babel_locale
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.settings import current_settings
from portal.web.forms import CleanedField, Form, at_most, options, required

OWN_COLOUR = "own"
_NAME_LENGTH = 100
_TEAM_LENGTH = 1000
_PARTS_OF_THE_WORLD = frozenset(
    {"Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific"}
)


def one_line(text: str) -> str:
    """`text` without line breaks and doubled spaces."""
    return " ".join(text.split())


def country_name(code: str) -> str:
    """What a country is called in the reader's language."""
    return str(babel_locale().territories.get(code, code))


def whole_number(label: Any, low: int, high: int) -> IntegerField:
    """A whole number from `low` to `high`."""
    wrong = _l("Please give a whole number from %(low)s to %(high)s.", low=low, high=high)
    return IntegerField(label, [InputRequired(wrong), NumberRange(low, high, wrong)])


def _time(label: Any) -> TimeField:
    return TimeField(label, [InputRequired(_l("Please give a time such as 09:00."))])


class SubjectForm(Form):
    """The settings of one subject; `version` says how they stood when the page was shown."""

    SETTINGS: ClassVar[tuple[Setting, ...]] = ()
    version = HiddenField()

    def __init__(self, stored: dict[Setting, Any]) -> None:
        version = version_of({name: stored[name] for name in self.SETTINGS})
        super().__init__(data={"version": version, **self.shown(stored)})

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        """What the fields hold at first."""
        raise NotImplementedError

    def values(self) -> dict[Setting, Any]:
        """What was entered, as it is stored; only after the form was found valid."""
        raise NotImplementedError


class CompanyForm(SubjectForm):
    """Who the company is and how it looks."""

    SETTINGS = (Setting.NAME, Setting.INTRODUCTION, Setting.TEAM, Setting.ACCENT)
    name = CleanedField(SETTING_LABELS[Setting.NAME], [at_most(_NAME_LENGTH)], clean=one_line)
    introduction = TextAreaField(SETTING_LABELS[Setting.INTRODUCTION], [at_most(MAX_INTRODUCTION_LENGTH)])
    team = TextAreaField(SETTING_LABELS[Setting.TEAM], [at_most(_TEAM_LENGTH)])
    accent = RadioField(SETTING_LABELS[Setting.ACCENT], [required()])
    colour = CleanedField(_l("A colour of your own"), [at_most(20)], clean=clean_colour)

    def __init__(self, stored: dict[Setting, Any]) -> None:
        super().__init__(stored)
        self.accent.choices = options([*((key, str(label)) for key, label in ACCENTS), (OWN_COLOUR, _("Our own"))])

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        accent = stored[Setting.ACCENT]
        is_own = accent.startswith("#")
        return {
            "name": stored[Setting.NAME] or company_name(),
            "introduction": stored[Setting.INTRODUCTION],
            "team": stored[Setting.TEAM],
            "accent": OWN_COLOUR if is_own else accent,
            "colour": accent if is_own else "",
        }

    def validate_colour(self, field: CleanedField) -> None:
        if self.accent.data == OWN_COLOUR and not (field.data or "").strip():
            raise ValidationError(_("Write your colour here, or choose one of the others."))

    def values(self) -> dict[Setting, Any]:
        return {
            # The name of the environment stays its own: who changes it there expects to see it here.
            Setting.NAME: "" if self.name.data == current_settings().org_name else self.name.data or "",
            Setting.INTRODUCTION: text_of(self.introduction),
            Setting.TEAM: text_of(self.team),
            Setting.ACCENT: self.colour.data if self.accent.data == OWN_COLOUR else self.accent.data,
        }


class LogoForm(Form):
    """A picture for the head of every page."""

    picture = FileField(_l("Picture (PNG, JPEG or WebP)"), [FileRequired(_l("Please choose a picture."))])


class AreasForm(SubjectForm):
    """What people can choose as an area of interest."""

    SETTINGS = (Setting.AREAS,)
    areas = TextAreaField(SETTING_LABELS[Setting.AREAS], [required(_l("Please keep at least one area."))])

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        self._known = areas_in(stored[Setting.AREAS])
        self._areas: list[Area] = []
        return {"areas": "\n".join(area.label for area in self._known)}

    def validate_areas(self, field: TextAreaField) -> None:
        shipped = [Area(key, str(label)) for key, label in AREAS]
        try:
            self._areas = areas_from(field.data or "", [*self._known, *shipped])
        except InvalidAreas as error:
            raise ValidationError(error.message) from error

    def values(self) -> dict[Setting, Any]:
        labels = {key: str(label) for key, label in AREAS}
        return {
            Setting.AREAS: [
                {"key": area.key, "label": "" if labels.get(area.key) == area.label else area.label}
                for area in self._areas
            ]
        }


class EndReasonsForm(SubjectForm):
    """Why applications end: the words of each reason, whether it is offered, and one more.

    Made by `end_reasons_form`, with two fields for each reason.
    """

    SETTINGS = (Setting.END_REASONS,)
    new_label = StringField(_l("One more reason"), [at_most(MAX_END_REASON_LENGTH)])
    new_endings = SelectMultipleField(_l("Offered when it ends as"))

    def __init__(self, stored: dict[Setting, Any]) -> None:
        super().__init__(stored)
        self.new_endings.choices = options([(key, str(label)) for key, label in ENDING_LABELS.items()])

    @property
    def rows(self) -> list[tuple[CompanyEndReason, StringField, BooleanField | None]]:
        """Each reason as it stands, with the field of its words and, if it can be retired, of whether it is offered."""
        return [(one, self[f"words_{one.key}"], self._offered(one)) for one in self.known]

    def _offered(self, one: CompanyEndReason) -> BooleanField | None:
        return self[f"offered_{one.key}"] if one.may_retire else None

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        self.known = end_reasons_in(stored[Setting.END_REASONS])
        self._reasons = list(self.known)
        labels = {f"words_{one.key}": one.label for one in self.known}
        return labels | {f"offered_{one.key}": not one.is_retired for one in self.known if one.may_retire}

    def validate(self, extra_validators: Any = None) -> bool:
        """Whether every reason can read as typed; says beside each field what is wrong with it."""
        is_valid = bool(super().validate(extra_validators))
        if not is_valid:
            return False
        self._reasons = list(self.known)
        for one, words, offered in self.rows:
            try:
                is_offered = offered is None or bool(offered.data)
                self._reasons = reworded(self._reasons, one.key, words.data or "", is_offered=is_offered)
            except InvalidEndReason as error:
                self.put_error(words.name, error)
                is_valid = False
        return self._add() and is_valid

    def _add(self) -> bool:
        chosen = self.new_endings.data or []
        if not (self.new_label.data or "").strip() and not chosen:
            return True
        try:
            self._reasons = with_new(self._reasons, self.new_label.data or "", chosen)
        except InvalidEndReason as error:
            has_words = bool((self.new_label.data or "").strip())
            self.put_error("new_label" if chosen or not has_words else "new_endings", error)
            return False
        return True

    def values(self) -> dict[Setting, Any]:
        return {Setting.END_REASONS: stored_end_reasons(self._reasons)}


def end_reasons_form(stored: dict[Setting, Any]) -> EndReasonsForm:
    """The form of the reasons as they are stored."""
    known = end_reasons_in(stored[Setting.END_REASONS])
    fields: dict[str, Any] = {}
    for one in known:
        fields[f"words_{one.key}"] = StringField(
            one.label,
            [required(_l("Please give it a few words.")), at_most(MAX_END_REASON_LENGTH)],
        )
        if one.may_retire:
            fields[f"offered_{one.key}"] = BooleanField(_("Offer “%(reason)s”", reason=one.label))
    made: type[EndReasonsForm] = type("EndReasonsForm", (EndReasonsForm,), fields)
    return made(stored)


class DaysForm(SubjectForm):
    """When somebody is at work."""

    SETTINGS = (Setting.ZONE, Setting.HOLIDAYS, Setting.OWN_DAYS, Setting.WORKING_WEEK, Setting.OFFICE_HOURS)
    zone = SelectField(SETTING_LABELS[Setting.ZONE])
    country = SelectField(_l("Country"))
    # Its choices follow the country, which is chosen in the same form: `validate_region` decides.
    region = SelectField(_l("Region"), validate_choice=False)
    own_days = TextAreaField(_l("One day a line"), [at_most(MAX_TEXT_LENGTH)])
    week = SelectMultipleField(
        SETTING_LABELS[Setting.WORKING_WEEK], [required(_l("Please keep at least one day."))], coerce=int
    )
    office_start = _time(_l("Office hours begin"))
    office_end = _time(_l("Office hours end"))

    def __init__(self, stored: dict[Setting, Any]) -> None:
        self._days: list[dict[str, str]] = []
        super().__init__(stored)
        zones = {name for name in available_timezones() if name.split("/")[0] in _PARTS_OF_THE_WORLD} | {
            "UTC",
            company_zone(),
        }
        self.zone.choices = options([(name, name.replace("_", " ").replace("/", ", ")) for name in sorted(zones)])
        named = sorted((country_name(code), code) for code in countries())
        self.country.choices = options([("", _("None: only weekends")), *((code, name) for name, code in named)])
        self.week.choices = options([(number, str(label)) for number, label in enumerate(WEEKDAYS)])
        regions = regions_of(self.country.data or "")
        self.region.choices = options([("", _("The whole country")), *regions.items()])
        if self.region.data not in regions:
            self.region.data = ""

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        return {
            "zone": stored[Setting.ZONE] or company_zone(),
            "country": stored[Setting.HOLIDAYS]["country"],
            "region": stored[Setting.HOLIDAYS]["region"],
            "own_days": own_days_text(stored[Setting.OWN_DAYS]),
            "week": stored[Setting.WORKING_WEEK],
            "office_start": time.fromisoformat(stored[Setting.OFFICE_HOURS]["start"]),
            "office_end": time.fromisoformat(stored[Setting.OFFICE_HOURS]["end"]),
        }

    def validate_own_days(self, field: TextAreaField) -> None:
        try:
            self._days = own_days_from(field.data or "")
        except InvalidDays as error:
            raise ValidationError(error.message) from error

    def validate_office_end(self, field: TimeField) -> None:
        if self.office_start.data and field.data and field.data <= self.office_start.data:
            raise ValidationError(_("The end comes after the beginning, on the same day."))

    def values(self) -> dict[Setting, Any]:
        return {
            Setting.ZONE: self.zone.data,
            Setting.HOLIDAYS: {"country": self.country.data, "region": self.region.data},
            Setting.OWN_DAYS: self._days,
            Setting.WORKING_WEEK: sorted(set(self.week.data or ())),
            Setting.OFFICE_HOURS: _hours(self.office_start, self.office_end),
        }


class MailForm(SubjectForm):
    """When and how often people hear from the company."""

    SETTINGS = (Setting.QUIET_HOURS, Setting.CONTACT_BUDGET, Setting.UNDO_MINUTES)
    quiet_start = _time(_l("Quiet hours begin"))
    quiet_end = _time(_l("Quiet hours end"))
    community_per_month = whole_number(_l("Community messages in a month"), 0, 31)
    check_in_days = whole_number(_l("Days between two check-ins"), 1, 3650)
    undo_minutes = whole_number(_l("Minutes to undo a change"), 0, 120)

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        return {
            "quiet_start": time.fromisoformat(stored[Setting.QUIET_HOURS]["start"]),
            "quiet_end": time.fromisoformat(stored[Setting.QUIET_HOURS]["end"]),
            "undo_minutes": stored[Setting.UNDO_MINUTES],
            **stored[Setting.CONTACT_BUDGET],
        }

    def values(self) -> dict[Setting, Any]:
        return {
            Setting.QUIET_HOURS: _hours(self.quiet_start, self.quiet_end),
            Setting.CONTACT_BUDGET: {
                "community_per_month": self.community_per_month.data,
                "check_in_days": self.check_in_days.data,
            },
            Setting.UNDO_MINUTES: self.undo_minutes.data,
        }


class PaceForm(SubjectForm):
    """How soon candidates hear from somebody again."""

    SETTINGS = (Setting.PACE,)
    received = whole_number(PACE_LABELS["received"], 1, 60)
    in_review = whole_number(PACE_LABELS["in_review"], 1, 60)
    interviewing = whole_number(PACE_LABELS["interviewing"], 1, 60)
    decision_pending = whole_number(PACE_LABELS["decision_pending"], 1, 60)
    offer_made = whole_number(PACE_LABELS["offer_made"], 1, 60)

    def shown(self, stored: dict[Setting, Any]) -> dict[str, Any]:
        return dict(stored[Setting.PACE])

    def values(self) -> dict[Setting, Any]:
        return {Setting.PACE: {key: self[key].data for key in PACE_LABELS}}


def text_of(field: TextAreaField) -> str:
    """What was typed, as it is stored."""
    return (field.data or "").strip().replace("\r\n", "\n")


def _hours(start: TimeField, end: TimeField) -> dict[str, str]:
    return {key: (field.data or time()).strftime("%H:%M") for key, field in (("start", start), ("end", end))}
