"""On what was measured, and what else was going on."""

import os
import platform
import re
import sqlite3
from pathlib import Path

from portal.core import clock


def run() -> None:
    """Print the day, the processor, and how many wanted it during the minute before."""
    found = re.search(r"model name\s*: (.+)", Path("/proc/cpuinfo").read_text())
    processor = found[1] if found else platform.machine()
    print(
        f"{clock.now():%d %B %Y}; {os.cpu_count()} cores of {processor}; Python {platform.python_version()}, "
        f"SQLite {sqlite3.sqlite_version}; load before: {os.getloadavg()[0]:.1f}"
    )
