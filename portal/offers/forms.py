"""What a colleague fills in about an offer, and how a candidate answers one."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.offers.actions import After
from portal.offers.queries import SaidLine
from portal.offers.rules import (
    ANSWER_LENGTH,
    PHONE_LENGTH,
    REASON_LENGTH,
    TERMS_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    Answer,
    ProposalRefused,
    Terms,
)
from portal.offers.states import DECLINE_LABELS, DeclineReason
from portal.people.queries import StaffRow
from portal.web.forms import Form, at_most, options, required

_NOBODY = ""
#: Where an application can stand once its offer is taken back.
AFTERWARDS = (
    ApplicationStatus.DECISION_PENDING,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.IN_REVIEW,
)


class _WordForm(Form):
    """The words of a mail about an offer, and what the writer had before them."""

    words = TextAreaField(
        _l("What the mail says"),
        [required(_l("Please write what they will read in the mail.")), at_most(WORDS_LENGTH)],
    )
    seen_id = HiddenField()
    form_key = HiddenField()

    def __init__(self, seen_id: str, **rest: Any) -> None:
        data = {"seen_id": seen_id, "form_key": new_public_id(), **rest}
        super().__init__(data=data)

    def refuse(self, error: ProposalRefused) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field if error.field in self else "", error)

    def begin_anew(self, seen_id: str) -> None:
        """Something was said in between: sending it again means having seen that."""
        self.seen_id.data = seen_id


class OfferForm(_WordForm):
    """An offer, whole."""

    title = StringField(
        _l("The role, in one line"), [required(_l("Please say what the role is called.")), at_most(TITLE_LENGTH)]
    )
    terms = TextAreaField(_l("What you offer"), [required(_l("Please say what you offer.")), at_most(TERMS_LENGTH)])
    decide_by = DateField(_l("Decide by"), [required(_l("Please say by when they decide."))])
    short_reason = TextAreaField(_l("Why they have less than five working days"), [at_most(REASON_LENGTH)])
    contact = SelectField(_l("Who to talk to about it"), [required(_l("Please choose a colleague."))])
    contact_phone = StringField(
        _l("Their number"),
        [required(_l("Please give a number under which they can be reached.")), at_most(PHONE_LENGTH)],
    )

    def __init__(
        self, seen_id: str, colleagues: Sequence[StaffRow], begins: SaidLine | None, *, title: str, me: str, words: str
    ) -> None:
        """`begins`: what the fields hold to begin with; where there is none, `title`, `me` (a public id), `words`."""
        self._ids = {row.public_id: row.person_id for row in colleagues}
        super().__init__(seen_id, **self._data(begins, title, me, words))
        choices = [(row.public_id, row.name or row.email) for row in colleagues]
        self.contact.choices = options([(_NOBODY, _("Please choose")), *choices])

    def _data(self, begins: SaidLine | None, title: str, me: str, words: str) -> dict[str, object]:
        if begins is None:
            return {"title": title, "contact": me, "words": words}
        contact = next((key for key, person_id in self._ids.items() if person_id == begins.contact_id), _NOBODY)
        return {
            "title": begins.title,
            "terms": begins.terms,
            "decide_by": begins.decide_by,
            "short_reason": begins.short_reason,
            "contact": contact,
            "contact_phone": begins.contact_phone,
            "words": begins.words if begins.is_unsaid else words,
        }

    @property
    def offered(self) -> Terms:
        """The offer as it was filled in; only of a form that is complete."""
        if self.decide_by.data is None:
            raise ProposalRefused("decide_by", _("Please say by when they decide."))
        return Terms(
            self.title.data or "",
            self.terms.data or "",
            self.decide_by.data,
            self.short_reason.data or "",
            self._ids.get(self.contact.data or "", 0),
            self.contact_phone.data or "",
            self.words.data or "",
        )


class MoreTimeForm(_WordForm):
    """Until when they can decide now."""

    decide_by = DateField(_l("Decide by"), [required(_l("Please say until when they can decide."))])


class NoMoreTimeForm(_WordForm):
    """Why the day stays."""


class WithdrawForm(_WordForm):
    """Why we take the offer back, where the application stands then, and by when they hear next."""

    status = RadioField(_l("Where it stands from now on"), [required(_l("Please say where it stands then."))])
    next_update_by = DateField(
        _l("By when they hear from us next"), [required(_l("Please say by when they hear from us next."))]
    )
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])

    def __init__(self, seen_id: str, next_update_by: date) -> None:
        super().__init__(seen_id, status=str(ApplicationStatus.DECISION_PENDING), next_update_by=next_update_by)
        self.status.choices = options([(str(one), str(STATUS_LABELS[one])) for one in AFTERWARDS])

    @property
    def after(self) -> After:
        """Where it stands then."""
        return After(ApplicationStatus(self.status.data), self.next_update_by.data, self.date_reason.data or "")


class AcceptForm(Form):
    """A yes."""

    words = TextAreaField(_l("Anything you want to say or ask"), [at_most(ANSWER_LENGTH)])
    version_id = HiddenField()

    def __init__(self, version_id: str) -> None:
        super().__init__(data={"version_id": version_id})

    @property
    def answer(self) -> Answer:
        """The yes, and to what."""
        return Answer(self.version_id.data or "", self.words.data or "")


class DeclineForm(Form):
    """A no, and why, if they like."""

    reason = RadioField(_l("Why you decline"), [Optional()])
    words = TextAreaField(_l("In your own words"), [at_most(ANSWER_LENGTH)])
    version_id = HiddenField()

    def __init__(self, version_id: str) -> None:
        super().__init__(data={"version_id": version_id})
        self.reason.choices = options([(str(one), str(label)) for one, label in DECLINE_LABELS.items()])

    @property
    def answer(self) -> Answer:
        """The no, to what and why."""
        reason = DeclineReason(self.reason.data) if self.reason.data else None
        return Answer(self.version_id.data or "", self.words.data or "", reason)


class TimeForm(Form):
    """Until when somebody would like to decide: the button of a day that is offered, or a day of their own."""

    wanted_on = RadioField(_l("Until when would you like to decide?"), [Optional()], validate_choice=False)
    own_day = DateField(_l("Another day"), [Optional()])
    words = TextAreaField(_l("Anything you want to say about it"), [at_most(ANSWER_LENGTH)])

    def __init__(self, days: Sequence[date]) -> None:
        super().__init__()
        self._days = {day.isoformat(): day for day in days}
        offers = [(key, _("Until %(day)s", day=format_day(day))) for key, day in self._days.items()]
        self.wanted_on.choices = options(offers)

    @property
    def day(self) -> date | None:
        """The day that was meant: one that was typed counts before one that was offered."""
        return self.own_day.data or self._days.get(self.wanted_on.data or "")
