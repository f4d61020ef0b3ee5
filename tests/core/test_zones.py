"""What browsers say about their clock, and what of it we believe."""

from zoneinfo import available_timezones

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.adapters import shipped_zones
from portal.core.i18n import is_zone
from portal.core.zones import zone_named


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("America/New_York", "America/New_York"),
        ("Europe/Ljubljana", "Europe/Ljubljana"),
        ("America/Argentina/Ushuaia", "America/Argentina/Ushuaia"),
        ("Europe/Kiev", "Europe/Kyiv"),
        ("Asia/Calcutta", "Asia/Kolkata"),
        ("America/Buenos_Aires", "America/Argentina/Buenos_Aires"),
    ],
)
def test_a_place_is_believed_by_the_name_it_has_today(said: str, meant: str) -> None:
    assert zone_named(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "UTC",
        "Etc/UTC",
        "Etc/GMT+5",
        "GMT",
        "localtime",
        "posix/Europe/Paris",
        "right/Europe/Paris",
        "Europe",
        "Europe/",
        "America/Argentina",
        "Europe/Atlantis",
        "europe/warsaw",
        "Europe/Warsaw ",
        "Europe/../../etc/passwd",
        "Europe/Warsaw\n",
        "Europe/" + "W" * 200,
        "<script>alert(1)</script>",
    ],
)
def test_what_is_no_place_says_nothing(said: str) -> None:
    assert zone_named(said) == ""


@pytest.mark.parametrize("zone", [zone for zone in shipped_zones() if zone != "UTC"])
def test_every_zone_that_people_choose_from_is_known(zone: str) -> None:
    assert zone_named(zone) == zone


@given(st.one_of(st.text(max_size=80), st.sampled_from(sorted(available_timezones()))))
def test_whatever_is_said_the_answer_is_a_zone_or_none_and_means_itself(said: str) -> None:
    zone = zone_named(said)
    assert zone == "" or (is_zone(zone) and zone_named(zone) == zone)
