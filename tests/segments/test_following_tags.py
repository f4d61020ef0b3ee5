"""A saved segment that names a tag goes on with what the tag became."""

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.core import clock
from portal.core.db import end_reading
from portal.notes.actions import merge_tags, rename_tag
from portal.segments.actions import as_seen, change_segment, save_segment
from portal.segments.queries import find_segment, labels_for, rules_of_segment, segments_for
from portal.segments.rules import Group, checked, following, sentence
from portal.segments.states import Field, Operator
from tests.conftest import Time
from tests.factories import make_person, make_staff
from tests.segments.people import asks, every, found, no, put_tag

pytestmark = pytest.mark.both_in_soak
ANY, ALL, NONE = Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def save(rita: int, tree: Group) -> str:
    return save_segment("Mine", tree, is_shared=False, actor_id=rita, form_key="", now=clock.now())


def now_of(public_id: str) -> Group:
    end_reading()
    tree = rules_of_segment(public_id)
    assert tree is not None
    return tree


def test_a_renamed_tag_is_followed_wherever_the_segment_is_read(rita: int, time: Time) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    put_tag(ada, "rust")
    with_it = save(rita, every(asks(Field.TAG, ANY, "rust")))
    time.pass_by(minutes=1)
    rename_tag("rust", "Rust and Go", actor_id=rita, now=clock.now())
    assert found(now_of(with_it)) == {ada}
    view = find_segment(with_it, rita)
    assert view is not None
    assert view.tree == now_of(with_it)
    assert [one.tree for one in segments_for(rita)] == [view.tree]
    assert "“Rust and Go”" in sentence(view.tree, labels_for([view.tree]))
    without = save(rita, every(no(asks(Field.TAG, ANY, "rust and go"))))
    time.pass_by(minutes=1)
    rename_tag("rust and go", "systems", actor_id=rita, now=clock.now())
    assert found(now_of(without)) == {bo}


def test_of_merged_tags_the_one_that_stays_is_asked_once(rita: int, time: Time) -> None:
    ada, bo, cy = (make_person(name) for name in ("Ada", "Bo", "Cy"))
    put_tag(ada, "js")
    put_tag(bo, "javascript")
    put_tag(cy, "css")
    either = save(rita, every(asks(Field.TAG, ANY, "js", "javascript")))
    neither = save(rita, every(asks(Field.TAG, NONE, "js")))
    time.pass_by(minutes=1)
    merge_tags("js", "javascript", actor_id=rita, now=clock.now())
    assert now_of(either) == every(asks(Field.TAG, ANY, "javascript"))
    assert found(now_of(either)) == {ada, bo}
    assert found(now_of(neither)) == {cy}


def test_a_tag_that_is_written_anew_is_its_own_again(rita: int, time: Time) -> None:
    ada, bo = make_person("Ada"), make_person("Bo")
    put_tag(ada, "rust")
    before = save(rita, every(asks(Field.TAG, ANY, "rust")))
    time.pass_by(minutes=1)
    rename_tag("rust", "systems", actor_id=rita, now=clock.now())
    put_tag(bo, "rust")
    time.pass_by(minutes=1)
    after = save(rita, every(asks(Field.TAG, ANY, "rust")))
    assert found(now_of(before)) == {ada}
    assert found(now_of(after)) == {bo}


def test_a_segment_that_was_changed_since_follows_from_then_on(rita: int, time: Time) -> None:
    ada = make_person("Ada")
    put_tag(ada, "a")
    public_id = save(rita, every(asks(Field.TAG, ANY, "a")))
    time.pass_by(minutes=1)
    rename_tag("a", "b", actor_id=rita, now=clock.now())
    time.pass_by(minutes=1)
    end_reading()
    view = find_segment(public_id, rita)
    assert view is not None
    assert view.tree is not None
    seen = as_seen(view.changed_at)
    change_segment(public_id, "New", view.tree, is_shared=False, actor_id=rita, seen_at=seen, now=clock.now())
    time.pass_by(minutes=1)
    rename_tag("b", "c", actor_id=rita, now=clock.now())
    assert found(now_of(public_id)) == {ada}


@given(
    keys=st.lists(st.sampled_from("abcd"), min_size=1, max_size=4, unique=True),
    changes=st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("abcd")), max_size=6),
)
def test_whoever_had_a_named_tag_has_a_named_one_later(keys: list[str], changes: list[tuple[str, str]]) -> None:
    changes = [(old, new) for old, new in changes if old != new]
    tagged = {key: key for key in "abcd"}
    for old, new in changes:
        tagged = {person: new if key == old else key for person, key in tagged.items()}
    tree = checked(following(every(asks(Field.TAG, ANY, *keys)), changes))
    (condition,) = tree.of
    named = set(condition.keys)
    assert named == {tagged[key] for key in keys}
    assert len(condition.keys) == len(named)
