"""What a recruiter fills in to move an application and write to the candidate, and how lists are narrowed."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum

from flask import request
from wtforms import BooleanField, DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.applications.queries import Choice, KeptDraft, StaffFilter
from portal.applications.rules import MESSAGE_LENGTH, REASON_LENGTH, TOLD_CHANNELS, Proposal, ProposalRefused
from portal.applications.states import ENDINGS, STATUS_LABELS, STEPS, ApplicationStatus, Channel
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.people.queries import StaffRow
from portal.web.forms import Form, at_most, options, required
from portal.web.long_select import LongSelect

_ANY = ""
_SEARCH_LENGTH = 200


class When(StrEnum):
    """How the next date is said, besides a count of working days."""

    KEEP = "keep"
    OTHER = "other"


class DayForm(Form):
    """By when they hear from us next: a count of working days, the day that was promised, or a day of one's own."""

    when = RadioField(_l("By when they hear from us next"), validators=[Optional()])
    next_update_by = DateField(_l("Another day"), [Optional()])

    def prepare_days(self, ahead: Sequence[tuple[int, date]], kept: date | None) -> None:
        """`ahead`: counts of working days from today with the day each leads to; `kept`: what can stay as promised."""
        self._days = {str(count): day for count, day in ahead}
        if kept is not None:
            self._days[When.KEEP] = kept

    def offer_days(self, ahead: Sequence[tuple[int, date]]) -> None:
        """Let the field `when` offer the days."""
        offers = []
        if When.KEEP in self._days:
            offers.append((str(When.KEEP), _("As promised: %(day)s", day=format_day(self._days[When.KEEP]))))
        for count, day in ahead:
            in_days = ngettext("In %(count)s working day", "In %(count)s working days", count)
            offers.append((str(count), _("%(in_days)s: %(day)s", in_days=in_days, day=format_day(day))))
        self.when.choices = options([*offers, (str(When.OTHER), _("Another day"))])

    @property
    def day(self) -> date | None:
        """The day that was meant: one that was typed counts before one that was offered."""
        return self.next_update_by.data or self._days.get(self.when.data or "")

    def refuse(self, error: ProposalRefused) -> None:
        """Show what a rule said beside the field it is about."""
        field = error.field if error.field in self else ""
        if field == "next_update_by" and self.when.data != When.OTHER and self.next_update_by.data is None:
            field = "when"
        self.put_error(field, error)


class LetterForm(DayForm):
    """Move and write: the new status, the words, the next date, all in one step."""

    status = SelectField(_l("Where it stands from now on"), [required()])
    message = TextAreaField(
        _l("What you write to them"),
        [required(_l("Please write what the candidate will read.")), at_most(MESSAGE_LENGTH)],
    )
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    seen_event_id = HiddenField()

    def __init__(
        self,
        status: ApplicationStatus,
        promised: date | None,
        ahead: Sequence[tuple[int, date]],
        today: date,
        draft: KeptDraft | None = None,
    ) -> None:
        """`ahead`: counts of working days from today with the day each leads to; `promised`: what was said last.

        `draft`: what the fields hold to begin with, from a letter that was taken back.
        """
        #: Whether the words of an ending wait, on the page where an application is ended.
        self.has_ending = draft is not None and draft.status in ENDINGS and status in STEPS
        draft = None if self.has_ending else draft
        self.draft = draft
        #: Whether it begins with words that nobody has typed.
        self.is_ready = False
        kept = promised if promised is not None and promised > today else None
        self.prepare_days(ahead, kept)
        data: dict[str, object] = {"status": str(status), "when": str(When.KEEP) if kept else None}
        super().__init__(data=data | (self._from(draft, today) if draft else {}))
        # What ends an open application has a page of its own: it needs a reason.
        offered = STEPS if status in STEPS else tuple(ApplicationStatus)
        self.status.choices = options([(str(one), str(STATUS_LABELS[one])) for one in offered])
        self.offer_days(ahead)

    def begin_with(self, words: str) -> None:
        """Let the letter begin with these words, which nobody has typed."""
        self.is_ready = True
        self.message.data = words

    def _from(self, draft: KeptDraft, today: date) -> dict[str, object]:
        """What a draft fills in; a day that has passed meanwhile is chosen anew."""
        values: dict[str, object] = {
            "status": str(draft.status),
            "message": draft.message,
            "date_reason": draft.date_reason,
        }
        day = draft.next_update_by
        if day is None or day < today:
            return values
        offered = next((key for key, one in self._days.items() if one == day), None)
        return values | ({"when": offered} if offered else {"when": str(When.OTHER), "next_update_by": day})

    @property
    def proposal(self) -> Proposal:
        """What was typed; an ending has no next date."""
        status = ApplicationStatus(self.status.data)
        day = None if status in ENDINGS else self.day
        return Proposal(status, self.message.data or "", day, self.date_reason.data or "")


class MoveForm(DayForm):
    """Move without a letter: the new status and the next date, told in the company's standard words."""

    status = SelectField(_l("Where it stands from now on"), [required()])
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    seen_event_id = HiddenField()

    def __init__(
        self, status: ApplicationStatus, promised: date | None, ahead: Sequence[tuple[int, date]], today: date
    ) -> None:
        kept = promised if promised is not None and promised > today else None
        self.prepare_days(ahead, kept)
        super().__init__(data={"status": str(status), "when": str(When.KEEP) if kept else None})
        self.status.choices = options([(str(one), str(STATUS_LABELS[one])) for one in STEPS])
        self.offer_days(ahead)

    @property
    def proposal(self) -> Proposal:
        """What was chosen."""
        return Proposal(ApplicationStatus(self.status.data), "", self.day, self.date_reason.data or "")


class DelayForm(DayForm):
    """It takes longer: the new day, and why, in words for the candidates."""

    date_reason = TextAreaField(
        _l("Why it takes longer"), [required(_l("Please say why. They will read it.")), at_most(REASON_LENGTH)]
    )
    #: Application and its newest event when the page was made, a pair a line.
    seen = HiddenField()

    def __init__(self, ahead: Sequence[tuple[int, date]]) -> None:
        self.prepare_days(ahead, None)
        super().__init__()
        self.offer_days(ahead)


class ToldForm(DayForm):
    """How a candidate was told whom no mail reached; `HERE` for nobody, so that the page tells them."""

    HERE = "here"

    how = RadioField(_l("How were they told?"), [required(_l("Please say how they were told."))])
    happened_on = DateField(_l("On which day"), [Optional()])
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])

    def __init__(self, letter_day: date | None, reason: str, ahead: Sequence[tuple[int, date]], today: date) -> None:
        """`letter_day`, `reason`: what the letter said that did not arrive."""
        kept = letter_day if letter_day is not None and letter_day >= today else None
        self.prepare_days(ahead, kept)
        super().__init__(data={"when": str(When.KEEP) if kept else None, "date_reason": reason})
        here = (self.HERE, _("Not yet: their page tells them"))
        self.how.choices = options([*((str(one), str(label)) for one, label in TOLD_CHANNELS.items()), here])
        self.offer_days(ahead)

    @property
    def channel(self) -> Channel | None:
        """How; None when the page tells them."""
        return None if self.how.data == self.HERE else Channel(self.how.data)


class FilterForm(Form):
    """How the list of applications is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name or address"))
    opening = SelectField(_l("Opening"), widget=LongSelect())
    status = SelectField(_l("Status"))
    owner = SelectField(_l("Looked after by"))
    promised = DateField(_l("Promised for"), [Optional()])
    due = BooleanField(_l("Only what is due"))
    waiting = BooleanField(_l("Only an automatic note so far"))

    def __init__(self, openings: Sequence[Choice], owners: Sequence[StaffRow]) -> None:
        super().__init__(formdata=request.args)
        self.opening.choices = options([(_ANY, _("All")), *((one.value, one.label) for one in openings)])
        self.status.choices = options(
            [(_ANY, _("All")), *((str(one), str(STATUS_LABELS[one])) for one in ApplicationStatus)]
        )
        self.owner.choices = options(
            [(_ANY, _("Everybody")), *((row.public_id, row.name or row.email) for row in owners)]
        )

    @property
    def wanted(self) -> StaffFilter:
        """What to show; a choice that does not exist narrows nothing."""
        return StaffFilter(
            q=" ".join((self.q.data or "").split())[:_SEARCH_LENGTH],
            opening=_known(self.opening),
            status=_known(self.status),
            owner=_known(self.owner),
            promised=self.promised.data,
            is_due_only=bool(self.due.data),
            is_noted_only=bool(self.waiting.data),
        )


def _known(field: SelectField) -> str:
    return field.data if field.data and any(one[0] == field.data for one in field.iter_choices()) else _ANY
