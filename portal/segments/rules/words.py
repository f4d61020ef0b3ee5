"""A segment written out as one sentence, and each condition as a part of it."""

from collections.abc import Mapping
from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext
from portal.core.i18n import lazy_gettext as _l
from portal.segments.rules.tree import Condition, Group
from portal.segments.states import VALUE_LABELS, Field, Match, Operator

#: What the values of a field are called now, by key; where nothing is said, what they were called when chosen.
Labels = Mapping[Field, Mapping[str, str]]

#: How a value reads in the middle of a sentence.
_AS_IS: Final = frozenset({Field.AREA, Field.SKILL, Field.PLACE, Field.LANGUAGE, Field.PURPOSE})
_PHRASES: Final[dict[tuple[Field, Operator], str]] = {
    (Field.MEMBER, Operator.YES): _l("who are members"),
    (Field.MEMBER, Operator.NO): _l("who are not members"),
    (Field.AREA, Operator.ANY_OF): _l("with the area %(what)s"),
    (Field.AREA, Operator.ALL_OF): _l("with the areas %(what)s"),
    (Field.AREA, Operator.NONE_OF): _l("without the area %(what)s"),
    (Field.SKILL, Operator.ANY_OF): _l("with the skill %(what)s"),
    (Field.SKILL, Operator.ALL_OF): _l("with the skills %(what)s"),
    (Field.SKILL, Operator.NONE_OF): _l("without the skill %(what)s"),
    (Field.SENIORITY, Operator.ANY_OF): _l("with the seniority %(what)s"),
    (Field.SENIORITY, Operator.NONE_OF): _l("without the seniority %(what)s"),
    (Field.INDUSTRY, Operator.ANY_OF): _l("who know the industry %(what)s"),
    (Field.INDUSTRY, Operator.ALL_OF): _l("who know the industries %(what)s"),
    (Field.INDUSTRY, Operator.NONE_OF): _l("who did not name the industry %(what)s"),
    (Field.PLACE, Operator.ANY_OF): _l("in %(what)s"),
    (Field.PLACE, Operator.OR_REMOTE): _l("in %(what)s or open to remote work"),
    (Field.PLACE, Operator.NONE_OF): _l("not in %(what)s"),
    (Field.WORK_MODE, Operator.ANY_OF): _l("who would work %(what)s"),
    (Field.WORK_MODE, Operator.ALL_OF): _l("who would work %(what)s alike"),
    (Field.WORK_MODE, Operator.NONE_OF): _l("who did not say that they would work %(what)s"),
    (Field.CAREER_STAGE, Operator.ANY_OF): _l("whose search stands at %(what)s"),
    (Field.CAREER_STAGE, Operator.NONE_OF): _l("whose search does not stand at %(what)s"),
    (Field.LANGUAGE, Operator.ANY_OF): _l("who read in %(what)s"),
    (Field.LANGUAGE, Operator.NONE_OF): _l("who do not read in %(what)s"),
    (Field.STATUS, Operator.ANY_OF): _l("with an application that stands at %(what)s"),
    (Field.STATUS, Operator.NONE_OF): _l("without an application that stands at %(what)s"),
    (Field.ENDING, Operator.ANY_OF): _l("with an application that ended as %(what)s"),
    (Field.ENDING, Operator.NONE_OF): _l("without an application that ended as %(what)s"),
    (Field.REACHED, Operator.AT_LEAST): _l("with an application that got to %(what)s or further"),
    (Field.MARK, Operator.ANY_OF): _l("marked %(what)s"),
    (Field.MARK, Operator.NONE_OF): _l("not marked %(what)s"),
    (Field.LAST_CONTACT, Operator.NEVER): _l("whom we have never contacted"),
    (Field.LAST_RESPONSE, Operator.NEVER): _l("from whom we have never heard"),
    (Field.TAG, Operator.ANY_OF): _l("with the tag %(what)s"),
    (Field.TAG, Operator.ALL_OF): _l("with the tags %(what)s"),
    (Field.TAG, Operator.NONE_OF): _l("without the tag %(what)s"),
    (Field.POOL, Operator.ANY_OF): _l("in the pool %(what)s"),
    (Field.POOL, Operator.ALL_OF): _l("in the pools %(what)s"),
    (Field.POOL, Operator.NONE_OF): _l("not in the pool %(what)s"),
    (Field.PURPOSE, Operator.ANY_OF): _l("who agreed to %(what)s"),
    (Field.PURPOSE, Operator.ALL_OF): _l("who agreed to %(what)s"),
    (Field.PURPOSE, Operator.NONE_OF): _l("who have not agreed to %(what)s"),
}
_SINGLE_MEMBER: Final = Condition(Field.MEMBER, Operator.YES)


def sentence(tree: Group, labels: Labels) -> str:
    """Who is in the segment, in one sentence; never empty."""
    parts, who = tree.of, _("People")
    if tree.match is Match.ALL and _SINGLE_MEMBER in parts:
        parts, who = tuple(part for part in parts if part != _SINGLE_MEMBER), _("Members")
    if not parts:
        what = who if who == _("Members") else _("Everybody we know")
        return _("%(what)s.", what=what)
    if tree.match is Match.NONE:
        return _("%(who)s, %(what)s.", who=who, what=_joined(tree, labels))
    return _("%(who)s %(what)s.", who=who, what=_joined(Group(tree.match, parts), labels, is_outermost=True))


def _joined(group: Group, labels: Labels, *, is_outermost: bool = False) -> str:
    """The parts of a group, one after the other."""
    words = [_in_brackets(part, labels) if isinstance(part, Group) else phrase(part, labels) for part in group.of]
    if not words:
        return _("of whom nothing is asked")
    if group.match is Match.NONE:
        return _("none of them %(what)s", what=either(words))
    if group.match is Match.ANY:
        return either(words) if is_outermost else _("either %(what)s", what=either(words)) if words[1:] else words[0]
    return ", ".join(words) if is_outermost else join_words(words)


def _in_brackets(group: Group, labels: Labels) -> str:
    words = _joined(group, labels)
    is_plain = len(group.of) == 1 and group.match is not Match.NONE
    return words if is_plain else _("(%(what)s)", what=words)


def either(words: list[str]) -> str:
    """`a, b or c`."""
    if len(words) < 2:
        return "".join(words)
    return _("%(first)s or %(last)s", first=", ".join(words[:-1]), last=words[-1])


def phrase(condition: Condition, labels: Labels) -> str:
    """One condition as it follows "People"."""
    if condition.days is not None:
        return _about_days(condition, condition.days)
    words = [_in_a_sentence(condition.field, label_of(condition.field, one, labels)) for one in condition.values]
    what = join_words(words) if condition.operator is Operator.ALL_OF else either(words)
    return str(_PHRASES[condition.field, condition.operator]) % {"what": what}


def label_of(field: Field, value: tuple[str, str], labels: Labels) -> str:
    """What a value is called: as it is today, else as it was when it was chosen."""
    key, label = value
    fixed = VALUE_LABELS.get(field, {}).get(key)
    return str(fixed) if fixed is not None else labels.get(field, {}).get(key) or label or key


def _in_a_sentence(field: Field, label: str) -> str:
    return label if field in _AS_IS else _("“%(label)s”", label=label)


def _about_days(condition: Condition, days: int) -> str:
    if condition.field is Field.LAST_CONTACT:
        if condition.operator is Operator.WITHIN:
            return ngettext("whom we contacted in the last day", "whom we contacted in the last %(count)s days", days)
        return ngettext("whom we have not contacted for a day", "whom we have not contacted for %(count)s days", days)
    if condition.operator is Operator.WITHIN:
        return ngettext("from whom we heard in the last day", "from whom we heard in the last %(count)s days", days)
    return ngettext("from whom we have not heard for a day", "from whom we have not heard for %(count)s days", days)
