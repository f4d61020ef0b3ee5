"""The form in which a survey is written: its questions and their options are rows that need no script."""

import re
from collections.abc import Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, FieldList, FormField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.form import BaseForm

from portal.core.i18n import lazy_gettext as _l
from portal.surveys.rules.editing import (
    FEWEST_OPTIONS,
    HELP_LENGTH,
    MOST_OPTIONS,
    MOST_QUESTIONS,
    OPTION_LENGTH,
    TEXT_LENGTH,
    TITLE_LENGTH,
    WORDS_LENGTH,
    rearranged,
)
from portal.surveys.rules.questions import Content, Option, Question
from portal.surveys.states import CHOICES, KIND_LABELS, QuestionKind
from portal.web.forms import Form, at_most, options
from portal.web.kept_forms import kept_fields

#: What buttons that change the rows are called: "questions:add", "questions:up:2", "options:remove:2:0".
_DO: Final = re.compile(r"(questions|options):(add|up|down|remove)(?::(\d{1,2}))?(?::(\d{1,2}))?")
_Row = dict[str, Any]


class _Group(PlainForm):
    """One of several alike, inside a form that has the CSRF token."""

    class Meta(Form.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form around it was given, and nothing else."""
            return formdata


class OptionGroup(_Group):
    """One answer to choose from."""

    id = HiddenField()
    words = StringField(_l("Answer"), [at_most(OPTION_LENGTH)])


class QuestionGroup(_Group):
    """One question."""

    id = HiddenField()
    kind = SelectField(_l("How it is answered"), default=str(QuestionKind.LONG_TEXT))
    words = TextAreaField(_l("Question"), [at_most(WORDS_LENGTH)])
    help = TextAreaField(_l("A hint below it"), [at_most(HELP_LENGTH)])
    is_required = BooleanField(_l("Must be answered"))
    options = FieldList(FormField(OptionGroup), _l("Answers to choose from"), max_entries=MOST_OPTIONS)

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind.choices = _kinds()
        while self.kind.data in CHOICES and len(self.options) < FEWEST_OPTIONS:
            self.options.append_entry()

    @property
    def question(self) -> Question | None:
        """What was typed; None when nothing was."""
        kind = QuestionKind(self.kind.data)
        words, help_text = _line(self.words.data), _line(self.help.data)
        chosen = tuple(
            Option(entry.form.id.data or "", _line(entry.form.words.data))
            for entry in self.options
            if _line(entry.form.words.data)
        )
        if kind is QuestionKind.RECOMMEND:
            words = ""
        elif not (words or help_text or chosen):
            return None
        return Question(
            id=self.id.data or "",
            kind=kind,
            words=words,
            help=help_text,
            is_required=bool(self.is_required.data),
            options=chosen if kind in CHOICES else (),
        )


class DraftForm(Form):
    """All that a survey says; half of it can be saved."""

    class Meta(Form.Meta):
        def wrap_formdata(self, form: BaseForm, formdata: Any) -> Any:
            """Also what was kept of this form, whose rows have more fields than the form knows of beforehand."""
            sent = super().wrap_formdata(form, formdata)
            kept = kept_fields() if sent is None else None
            return kept if kept is not None and {"title", "thanks", "draft_number"} <= set(kept) else sent

    title = StringField(_l("Title"), [at_most(TITLE_LENGTH)])
    introduction = TextAreaField(_l("Introduction"), [at_most(TEXT_LENGTH)])
    questions = FieldList(FormField(QuestionGroup), _l("Questions"), max_entries=MOST_QUESTIONS)
    thanks = TextAreaField(_l("Thanks"), [at_most(TEXT_LENGTH)])
    #: Of the question that is added next.
    add_kind = SelectField(
        _l("How the next question is answered"), default=str(QuestionKind.SATISFACTION), validate_choice=False
    )
    #: Which draft this was written over.
    draft_number = HiddenField()

    def __init__(self, content: Content, draft_number: int, **rest: Any) -> None:
        """`content` is what the fields hold to begin with."""
        super().__init__(data={**_fields_of(content), "draft_number": str(draft_number)}, **rest)
        # Whether they would recommend us is asked once.
        is_asked = any(entry.form.kind.data == QuestionKind.RECOMMEND for entry in self.questions)
        self.add_kind.choices = _kinds(QuestionKind.RECOMMEND if is_asked else None)

    @property
    def content(self) -> Content:
        """What was typed, tidied; only after the form was found valid."""
        found = (entry.form.question for entry in self.questions)
        return Content(
            title=_line(self.title.data),
            introduction=_line(self.introduction.data),
            questions=tuple(one for one in found if one is not None),
            thanks=_line(self.thanks.data),
        )

    @property
    def seen_draft_number(self) -> int:
        """The draft that the writer had before them; none that exists when the field was meddled with."""
        return number_from(self.draft_number.data)


class PublishForm(Form):
    """Publishing what the page showed."""

    draft_number = HiddenField()

    def __init__(self, draft_number: int) -> None:
        super().__init__(data={"draft_number": str(draft_number)})

    @property
    def seen_draft_number(self) -> int:
        """The draft that was on the page."""
        return number_from(self.draft_number.data)


def number_from(text: str | None) -> int:
    """A number as a page carries it; none that exists when the field was meddled with."""
    text = text or ""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else -1


def changed_rows(sent: "MultiDict[str, str]", do: str) -> "MultiDict[str, str] | None":
    """What was sent, with a question or an option added, moved or removed as the button `do` says; None for every
    other button. Nothing typed is lost.
    """
    wanted = _DO.fullmatch(do)
    if wanted is None:
        return None
    rows, rest = _taken_apart(sent)
    verb, place, second = wanted[2], int(wanted[3] or 0), int(wanted[4] or 0)
    if wanted[1] == "questions":
        rows = _changed(rows, verb, place, MOST_QUESTIONS, {"id": "", "kind": sent.get("add_kind", "")})
    elif place < len(rows):
        rows[place]["options"] = _changed(rows[place]["options"], verb, second, MOST_OPTIONS, {"id": "", "words": ""})
    for number, row in enumerate(rows):
        _put(rest, f"questions-{number}", row)
    return rest


def _changed(rows: list[_Row], verb: str, place: int, most: int, blank: _Row) -> list[_Row]:
    if verb != "add":
        return rearranged(rows, verb, place)
    return [*rows, blank] if len(rows) < most else rows


def _taken_apart(sent: "MultiDict[str, str]") -> tuple[list[_Row], "MultiDict[str, str]"]:
    """The questions in their order with their options in theirs, and all other fields."""
    questions: dict[int, _Row] = {}
    option_rows: dict[int, dict[int, _Row]] = {}
    rest: MultiDict[str, str] = MultiDict()
    for key, value in sent.items(multi=True):
        found = re.fullmatch(r"questions-(\d{1,2})-(?:options-(\d{1,2})-)?(\w+)", key)
        if found is None:
            rest.add(key, value)
        elif found[2] is None:
            questions.setdefault(int(found[1]), {})[found[3]] = value
        else:
            option_rows.setdefault(int(found[1]), {}).setdefault(int(found[2]), {})[found[3]] = value
    rows = []
    for number in sorted(questions):
        own = option_rows.get(number, {})
        rows.append({**questions[number], "options": [own[place] for place in sorted(own)]})
    return rows, rest


def _put(fields: "MultiDict[str, str]", prefix: str, row: Mapping[str, Any]) -> None:
    for key, value in row.items():
        if key != "options":
            fields.add(f"{prefix}-{key}", value)
    for place, option in enumerate(row.get("options", ())):
        _put(fields, f"{prefix}-options-{place}", option)


def _fields_of(content: Content) -> dict[str, Any]:
    return {
        "title": content.title,
        "introduction": content.introduction,
        "thanks": content.thanks,
        "questions": [
            {**vars(one), "kind": str(one.kind), "options": [vars(option) for option in one.options]}
            for one in content.questions
        ],
    }


def _kinds(without: QuestionKind | None = None) -> list[Any]:
    return options((str(kind), str(KIND_LABELS[kind])) for kind in QuestionKind if kind is not without)


def _line(text: str | None) -> str:
    return " ".join((text or "").split())
