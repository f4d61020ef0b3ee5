"""Makes the files in static/fonts from those of the npm packages named in static/VENDORED.md, as small as they get.

Run with fontTools and brotli: `python tools/make_fonts.py FOLDER_WITH_THE_PACKAGES_FILES static/fonts`.
Prints a line for each file; sizes, and the versions in static/css/app.css, change with what is decided here.
"""

import hashlib
import sys
import tempfile
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

#: What nearly every page needs. Accents that stand alone are left to the system's fonts: browsers join them with their
#: letter where there is one for both.
LATIN = (
    "U+20-7E,U+A0-FF,U+131,U+152-153,U+2BB-2BC,U+2C6,U+2DA,U+2DC,U+2002,U+2009,U+200B,U+2013-2014,U+2018-201A,"
    "U+201C-201E,U+2022,U+2026,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2191,U+2193,U+2212"
)
#: Letters of names: the languages of Europe, Azerbaijani, Turkish, Vietnamese; with three signs of money.
NAMES = (
    "U+100-130,U+132-151,U+154-17F,U+18F,U+1A0-1A1,U+1AF-1B0,U+218-21B,U+259,U+1E9E,U+1EA0-1EF9,U+20B4,U+20BA,U+20BD"
)
#: What is left of extended Latin, which hardly any page needs.
REST = (
    "U+180-18E,U+190-19F,U+1A2-1AE,U+1B1-217,U+21C-258,U+25A-2BA,U+2BD-2C5,U+2C7-2CC,U+2CE-2D7,U+2DD-2FF,"
    "U+1D00-1E9D,U+1E9F,U+1EFA-1EFF,U+20A0-20AB,U+20AD-20B3,U+20B5-20B9,U+20BB-20BC,U+20BE-20C0,U+2C60-2C7F,U+A720-A7FF"
)
MARKS = "U+300-301,U+303-304,U+308-309,U+323"
INTER, BRICOLAGE = "inter-{}-wght-normal.woff2", "bricolage-grotesque-{}-wght-normal.woff2"
#: The weights that we use of each family, and the one whose distances between letters all of them take.
WEIGHTS = {INTER: (400, 700, 520), BRICOLAGE: (500, 750, 680)}
#: By the name of what is made: its family, the package's file, its letters, its features. Letters from two files never
#: stand in one word for the browser, so only the first file of a family has distances between letters (`kern`).
FILES = {
    "inter-latin.woff2": (INTER, "latin", LATIN, "kern,liga,ccmp,locl,tnum"),
    "inter-names.woff2": (INTER, "latin-ext", NAMES, "ccmp,locl"),
    "inter-rest.woff2": (INTER, "latin-ext", f"{REST},{MARKS}", "ccmp,locl,mark,mkmk"),
    "bricolage-latin.woff2": (BRICOLAGE, "latin", LATIN, "kern,liga,ccmp,locl"),
    "bricolage-latin-ext.woff2": (BRICOLAGE, "latin-ext", "*", "ccmp,locl,mark,mkmk"),
}


def make(source: Path, family: str, letters: str, features: str, target: Path) -> None:
    """Write one file."""
    lightest, heaviest, spaced_as = WEIGHTS[family]
    font = instantiateVariableFont(TTFont(source, recalcTimestamp=False), {"wght": (lightest, heaviest)})
    # Distances that grow with the weight are a fifth of a file, and nobody sees them grow.
    font["GPOS"] = instantiateVariableFont(TTFont(source), {"wght": spaced_as})["GPOS"]
    with tempfile.TemporaryDirectory() as folder:
        whole = Path(folder) / "whole.ttf"
        font.flavor = None
        font.save(whole)
        options = [f"--unicodes={letters}", f"--layout-features={features}", "--flavor=woff2"]
        subset.main([str(whole), *options, f"--output-file={target}"])


def main() -> None:
    source, target = Path(sys.argv[1]), Path(sys.argv[2])
    for name, (family, part, letters, features) in FILES.items():
        make(source / family.format(part), family, letters, features, target / name)
        data = (target / name).read_bytes()
        print(name, len(data), hashlib.sha256(data).hexdigest())


if __name__ == "__main__":
    main()
