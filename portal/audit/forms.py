"""How the audit log is narrowed."""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flask import request
from wtforms import DateField, SelectField, StringField
from wtforms.validators import Optional

from portal.audit.queries import Actor
from portal.audit.rules import action_words
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import reader
from portal.web.forms import Form, options

_LONGEST = 200
_SYSTEM = "system"


class AuditForm(Form):
    """Who, what, about whom, and when; it stays in the URL. What cannot be read narrows nothing and says so."""

    class Meta(Form.Meta):
        csrf = False

    who = SelectField(_l("Who did it"), [Optional()], validate_choice=False)
    action = SelectField(_l("What was done"), [Optional()], validate_choice=False)
    about = StringField(_l("About whom or what"))
    since = DateField(_l("From"), [Optional()])
    until = DateField(_l("Until"), [Optional()])

    def __init__(self, actors: Sequence[Actor], actions: Sequence[str]) -> None:
        super().__init__(formdata=request.args)
        unnamed = _("Somebody without a name")
        staff = [(actor.public_id, actor.name or unnamed) for actor in actors]
        self.who.choices = options([("", _("Anybody")), (_SYSTEM, _("The system")), *staff])
        self.action.choices = options(
            [("", _("Anything")), *sorted(((one, action_words(one)) for one in actions), key=_words)]
        )
        self._ids = {actor.public_id: actor.person_id for actor in actors}
        self._known = set(actions)
        self.validate()

    @property
    def is_empty(self) -> bool:
        return not any(field.raw_data and field.raw_data[0] for field in self)

    @property
    def is_by_system(self) -> bool:
        return bool(self.who.data == _SYSTEM)

    @property
    def actor_id(self) -> int | None:
        """The member of staff chosen; None for anybody, or for somebody we do not know."""
        return self._ids.get(self.who.data or "")

    @property
    def chosen_action(self) -> str:
        return self.action.data if self.action.data in self._known else ""

    @property
    def about_text(self) -> str:
        """What was typed, white space folded."""
        return " ".join((self.about.data or "").split())[:_LONGEST]

    @property
    def starts_at(self) -> datetime | None:
        """The beginning of the first day on the reader's clock."""
        return _midnight(self.since.data)

    @property
    def ends_at(self) -> datetime | None:
        """The end of the last day on the reader's clock."""
        last = self.until.data
        return _midnight(last + timedelta(days=1)) if last is not None and last < date.max else None


def _midnight(day: date | None) -> datetime | None:
    # Year 1 and its neighbours cannot be moved to another zone; nothing was recorded then.
    return datetime.combine(day, time(), ZoneInfo(reader().zone)) if day is not None and day.year > 1 else None


def _words(choice: tuple[str, str]) -> str:
    return choice[1].casefold()
