"""Working days, and the areas an admin types."""

from datetime import date

import pytest

from portal.company.rules import Area, InvalidAreas, areas_from, version_of, working_days_after
from portal.company.states import ACCENTS, AREAS, DEFAULTS, SETTING_LABELS, Setting

KNOWN = [Area("engineering", "Engineering"), Area("data", "Data")]


def test_working_days_leave_out_the_weekend() -> None:
    thursday = date(2026, 3, 5)
    assert working_days_after(thursday, 3) == [date(2026, 3, 6), date(2026, 3, 9), date(2026, 3, 10)]
    assert working_days_after(date(2026, 3, 7), 1) == [date(2026, 3, 9)]
    assert working_days_after(thursday, 0) == []


def test_an_area_keeps_its_key_however_it_is_typed() -> None:
    found = areas_from("  data \n\nENGINEERING\nData\nRobots and  drones", KNOWN)
    assert found == [
        Area("data", "data"),
        Area("engineering", "ENGINEERING"),
        Area("robots_and_drones", "Robots and drones"),
    ]


def test_a_new_area_never_takes_the_key_of_another() -> None:
    found = areas_from("Data!\nРоботы\n机器人", KNOWN)
    assert [area.key for area in found] == ["data_2", "area", "area_2"]


@pytest.mark.parametrize("text", ["", " \n ", "x" * 61, "\n".join(f"Area {n}" for n in range(41))])
def test_a_list_nobody_can_choose_from_is_refused(text: str) -> None:
    with pytest.raises(InvalidAreas):
        areas_from(text, KNOWN)


def test_every_change_of_a_setting_changes_the_version() -> None:
    before = version_of(DEFAULTS)
    for name in Setting:
        assert version_of({**DEFAULTS, name: "something else"}) != before


def test_every_setting_has_a_label_and_a_default() -> None:
    assert set(SETTING_LABELS) == set(DEFAULTS) == set(Setting)
    assert DEFAULTS[Setting.ACCENT] == ACCENTS[0][0]
    assert len({key for key, _label in AREAS}) == len(AREAS)
