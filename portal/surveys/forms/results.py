"""How results are narrowed: where and how it ended, by what was released; it stays in the URL."""

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flask import request
from wtforms import SelectField, StringField
from wtforms.validators import Optional

from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.company.rules.areas import Area
from portal.core.i18n import format_number
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.notes.queries import TagLine
from portal.openings.rules import area_label
from portal.surveys.queries.results import OpeningNamed, Sought
from portal.surveys.rules.results import Asked, Narrowed
from portal.surveys.rules.scopes import EVERYTHING
from portal.web.forms import Form, options
from portal.web.long_select import LongSelect

_LONGEST = 200
#: Tags that are links above the list; all of them can be chosen in the filters.
_MOST_TAGS = 12


class ResultsForm(Form):
    """What can be chosen is what was released for five and more; anything else narrows nothing."""

    class Meta(Form.Meta):
        csrf = False

    where = SelectField(_l("Area or opening"), [Optional()], validate_choice=False, widget=LongSelect())
    outcome = SelectField(_l("How it ended"), [Optional()], validate_choice=False)

    def __init__(
        self,
        scopes: Mapping[str, int],
        openings: Sequence[OpeningNamed],
        areas: Collection[Area],
        among: Callable[[Collection[str]], Mapping[str, int]],
    ) -> None:
        super().__init__(formdata=request.args)
        #: What was released, by the words of the tally, and how many responses there are in each.
        self.scopes = dict(scopes)
        self.openings = openings
        wheres = _wheres(scopes, openings, areas)
        #: By what stands in the address: the word of the scope, and what it is called.
        self._wheres = {one[0]: (one[1], one[2]) for group in wheres.values() for one in group}
        self.where.choices = options([("", _("Anywhere"))], _("All of them"))
        for title, group in wheres.items():
            counted = (((value, label), scopes[scope]) for value, scope, label in group)
            self.where.choices += options(_with_counts(counted), title)
        #: The address names a place that is not shown by itself; what is shown then is everything.
        self.is_passed_over = bool(self.where.data) and self.where.data not in self._wheres
        if self.where.data in self._wheres:
            # There are thousands of both together: of those only what was chosen is asked for.
            self.scopes |= among(list(self._scopes_of_outcomes().values()))
        else:
            self.where.data = ""
        found = self._outcomes()
        if self.outcome.data not in found:
            # How another place's applications ended may be chosen together with this one; it is said, not forgotten.
            found |= {str(one): 0 for one in ApplicationStatus if str(one) == self.outcome.data and one in self._known}
        self.outcome.data = self.outcome.data if self.outcome.data in found else ""
        self.outcome.choices = options(
            [
                ("", _("However it ended")),
                *_with_counts(
                    ((value, str(STATUS_LABELS[ApplicationStatus(value)])), count) for value, count in found.items()
                ),
            ]
        )

    @property
    def narrowed(self) -> Narrowed:
        where, _label = self._wheres.get(self.where.data or "", (EVERYTHING, ""))
        return Narrowed(where, ApplicationStatus(self.outcome.data) if self.outcome.data else None)

    @property
    def scope(self) -> str:
        """The word of the tally for what was chosen."""
        where, outcome = self.narrowed.where, self.narrowed.outcome
        return "|".join(part for part in (where, f"outcome:{outcome}" if outcome else "") if part)

    @property
    def is_released(self) -> bool:
        """Whether what was chosen together may be shown together."""
        return self.scope in self.scopes

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, for addresses."""
        return {name: value for name, value in (("where", self.where.data), ("outcome", self.outcome.data)) if value}

    @property
    def in_words(self) -> str:
        """What was chosen, for people; empty when nothing was."""
        _where, place = self._wheres.get(self.where.data or "", (EVERYTHING, ""))
        outcome = self.narrowed.outcome
        return ", ".join(part for part in (place, str(STATUS_LABELS[outcome]) if outcome else "") if part)

    @property
    def _known(self) -> set[ApplicationStatus]:
        return {one for one in ApplicationStatus if f"outcome:{one}" in self.scopes}

    def _outcomes(self) -> dict[str, int]:
        """How applications ended in the place that was chosen, and how many responses there are of each."""
        scopes = self._scopes_of_outcomes()
        return {str(one): self.scopes[scope] for one, scope in scopes.items() if scope in self.scopes}

    def _scopes_of_outcomes(self) -> dict[ApplicationStatus, str]:
        where, _label = self._wheres.get(self.where.data or "", (EVERYTHING, ""))
        return {one: f"{where}|outcome:{one}".removeprefix("|") for one in ApplicationStatus}


class CommentsForm(ResultsForm):
    """The same, and by the question, by words and by a tag; `tags` says how many of what is looked for have each."""

    q = StringField(_l("Words in it"))
    question = SelectField(_l("Question"), [Optional()], validate_choice=False)
    tag = SelectField(_l("Tag"), [Optional()], validate_choice=False, widget=LongSelect())

    def __init__(self, asked: Sequence[Asked], tags: Callable[[Sought], Sequence[TagLine]], *rest: Any) -> None:
        super().__init__(*rest)
        self.q.data = (self.q.data or "")[:_LONGEST].replace("\0", "")
        ids = {one.question.id for one in asked}
        self.question.data = self.question.data if self.question.data in ids else ""
        self.question.choices = options([("", _("All questions")), *((one.question.id, one.words) for one in asked)])
        without_tag = Sought(self.narrowed, self.question.data or "", self.q.data or "")
        found = tags(without_tag)
        self.tag.data = self.tag.data if self.tag.data in {one.key for one in found} else ""
        #: Those that what else was chosen leaves, and the one that was chosen, in order.
        self.tags = [one for one in found if one.count or one.key == self.tag.data]
        counted = (((one.key, one.name), one.count) for one in self.tags)
        self.tag.choices = options([("", _("With any tag or none")), *_with_counts(counted)])
        self.sought = replace(without_tag, tag=self.tag.data or "")

    @property
    def chosen(self) -> dict[str, str]:
        """What was chosen, for addresses."""
        more = (("q", self.q.data), ("question", self.question.data), ("tag", self.tag.data))
        return super().chosen | {name: value for name, value in more if value}

    @property
    def most_used_tags(self) -> list[TagLine]:
        """The tags that most of the texts have, in order."""
        most = sorted(self.tags, key=lambda one: (one.key != self.tag.data, -one.count))[:_MOST_TAGS]
        return sorted(most, key=lambda one: one.key)


def _wheres(
    scopes: Mapping[str, int], openings: Sequence[OpeningNamed], areas: Collection[Area]
) -> dict[str, list[tuple[str, str, str]]]:
    """Areas, then openings: what stands in the address, the word of the scope, and what it is called."""
    order = {area.key: place for place, area in enumerate(areas)}
    keys = [scope.removeprefix("area:") for scope in scopes if scope.startswith("area:") and "|" not in scope]
    keys.sort(key=lambda key: (order.get(key, len(order)), key))
    return {
        _("Areas"): [(f"area:{key}", f"area:{key}", area_label(key, areas)) for key in keys],
        _("Openings"): [
            (f"opening:{one.public_id}", f"opening:{one.id}", one.title)
            for one in openings
            if f"opening:{one.id}" in scopes
        ],
    }


def _with_counts(counted: Iterable[tuple[tuple[str, str], int]]) -> Iterator[tuple[str, str]]:
    """Pairs of value and label, with the count in the label where there is one."""
    # Translated once, for hundreds of them.
    both = _("%(label)s (%(count)s)")
    for (value, label), count in counted:
        yield value, both % {"label": label, "count": format_number(count)} if count else label
