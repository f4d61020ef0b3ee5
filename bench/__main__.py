"""Runs one measurement by name, or all: `python -m bench pages`."""

import sys

from bench import fanout, imports, mail, pages, segments, surveys

MEASUREMENTS = {
    "pages": pages.run,
    "imports": imports.run,
    "mail": mail.run,
    "segments": segments.run,
    "fanout": fanout.run,
    "surveys": surveys.run,
}


def main() -> None:
    wanted = sys.argv[1] if len(sys.argv) > 1 else "all"
    names = list(MEASUREMENTS) if wanted == "all" else [wanted]
    for name in names:
        if name not in MEASUREMENTS:
            sys.exit(f"There is no measurement called {name}; there are {', '.join(MEASUREMENTS)}.")
        MEASUREMENTS[name]()


main()
