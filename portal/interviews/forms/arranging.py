"""What a colleague fills in to propose an interview, to move it, to change it, to call it off and to close it."""

import hashlib
from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from wtforms import DateField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import NumberRange, Optional

from portal.applications.rules import MESSAGE_LENGTH, REASON_LENGTH
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.arranging import (
    LONGEST,
    PHONE_LENGTH,
    PLACE_LENGTH,
    SHORTEST,
    TEXT_LENGTH,
    TITLE_LENGTH,
    ArrangementRefused,
    Details,
    Said,
    usual_reason,
)
from portal.interviews.rules.times import TimesRefused
from portal.interviews.states import FORMAT_LABELS, InterviewFormat, InterviewState
from portal.people.queries import StaffRow
from portal.web.forms import Form, MultipleBoxes, at_most, options, required

_MINUTES: Final = 45
#: Fewer than what a page can be asked to read: ten lines of times.
_TIMES_LENGTH: Final = 2000


class WordForm(Form):
    """What the candidate reads of it, and by when they hear next."""

    #: What stands above all else on the page.
    FIRST: tuple[str, ...] = ()
    _LAST: Final = ("message", "next_update_by", "date_reason")
    #: By WTForms: all fields by name, in their order.
    _fields: dict[str, Any]

    message = TextAreaField(_l("What you write to them"), [at_most(MESSAGE_LENGTH)])
    next_update_by = DateField(_l("By when they hear from us next"), [Optional()])
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    #: When the interview was changed last before this page was made.
    seen = HiddenField()
    #: What was pointed out on the page already.
    pointed_out = HiddenField()

    def __init__(self, **values: Any) -> None:
        super().__init__(**values)
        # As on the page: what is wrong is named in this order.
        between = [name for name in self._fields if name not in {*self.FIRST, *self._LAST}]
        self._fields = {name: self._fields[name] for name in (*self.FIRST, *between, *self._LAST)}

    @property
    def said(self) -> Said:
        """What was typed."""
        return Said(self.message.data or "", self.next_update_by.data, self.date_reason.data or "")

    @property
    def seen_at(self) -> datetime | None:
        """When it was changed last before the page was made; None for what is no instant."""
        try:
            at = datetime.fromisoformat(self.seen.data or "")
        except ValueError:
            return None
        return at if at.tzinfo is not None else None

    def is_new(self, found: Sequence[str]) -> bool:
        """Whether something in `found` was not pointed out on this page yet; from now on it was."""
        mark = hashlib.sha256("\n".join(found).encode()).hexdigest()[:16] if found else ""
        before, self.pointed_out.data = self.pointed_out.data or "", mark
        return mark != before

    def refuse(self, error: ArrangementRefused) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field if error.field in self else "", error)

    def refuse_times(self, error: TimesRefused) -> None:
        """Show what is wrong with each line of times."""
        self["times"].errors = [*self["times"].errors, *error.messages]


class DetailsForm(WordForm):
    """What an interview is like, and who takes part."""

    title = StringField(_l("What it is called"), [required(), at_most(TITLE_LENGTH)])
    format = RadioField(_l("How you meet"), [required(_l("Please say how you meet."))])
    minutes = IntegerField(
        _l("How long, in minutes"),
        [
            required(_l("Please say how long it takes.")),
            NumberRange(SHORTEST, LONGEST, _l("Please choose between 5 minutes and 8 hours.")),
        ],
    )
    place = TextAreaField(
        _l("Where you meet"),
        [required(_l("Please say where you meet: an address, a number or a link.")), at_most(PLACE_LENGTH)],
    )
    about = TextAreaField(_l("What it is about"), [at_most(TEXT_LENGTH)])
    prepare = TextAreaField(_l("How to prepare"), [at_most(TEXT_LENGTH)])
    criteria = TextAreaField(_l("What you look at, one a line"), [at_most(TEXT_LENGTH)])
    panel = MultipleBoxes(_l("Who takes part"), [required(_l("Please choose who takes part."))])
    contact = SelectField(_l("Whom they can call on the day"), [required()])
    contact_phone = StringField(
        _l("Under which number"),
        [required(_l("Please give a number that is answered on the day.")), at_most(PHONE_LENGTH)],
    )

    def __init__(self, staff: Sequence[StaffRow], **data: object) -> None:
        self._ids = {row.public_id: row.person_id for row in staff}
        super().__init__(data=data)
        self.format.choices = options([(str(one), str(label)) for one, label in FORMAT_LABELS.items()])
        named = [(row.public_id, row.name or row.email) for row in staff]
        self.panel.choices = options(named)
        self.contact.choices = options(named)

    @property
    def details(self) -> Details:
        """What it is like."""
        return Details(
            title=self.title.data or "",
            format=InterviewFormat(self.format.data),
            minutes=self.minutes.data or 0,
            place=self.place.data or "",
            about=self.about.data or "",
            prepare=self.prepare.data or "",
            criteria=self.criteria.data or "",
            contact_phone=self.contact_phone.data or "",
        )

    @property
    def panel_ids(self) -> tuple[int, ...]:
        """Who takes part."""
        return tuple(sorted(self._ids[one] for one in self.panel.data or () if one in self._ids))

    @property
    def contact_id(self) -> int:
        """Whom they call; 0 for nobody we know."""
        return self._ids.get(self.contact.data or "", 0)


class ProposalForm(DetailsForm):
    """A proposal: what it is like, who takes part, the times, and what is written with them."""

    FIRST = ("times",)

    times = TextAreaField(
        _l("Times to choose from, one a line"),
        [required(_l("Please propose at least one time.")), at_most(_TIMES_LENGTH)],
    )
    #: Names the interview to be, so that a form that is sent twice proposes once.
    key = HiddenField()
    seen_event_id = HiddenField()

    def __init__(self, staff: Sequence[StaffRow], **data: object) -> None:
        known: dict[str, object] = {
            "format": str(InterviewFormat.VIDEO),
            "minutes": _MINUTES,
            "date_reason": usual_reason(),
            "title": _("Talk with the team"),
        }
        super().__init__(staff, **{**known, **data})
        self.message.validators = [*self.message.validators, required(_("Please write what the candidate will read."))]
        self.message.flags.required = True


def details_of(one: Arranged, staff: Sequence[StaffRow]) -> dict[str, object]:
    """What the fields of a `DetailsForm` hold to begin with."""
    public_ids = {row.person_id: row.public_id for row in staff}
    return {
        "title": one.title,
        "format": str(one.format),
        "minutes": one.minutes,
        "place": one.place,
        "about": one.about,
        "prepare": one.prepare,
        "criteria": one.criteria,
        "panel": [public_ids[staff_id] for staff_id in one.panel if staff_id in public_ids],
        "contact": public_ids.get(one.contact_id or 0, ""),
        "contact_phone": one.contact_phone,
    }


class MoveForm(WordForm):
    """Another time at once, or others to choose from."""

    SET, CHOOSE = "set", "choose"

    how = RadioField(_l("How the new time is found"), [required(_l("Please say how the new time is found."))])
    times = TextAreaField(
        _l("The new time, or times to choose from, one a line"),
        [required(_l("Please propose at least one time.")), at_most(_TIMES_LENGTH)],
    )

    def __init__(self, *, has_time: bool) -> None:
        super().__init__(data={"date_reason": usual_reason(), "how": self.CHOOSE})
        set_now = _("It moves to this time at once") if has_time else _("This is the time, as we agreed")
        self.how.choices = options([(self.CHOOSE, _("They choose from these times")), (self.SET, set_now)])
        self.message.validators = [*self.message.validators, required(_("Please write what the candidate will read."))]
        self.message.flags.required = True

    @property
    def is_set(self) -> bool:
        """Whether it is at the one time from now on."""
        return bool(self.how.data == self.SET)


class CallOffForm(WordForm):
    """Why it does not take place, in words for the candidate."""

    def __init__(self) -> None:
        super().__init__()
        self.message.validators = [*self.message.validators, required(_("Please write what the candidate will read."))]
        self.message.flags.required = True


class CloseForm(WordForm):
    """What became of it; words only where we were the ones who did not come."""

    outcome = RadioField(_l("What became of it"), [required(_l("Please say what became of it."))])

    def __init__(self, offered: Sequence[InterviewState], apology: str) -> None:
        super().__init__(data={"message": apology, "date_reason": usual_reason()})
        labels = {
            InterviewState.DONE: _("It took place"),
            InterviewState.MISSED_BY_THEM: _("They did not come"),
            InterviewState.MISSED_BY_US: _("We did not come"),
        }
        self.outcome.choices = options([(str(one), labels[one]) for one in labels if one in offered])


class ListForm(Form):
    """How the list of interviews is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    OWN, ALL = "own", "all"

    show = SelectField(_l("Which"))
    whose = SelectField(_l("Whose"))

    def __init__(self, shown: str, whose: str, counted: Sequence[tuple[str, str]]) -> None:
        """`counted`: the parts of the list, with how many stand in each."""
        super().__init__(formdata=None, data={"show": shown, "whose": whose})
        self.show.choices = options(counted)
        self.whose.choices = options([(self.OWN, _("Mine")), (self.ALL, _("Everybody's"))])
