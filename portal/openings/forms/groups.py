"""Groups of fields that repeat: stages and questions, and how one is added, moved and removed without a script."""

import re
from dataclasses import dataclass
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm
from wtforms.validators import Optional

from portal.company.states import PACE_LABELS
from portal.core.i18n import lazy_gettext as _l
from portal.core.identifiers import new_public_id
from portal.openings.rules import (
    LINE_LENGTH,
    MOST_QUESTIONS,
    MOST_STAGES,
    InvalidQuestion,
    Question,
    Stage,
    check_question,
)
from portal.openings.states import QUESTION_KIND_LABELS, QuestionKind
from portal.web.forms import Form, at_most, options

_NAME_LENGTH: Final = 80
_TEXT_LENGTH: Final = 1000
_CHOICES_LENGTH: Final = 2000


class _Group(PlainForm):
    """One of several alike, inside a form that has the CSRF token."""

    class Meta(Form.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form around it was given, and nothing else."""
            return formdata


class StageGroup(_Group):
    """One step of the way, as candidates read it."""

    name = StringField(_l("Name of the stage"), [at_most(_NAME_LENGTH)])
    what_happens = TextAreaField(_l("What happens"), [at_most(_TEXT_LENGTH)])
    with_whom = StringField(_l("With whom"), [at_most(LINE_LENGTH)])
    how_long = StringField(_l("How long it takes"), [at_most(LINE_LENGTH)])
    status = SelectField(_l("What their page says meanwhile"), default="in_review")

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.status.choices = options((key, str(label)) for key, label in PACE_LABELS.items())

    @property
    def stage(self) -> Stage | None:
        """What was typed; None when nothing was."""
        stage = Stage(
            name=_line(self.name),
            what_happens=(self.what_happens.data or "").strip(),
            with_whom=_line(self.with_whom),
            how_long=_line(self.how_long),
            status=self.status.data,
        )
        return stage if any((stage.name, stage.what_happens, stage.with_whom, stage.how_long)) else None


class QuestionGroup(_Group):
    """Something that is asked of those who apply."""

    id = HiddenField()
    words = StringField(_l("Question"), [at_most(LINE_LENGTH)])
    help = StringField(_l("A hint below it"), [at_most(LINE_LENGTH)])
    kind = SelectField(_l("How it is answered"), default=str(QuestionKind.LONG_TEXT))
    choices = TextAreaField(_l("Answers to choose from"), [Optional(), at_most(_CHOICES_LENGTH)])
    is_required = BooleanField(_l("Must be answered"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.kind.choices = options((str(kind), str(label)) for kind, label in QUESTION_KIND_LABELS.items())

    @property
    def question(self) -> Question | None:
        """What was typed, with an id of its own if it has none yet; None when nothing was."""
        choices = tuple(dict.fromkeys(_lines(self.choices.data or "")))
        words, help_text = _line(self.words), _line(self.help)
        if not (words or help_text or choices):
            return None
        kind = QuestionKind(self.kind.data)
        return Question(
            id=_known_id(self.id.data),
            words=words,
            help=help_text,
            kind=kind,
            choices=choices if kind is QuestionKind.SINGLE_CHOICE else (),
            is_required=bool(self.is_required.data),
        )

    def validate(self, extra_validators: Any = None) -> bool:
        """Also that somebody could answer it."""
        is_valid: bool = super().validate(extra_validators)
        question = self.question if is_valid else None
        if question is None:
            return is_valid
        try:
            check_question(question)
        except InvalidQuestion as error:
            self[error.part].errors = [error.message]
            return False
        return True


@dataclass(frozen=True)
class Groups:
    """A row of groups: the name of its fields, and how many there may be."""

    name: str
    most: int


GROUPS: Final = {one.name: one for one in (Groups("stages", MOST_STAGES), Groups("questions", MOST_QUESTIONS))}
_DO: Final = re.compile(r"(stages|questions):(add|up|down|remove)(?::(\d{1,3}))?")


def changed_groups(sent: "MultiDict[str, str]", do: str) -> "MultiDict[str, str] | None":
    """What was sent, with a group added, moved or removed as the button `do` says; None for every other button.

    Buttons are called "stages:add", "stages:up:2", "questions:down:0", "questions:remove:1". Nothing typed is lost.
    """
    wanted = _DO.fullmatch(do)
    if wanted is None:
        return None
    row, verb, number = GROUPS[wanted[1]], wanted[2], int(wanted[3] or 0)
    groups, rest = _taken_apart(sent, row.name)
    _change(groups, verb, number, row.most)
    for place, group in enumerate(groups):
        for key, values in group.items():
            rest.setlist(f"{row.name}-{place}-{key}", values)
    return rest


def _change(groups: list[dict[str, list[str]]], verb: str, number: int, most: int) -> None:
    if verb == "add" and len(groups) < most:
        # A group is there when one of its fields is.
        groups.append({"id": [""], "status": ["in_review"]})
    if number >= len(groups):
        return
    if verb == "remove":
        del groups[number]
    elif verb in {"up", "down"}:
        place = max(0, number - 1) if verb == "up" else number + 1
        groups.insert(place, groups.pop(number))


def _taken_apart(sent: "MultiDict[str, str]", name: str) -> tuple[list[dict[str, list[str]]], "MultiDict[str, str]"]:
    """The groups called `name` in their order, each as its fields, and all other fields."""
    groups: dict[int, dict[str, list[str]]] = {}
    rest: MultiDict[str, str] = MultiDict()
    for key, values in sent.lists():
        found = re.fullmatch(rf"{name}-(\d{{1,3}})-(\w+)", key)
        if found:
            groups.setdefault(int(found[1]), {})[found[2]] = values
        else:
            rest.setlist(key, values)
    return [groups[number] for number in sorted(groups)], rest


def _known_id(text: str | None) -> str:
    """A question keeps its id from version to version; what is no id of ours is replaced."""
    return text if text and re.fullmatch(r"[A-Za-z0-9]{12}", text) else new_public_id()


def _line(field: StringField) -> str:
    return " ".join((field.data or "").split())


def _lines(text: str) -> list[str]:
    return [line for line in (" ".join(line.split()) for line in text.splitlines()) if line]
