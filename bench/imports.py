"""Rows per second of an import, against writing the same rows with the csv module and bare INSERTs."""

import csv
import resource
import sqlite3
import tempfile
import time
from pathlib import Path

from bench.site import import_export, make_site, write_export
from portal.ats.actions import ImportReport

ROWS = 10_000


def run() -> None:
    """Measure the first import, the second (nothing changes) and the reference."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        export = folder / "export.csv"
        write_export(export, ROWS)
        bare = _bare(export, folder / "bare.sqlite3")
        app = make_site(folder)
        with app.app_context():
            first, report = _timed(export)
            assert report.added == ROWS, report
            again, report = _timed(export)
            assert report.same == ROWS, report
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"{ROWS:,} rows, SQLite; the most memory the process had: {peak:.0f} MB")
    print(f"bare csv and INSERT  {ROWS / bare:9,.0f} rows/s")
    print(f"first import         {ROWS / first:9,.0f} rows/s, {bare / first:.1%} of bare")
    print(f"again, all the same  {ROWS / again:9,.0f} rows/s, {bare / again:.1%} of bare")


def _timed(export: Path) -> tuple[float, ImportReport]:
    begun = time.perf_counter()
    report = import_export(export)
    return time.perf_counter() - begun, report


def _bare(export: Path, path: Path) -> float:
    """The same facts into the same number of rows: a person, an address, an application and its event each."""
    begun = time.perf_counter()
    with export.open(newline="") as file:
        rows = list(csv.reader(file))[1:]
    connection = sqlite3.connect(path)
    for table in ("person", "address", "application", "event"):
        connection.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, a, b, c, d, e, f, g, h)")
        connection.executemany(f"INSERT INTO {table} (a, b, c, d, e, f, g, h) VALUES (?, ?, ?, ?, ?, ?, ?, ?)", rows)
    connection.commit()
    return time.perf_counter() - begun
