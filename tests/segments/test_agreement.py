"""What the database finds is what the same rules say of plain facts in Python."""

import pytest
from flask import Flask
from hypothesis import given, settings
from sqlalchemy import and_, select

from portal.company.queries import company_zone
from portal.core.db import fetch
from portal.people.models import Person
from portal.segments.queries import find_known
from portal.segments.queries.conditions import holds, is_known
from portal.segments.rules import Group, Known, is_in, is_met
from portal.segments.states import Field
from tests.factories import public_id_of
from tests.segments.crowd import LOCALES, Crowd
from tests.segments.people import TODAY, every, found
from tests.segments.trees import conditions, groups

FEW, MANY = 30, 150


def words_of(crowd: Crowd) -> dict[Field, tuple[str, ...]]:
    """Values that some of the crowd have."""
    return {Field.LANGUAGE: LOCALES, Field.POOL: tuple(crowd.pools)}


def disagreements(crowd: Crowd, tree: Group) -> set[int]:
    """Those of whom the two say something else, whether the segment is listed or each of them looked up."""
    expected = {person_id for person_id, known in crowd.known.items() if is_in(tree, known, TODAY)}
    is_in_it = and_(holds(tree, TODAY, company_zone(), is_looked_up=True), is_known(is_looked_up=True))
    looked_up = set(fetch(select(Person.id).where(is_in_it)).scalars())
    return expected ^ found(tree) | expected ^ looked_up


def test_every_condition_alone_finds_whom_the_facts_say(app: Flask) -> None:
    crowd = Crowd(seed=1, count=FEW)

    @settings(max_examples=120)
    @given(conditions(words_of(crowd)))
    def agree(condition):
        wrong = disagreements(crowd, every(condition))
        assert not wrong, [(crowd.known[one], is_met(condition, crowd.known[one], TODAY)) for one in wrong]

    agree()


def test_nested_rules_find_whom_the_facts_say(app: Flask) -> None:
    crowd = Crowd(seed=2, count=FEW)

    @settings(max_examples=60)
    @given(groups(words_of(crowd)))
    def agree(tree):
        assert not disagreements(crowd, tree)

    agree()


def test_what_we_know_of_one_person_is_what_is_true_of_them(app: Flask) -> None:
    crowd = Crowd(seed=3, count=FEW)
    for person_id, true in crowd.known.items():
        person = find_known(public_id_of(person_id), TODAY, crowd.staff_id)
        assert person is not None
        assert person.is_known
        assert _plain(person.known) == _plain(true)


def _plain(known: Known) -> object:
    having = {field: set(known.having.get(field, {})) for field in Field}
    return known.is_member, having, known.passed, known.last_contact_on, known.last_response_on


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(10, 14))
def test_nested_rules_find_whom_the_facts_say_at_length(app: Flask, seed: int) -> None:
    crowd = Crowd(seed, count=MANY)

    @settings(max_examples=600)
    @given(groups(words_of(crowd)))
    def agree(tree):
        assert not disagreements(crowd, tree)

    agree()
