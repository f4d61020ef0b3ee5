"""Trees of rules drawn by Hypothesis."""

from hypothesis import strategies as st

from portal.segments.rules import MAX_DEPTH, Chosen, Condition, Group
from portal.segments.states import ALONE, OPERATORS, VALUE_LABELS, WITH_DAYS, Field, Match, Operator


def conditions(words: dict[Field, tuple[str, ...]]) -> st.SearchStrategy[Condition]:
    """Conditions that are whole; `words` are the values of fields whose values are free."""
    asked = [(field, operator) for field, operators in OPERATORS.items() for operator in operators]
    return st.sampled_from(asked).flatmap(lambda one: _condition(*one, words))


def _condition(field: Field, operator: Operator, words: dict[Field, tuple[str, ...]]) -> st.SearchStrategy[Condition]:
    if operator in ALONE:
        return st.just(Condition(field, operator))
    if operator in WITH_DAYS:
        return st.sampled_from([1, 29, 30, 31, 90, 3650]).map(lambda days: Condition(field, operator, days=days))
    known = [str(key) for key in VALUE_LABELS.get(field, {})] or list(words.get(field, ("a", "b", "c")))
    most = 1 if operator is Operator.AT_LEAST else 3
    keys = st.lists(st.sampled_from(known), min_size=1, max_size=most, unique=True)
    return keys.map(lambda chosen: Condition(field, operator, tuple(Chosen(key) for key in chosen)))


def groups(words: dict[Field, tuple[str, ...]], depth: int = 1) -> st.SearchStrategy[Group]:
    """Groups that are whole, nested as deep as they may be."""
    part: st.SearchStrategy[Group | Condition] = conditions(words)
    if depth < MAX_DEPTH:
        part = st.one_of(part, part, groups(words, depth + 1))
    return st.builds(Group, st.sampled_from(Match), st.lists(part, min_size=1, max_size=4).map(tuple))
