"""Where two contents of a survey differ, in words, and what that does to results that are joined over versions."""

from collections.abc import Iterable
from dataclasses import dataclass

from portal.core.i18n import gettext as _
from portal.surveys.rules.questions import Content, Question, words_of
from portal.surveys.states import KIND_LABELS


@dataclass(frozen=True)
class Change:
    """A part of two contents that is not the same."""

    label: str
    #: Empty: it was not there, or is not there any more.
    before: str
    after: str
    #: What happens to the results; empty: nothing.
    results: str


def changes(before: Content, after: Content, org: str) -> list[Change]:
    """What differs from `before` to `after`, in the order of the page; `org` is the company's name."""
    found = [
        *_texts((_("Title"), before.title, after.title), (_("Introduction"), before.introduction, after.introduction))
    ]
    for place, one in enumerate(after.questions):
        found += _question(before.question(one.id), one, place, org)
    for place, one in enumerate(before.questions):
        if after.question(one.id) is None:
            found.append(_gone(one, place, org))
    return [*found, *_order(before, after, org), *_texts((_("Thanks"), before.thanks, after.thanks))]


def in_words(question: Question, org: str) -> str:
    """All that a question says, line by line."""
    needed = _("must be answered") if question.is_required else _("may be left out")
    how = f"{KIND_LABELS[question.kind]}; {needed}"
    options = (f"– {option.words}" for option in question.options)
    return "\n".join(line for line in (words_of(question, org), question.help, how, *options) if line)


def _texts(*parts: tuple[str, str, str]) -> list[Change]:
    return [Change(label, before, after, "") for label, before, after in parts if before != after]


def _question(before: Question | None, after: Question, place: int, org: str) -> list[Change]:
    label = _("Question %(number)s", number=place + 1)
    if before == after:
        return []
    if before is None:
        return [Change(label, "", in_words(after, org), _("Its results begin with this version."))]
    if before.kind is not after.kind:
        results = _("It is answered in another way, so it counts as a new question. The old one's results stay apart.")
    elif before.words != after.words or _meanings(before) != _meanings(after):
        results = _("Results of both versions are joined. If it means something else now, add a new question instead.")
    else:
        results = _("Results of both versions are joined.")
    return [Change(label, in_words(before, org), in_words(after, org), results)]


def _meanings(question: Question) -> dict[str, str]:
    return {option.id: option.words for option in question.options}


def _gone(question: Question, place: int, org: str) -> Change:
    label = _("Question %(number)s until now", number=place + 1)
    return Change(label, in_words(question, org), "", _("Its results stay, and get no more."))


def _order(before: Content, after: Content, org: str) -> list[Change]:
    """That questions which both have stand in another order."""
    was = _both(before.questions, after)
    if [one.id for one in was] == [one.id for one in _both(after.questions, before)]:
        return []
    lines = [_lines(content.questions, org) for content in (before, after)]
    return [Change(_("Order of the questions"), lines[0], lines[1], _("Results of both versions are joined."))]


def _both(questions: Iterable[Question], other: Content) -> list[Question]:
    return [one for one in questions if other.question(one.id) is not None]


def _lines(questions: Iterable[Question], org: str) -> str:
    return "\n".join(f"{number}. {words_of(one, org)}" for number, one in enumerate(questions, 1))
