"""Why an opening fits, in words, and as it is kept."""

import pytest
from hypothesis import given

from portal.alerts.rules import why_as_json, why_from_json, why_in_words
from portal.community.states import Seniority
from portal.openings.rules import Offer, Wants, match
from tests.openings.test_matching import BERLIN, HYBRID, OFFER, REMOTE, WARSAW, offers, wanting, wants

AREAS = {"data": "Data", "design": "Design"}


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


@given(wants, offers)
def test_a_reason_is_in_words_and_is_read_back_as_it_was_kept(said: Wants, offer: Offer) -> None:
    why = match(said, offer)
    if why is not None:
        assert why_in_words(why, AREAS)
        assert why_from_json(why_as_json(why)) == why
