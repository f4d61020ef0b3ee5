"""Who may see an opening: the rule, and the database that says the same."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from flask import Flask
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.core.db import transaction
from portal.openings.models import Opening
from portal.openings.queries import (
    Asker,
    Wanted,
    count_openings,
    early_openings,
    facets_of,
    find_opening,
    list_openings,
    sitemap_openings,
    viewer_of,
)
from portal.openings.rules import VISITOR, Viewer, is_visible, time_left
from portal.openings.states import OpeningState
from tests.conftest import START
from tests.factories import make_person, make_published
from tests.openings.early import make_member

TODAY = START.date()
#: Around an instant, to the second.
SECONDS = st.sampled_from([-86_400, -1, 0, 1, 86_400])
DAYS = st.sampled_from([None, -1, 0, 1])
AREAS = st.sampled_from(["", "data", "design"])


@st.composite
def facts(draw: st.DrawFn) -> dict[str, Any]:
    """An opening around START."""
    published_at = START + timedelta(seconds=draw(SECONDS))
    days = draw(DAYS)
    return {
        "state": draw(st.sampled_from(OpeningState)),
        "published_at": published_at,
        "public_at": max(published_at, START + timedelta(seconds=draw(SECONDS))),
        "closes_on": None if days is None else TODAY + timedelta(days=days),
        "area": draw(AREAS),
    }


def sees(viewer: Viewer, opening: dict[str, Any]) -> bool:
    return is_visible(**opening, viewer=viewer, now=START, today=TODAY)


@given(facts(), st.frozensets(AREAS.filter(bool)))
def test_who_is_more_of_a_member_sees_no_less(opening: dict[str, Any], areas: frozenset[str]) -> None:
    if sees(VISITOR, opening):
        assert sees(Viewer(True, areas), opening)
    assert sees(Viewer(False, areas), opening) == sees(VISITOR, opening)
    if sees(Viewer(True, areas), opening):
        assert sees(Viewer(True, areas | {"data", "design"}), opening)


@given(facts())
def test_only_what_is_published_open_and_out_is_seen_at_all(opening: dict[str, Any]) -> None:
    everything = Viewer(True, frozenset({"data", "design"}))
    is_open = opening["state"] is OpeningState.PUBLISHED and (opening["closes_on"] or TODAY) >= TODAY
    assert sees(everything, opening) == (is_open and opening["published_at"] <= START)
    assert sees(VISITOR, opening) == (is_open and opening["public_at"] <= START)


def test_what_was_never_published_is_seen_by_nobody() -> None:
    draft = {
        "state": OpeningState.PUBLISHED,
        "published_at": None,
        "public_at": None,
        "closes_on": None,
        "area": "",
    }
    assert not sees(Viewer(True, frozenset({"data"})), draft)


@pytest.fixture
def people(app: Flask) -> dict[str, int | None]:
    return {
        "visitor": None,
        "candidate": make_person("Nora Novak"),
        "without areas": make_member("Cleo Reyes"),
        "data": make_member("Ada Lind", "data"),
        "both": make_member("Bob Eriksen", "data", "design"),
    }


@given(openings=st.lists(facts(), min_size=1, max_size=8))
@settings(max_examples=25)
def test_the_database_says_what_the_rule_says(people: dict[str, int | None], openings: list[dict[str, Any]]) -> None:
    slugs = _store(openings)
    for person_id in people.values():
        viewer = VISITOR if person_id is None else viewer_of(person_id)
        asker = Asker(person_id, START, TODAY)
        wanted = {slug for slug, one in slugs.items() if sees(viewer, one)}
        early = {slug for slug in wanted if slugs[slug]["public_at"] > START}
        assert {line.slug for line in list_openings(asker, Wanted(), 0, 99)} == wanted
        assert count_openings(asker, Wanted()) == len(wanted)
        assert {slug for slug in slugs if find_opening(slug, asker)} == wanted
        assert {line.slug for line in early_openings(asker)} == early
        assert facets_of(asker).areas == {slugs[slug]["area"] for slug in wanted} - {""}
    public = {slug for slug, one in slugs.items() if sees(VISITOR, one)}
    assert {slug for slug, _changed in sitemap_openings(START, TODAY)} == public


def _store(openings: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """These openings and no others, by slug."""
    with transaction() as own:
        for old in own.query(Opening):
            old.state = OpeningState.FINISHED
        stored = {}
        for one in openings:
            shown = {name: one[name] for name in ("published_at", "public_at", "area", "closes_on")}
            slug = make_published("Cartographer", **shown)
            own.query(Opening).filter_by(slug=slug).one().state = one["state"]
            stored[slug] = one
    return stored


@pytest.mark.parametrize(
    ("left", "count", "unit"),
    [
        (timedelta(days=2), 2, "day"),
        (timedelta(days=2, seconds=-1), 47, "hour"),
        (timedelta(hours=2), 2, "hour"),
        (timedelta(hours=2, seconds=-1), 119, "minute"),
        (timedelta(minutes=2, seconds=-1), 119, "second"),
        (timedelta(seconds=-5), 0, "second"),
    ],
)
def test_the_time_left_is_said_in_the_unit_that_says_most(left: timedelta, count: int, unit: str) -> None:
    assert (time_left(left).count, time_left(left).unit) == (count, unit)


def test_days_are_days_whatever_the_clock_says() -> None:
    assert is_visible(
        state=OpeningState.PUBLISHED,
        published_at=START,
        public_at=START,
        closes_on=date(2026, 3, 4),
        area="",
        viewer=VISITOR,
        now=datetime.fromisoformat("2026-03-04T23:30:00+01:00"),
        today=date(2026, 3, 4),
    )
