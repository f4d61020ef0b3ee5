"""What somebody writes in a conversation, and how the list of conversations is narrowed."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import request
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional

from portal.conversations.queries import KeptReply, LinkedApplication, ThreadFilter
from portal.conversations.rules import MESSAGE_LENGTH, REASON_LENGTH, ProposalRefused, Reply
from portal.core.i18n import format_day, ngettext
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.web.forms import Form, at_most, options, required

_NONE = ""
_KEEP, _OTHER = "keep", "other"
_MINE, _ALL = "mine", "all"
_WAITING = "waiting"
_SEARCH_LENGTH = 200


def _only_if(is_sent: bool) -> dict[str, Any]:
    """Lets a form look at what was sent only if that was this form."""
    return {} if is_sent else {"formdata": None}


class AskForm(Form):
    """A message of the person's own."""

    application = SelectField(_l("What it is about"))
    message = TextAreaField(
        _l("Your message"), [required(_l("Please write what you want to say.")), at_most(MESSAGE_LENGTH)]
    )
    form_key = HiddenField()

    def __init__(self, linked: Sequence[LinkedApplication], begins_with: str = "") -> None:
        """`begins_with`: the public id of the application that is chosen to begin with."""
        super().__init__(data={"application": begins_with, "form_key": new_public_id()})
        self.application.choices = options(
            [(_NONE, _("Nothing in particular")), *((one.public_id, one.opening_title) for one in linked)]
        )

    def refuse(self, error: ProposalRefused) -> None:
        """Show what a rule said beside the field it is about."""
        self.put_error(error.field, error)


class ReplyForm(Form):
    """What a colleague writes, what it is about, and by when the person hears next."""

    application = SelectField(_l("What it is about"))
    message = TextAreaField(
        _l("What you write to them"),
        [required(_l("Please write what you want to say.")), at_most(MESSAGE_LENGTH)],
    )
    when = RadioField(_l("By when they hear from us next"), validators=[Optional()])
    next_update_by = DateField(_l("Another day"), [Optional()])
    date_reason = TextAreaField(_l("Why the date is later than promised"), [at_most(REASON_LENGTH)])
    seen_id = HiddenField()
    form_key = HiddenField()

    def __init__(
        self,
        linked: Sequence[LinkedApplication],
        ahead: Sequence[tuple[int, date]],
        begins_with: str,
        draft: KeptReply | None,
        today: date,
        *,
        is_sent: bool = True,
    ) -> None:
        """`ahead`: counts of working days with the day each leads to; `draft`: an answer that was taken back.

        `is_sent` False: what was sent, if anything, was another form of the page.
        """
        self.draft = draft
        self.has_applications = bool(linked)
        #: Whether there is a day that an answer could name.
        self.has_open_one = any(one.is_open for one in linked)
        self._days = {str(count): day for count, day in ahead}
        data: dict[str, object] = {"application": begins_with, "when": _KEEP, "form_key": new_public_id()}
        super().__init__(data=data | (self._from(draft, today) if draft else {}), **_only_if(is_sent))
        self.application.choices = options(
            [(_NONE, _("No application")), *((one.public_id, _choice(one)) for one in linked)]
        )
        self.when.choices = options(self._offers(ahead))

    def _from(self, draft: KeptReply, today: date) -> dict[str, object]:
        """What a draft fills in; a day that has passed meanwhile is chosen anew."""
        values: dict[str, object] = {
            "application": draft.application_public_id or _NONE,
            "message": draft.body,
            "date_reason": draft.date_reason,
        }
        day = draft.next_update_by
        if day is not None and day > today:
            values |= {"when": _OTHER, "next_update_by": day}
        return values

    def _offers(self, ahead: Sequence[tuple[int, date]]) -> list[tuple[str, str]]:
        offers = [(_KEEP, _("As promised before"))]
        for count, day in ahead:
            in_days = ngettext("In %(count)s working day", "In %(count)s working days", count)
            offers.append((str(count), _("%(in_days)s: %(day)s", in_days=in_days, day=format_day(day))))
        return [*offers, (_OTHER, _("Another day"))]

    @property
    def reply(self) -> Reply:
        """What was typed; a day that was typed counts before one that was offered."""
        day = self.next_update_by.data or self._days.get(self.when.data or "")
        return Reply(self.message.data or "", self.application.data or "", day, self.date_reason.data or "")

    @property
    def lacks_a_day(self) -> bool:
        """Whether another day was chosen and none typed."""
        return self.when.data == _OTHER and self.next_update_by.data is None

    def refuse(self, error: ProposalRefused) -> None:
        """Show what a rule said beside the field it is about."""
        field = error.field
        if field == "next_update_by" and self.when.data != _OTHER and self.next_update_by.data is None:
            field = "when"
        self.put_error(field, error)


def _choice(one: LinkedApplication) -> str:
    if not one.is_open or one.next_update_by is None:
        return _("%(title)s (ended)", title=one.opening_title)
    return _("%(title)s, promised for %(day)s", title=one.opening_title, day=format_day(one.next_update_by))


class NoAnswerForm(Form):
    """Why what waits needs no answer."""

    reason = StringField(
        _l("Why it needs no answer"),
        [
            required(_l("Please say in a few words why, so that colleagues need not guess.")),
            at_most(REASON_LENGTH),
        ],
    )
    seen_id = HiddenField(id="no-answer-seen")

    def __init__(self, seen_id: str, *, is_sent: bool = True) -> None:
        super().__init__(data={"seen_id": seen_id}, **_only_if(is_sent))


class ThreadFilterForm(Form):
    """How the list of conversations is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Name or address"))
    whose = SelectField(_l("Whose"))
    show = SelectField(_l("Show"))

    def __init__(self, own_id: int, begins_with_mine: bool) -> None:
        super().__init__(formdata=request.args)
        self._own_id = own_id
        self.whose.choices = options([(_MINE, _("Mine")), (_ALL, _("Everybody's"))])
        self.show.choices = options([(_ALL, _("All")), (_WAITING, _("Those that wait for an answer"))])
        if self.whose.data not in {_MINE, _ALL}:
            self.whose.data = _MINE if begins_with_mine else _ALL
        if self.show.data not in {_ALL, _WAITING}:
            self.show.data = _ALL

    @property
    def wanted(self) -> ThreadFilter:
        """What to show; a choice that does not exist narrows nothing."""
        return ThreadFilter(
            q=" ".join((self.q.data or "").split())[:_SEARCH_LENGTH],
            owner_id=self._own_id if self.whose.data == _MINE else None,
            is_waiting_only=self.show.data == _WAITING,
        )
