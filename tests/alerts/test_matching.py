"""Which openings fit what somebody said, and why in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.alerts.rules import Offer, Wants, Why, match, why_as_json, why_from_json, why_in_words
from portal.community.states import Seniority, WorkMode

REMOTE, HYBRID, ON_SITE = WorkMode.REMOTE, WorkMode.HYBRID, WorkMode.ON_SITE
WARSAW, BERLIN = {"w": "Warsaw, Poland"}, {"b": "Berlin, Germany"}
AREAS = {"data": "Data", "design": "Design"}
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
    ("said", "words"),
    [
        (wanting("data", places=WARSAW, modes=(REMOTE,)), "You asked for Data in Warsaw, Poland or remote."),
        (wanting("data", places=WARSAW, modes=(HYBRID,)), "You asked for Data in Warsaw, Poland, hybrid."),
        (wanting("data", "design", places=WARSAW | BERLIN), "You asked for Data in Warsaw, Poland."),
        (wanting("data", places=BERLIN, modes=(REMOTE,)), "You asked for Data, remote."),
        (wanting("data"), "You asked for Data."),
        (wanting(places=WARSAW, modes=(HYBRID, REMOTE)), "You asked for work in Warsaw, Poland, remote or hybrid."),
        (wanting(places=WARSAW, modes=(REMOTE,)), "You asked for work in Warsaw, Poland or remote."),
        (wanting(places=WARSAW), "You asked for work in Warsaw, Poland."),
        (wanting(modes=(REMOTE,)), "You asked for work that is remote."),
        (
            wanting("data", seniority=Seniority.MID),
            "You asked for Data. You said of your experience: Some years of experience.",
        ),
        (
            wanting("data", places=BERLIN),
            "You asked for Data. It is remote, so it can be done from Berlin, Germany.",
        ),
        (wanting(), "You have not said what you look for, so you hear of every opening."),
    ],
)
def test_each_match_says_what_of_it_they_asked_for(said: Wants, words: str) -> None:
    why = match(said, OFFER)
    assert why is not None
    assert why_in_words(why, AREAS) == words


@pytest.mark.parametrize(
    "said",
    [
        wanting("design"),
        wanting("data", seniority=Seniority.SENIOR),
        wanting("data", modes=(ON_SITE,)),
        wanting("data", places=BERLIN, modes=(HYBRID,)),
    ],
)
def test_what_says_something_else_than_they_asked_for_does_not_fit(said: Wants) -> None:
    assert match(said, OFFER) is None


def test_a_place_elsewhere_does_not_fit_unless_it_is_remote() -> None:
    on_site = Offer("data", frozenset({"w"}), frozenset({ON_SITE}))
    assert match(wanting("data", places=BERLIN), on_site) is None
    assert match(wanting("data", places=BERLIN), Offer("data", frozenset({"w"}))) is None


@given(wants, offers)
def test_what_is_left_empty_leaves_nothing_out(said: Wants, offer: Offer) -> None:
    if match(said, offer) is None:
        return
    for less in (
        Wants(frozenset(), said.places, said.modes, said.seniority),
        Wants(said.areas, {}, said.modes, said.seniority),
        Wants(said.areas, said.places, said.modes, None),
    ):
        assert match(less, offer) is not None


@given(wants, offers)
def test_a_reason_is_only_ever_something_that_they_said_and_that_the_opening_says(said: Wants, offer: Offer) -> None:
    why = match(said, offer)
    if why is None:
        return
    assert why.area in said.areas | {""}
    assert why.area in {offer.area, ""}
    assert set(why.places) <= set(said.places.values())
    assert set(why.modes) <= said.modes & offer.modes
    assert why.seniority in {None, said.seniority}
    assert why_in_words(why, AREAS)


@given(offers)
def test_who_said_nothing_is_told_of_everything_and_of_no_reason(offer: Offer) -> None:
    assert match(Wants(), offer) == Why()


@given(wants, offers)
def test_a_reason_is_read_back_as_it_was_kept(said: Wants, offer: Offer) -> None:
    why = match(said, offer)
    if why is not None:
        assert why_from_json(why_as_json(why)) == why
