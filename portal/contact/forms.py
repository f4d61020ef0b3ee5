"""What can be asked for by a link from a mail: only ever less."""

from collections.abc import Collection
from datetime import date
from typing import Any, Final

from wtforms import RadioField
from wtforms.validators import Optional

from portal.contact.rules import (
    RHYTHM_LABELS,
    STOP_SURVEYS,
    TOPICS_WITH_RHYTHM,
    WITHDRAW_WORDS,
    Less,
    Preferences,
    months_after,
    slower_choices,
)
from portal.contact.states import Purpose, Rhythm
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.web.forms import Form, MultipleBoxes, options

_SURVEYS: Final = "surveys"
_OPEN: Final = "open"
_AS_IT_IS: Final = ""
_PAUSES: Final = (
    (_AS_IT_IS, _l("No pause")),
    ("1", _l("For a month")),
    ("3", _l("For three months")),
    (_OPEN, _l("Until I end it")),
)


class LessForm(Form):
    """Topics to stop, slower rhythms, a pause; nothing comes ticked, and nothing here lets us write more."""

    stop = MultipleBoxes(_l("What shall we stop?"))
    rhythm_insider_updates = RadioField(_l("How often insider updates?"), [Optional()], default=_AS_IT_IS)
    rhythm_job_alerts = RadioField(_l("How often job alerts?"), [Optional()], default=_AS_IT_IS)
    rhythm_events = RadioField(_l("How often invitations to events?"), [Optional()], default=_AS_IT_IS)
    pause = RadioField(_l("A pause from all of it?"), [Optional()], default=_AS_IT_IS)

    def __init__(self, given: Collection[Purpose], chosen: Preferences, **rest: Any) -> None:
        super().__init__(**rest)
        topics = [(str(purpose), str(WITHDRAW_WORDS[purpose])) for purpose in Purpose if purpose in given]
        surveys = [] if chosen.is_without_surveys else [(_SURVEYS, str(STOP_SURVEYS))]
        self.stop.choices = options(topics + surveys)
        self.pause.choices = options(_PAUSES)
        for purpose in TOPICS_WITH_RHYTHM:
            slower = slower_choices(purpose, chosen.rhythms) if purpose in given else []
            if slower:
                words = [(str(rhythm), str(RHYTHM_LABELS[rhythm])) for rhythm in slower]
                self[_rhythm_of(purpose)].choices = options([(_AS_IT_IS, _("As it is now")), *words])
            else:
                del self[_rhythm_of(purpose)]
        if not given or (chosen.is_paused and chosen.paused_until_on is None):
            del self.pause

    @property
    def rhythm_fields(self) -> list[RadioField]:
        """The topics that can come less often."""
        names = (_rhythm_of(purpose) for purpose in TOPICS_WITH_RHYTHM)
        return [self[name] for name in names if name in self]

    def less(self, today: date) -> Less:
        """What was asked for; a pause counts from `today`."""
        said = set(self.stop.data or [])
        return Less(
            stop=frozenset(Purpose(value) for value in said - {_SURVEYS}),
            rhythms={
                purpose: Rhythm(self[_rhythm_of(purpose)].data)
                for purpose in TOPICS_WITH_RHYTHM
                if _rhythm_of(purpose) in self and self[_rhythm_of(purpose)].data
            },
            pause=self._pause(today),
            is_without_surveys=_SURVEYS in said,
        )

    def _pause(self, today: date) -> tuple[bool, date | None]:
        said = self.pause.data if "pause" in self else _AS_IT_IS
        if not said:
            return (False, None)
        return (True, None if said == _OPEN else months_after(today, int(said)))


def _rhythm_of(purpose: Purpose) -> str:
    return f"rhythm_{purpose}"
