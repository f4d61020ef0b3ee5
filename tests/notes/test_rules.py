"""What a note and a tag may be, and what becomes of tags that two colleagues change."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.notes.rules import (
    BODY_LENGTH,
    NoteRefused,
    checked_body,
    checked_tags,
    may_change,
    tag_change,
    tag_key,
    tag_name,
)

AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)
names = st.lists(st.text(max_size=20), max_size=10)


def test_white_space_around_a_note_goes() -> None:
    assert checked_body("  A\r\nB \n") == "A\nB"


@pytest.mark.parametrize("text", ["", " \n ", "x" * (BODY_LENGTH + 1)])
def test_a_note_without_words_or_with_too_many_is_refused(text: str) -> None:
    with pytest.raises(NoteRefused):
        checked_body(text)


@pytest.mark.parametrize(("author", "minutes", "may"), [(1, 0, True), (1, 14.99, True), (1, 15, False), (2, 0, False)])
def test_only_the_author_changes_a_note_and_only_for_a_while(author: int, minutes: float, may: bool) -> None:
    assert may_change(author, 1, AT, AT + timedelta(minutes=minutes)) is may


@given(st.text(max_size=60))
def test_a_tag_is_found_however_it_is_written(name: str) -> None:
    assert tag_key(tag_name(name)) == tag_key(name)
    assert tag_name(f"  {name}\n") == tag_name(name)


@given(seen=names, wanted=names, meanwhile=names)
def test_what_a_colleague_tagged_meanwhile_stays(seen: list[str], wanted: list[str], meanwhile: list[str]) -> None:
    change = tag_change(checked_tags(wanted), seen)
    now = set(checked_tags(meanwhile))
    after = (now - change.removed) | set(change.added)
    assert set(checked_tags(wanted)) - set(checked_tags(seen)) <= after
    assert now - set(checked_tags(seen)) <= after
    assert not after & (set(checked_tags(seen)) - set(checked_tags(wanted)))
