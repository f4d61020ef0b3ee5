"""A company's own colour, made readable on light and on dark pages, and the small stylesheet that says so."""

import math
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

#: WCAG 2.2, 1.4.3: text of normal size.
READABLE: Final = 4.5
_HEX = re.compile(r"#?([0-9a-fA-F]{3}|[0-9a-fA-F]{6})")
_Triple = tuple[float, float, float]
#: What text in the colour stands on: paper, surface and sunken of the stylesheet, as lightness, chroma, hue in OKLCH.
_GROUNDS_LIGHT: Final = ((0.979, 0.009, 85.0), (0.998, 0.002, 85.0), (0.956, 0.011, 85.0))
_GROUNDS_DARK: Final = ((0.185, 0.01, 200.0), (0.225, 0.012, 200.0), (0.27, 0.014, 200.0))
_STEP = 0.004


class InvalidColour(PortalError):
    """The text is not a colour."""


@dataclass(frozen=True)
class Shades:
    """The four shades that pages use in one scheme, each "#rrggbb"; `contrast` is that of `brand` where it is least."""

    brand: str
    deep: str
    on_brand: str
    tint: str
    contrast: float


@dataclass(frozen=True)
class Look:
    """A colour for light and for dark pages."""

    light: Shades
    dark: Shades
    #: Degrees of OKLCH, for shades that only the stylesheet knows.
    hue: float


def clean_colour(text: str) -> str:
    """A colour as "#rrggbb" in small letters. Raises InvalidColour."""
    found = _HEX.fullmatch(text.strip())
    if found is None:
        raise InvalidColour(_("Write the colour like #0b5fff: a hash and six digits or letters from a to f."))
    digits = found[1].lower()
    return "#" + (digits if len(digits) == 6 else "".join(digit * 2 for digit in digits))


@lru_cache(32)
def look_of(colour: str) -> Look:
    """How `colour` ("#rrggbb") looks in both schemes: as it is where that can be read, else darker or lighter."""
    _lightness, chroma, hue = _oklch(colour)
    tint_chroma = min(chroma, 0.021), min(chroma, 0.04)
    return Look(
        _shades(colour, (0.956, tint_chroma[0], hue), _GROUNDS_LIGHT, (0.99, min(chroma, 0.004), hue), -_STEP),
        _shades(colour, (0.29, tint_chroma[1], hue), _GROUNDS_DARK, (0.21, min(chroma, 0.035), hue), _STEP),
        round(hue, 1),
    )


@lru_cache(16)
def look_of_hue(hue: float) -> Look:
    """One of the accents that come with the program, by its hue, as the site's stylesheet draws it."""
    light = [_hex((*shade, hue)) for shade in ((0.455, 0.088), (0.36, 0.074), (0.99, 0.004), (0.956, 0.021))]
    dark = [_hex((*shade, hue)) for shade in ((0.81, 0.1), (0.88, 0.08), (0.21, 0.035), (0.29, 0.04))]
    return Look(_shipped(light, _GROUNDS_LIGHT), _shipped(dark, _GROUNDS_DARK), hue)


def _shipped(shades: list[str], grounds: tuple[_Triple, ...]) -> Shades:
    brand, deep, on_brand, tint = shades
    return Shades(brand, deep, on_brand, tint, _least(brand, [*map(_hex, grounds), tint, on_brand]))


def _shades(colour: str, tint: _Triple, grounds: tuple[_Triple, ...], on_brand: _Triple, step: float) -> Shades:
    behind = [_hex(ground) for ground in (*grounds, tint, on_brand)]
    lightness, chroma, hue = _oklch(colour)
    found = colour
    while _least(found, behind) < READABLE:
        lightness += step
        found = _hex((lightness, chroma, hue))
    deep = _hex((min(max(lightness + 20 * step, 0.0), 1.0), chroma, hue))
    return Shades(found, deep, _hex(on_brand), _hex(tint), _least(found, behind))


def _least(colour: str, grounds: list[str]) -> float:
    return min(contrast(colour, ground) for ground in grounds)


def contrast(one: str, other: str) -> float:
    """The contrast ratio of two colours, 1 to 21, as WCAG 2.2 defines it."""
    low, high = sorted((_luminance(one), _luminance(other)))
    return (high + 0.05) / (low + 0.05)


@lru_cache(16)
def stylesheet_of(colour: str) -> str:
    """The rules that give every page the colour `colour` ("#rrggbb"); they follow those of the site's stylesheet."""
    look = look_of(colour)
    pairs = {
        "--brand": (look.light.brand, look.dark.brand),
        "--brand-deep": (look.light.deep, look.dark.deep),
        "--on-brand": (look.light.on_brand, look.dark.on_brand),
        "--tint": (look.light.tint, look.dark.tint),
    }
    rules = "; ".join(f"{name}: light-dark({light}, {dark})" for name, (light, dark) in pairs.items())
    return f"@layer tokens {{ :root {{ --hue: {look.hue}; {rules} }} }}\n"


def _channels(colour: str) -> _Triple:
    red, green, blue = (_linear(int(colour[at : at + 2], 16) / 255) for at in (1, 3, 5))
    return red, green, blue


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else float(((value + 0.055) / 1.055) ** 2.4)


def _luminance(colour: str) -> float:
    red, green, blue = _channels(colour)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _oklch(colour: str) -> _Triple:
    """Lightness, chroma and hue in degrees. The numbers are those of CSS Color 4, "OKLab"."""
    red, green, blue = _channels(colour)
    long = math.cbrt(0.4122214708 * red + 0.5363325363 * green + 0.0514459929 * blue)
    middle = math.cbrt(0.2119034982 * red + 0.6806995451 * green + 0.1073969566 * blue)
    short = math.cbrt(0.0883024619 * red + 0.2817188376 * green + 0.6299787005 * blue)
    lightness = 0.2104542553 * long + 0.7936177850 * middle - 0.0040720468 * short
    a = 1.9779984951 * long - 2.4285922050 * middle + 0.4505937099 * short
    b = 0.0259040371 * long + 0.7827717662 * middle - 0.8086757660 * short
    return lightness, math.hypot(a, b), math.degrees(math.atan2(b, a)) % 360


def _hex(colour: _Triple) -> str:
    """The nearest colour that a screen shows: of the same lightness and hue, with as much chroma as there is."""
    lightness, chroma, hue = min(max(colour[0], 0.0), 1.0), colour[1], colour[2]
    channels = _rgb(lightness, chroma, hue)
    while chroma > 0 and not all(-0.0005 <= value <= 1.0005 for value in channels):
        chroma = max(0.0, chroma - 0.002)
        channels = _rgb(lightness, chroma, hue)
    return "#" + "".join(f"{round(_encoded(min(max(value, 0.0), 1.0)) * 255):02x}" for value in channels)


def _rgb(lightness: float, chroma: float, hue: float) -> _Triple:
    a, b = chroma * math.cos(math.radians(hue)), chroma * math.sin(math.radians(hue))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    middle = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    return (
        4.0767416621 * long - 3.3077115913 * middle + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * middle - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * middle + 1.7076147010 * short,
    )


def _encoded(value: float) -> float:
    return 12.92 * value if value <= 0.0031308 else float(1.055 * value ** (1 / 2.4) - 0.055)
