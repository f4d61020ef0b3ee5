"""What is asked of people who join, and of what they look for."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import Optional, ValidationError

from portal.accounts.rules import clean_code
from portal.community.adapters import places, skills
from portal.community.rules import (
    Choices,
    EntryTooLong,
    Folded,
    TooManyEntries,
    parts_of,
    places_from,
    skills_from,
)
from portal.community.states import CAREER_STAGE_LABELS, WORK_MODE_LABELS, CareerStage, WorkMode
from portal.company.rules import Area, Hours
from portal.contact.rules import PURPOSE_WORDS, RHYTHM_LABELS, TOPICS_WITH_RHYTHM, Preferences
from portal.contact.states import Purpose, Rhythm
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.rules import clean_name, normalise_address
from portal.web.forms import CleanedField, Form, HumanForm, MultipleBoxes, at_most, options, required

_MAX_TYPED = 6000
_NOT_SAID = ""
_UNTIL, _OPEN, _OWN = "until", "open", "own"
_PAUSES = (
    (_NOT_SAID, _l("No pause")),
    (_UNTIL, _l("Until a day")),
    (_OPEN, _l("Until I end it")),
)
_QUIET = ((_NOT_SAID, _l("At the usual hours")), (_OWN, _l("At my own hours")))
_LONGEST_PAUSE = timedelta(days=730)


def _choices_of(areas: list[Area]) -> list[tuple[str, str]]:
    return [(area.key, area.label) for area in areas]


def _words_of(purposes: Collection[Purpose]) -> list[tuple[str, str]]:
    return [(str(purpose), str(PURPOSE_WORDS[purpose])) for purpose in purposes]


class JoinForm(HumanForm):
    """Name, address, interests and two consents; none of the boxes comes ticked."""

    name = CleanedField(_l("Your name"), [required(_l("Please tell us what to call you."))], clean=clean_name)
    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter your e-mail address."))], clean=normalise_address, kind="email"
    )
    areas = MultipleBoxes(_l("What interests you?"))
    consents = MultipleBoxes(_l("What may we write to you about?"))

    def __init__(self, areas: list[Area], purposes: Collection[Purpose], **rest: Any) -> None:
        super().__init__(**rest)
        self.areas.choices = options(_choices_of(areas))
        self.consents.choices = options(_words_of(purposes))

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that were ticked."""
        return [Purpose(value) for value in self.consents.data or []]


class ConfirmCodeForm(Form):
    """The six digits of the mail that confirms an address."""

    code = StringField(_l("Code"), [required(_l("Please enter the six digits of the code.")), at_most(40)])

    def validate_code(self, field: StringField) -> None:
        field.data = clean_code(field.data or "")
        if not field.data:
            raise ValidationError(_("The code has six digits. You find it in the mail."))


class JoinSignedInForm(Form):
    """The two consents, for somebody who is signed in and joins."""

    consents = MultipleBoxes(_l("What may we write to you about?"))

    def __init__(self, purposes: Collection[Purpose], **rest: Any) -> None:
        super().__init__(prefix="join", **rest)
        self.consents.choices = options(_words_of(purposes))

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that were ticked."""
        return [Purpose(value) for value in self.consents.data or []]


class MailChoices(Form):
    """How often and when a person wants mail; every field may stay as it is."""

    rhythm_insider_updates = SelectField(_l("How often insider updates?"), [Optional()], default=_NOT_SAID)
    rhythm_job_alerts = SelectField(_l("How often job alerts?"), [Optional()], default=_NOT_SAID)
    rhythm_events = SelectField(_l("How often invitations to events?"), [Optional()], default=_NOT_SAID)
    pause = RadioField(_l("A pause from all of it?"), [Optional()], default=_NOT_SAID)
    pause_until = DateField(_l("First day of mail after the pause"), [Optional()])
    quiet = RadioField(_l("When shall we leave you in peace?"), [Optional()], default=_NOT_SAID)
    quiet_from = TimeField(_l("Quiet from"), [Optional()])
    quiet_until = TimeField(_l("Quiet until"), [Optional()])
    surveys = BooleanField(_l("After an application, ask me in a short survey how it went."))
    #: A mark for each answer that stood here when the page was made: only what was moved since is what they say.
    seen = HiddenField()

    def __init__(self, purposes: Collection[Purpose], chosen: Preferences, today: date, **rest: Any) -> None:
        super().__init__(**rest)
        self.today, self.chosen = today, chosen
        self.pause.choices, self.quiet.choices = options(_PAUSES), options(_QUIET)
        for purpose in TOPICS_WITH_RHYTHM:
            name = f"rhythm_{purpose}"
            if purpose in purposes:
                self[name].choices = options(_rhythm_choices(purpose))
            else:
                del self[name]
        if not purposes:
            del self.pause, self.pause_until

    @property
    def rhythm_fields(self) -> list[SelectField]:
        """The topics that come often enough to choose how often."""
        return [self[f"rhythm_{purpose}"] for purpose in TOPICS_WITH_RHYTHM if f"rhythm_{purpose}" in self]

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that a pause with an end has its day, and hours of their own have both ends."""
        is_valid: bool = super().validate(extra_validators)
        problems = [("pause_until", self._wrong_day()), ("quiet_from", self._wrong_hours())]
        for name, problem in problems:
            # What could not be read at all is said already.
            if problem and not self[name].errors:
                self[name].errors = [problem]
        return is_valid and not any(problem for _name, problem in problems)

    def _wrong_day(self) -> str:
        if "pause" not in self:
            return ""
        day = self.pause_until.data
        if self.pause.data != _UNTIL:
            # A day alone would be forgotten in silence; the one that is saved may stay, its pause just ends.
            is_new = day is not None and day != self.chosen.paused_until_on
            return _("Choose “Until a day” as well, or empty this field.") if is_new else ""
        if day is None:
            return _("Please say on which day mail may come again.")
        if not self.today < day <= self.today + _LONGEST_PAUSE:
            return _("Please choose a day after today, within the next two years.")
        return ""

    def _wrong_hours(self) -> str:
        start, end = self.quiet_from.data, self.quiet_until.data
        if self.quiet.data != _OWN:
            saved = (self.chosen.quiet.start, self.chosen.quiet.end) if self.chosen.quiet else (None, None)
            is_new = (start, end) not in {saved, (None, None)}
            return _("Choose “At my own hours” as well, or empty both fields.") if is_new else ""
        if start is None or end is None:
            return _("Please say from when to when, for example 22:00 to 07:00.")
        if start == end:
            return _("Please choose two different times.")
        return ""

    def said_of_mail(self) -> dict[str, Any]:
        """What stands here about mail, by part; nothing of what was not asked."""
        said: dict[str, Any] = {field.name: Rhythm(field.data) if field.data else None for field in self.rhythm_fields}
        if "pause" in self:
            said["pause"] = (bool(self.pause.data), self.pause_until.data if self.pause.data == _UNTIL else None)
        start, end = self.quiet_from.data, self.quiet_until.data
        said["quiet"] = None
        if self.quiet.data == _OWN and start is not None and end is not None:
            said["quiet"] = Hours(start, end)
        return said | {"surveys": bool(self.surveys.data)}


def mail_choices_of(chosen: Preferences, today: date) -> dict[str, Any]:
    """What a person chose about mail, as the form has it on `today`: a pause that is over is none."""
    kept: dict[str, Any] = {f"rhythm_{p}": str(chosen.rhythms.get(p, _NOT_SAID)) for p in TOPICS_WITH_RHYTHM}
    is_paused = chosen.is_paused_on(today)
    pause = (_UNTIL if chosen.paused_until_on else _OPEN) if is_paused else _NOT_SAID
    kept |= {"pause": pause, "pause_until": chosen.paused_until_on if is_paused else None}
    kept["surveys"] = not chosen.is_without_surveys
    quiet = (chosen.quiet.start, chosen.quiet.end) if chosen.quiet else (None, None)
    return kept | {"quiet": _OWN if chosen.quiet else _NOT_SAID, "quiet_from": quiet[0], "quiet_until": quiet[1]}


def _rhythm_choices(purpose: Purpose) -> list[tuple[str, str]]:
    is_daily = purpose is Purpose.JOB_ALERTS
    usual = _("At most once a day") if is_daily else _("Now and then")
    rhythms = [rhythm for rhythm in Rhythm if not is_daily or rhythm is not Rhythm.AS_IT_HAPPENS]
    return [(_NOT_SAID, usual), *((str(rhythm), str(RHYTHM_LABELS[rhythm])) for rhythm in rhythms)]


class PreferencesForm(MailChoices):
    """What a person looks for, and what they want to hear; every field may stay empty."""

    career_stage = RadioField(_l("Are you looking for work?"), [Optional()])
    areas = MultipleBoxes(_l("What interests you?"))
    skills = TextAreaField(_l("What are you good at?"), [at_most(_MAX_TYPED)])
    places = TextAreaField(_l("Where would you work?"), [at_most(_MAX_TYPED)])
    work_modes = MultipleBoxes(_l("How would you like to work?"))
    consents = MultipleBoxes(_l("What may we write to you about?"))
    #: The boxes that came ticked with the page: what was moved since is what the person says.
    consents_shown = HiddenField()

    def __init__(
        self,
        areas: list[Area],
        purposes: Collection[Purpose],
        locale: str,
        *,
        chosen: Preferences,
        today: date,
        has_stage: bool,
        **rest: Any,
    ) -> None:
        super().__init__(purposes, chosen, today, **rest)
        self.areas.choices = options(_choices_of(areas))
        self.consents.choices = options(_words_of(purposes))
        self.work_modes.choices = options([(str(mode), str(WORK_MODE_LABELS[mode])) for mode in WorkMode])
        stages = [(str(stage), str(CAREER_STAGE_LABELS[stage])) for stage in CareerStage]
        self.career_stage.choices = options(
            [*stages, (_NOT_SAID, _("I would rather not say"))] if has_stage else stages
        )
        self.locale = locale
        self.chosen_skills: list[Folded] = []
        self.chosen_places: list[Folded] = []

    def validate_skills(self, field: TextAreaField) -> None:
        try:
            self.chosen_skills = skills_from(field.data or "", skills())
        except (TooManyEntries, EntryTooLong) as error:
            raise ValidationError(error.message) from error

    def validate_places(self, field: TextAreaField) -> None:
        try:
            self.chosen_places = places_from(field.data or "", places(self.locale))
        except (TooManyEntries, EntryTooLong) as error:
            raise ValidationError(error.message) from error

    def said(self) -> dict[str, Any]:
        """What stands on the page, by part as in `rules.parts_of`."""
        return {
            "career_stage": CareerStage(self.career_stage.data) if self.career_stage.data else None,
            "areas": tuple(self.areas.data or ()),
            "skills": tuple(self.chosen_skills),
            "places": tuple(self.chosen_places),
            "work_modes": tuple(WorkMode(value) for value in self.work_modes.data or ()),
            **self.said_of_mail(),
        }

    @property
    def purposes(self) -> list[Purpose]:
        """The consents that are ticked."""
        return [Purpose(value) for value in self.consents.data or []]

    @property
    def purposes_shown(self) -> list[Purpose]:
        """The consents that were ticked when the page was made."""
        known = {str(purpose): purpose for purpose in Purpose}
        return [known[word] for word in (self.consents_shown.data or "").split() if word in known]


def kept_in_words(form: PreferencesForm, part: str, kept: Choices) -> str:
    """What is saved of one part of the page, as its reader would say it."""
    value = parts_of(kept)[part]
    if part in {"skills", "places"}:
        return "; ".join(entry.label for entry in value) or _("nothing")
    if part == "pause":
        return _pause_in_words(*value)
    if part == "quiet":
        return f"{value.start:%H:%M} – {value.end:%H:%M}" if value else str(_QUIET[0][1])
    if part == "surveys":
        return _("yes") if value else _("no")
    chosen = {str(one) for one in (value if isinstance(value, tuple) else (value or _NOT_SAID,))}
    labels = [str(choice[1]) for choice in form[part].iter_choices() if choice[0] in chosen]
    return ", ".join(labels) or _("nothing")


def _pause_in_words(is_paused: bool, until: date | None) -> str:
    if until is not None:
        return _("a pause until %(day)s", day=format_day(until))
    return str(dict(_PAUSES)[_OPEN if is_paused else _NOT_SAID])
