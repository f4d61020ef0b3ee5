"""Pages with 10,000 people on SQLite, against a bare Flask page on the same server."""

import tempfile
from pathlib import Path

from bench.load import Measured, measure
from bench.site import (
    OPEN_IN_FIRST,
    add_long_history,
    application_of,
    card_of,
    cookie_of,
    import_export,
    make_site,
    pipeline_of,
    publish_openings,
    served,
    settle_import,
    statements,
    write_export,
)

PEOPLE = 10_000
OPENINGS = 500
#: Events of an application about which a lot was written.
LONG = 60
#: Floor: 12 statements and 5 ms of CPU a page; goal: 6 and 2.
HEAD = (
    f"{'page':38} {'req/s':>7} {'p50 ms':>7} {'p99 ms':>7} {'CPU ms':>7} {'x bare':>7} {'stmts':>6} "
    f"{'bytes':>7} {'zipped':>7}"
)


def run() -> None:
    """Measure and print one line a page."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        app = make_site(folder)
        with app.app_context():
            write_export(folder / "export.csv", PEOPLE)
            import_export(folder / "export.csv")
            settle_import()
            public_id = application_of("person0@example.org")
            long_id = application_of("person1@example.org")
            add_long_history(long_id, LONG)
            slug = publish_openings(OPENINGS)
            opening = pipeline_of("person0@example.org")
            card = card_of("person1@example.org")
        candidate, recruiter = cookie_of(app, "person0@example.org"), cookie_of(app, "rita@example.org")
        pages = [
            ("/", "", "<h1"),
            ("/sign-in", "", "<h1"),
            ("/openings", "", "Role number"),
            ("/openings?q=role+12&area=data", "", "Role number"),
            (f"/openings/{slug}", "", "JobPosting"),
            ("/openings", candidate, "Role number"),
            ("/me/", candidate, "<h1"),
            (f"/me/applications/{public_id}", candidate, "data-next-update-by"),
            (f"/me/applications/{long_id}", cookie_of(app, "person1@example.org"), "data-next-update-by"),
            ("/recruiting/", recruiter, "<h1"),
            ("/recruiting/applications", recruiter, "<h1"),
            (f"/recruiting/applications/{long_id}", recruiter, "What has happened so far"),
            (f"/recruiting/candidates/{card}", recruiter, "What has happened so far"),
            (f"/recruiting/openings/{opening}/pipeline", recruiter, "data-pipeline"),
            (f"/recruiting/openings/{opening}/pipeline?due=y", recruiter, "data-pipeline"),
            (f"/recruiting/openings/{opening}/pipeline?q=number+1", recruiter, "data-pipeline"),
        ]
        names = {public_id: "<id>", long_id: f"<{LONG}>", card: f"<{LONG}>", opening: f"<{OPEN_IN_FIRST}>"}
        counts = [statements(app, path, cookie) for path, cookie, _ in pages]
        with served(["bench.bare:app"], folder) as (port, pids):
            bare = measure(port, pids, "/", marker="Bare")
        print(f"{PEOPLE:,} people, {OPENINGS} openings, SQLite, granian with one process and thread, four connections")
        print(HEAD)
        print(_line("bare Flask page", bare, bare, 0))
        with served(["--factory", "portal.app:create_app"], folder) as (port, pids):
            for (path, cookie, marker), count in zip(pages, counts, strict=True):
                print(
                    _line(
                        _shown(path, names),
                        measure(port, pids, path, cookie=cookie, marker=marker, count=800),
                        bare,
                        count,
                    )
                )


def _shown(path: str, names: dict[str, str]) -> str:
    """`path` with what is special about it in place of its id."""
    for public_id, name in names.items():
        path = path.replace(public_id, name)
    return path


def _line(name: str, one: Measured, bare: Measured, count: int) -> str:
    ratio = one.cpu_ms / bare.cpu_ms
    figures = f"{one.per_second:7.0f} {one.p50_ms:7.1f} {one.p99_ms:7.1f} {one.cpu_ms:7.2f} {ratio:7.1f}"
    return f"{name:38} {figures} {count:6d} {one.size:7,d} {one.zipped:7,d}"
