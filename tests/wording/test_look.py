"""Mails wear the company's name and colour, readable in light and in dark, and fetch nothing to do so."""

import re

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.company.actions import change_settings
from portal.company.queries import company_settings
from portal.company.rules import Look, contrast, look_of, look_of_hue, version_of
from portal.company.states import ACCENT_HUES, ACCENTS, Setting
from portal.core.permissions import Role
from portal.wording.queries import render_example
from portal.wording.rules import Scheme, in_scheme
from tests import factories
from tests.conftest import START

KIND = "accounts/sign_in"
#: What stands behind words in a mail: the letter and the page around it.
LIGHT, DARK = ("#ffffff", "#f7f4ee"), ("#1d2524", "#141a1a")
COLOURS = st.integers(0, 0xFFFFFF).map("#{:06x}".format)


def wear(colour: str, name: str) -> None:
    admin = factories.make_staff("Alma Reyes", Role.ADMIN)
    values = {Setting.ACCENT: colour, Setting.NAME: name}
    seen = version_of({setting: company_settings()[setting] for setting in values})
    change_settings(values, seen, actor_id=admin, now=START)


def refuse_pale(look: Look) -> None:
    for shades, grounds in ((look.light, LIGHT), (look.dark, DARK)):
        assert contrast(shades.on_brand, shades.brand) >= 4.5, "the words on a button"
        for ground in (*grounds, shades.tint):
            assert contrast(shades.brand, ground) >= 4.4, "a link"
            assert contrast(shades.deep, ground) >= 4.5, "the name"


@pytest.mark.parametrize("hue", ACCENT_HUES.values(), ids=ACCENT_HUES)
def test_every_accent_that_comes_with_the_program_can_be_read(hue: float) -> None:
    refuse_pale(look_of_hue(hue))


@given(COLOURS)
def test_a_colour_of_its_own_can_be_read_in_mails(colour: str) -> None:
    refuse_pale(look_of(colour))


def test_every_accent_has_its_hue() -> None:
    assert list(ACCENT_HUES) == [name for name, _label in ACCENTS]


@pytest.mark.only("sqlite")  # a mail looks the same whatever the database
@pytest.mark.parametrize("colour", ["#b00020", "plum"])
def test_a_mail_has_the_name_and_the_colour_at_its_head_and_in_its_button(app: Flask, colour: str) -> None:
    before = render_example(KIND).html
    wear(colour, "Lumen & Daughters")
    html = render_example(KIND).html
    look = look_of(colour) if colour.startswith("#") else look_of_hue(ACCENT_HUES[colour])
    head = html.partition('class="letter"')[0].rpartition("<body")[2]
    assert "Lumen &amp; Daughters" in head
    assert look.light.brand in head
    button = re.search(r'class="button-link"[^>]*style="([^"]*)"', html)
    assert button is not None
    assert look.light.on_brand in button.group(1)
    assert look.light.brand in button.group(1)
    dark = in_scheme(html, Scheme.DARK)
    assert dark.count(look.dark.brand) >= 4
    assert look.dark.on_brand in dark
    assert look.light.brand not in before


@pytest.mark.only("sqlite")  # a mail looks the same whatever the database
def test_no_mail_has_a_picture_even_where_there_is_a_logo(app: Flask) -> None:
    wear("blue", "Lumen")
    assert "<img" not in render_example(KIND).html
    assert "url(" not in render_example(KIND).html
