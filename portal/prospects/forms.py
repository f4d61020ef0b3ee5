"""What is asked of a colleague who adds, invites, or looks at somebody without an opening."""

from collections.abc import Sequence
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

from flask import request
from wtforms import DateField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.company.rules import Area
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.notes.rules import BODY_LENGTH
from portal.people.rules import clean_line, clean_name, normalise_address
from portal.prospects.actions import Found
from portal.prospects.rules import NOTE_LENGTH, WORDS_LENGTH, checked_link
from portal.prospects.states import AMONG_LABELS, GROUND_LABELS, SOURCE_LABELS, Among, LegalGround, ProspectSource
from portal.web.forms import CleanedField, Form, MultipleBoxes, at_most, options, required

_Word = TypeVar("_Word", bound=StrEnum)


def _labelled(labels: dict[_Word, str]) -> list[Any]:
    return options([(str(word), str(label)) for word, label in labels.items()])


class ProspectForm(Form):
    """Who somebody is, where they were found, and why we may keep them for now."""

    name = CleanedField(_l("Name"), [required(_l("Please say what they are called."))], clean=clean_name)
    email = CleanedField(
        _l("E-mail"), [required(_l("Please give their address."))], clean=normalise_address, kind="email"
    )
    source = SelectField(_l("How they came to us"))
    source_note = CleanedField(
        _l("Where exactly, or through whom"),
        [required(_l("Please say where exactly: they will ask.")), at_most(NOTE_LENGTH)],
        clean=clean_line,
    )
    obtained_on = DateField(_l("On which day"), [required(_l("Please say on which day we got their address."))])
    ground = RadioField(_l("Why we may keep it for now"))
    areas = MultipleBoxes(_l("Areas they may fit"))
    link = CleanedField(_l("A public page that you looked at"), clean=checked_link)
    found_by = CleanedField(_l("How you found the page"), [at_most(NOTE_LENGTH)], clean=clean_line)
    note = TextAreaField(_l("Note for colleagues"), [at_most(BODY_LENGTH)])

    def __init__(self, areas: Sequence[Area], today: date, **rest: Any) -> None:
        super().__init__(
            data={"obtained_on": today, "ground": str(LegalGround.INTEREST), "source": str(ProspectSource.EVENT)},
            **rest,
        )
        self.source.choices, self.ground.choices = _labelled(SOURCE_LABELS), _labelled(GROUND_LABELS)
        self.areas.choices = options([(area.key, area.label) for area in areas])
        self.today = today

    def validate_obtained_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("This day has not come yet."))

    def validate_found_by(self, field: StringField) -> None:
        if self.link.data and not field.data:
            raise ValidationError(_("Please say how you found the page: they may read it."))

    @property
    def found(self) -> Found:
        """What was said; the form is valid."""
        return Found(
            email=self.email.data or "",
            name=self.name.data or "",
            source=ProspectSource(self.source.data),
            source_note=self.source_note.data or "",
            obtained_on=self.obtained_on.data or self.today,
            ground=LegalGround(self.ground.data),
            areas=tuple(self.areas.data or ()),
            note=(self.note.data or "").strip(),
            links=((self.link.data, self.found_by.data or ""),) if self.link.data else (),
            looked_on=self.today,
        )


class LinkForm(Form):
    """A public page about a person, how it was found, and when it was looked at."""

    link = CleanedField(
        _l("Address of the page"), [required(_l("Please give the address of the page."))], clean=checked_link
    )
    found_by = CleanedField(
        _l("How you found it"),
        [required(_l("Please say how you found it: they may read it.")), at_most(NOTE_LENGTH)],
        clean=clean_line,
    )
    looked_on = DateField(_l("Looked at on"), [required(_l("Please say on which day you looked at it."))])

    def __init__(self, today: date, **rest: Any) -> None:
        super().__init__(data={"looked_on": today}, **rest)
        self.today = today

    def validate_looked_on(self, field: DateField) -> None:
        if field.data and field.data > self.today:
            raise ValidationError(_("This day has not come yet."))


class InvitationForm(Form):
    """The words of an invitation, and whom the page showed."""

    words = TextAreaField(_l("Your words"), [required(_l("Please write something.")), at_most(WORDS_LENGTH)])
    seen = HiddenField()

    def __init__(self, words: str, public_ids: Sequence[str], **rest: Any) -> None:
        super().__init__(data={"words": words, "seen": " ".join(public_ids)}, **rest)

    @property
    def seen_ids(self) -> set[str]:
        """Public ids of those who stood on the page."""
        return set((self.seen.data or "").split())


class FilterForm(Form):
    """How the list is narrowed; it stands in the address."""

    class Meta(Form.Meta):
        csrf = False

    among = SelectField(_l("Show"), [Optional()])
    q = StringField(_l("Name, address or where from"))

    def __init__(self) -> None:
        super().__init__(formdata=request.args)
        self.among.choices = options([("", _("Everybody")), *((str(one), str(AMONG_LABELS[one])) for one in Among)])

    @property
    def wanted(self) -> Among | None:
        """The part of the list that is asked for; None: all of it, also where it makes no sense."""
        return Among(self.among.data) if self.among.data in set(Among) else None

    @property
    def search(self) -> str:
        return (self.q.data or "").strip()[:100]
