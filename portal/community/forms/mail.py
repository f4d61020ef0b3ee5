"""How often and when a person wants mail."""

from collections.abc import Collection
from datetime import date, timedelta
from typing import Any

from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, TimeField
from wtforms.validators import Optional

from portal.community.forms.offered import NOT_SAID
from portal.company.rules import Hours
from portal.contact.rules import RHYTHM_LABELS, TOPICS_WITH_RHYTHM, Preferences
from portal.contact.states import Purpose, Rhythm
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, options

_UNTIL, _OPEN, _OWN = "until", "open", "own"
_PAUSES = (
    (NOT_SAID, _l("No pause")),
    (_UNTIL, _l("Until a day")),
    (_OPEN, _l("Until I end it")),
)
_QUIET = ((NOT_SAID, _l("At the usual hours")), (_OWN, _l("At my own hours")))
_LONGEST_PAUSE = timedelta(days=730)


class MailChoices(Form):
    """How often and when a person wants mail; every field may stay as it is."""

    rhythm_insider_updates = SelectField(_l("How often insider updates?"), [Optional()], default=NOT_SAID)
    rhythm_job_alerts = SelectField(_l("How often job alerts?"), [Optional()], default=NOT_SAID)
    rhythm_events = SelectField(_l("How often invitations to events?"), [Optional()], default=NOT_SAID)
    pause = RadioField(_l("A pause from all of it?"), [Optional()], default=NOT_SAID)
    pause_until = DateField(_l("First day of mail after the pause"), [Optional()])
    quiet = RadioField(_l("When shall we leave you in peace?"), [Optional()], default=NOT_SAID)
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
    kept: dict[str, Any] = {f"rhythm_{p}": str(chosen.rhythms.get(p, NOT_SAID)) for p in TOPICS_WITH_RHYTHM}
    is_paused = chosen.is_paused_on(today)
    pause = (_UNTIL if chosen.paused_until_on else _OPEN) if is_paused else NOT_SAID
    kept |= {"pause": pause, "pause_until": chosen.paused_until_on if is_paused else None}
    kept["surveys"] = not chosen.is_without_surveys
    quiet = (chosen.quiet.start, chosen.quiet.end) if chosen.quiet else (None, None)
    return kept | {"quiet": _OWN if chosen.quiet else NOT_SAID, "quiet_from": quiet[0], "quiet_until": quiet[1]}


def _rhythm_choices(purpose: Purpose) -> list[tuple[str, str]]:
    is_daily = purpose is Purpose.JOB_ALERTS
    usual = _("At most once a day") if is_daily else _("Now and then")
    rhythms = [rhythm for rhythm in Rhythm if not is_daily or rhythm is not Rhythm.AS_IT_HAPPENS]
    return [(NOT_SAID, usual), *((str(rhythm), str(RHYTHM_LABELS[rhythm])) for rhythm in rhythms)]


def pause_in_words(is_paused: bool, until: date | None) -> str:
    """A pause from mail, as its page says it."""
    if until is not None:
        return _("a pause until %(day)s", day=format_day(until))
    return str(dict(_PAUSES)[_OPEN if is_paused else NOT_SAID])


def quiet_in_words(quiet: Hours | None) -> str:
    """Somebody's own quiet hours, or that they are the usual ones."""
    return f"{quiet.start:%H:%M} – {quiet.end:%H:%M}" if quiet else str(_QUIET[0][1])
