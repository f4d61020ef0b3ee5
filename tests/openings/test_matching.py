"""Whether an opening fits what somebody said: the one rule that job alerts and the list of who may fit both ask."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.community.states import Seniority, WorkMode
from portal.openings.rules import Match, Offer, Part, Wants, match, offer_of, speaks_against
from tests.factories import published_content

REMOTE, HYBRID, ON_SITE = WorkMode.REMOTE, WorkMode.HYBRID, WorkMode.ON_SITE
WARSAW, BERLIN = {"w": "Warsaw, Poland"}, {"b": "Berlin, Germany"}
OFFER = Offer("data", frozenset({"w"}), frozenset({HYBRID, REMOTE}), Seniority.MID)

areas = st.sampled_from(["data", "design", "care"])
keys = st.sampled_from(["w", "b", "t"])
modes = st.frozensets(st.sampled_from(WorkMode))
seniorities = st.none() | st.sampled_from(Seniority)
wants = st.builds(
    Wants, st.frozensets(areas), st.dictionaries(keys, st.sampled_from(["Warsaw", "Berlin"])), modes, seniorities
)
offers = st.builds(Offer, st.just("") | areas, st.frozensets(keys), modes, seniorities)


def wanting(
    *areas: str,
    places: dict[str, str] | None = None,
    modes: tuple[WorkMode, ...] = (),
    seniority: Seniority | None = None,
) -> Wants:
    return Wants(frozenset(areas), places or {}, frozenset(modes), seniority)


@pytest.mark.parametrize(
    ("said", "parts"),
    [
        (wanting("design"), (Part.AREA,)),
        (wanting("data", seniority=Seniority.SENIOR), (Part.SENIORITY,)),
        (wanting("data", modes=(ON_SITE,)), (Part.MODE,)),
        (wanting("data", places=BERLIN, modes=(HYBRID,)), (Part.PLACE,)),
        (wanting("care", places=BERLIN, modes=(ON_SITE,)), (Part.AREA, Part.MODE, Part.PLACE)),
        (wanting("data", places=BERLIN, modes=(REMOTE,)), ()),
        (wanting("data", places=BERLIN), ()),
        (wanting(), ()),
    ],
)
def test_what_says_something_else_than_they_asked_for_speaks_against_it(said: Wants, parts: tuple[Part, ...]) -> None:
    assert speaks_against(said, OFFER) == parts
    assert (match(said, OFFER) is None) == bool(parts)


def test_a_place_elsewhere_does_not_fit_unless_it_is_remote() -> None:
    on_site = Offer("data", frozenset({"w"}), frozenset({ON_SITE}))
    assert match(wanting("data", places=BERLIN), on_site) is None
    assert match(wanting("data", places=BERLIN), Offer("data", frozenset({"w"}))) is None


def test_an_opening_offers_what_its_text_says() -> None:
    content = published_content()
    offer = offer_of(content)
    assert (offer.area, offer.modes, offer.seniority) == (
        content.area,
        frozenset(content.work_modes),
        content.seniority,
    )
    assert len(offer.places) == len(content.places)


@given(wants, offers)
def test_what_is_left_empty_leaves_nothing_out(said: Wants, offer: Offer) -> None:
    against = set(speaks_against(said, offer))
    for less, part in (
        (Wants(frozenset(), said.places, said.modes, said.seniority), Part.AREA),
        (Wants(said.areas, {}, said.modes, said.seniority), Part.PLACE),
        (Wants(said.areas, said.places, said.modes, None), Part.SENIORITY),
    ):
        assert set(speaks_against(less, offer)) == against - {part}


@given(wants, offers)
def test_a_reason_is_only_ever_something_that_they_said_and_that_the_opening_says(said: Wants, offer: Offer) -> None:
    found = match(said, offer)
    if found is None:
        return
    assert found.area in said.areas | {""}
    assert found.area in {offer.area, ""}
    assert set(found.places) <= set(said.places.values())
    assert set(found.modes) <= said.modes & offer.modes
    assert found.seniority in {None, said.seniority}


@given(offers)
def test_who_said_nothing_is_told_of_everything_and_of_no_reason(offer: Offer) -> None:
    assert match(Wants(), offer) == Match()


@given(wants, offers)
def test_saying_more_ways_of_working_and_more_places_takes_no_opening_away(said: Wants, offer: Offer) -> None:
    if match(said, offer) is None:
        return
    for mode in WorkMode:
        if said.modes:
            assert match(Wants(said.areas, said.places, said.modes | {mode}, said.seniority), offer) is not None
    if said.places:
        more = {**said.places, "t": "Tartu"}
        assert match(Wants(said.areas, more, said.modes, said.seniority), offer) is not None
