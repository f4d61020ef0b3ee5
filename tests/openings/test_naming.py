"""Openings that read alike are told apart by what differs between them."""

from portal.openings.rules.naming import what_differs

LAST = {1: "abc", 2: "def", 3: "ghi"}


def test_only_what_differs_is_said() -> None:
    alike = {1: ("Warsaw", "no. 4", "Mon", "12 people"), 2: ("Warsaw", "", "Tue", "90 people")}
    assert what_differs(alike, LAST) == {1: "no. 4, Mon, 12 people", 2: "Tue, 90 people"}


def test_where_nothing_differs_the_end_of_the_address_does() -> None:
    assert what_differs({1: ("", "Mon"), 2: ("", "Mon")}, LAST) == {1: "abc", 2: "def"}


def test_two_of_three_that_stay_alike_are_told_apart_as_well() -> None:
    said = what_differs({1: ("Warsaw", "Mon"), 2: ("Warsaw", "Mon"), 3: ("Oslo", "Mon")}, LAST)
    assert len(set(said.values())) == 3
