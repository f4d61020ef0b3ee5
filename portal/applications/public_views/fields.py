"""What is asked of somebody who applies: the same of everybody, and the opening's own questions."""

from collections.abc import Mapping, Sequence
from typing import Any, cast

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, HiddenField, RadioField, StringField, TextAreaField
from wtforms.validators import Optional, ValidationError

from portal.accounts.rules import clean_code
from portal.applications.rules import clean_text
from portal.applications.rules.applying import (
    COVER_NOTE_LENGTH,
    LONG_ANSWER_LENGTH,
    NO,
    PHONE_LENGTH,
    SHORT_ANSWER_LENGTH,
    YES,
    Answer,
    Sent,
    answers_from,
)
from portal.applications.rules.documents import MAX_CV
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.openings.rules import Question
from portal.openings.states import QuestionKind
from portal.people.rules import clean_line, clean_name, normalise_address
from portal.web.forms import CleanedField, Form, HumanForm, at_most, options, required

_QUESTION = "question-"
_REQUIRED = required(_l("Please answer this question."))


class OwnForm(Form):
    """Applying, for somebody who is signed in."""

    name = CleanedField(_l("Your name"), [required(_l("Please tell us what to call you."))], clean=clean_name)
    phone = StringField(_l("Telephone"), [at_most(PHONE_LENGTH)])
    #: These two come after the opening's questions, as on the page: errors are listed in this order.
    cover_note: TextAreaField
    cv: FileField


class StrangerForm(HumanForm):
    """Applying, for somebody whom we write to first."""

    name = CleanedField(_l("Your name"), [required(_l("Please tell us what to call you."))], clean=clean_name)
    email = CleanedField(
        _l("E-mail"), [required(_l("Please enter your e-mail address."))], clean=normalise_address, kind="email"
    )
    phone = StringField(_l("Telephone"), [at_most(PHONE_LENGTH)])
    cover_note: TextAreaField
    cv: FileField
    #: What the page knows, signed; see `kept`.
    kept = HiddenField()


class CodeForm(Form):
    """The six digits of the mail that sends an application."""

    code = StringField(_l("Code"), [required(_l("Please enter the six digits of the code.")), at_most(40)])

    def validate_code(self, field: StringField) -> None:
        field.data = clean_code(field.data or "")
        if not field.data:
            raise ValidationError(_("The code has six digits. You find it in the mail."))


def own_form(questions: Sequence[Question], typed: Mapping[str, str]) -> OwnForm:
    """The form with the opening's questions; `typed` is what stands in it to begin with."""
    made = type("OwnForm", (OwnForm,), _more_fields(questions))
    return cast(OwnForm, made(data=dict(typed)))


def stranger_form(questions: Sequence[Question], typed: Mapping[str, str] | None = None) -> StrangerForm:
    """The form with the opening's questions, as it was sent; where `typed` is given, that stands in it instead."""
    made = type("StrangerForm", (StrangerForm,), _more_fields(questions))
    if typed is None:
        return cast(StrangerForm, made())
    form = cast(StrangerForm, made(formdata=None, data=dict(typed)))
    form.stamp()
    return form


def _more_fields(questions: Sequence[Question]) -> dict[str, Any]:
    asked: dict[str, Any] = {_QUESTION + question.id: _field(question) for question in questions}
    note, cv = TextAreaField(_l("Cover note"), [at_most(COVER_NOTE_LENGTH)]), FileField(_l("CV"))
    return asked | {"cover_note": note, "cv": cv}


def answers_typed(answers: Sequence[Answer]) -> dict[str, str]:
    """Answers that were sent, by the fields in which they stood."""
    return {_QUESTION + one.question_id: one.answer for one in answers}


def _field(question: Question) -> Any:
    needed: list[Any] = [_REQUIRED] if question.is_required else [Optional()]
    if question.kind is QuestionKind.SHORT_TEXT:
        return StringField(question.words, [*needed, at_most(SHORT_ANSWER_LENGTH)])
    if question.kind is QuestionKind.LONG_TEXT:
        return TextAreaField(question.words, [*needed, at_most(LONG_ANSWER_LENGTH)])
    choices = [(one, one) for one in question.choices]
    if question.kind is QuestionKind.YES_NO:
        choices = [(YES, _("Yes")), (NO, _("No"))]
    return RadioField(question.words, needed, choices=options(choices))


def field_of(form: Form, question: Question) -> Field:
    """The field in which `question` is answered."""
    return cast(Field, form[_QUESTION + question.id])


def typed_in(form: Form) -> dict[str, str]:
    """What stands in the fields, as it is kept with a draft; no file, and nothing of ours."""
    return {
        field.name: str(getattr(field, "typed", field.data) or "")
        for field in form
        if field.name in {"name", "phone", "cover_note"} or field.name.startswith(_QUESTION)
    }


def sent_in(form: OwnForm | StrangerForm, questions: Sequence[Question]) -> Sent:
    """What is sent to apply."""
    given = {one.id: clean_text(str(field_of(form, one).data or "")) for one in questions}
    return Sent(
        name=form.name.data or "",
        phone=clean_line(form.phone.data or ""),
        cover_note=clean_text(form.cover_note.data or ""),
        answers=answers_from(questions, given),
    )


def wrong_so_far(form: Form) -> dict[str, list[str]]:
    """What is wrong with what was typed, by field; what is still missing is not wrong in a draft."""
    return {
        field.name: [str(error) for error in field.errors]
        for field in form
        if field.errors and str(field.data or "").strip() and not isinstance(field.data, FileStorage)
    }


def upload_in(field: FileField) -> tuple[bytes, str] | None:
    """The file that came with the form, at most a byte more than is allowed, and its name; None when none did."""
    upload = field.data
    if not isinstance(upload, FileStorage) or not upload.filename:
        return None
    return upload.stream.read(MAX_CV + 1), upload.filename
