"""The builder of a segment: groups of conditions that are added and removed without a script."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from werkzeug.datastructures import MultiDict
from wtforms import BooleanField, HiddenField, RadioField, SelectField, StringField, TextAreaField
from wtforms import Form as PlainForm

from portal.community.adapters import places, skills
from portal.community.rules import EntryTooLong, TooManyEntries, places_from, skills_from
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import reader
from portal.core.identifiers import new_public_id
from portal.notes.rules import tag_key
from portal.segments.actions import NAME_LENGTH
from portal.segments.queries import choices_for
from portal.segments.rules import (
    MAX_DEPTH,
    MAX_PARTS,
    Chosen,
    Condition,
    Group,
    Path,
    label_of,
    problems,
)
from portal.segments.states import (
    FIELD_LABELS,
    MATCH_LABELS,
    OPERATOR_LABELS,
    OPERATORS,
    TYPED,
    WITH_DAYS,
    Field,
    Match,
    Operator,
)
from portal.web.forms import Form, MultipleBoxes, at_most, options

#: The name of the outermost group; those below it are t.0, t.0.1 and so on.
ROOT: Final = "t"
_TYPED_LENGTH: Final = 4000
_PART: Final = re.compile(r"t((?:\.\d{1,2})*)-(field|match)")


class SegmentForm(Form):
    """What a segment is called and who may use it; its rules stand beside, see `Builder`."""

    name = StringField(_l("Name"), [at_most(NAME_LENGTH)])
    is_shared = BooleanField(_l("Share it with colleagues"))
    form_key = HiddenField()
    seen = HiddenField()

    def __init__(self, **known: Any) -> None:
        super().__init__(data=known)
        if not self.form_key.data:
            self.form_key.data = new_public_id()


class _Part(PlainForm):
    """A part of the rules, inside a form that has the CSRF token."""

    class Meta(Form.Meta):
        csrf = False

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            """What the form around it was given, and nothing else."""
            return formdata


class GroupFields(_Part):
    """How many of the parts must hold, and what is added next."""

    match = SelectField(_l("Of these conditions"), default=str(Match.ALL))
    new = SelectField(_l("Something else to ask"))

    def __init__(self, *args: Any, **rest: Any) -> None:
        super().__init__(*args, **rest)
        self.match.choices = options((str(one), str(label)) for one, label in MATCH_LABELS.items())
        self.new.choices = options((str(one), str(label)) for one, label in FIELD_LABELS.items())


class ConditionFields(_Part):
    """One condition; which fields it has depends on what it asks."""

    field = HiddenField()
    operator = SelectField(_l("How"))
    days = StringField(_l("Days"))


class _ChosenFields(ConditionFields):
    values = MultipleBoxes(_l("Which"))


class _OneFields(ConditionFields):
    values = RadioField(_l("Which"), validate_choice=False)


class _TypedFields(ConditionFields):
    values = TextAreaField(_l("Which"))


@dataclass
class ConditionDraft:
    """A condition as it stands on the page."""

    name: str
    path: Path
    field: Field
    form: ConditionFields

    @property
    def title(self) -> str:
        return str(FIELD_LABELS[self.field])

    @property
    def has_values(self) -> bool:
        return "values" in self.form

    @property
    def is_typed(self) -> bool:
        return self.field in TYPED

    @property
    def has_days(self) -> bool:
        return any(operator in WITH_DAYS for operator in OPERATORS[self.field])

    def condition(self) -> Condition:
        """What was chosen; a value that cannot stand is left out, and said beside its field."""
        typed = self.form.operator.data or ""
        operator = Operator(typed) if typed in set(Operator) else OPERATORS[self.field][0]
        days = self.form.days.data or ""
        return Condition(
            self.field,
            operator,
            tuple(self._values()) if self.has_values else (),
            _whole(days) if operator in WITH_DAYS else None,
        )

    def _values(self) -> list[Chosen]:
        if not self.is_typed:
            data = self.form["values"].data or ()
            return [Chosen(key) for key in dict.fromkeys((data,) if isinstance(data, str) else data)]
        try:
            return chosen_from(self.field, (self.form["values"].data or "")[:_TYPED_LENGTH])
        except (EntryTooLong, TooManyEntries) as error:
            self.put_error("values", error)
            return []

    def put_error(self, part: str, error: PortalError) -> str:
        """Say what is wrong beside the part it is about, once; returns what is said there."""
        about = self.form[part if part in self.form else "operator"]
        if not about.errors:
            about.errors = [error.message]
        return str(about.errors[0])


@dataclass
class GroupDraft:
    """A group as it stands on the page, with its parts."""

    name: str
    path: Path
    form: GroupFields
    parts: "list[GroupDraft | ConditionDraft]" = field(default_factory=list)
    errors: list[str] = field(default_factory=list)

    @property
    def may_nest(self) -> bool:
        return len(self.path) + 1 < MAX_DEPTH

    @property
    def next_number(self) -> int:
        """Of a part that is added now."""
        return max((_as_path(part.name)[-1] for part in self.parts), default=-1) + 1

    def group(self) -> Group:
        """What was chosen."""
        typed = self.form.match.data
        match = Match(typed) if typed in set(Match) else Match.ALL
        return Group(match, tuple(p.group() if isinstance(p, GroupDraft) else p.condition() for p in self.parts))


class Builder:
    """The rules as they stand on the page; `sent` are the fields of its form, or of the address for a count."""

    def __init__(self, sent: Mapping[str, Any]) -> None:
        self._sent: MultiDict[str, str] = sent if isinstance(sent, MultiDict) else MultiDict(sent)
        self._names = sorted(set(_names_in(self._sent)), key=_as_path)
        asked = [Field(self._sent[f"{one}-field"]) for one in self._names if f"{one}-match" not in self._sent]
        self._choices = choices_for(asked)
        self.root = self._group_draft(ROOT)
        self.tree = self.root.group()

    @property
    def is_whole(self) -> bool:
        """Whether the rules can be asked."""
        return next(problems(self.tree), None) is None

    @classmethod
    def of(cls, tree: Group) -> "Builder":
        """The page of rules that are there already."""
        return cls(fields_of(tree))

    def check(self) -> list[str]:
        """What is not whole about the rules, also said beside its part; nothing when they can be asked."""
        drafts: dict[Path, GroupDraft | ConditionDraft] = {one.path: one for one in self._drafts(self.root)}
        wrong = []
        for problem in problems(self.tree):
            draft = drafts.get(problem.path, self.root)
            if isinstance(draft, ConditionDraft):
                wrong.append(_("%(what)s: %(wrong)s", what=draft.title, wrong=draft.put_error(problem.part, problem)))
            else:
                draft.errors.append(problem.message)
                wrong.append(problem.message)
        return wrong

    def _drafts(self, group: GroupDraft) -> "Iterator[GroupDraft | ConditionDraft]":
        yield group
        for part in group.parts:
            if isinstance(part, GroupDraft):
                yield from self._drafts(part)
            else:
                yield part

    def _group_draft(self, name: str, path: Path = ()) -> GroupDraft:
        draft = GroupDraft(name, path, GroupFields(self._sent, prefix=name))
        depth = name.count(".") + 1
        below = [one for one in self._names if one.startswith(f"{name}.") and one.count(".") == depth]
        for number, one in enumerate(below):
            here = (*path, number)
            is_group = f"{one}-match" in self._sent
            draft.parts.append(self._group_draft(one, here) if is_group else self._condition_draft(one, here))
        return draft

    def _condition_draft(self, name: str, path: Path) -> ConditionDraft:
        asked = Field(self._sent[f"{name}-field"])
        offered = self._choices.get(asked, {})
        kind = _kind_of(asked) if asked in TYPED or offered else ConditionFields
        form = kind(self._sent, prefix=name)
        labels = ((str(one), str(OPERATOR_LABELS[one])) for one in OPERATORS[asked])
        form.operator.choices = options(labels)
        if isinstance(form, _OneFields):
            form.values.choices = options(offered.items())
        elif isinstance(form, _ChosenFields):
            # What was chosen once and is offered no more stays in sight, so that it can be taken out.
            gone = {key: key for key in form.values.data or () if key not in offered}
            form.values.choices = options({**offered, **gone}.items())
        return ConditionDraft(name, path, asked, form)


def _kind_of(asked: Field) -> type[ConditionFields]:
    if asked in TYPED:
        return _TypedFields
    return _OneFields if Operator.AT_LEAST in OPERATORS[asked] else _ChosenFields


def _names_in(sent: Mapping[str, Any]) -> Iterator[str]:
    """The names of all parts but the outermost group; no more, and no deeper, than a segment may have."""
    found = (_PART.fullmatch(name) for name in list(sent)[: 6 * MAX_PARTS])
    for hit in found:
        if hit is None or not hit[1] or hit[1].count(".") > MAX_DEPTH:
            continue
        name = ROOT + hit[1]
        if hit[2] == "match" or sent[f"{name}-field"] in set(Field):
            yield name


def _as_path(name: str) -> tuple[int, ...]:
    return tuple(int(number) for number in name.split(".")[1:])


def fields_of(tree: Group) -> "MultiDict[str, str]":
    """`tree` as the fields of its page."""
    sent: MultiDict[str, str] = MultiDict()
    _put_group(sent, tree, ROOT)
    return sent


def _put_group(sent: "MultiDict[str, str]", group: Group, name: str) -> None:
    sent[f"{name}-match"] = str(group.match)
    for number, part in enumerate(group.of):
        here = f"{name}.{number}"
        if isinstance(part, Group):
            _put_group(sent, part, here)
            continue
        sent[f"{here}-field"], sent[f"{here}-operator"] = str(part.field), str(part.operator)
        if part.days is not None:
            sent[f"{here}-days"] = str(part.days)
        if part.field in TYPED:
            sent[f"{here}-values"] = "".join(f"{label_of(part.field, value, {})}\n" for value in part.values)
        else:
            sent.setlist(f"{here}-values", part.keys)


def changed(sent: "MultiDict[str, str]", do: str) -> "MultiDict[str, str] | None":
    """The fields after a button of the builder was pressed, all else kept; None for another button."""
    verb, _colon, name = do.partition(":")
    if verb not in {"add", "group", "remove"} or not re.fullmatch(r"t(\.\d{1,2})*", name):
        return None
    after = MultiDict(sent)
    if verb == "remove":
        for key in [key for key in after if key.startswith((f"{name}.", f"{name}-"))]:
            after.poplist(key)
        return after
    below = [_as_path(one)[-1] for one in _names_in(after) if one.rpartition(".")[0] == name]
    new = f"{name}.{max(below, default=-1) + 1}"
    if verb == "group":
        after[f"{new}-match"] = str(Match.ANY)
    else:
        asked = after.pop(f"{name}-new", "")
        after[f"{new}-field"] = asked
        if asked in set(Field):
            after[f"{new}-operator"] = str(OPERATORS[Field(asked)][0])
    return after


def chosen_from(of: Field, text: str) -> list[Chosen]:
    """The values that somebody typed. Raises EntryTooLong, TooManyEntries."""
    if of is Field.SKILL:
        return [Chosen(*one) for one in skills_from(text, skills())]
    if of is Field.PLACE:
        return [Chosen(*one) for one in places_from(text, places(reader().locale))]
    words = (" ".join(word.split()) for line in text.splitlines() for word in line.split(","))
    return [Chosen(key, word) for key, word in {tag_key(word): word for word in words if word}.items()]


def _whole(text: str) -> int | None:
    return int(text) if re.fullmatch(r"\s*[0-9]{1,5}\s*", text) else None
