"""Runs one measurement by name, or all: `python -m bench pages`; with `--write` into docs/performance.md too."""

import contextlib
import io
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TextIO

from bench import every, fanout, imports, lighthouse, machine, mail, pages, segments, surveys

MEASUREMENTS: dict[str, Callable[[], None]] = {
    "machine": machine.run,
    "every": every.run,
    "pages": pages.run,
    "imports": imports.run,
    "mail": mail.run,
    "segments": segments.run,
    "fanout": fanout.run,
    "surveys": surveys.run,
    "lighthouse": lighthouse.run,
}
REPORT = Path("docs/performance.md")


class _Both(io.StringIO):
    """Keeps what is printed, and prints it."""

    def __init__(self, screen: TextIO) -> None:
        super().__init__()
        self._screen = screen

    def write(self, text: str) -> int:
        self._screen.write(text)
        self._screen.flush()
        return super().write(text)


def put(report: str, name: str, said: str) -> str:
    """`report` with what `name` said between its marks; tables stay tables, all else is shown as it was printed."""
    said = said.strip()
    shown = said if "\n|---" in said else f"```\n{said}\n```"
    begin, end = f"<!-- bench {name} -->", "<!-- end -->"
    pattern = f"{re.escape(begin)}.*?{re.escape(end)}"
    return re.sub(pattern, lambda _: f"{begin}\n{shown}\n{end}", report, count=1, flags=re.DOTALL)


def main() -> None:
    wanted = next((word for word in sys.argv[1:] if not word.startswith("-")), "all")
    names = list(MEASUREMENTS) if wanted == "all" else [wanted]
    for name in names:
        if name not in MEASUREMENTS:
            sys.exit(f"There is no measurement called {name}; there are {', '.join(MEASUREMENTS)}.")
        said = _Both(sys.stdout)
        with contextlib.redirect_stdout(said):
            MEASUREMENTS[name]()
        if "--write" in sys.argv:
            REPORT.write_text(put(REPORT.read_text(), name, said.getvalue()))


main()
