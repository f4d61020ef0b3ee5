"""The rules of a segment as such: to JSON and back, what is refused, and the sentence."""

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.segments.rules import (
    MAX_PARTS,
    READY_MADE,
    Chosen,
    Condition,
    Group,
    Known,
    SegmentRefused,
    checked,
    from_json,
    is_in,
    sentence,
    to_json,
    why,
)
from portal.segments.states import FIELD_LABELS, OPERATOR_LABELS, OPERATORS, Field, Match, Operator
from tests.segments.people import TODAY, asks, every, no, some
from tests.segments.trees import groups

ANY = Operator.ANY_OF
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["match", "of", "field", "operator", "values", "days"]), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(groups({}))
def test_a_tree_comes_back_from_json_as_it_went(tree: Group) -> None:
    assert from_json(json.loads(json.dumps(to_json(tree)))) == tree


@given(groups({}))
def test_every_tree_reads_as_one_sentence(tree: Group) -> None:
    words = sentence(tree, {})
    assert words.startswith(("People ", "People,", "Members", "Everybody"))
    assert words.endswith(".")
    assert "%(" not in words
    assert "  " not in words


@given(groups({}))
def test_why_has_a_line_for_each_part_that_says_something(tree: Group) -> None:
    lines = why(tree, Known(), {}, TODAY)
    assert len(lines) >= len(tree.of)
    assert all(line.asks and (line.is_group or ":" in line.fact) for line in lines)


@given(groups({}))
def test_none_of_them_is_the_opposite_of_any_of_them(tree: Group) -> None:
    known = Known(is_member=True, having={Field.AREA: {"a": ""}, Field.TAG: {"b": ""}})
    assert is_in(Group(Match.NONE, tree.of), known, TODAY) is not is_in(Group(Match.ANY, tree.of), known, TODAY)


@given(JSON)
def test_whatever_is_stored_is_a_tree_or_refused_in_words(stored: Any) -> None:
    try:
        words = sentence(from_json(stored), {})
    except SegmentRefused as error:
        words = error.message
    assert words.endswith(".")


def test_ready_made_ones_are_whole() -> None:
    for one in READY_MADE.values():
        assert from_json(to_json(one.tree)) == one.tree


def test_everything_that_can_be_asked_has_words() -> None:
    assert set(FIELD_LABELS) == set(OPERATORS) == set(Field)
    assert set(OPERATOR_LABELS) == set(Operator)


@pytest.mark.parametrize(
    ("tree", "words"),
    [
        (every(), "Please add a condition"),
        (every(some()), "This group is empty"),
        (every(every(every(every(asks(Field.MEMBER, Operator.YES))))), "no deeper than 3"),
        (every(*[asks(Field.MEMBER, Operator.YES)] * (MAX_PARTS + 1)), "40 conditions"),
        (every(asks(Field.MEMBER, ANY, "x")), "how this is compared"),
        (every(asks(Field.AREA, ANY)), "Please say which"),
        (every(asks(Field.SENIORITY, ANY, "wizard")), "from what is offered"),
        (every(asks(Field.REACHED, Operator.AT_LEAST, "received", "offer_made")), "choose one"),
        (every(asks(Field.TAG, ANY, *map(str, range(31)))), "30 entries"),
        (every(asks(Field.TAG, ANY, "x" * 121)), "120 characters"),
        (every(asks(Field.LAST_CONTACT, Operator.WITHIN)), "whole number of days"),
        (every(asks(Field.LAST_CONTACT, Operator.WITHIN, days=0)), "whole number of days"),
        (every(asks(Field.LAST_CONTACT, Operator.NEVER, days=3)), "takes nothing"),
    ],
)
def test_what_cannot_be_asked_is_refused(tree: Group, words: str) -> None:
    with pytest.raises(SegmentRefused, match=words):
        checked(tree)


def test_the_sentence_reads_as_a_colleague_would_say_it() -> None:
    labels = {Field.AREA: {"engineering": "Software engineering"}}
    place = Condition(Field.PLACE, Operator.OR_REMOTE, (Chosen("geonames:756135", "Warsaw"),))
    tree = every(
        asks(Field.MEMBER, Operator.YES),
        asks(Field.AREA, ANY, "engineering"),
        place,
        asks(Field.LAST_CONTACT, Operator.NOT_WITHIN, days=90),
    )
    assert sentence(tree, labels) == (
        "Members with the area Software engineering, in Warsaw or open to remote work, "
        "whom we have not contacted for 90 days."
    )
    tags = no(asks(Field.TAG, ANY, "do not write"), asks(Field.MARK, ANY, "near_fit"))
    assert sentence(every(asks(Field.SKILL, Operator.ALL_OF, "go", "sql"), tags), {}) == (
        "People with the skills go and sql, (none of them with the tag “do not write” or marked “Near-fit”)."
    )
    assert sentence(no(asks(Field.MEMBER, Operator.YES)), {}) == "People, none of them who are members."
    assert sentence(every(asks(Field.MEMBER, Operator.YES)), {}) == "Members."
