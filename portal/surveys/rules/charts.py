"""Where the marks of a chart stand: across in parts of a hundred, so that it is as wide as its place; down in pixels.

Text in it keeps its size so, on a telephone and on paper.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

#: Height of the columns, and of a line over months.
COLUMNS_HIGH: Final = 120
TREND_HIGH: Final = 150
#: Above the highest mark there is room for its figure.
HEADROOM: Final = 22
#: Part of its place that a column fills, and what a chart over months leaves free at either side.
_FILLED: Final = 0.82
_EDGE: Final = 9.0


@dataclass(frozen=True)
class Column:
    """One column; x and width in parts of a hundred, y and height in pixels."""

    x: float
    middle: float
    width: float
    y: float
    height: float


@dataclass(frozen=True)
class Dot:
    """One month of a trend; whiskers reach from `top` to `bottom`, None where there is no margin."""

    x: float
    y: float
    top: float | None
    bottom: float | None


@dataclass(frozen=True)
class Trend:
    """Dots by the place of their month, None where there is nothing to show, and the lines between neighbours."""

    places: tuple[float, ...]
    dots: tuple[Dot | None, ...]
    lines: tuple[tuple[Dot, Dot], ...]
    #: Where the numbers of the scale stand.
    grid: tuple[tuple[float, int], ...]


def columns_of(shares: Sequence[float]) -> list[Column]:
    """Columns side by side, the highest as high as there is room."""
    highest, place = max(shares, default=0.0), 100 / max(len(shares), 1)
    return [
        Column(
            x=round(index * place + place * (1 - _FILLED) / 2, 2),
            middle=round((index + 0.5) * place, 2),
            width=round(place * _FILLED, 2),
            y=round(HEADROOM + COLUMNS_HIGH - _high(share, highest), 1),
            height=_high(share, highest),
        )
        for index, share in enumerate(shares)
    ]


def _high(share: float, highest: float) -> float:
    return round(COLUMNS_HIGH * share / highest, 1) if highest else 0.0


def trend_of(
    values: Sequence[float | None], margins: Sequence[float | None], scale: tuple[int, int], steps: int = 4
) -> Trend:
    """A line over months; months without a value leave a gap in it. `scale` is its lowest and highest number."""
    lowest, highest = scale

    def down(value: float) -> float:
        inside = min(max(value, lowest), highest)
        return round(HEADROOM + TREND_HIGH * (highest - inside) / (highest - lowest), 1)

    room = (100 - 2 * _EDGE) / max(len(values) - 1, 1)
    places = tuple(round(_EDGE + index * room, 2) if len(values) > 1 else 50.0 for index in range(len(values)))
    dots = tuple(
        None
        if value is None
        else Dot(
            x,
            down(value),
            None if margin is None else down(value + margin),
            None if margin is None else down(value - margin),
        )
        for x, value, margin in zip(places, values, margins, strict=True)
    )
    return Trend(
        places,
        dots,
        tuple((one, other) for one, other in pairwise(dots) if one is not None and other is not None),
        tuple(
            (down(number), number)
            for number in (lowest + (highest - lowest) * step // steps for step in range(steps + 1))
        ),
    )
