"""What is typed about updates: the draft, when it goes out, what was corrected, a reply, and how lists are narrowed."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any, Final

from flask import request
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField, TimeField
from wtforms.validators import InputRequired, Optional, ValidationError

from portal.company.rules import Area
from portal.conversations.rules import MESSAGE_LENGTH
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.people.rules import normalise_address
from portal.updates.queries import UpdateFilter
from portal.updates.rules import (
    BODY_LENGTH,
    LINE_LENGTH,
    SUMMARY_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    NoSuchTime,
    UpdateContent,
    instant_of,
)
from portal.updates.states import AUDIENCE_LABELS, KIND_LABELS, STATE_LABELS, Audience, UpdateKind, UpdateState
from portal.web.forms import CleanedField, Form, MultipleBoxes, at_most, options, required

_NOTHING: Final = ""
_SEARCH_LENGTH: Final = 200


def one_line(text: str) -> str:
    """`text` without line breaks and doubled spaces."""
    return " ".join(text.split())


def _number(text: str | None) -> int:
    """A revision as a page carries it; none that exists when the field was meddled with."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def _kinds() -> list[Any]:
    return options((str(kind), str(KIND_LABELS[kind])) for kind in UpdateKind)


class NewForm(Form):
    """A title, what it is about, and what to begin with."""

    title = CleanedField(_l("Title"), [required(_l("Please give it a title.")), at_most(TITLE_LENGTH)], clean=one_line)
    kind = SelectField(_l("What it is"))
    copy_of = SelectField(_l("Begin with"))
    #: The public id of what it begins: a second click begins nothing else.
    form_key = HiddenField()

    def __init__(self, earlier: Sequence[tuple[str, str]]) -> None:
        super().__init__(data={"copy_of": request.args.get("copy_of", ""), "form_key": new_public_id()})
        self.kind.choices = _kinds()
        copies = [(public_id, _("A copy of “%(title)s”", title=title)) for public_id, title in earlier]
        self.copy_of.choices = options([("", _("An empty page")), *copies])


class DraftForm(Form):
    """All that an update says and whom it is for; only the title is needed to save it."""

    title = CleanedField(_l("Title"), [required(_l("Please give it a title.")), at_most(TITLE_LENGTH)], clean=one_line)
    kind = SelectField(_l("What it is"))
    summary = TextAreaField(_l("Summary"), [at_most(SUMMARY_LENGTH)])
    body = TextAreaField(_l("Text"), [at_most(BODY_LENGTH)])
    source = StringField(_l("Where the figures come from"), [at_most(LINE_LENGTH)])
    source_on = DateField(_l("Of which day they are"), [Optional()])
    event_on = DateField(_l("Day of the event"), [Optional()])
    event_where = StringField(_l("When and where"), [at_most(LINE_LENGTH)])
    opening = SelectField(_l("The opening it is about"))
    audience = RadioField(_l("Whom it is for"))
    areas = MultipleBoxes(_l("Interests"))
    segment = SelectField(_l("Segment"))
    #: Which draft this was written over.
    revision = HiddenField()

    def __init__(
        self,
        content: UpdateContent,
        revision: int,
        *,
        areas: Sequence[Area],
        openings: Sequence[tuple[str, str]],
        segments: Sequence[tuple[str, str]],
        is_out: bool = False,
    ) -> None:
        """`content` is what the fields hold to begin with; the others are what can be chosen, by what stands for it.

        `is_out`: it is a correction, so whom it is for is decided already.
        """
        self._is_out = is_out
        super().__init__(data={**_fields_of(content), "revision": str(revision)})
        self.kind.choices = _kinds()
        self.opening.choices = options([(_NOTHING, _("None")), *_with(openings, content.opening)])
        self.audience.choices = options((str(one), str(AUDIENCE_LABELS[one])) for one in Audience)
        known = [(one.key, one.label) for one in areas]
        gone = [(key, key) for key in content.areas if key not in dict(known)]
        self.areas.choices = options([*known, *gone])
        self.segment.choices = options([(_NOTHING, _("None")), *_with(segments, content.segment)])

    def validate_audience(self, field: RadioField) -> None:
        """What was chosen below and would not count is said: otherwise it goes to more people than was meant."""
        if self._is_out:
            return
        if self.areas.data and field.data in {Audience.EVERYBODY, Audience.MEMBERS}:
            raise ValidationError(_("You ticked interests. Choose “Members with certain interests”, or untick them."))
        if self.segment.data and field.data != Audience.SEGMENT:
            raise ValidationError(_("You chose a segment below. Choose “A segment” here, or set it back to None."))

    @property
    def content(self) -> UpdateContent:
        """What was typed, tidied; only after the form was found valid."""
        return UpdateContent(
            title=self.title.data or "",
            kind=UpdateKind(self.kind.data),
            summary=one_line(self.summary.data or ""),
            body="\n".join(line.rstrip() for line in (self.body.data or "").splitlines()).strip(),
            source=one_line(self.source.data or ""),
            source_on=self.source_on.data,
            event_on=self.event_on.data,
            event_where=one_line(self.event_where.data or ""),
            opening=self.opening.data or "",
            audience=Audience(self.audience.data),
            areas=tuple(sorted(self.areas.data or ())),
            segment=self.segment.data or "",
        )

    @property
    def seen_revision(self) -> int:
        """The draft that the writer had before them."""
        return _number(self.revision.data)


def _with(offered: Sequence[tuple[str, str]], chosen: str) -> list[tuple[str, str]]:
    """What is offered, and what was chosen before although it is offered no more."""
    known = any(value == chosen for value, _label in offered)
    return [*offered, *([] if known or not chosen else [(chosen, _("One that is offered no more"))])]


def _fields_of(content: UpdateContent) -> dict[str, Any]:
    return {
        **vars(content),
        "kind": str(content.kind),
        "audience": str(content.audience),
        "areas": list(content.areas),
    }


class PublishForm(Form):
    """Publishing now what the page showed."""

    revision = HiddenField()

    def __init__(self, revision: int, **rest: Any) -> None:
        super().__init__(data={"revision": str(revision)}, **rest)

    @property
    def seen_revision(self) -> int:
        """The draft that was on the page."""
        return _number(self.revision.data)


class ScheduleForm(PublishForm):
    """Day and time at which it goes out, and on whose clocks."""

    on = DateField(_l("Day"), [InputRequired(_l("Please choose a day."))])
    at = TimeField(_l("Time"), [InputRequired(_l("Please choose a time."))])
    zone = SelectField(_l("On the clocks of"))

    def __init__(self, revision: int, zones: Sequence[str], **rest: Any) -> None:
        """`zones`: IANA names, the usual one first."""
        super().__init__(revision, **rest)
        self.zone.choices = options((zone, zone.replace("_", " ")) for zone in dict.fromkeys(zones))

    def instant(self, now: datetime) -> datetime | None:
        """When that is; None when it cannot be, which is said beside the day. Only after the form was found valid."""
        if self.on.data is None or self.at.data is None:
            return None
        try:
            return instant_of(self.on.data, self.at.data, self.zone.data, now)
        except NoSuchTime as error:
            self.put_error("on", error)
            return None


class CorrectForm(PublishForm):
    """What was corrected, as readers are told."""

    words = TextAreaField(
        _l("What was corrected"),
        [required(_l("Please say what was corrected: whoever read it before is told.")), at_most(WORDS_LENGTH)],
    )


class WithdrawForm(Form):
    """What its readers are told of why it is gone."""

    words = TextAreaField(_l("What its readers are told"), [at_most(WORDS_LENGTH)])


class StoryForm(Form):
    """Whose story it is."""

    address = CleanedField(
        _l("The member's address"),
        [required(_l("Please give the address that they use here."))],
        clean=normalise_address,
        kind="email",
    )


class ReplyForm(Form):
    """A reader's words to us about an update."""

    message = TextAreaField(
        _l("Your message"), [required(_l("Please write what you want to say.")), at_most(MESSAGE_LENGTH - 200)]
    )
    form_key = HiddenField()

    def __init__(self) -> None:
        super().__init__(data={"form_key": new_public_id()})


class FilterForm(Form):
    """How the list of updates is narrowed; it stays in the URL."""

    class Meta(Form.Meta):
        csrf = False

    q = StringField(_l("Title"))
    state = SelectField(_l("State"))

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        self.state.choices = options(
            [(_NOTHING, _("All")), *((str(one), str(STATE_LABELS[one])) for one in UpdateState)]
        )

    @property
    def wanted(self) -> UpdateFilter:
        """What to show; a choice that does not exist narrows nothing."""
        known = {str(one) for one in UpdateState}
        state = UpdateState(self.state.data) if self.state.data in known else None
        return UpdateFilter(q=one_line(self.q.data or "")[:_SEARCH_LENGTH], state=state)
