"""Files, recruiters and imports for these tests."""

import csv
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import func, select

from portal.applications.models import Application, ApplicationEvent
from portal.ats.actions import ImportReport, create_import, import_file
from portal.ats.actions.passes import unheard
from portal.ats.jobs import run_imports
from portal.ats.queries import ImportRow, find_import
from portal.core import clock
from portal.core.db import end_reading, session
from portal.people.models import Address, Person
from tests.accounts.visitors import RITA

DATA = Path(__file__).parents[1] / "data"
GREENHOUSE = DATA / "applications-greenhouse.csv"
LEVER = DATA / "applications-lever.tsv"
HEADER = (
    *("Application ID", "Candidate ID", "Candidate Name", "Email", "Job ID", "Job", "Current Stage", "Status"),
    *("Applied On", "Last Activity", "Rejection Reason", "Source", "Candidate Tags"),
)
#: A row as Greenhouse exports it.
ADA: Mapping[str, str] = {
    "Application ID": "1",
    "Candidate ID": "9",
    "Candidate Name": "Ada Lind",
    "Email": "ada@demo.example",
    "Job ID": "40",
    "Job": "Product Designer",
    "Current Stage": "Recruiter Screen",
    "Status": "Active",
    "Applied On": "2026-02-01",
    "Last Activity": "2026-02-03",
    "Rejection Reason": "",
    "Source": "LinkedIn",
    "Candidate Tags": "python;EU",
}


def row(**different: str) -> dict[str, str]:
    """Ada's row with other cells: `stage="Offer"` and so on."""
    names = {
        "id": "Application ID",
        "name": "Candidate Name",
        "email": "Email",
        "job_id": "Job ID",
        "job": "Job",
        "stage": "Current Stage",
        "status": "Status",
        "applied": "Applied On",
        "active": "Last Activity",
        "reason": "Rejection Reason",
        "channel": "Source",
        "tags": "Candidate Tags",
    }
    return {**ADA, **{names[key]: value for key, value in different.items()}}


def write_file(folder: Path, rows: Sequence[Mapping[str, str]], name: str = "export.csv") -> Path:
    """A CSV file of these rows; its header is that of the first row, else Greenhouse's."""
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]) if rows else HEADER)
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(path: Path, **options: Any) -> ImportReport:
    """`portal import applications` with Rita as owner."""
    end_reading()
    wishes: dict[str, Any] = {
        "source": "",
        "dry_run": False,
        "on_error": "skip",
        "owner_email": RITA,
        "column_map": {},
        "dates": "",
        "told": None,
        "now": clock.now(),
        "progress": unheard,
        **options,
    }
    report = import_file(path, **wishes)
    end_reading()
    return report


def counts(report: ImportReport | ImportRow) -> tuple[int, int, int, int]:
    """Added, changed, same, refused."""
    return report.added, report.changed, report.same, report.refused


def upload(path: Path, owner_id: int, **options: Any) -> ImportRow:
    """A file as a recruiter uploads it, checked by the worker."""
    wishes: dict[str, Any] = {"source": "", "told": None, **options}
    public_id = create_import(path, path.name, owner_id=owner_id, created_by_id=owner_id, now=clock.now(), **wishes)
    work()
    return find_import(public_id)


def work() -> None:
    """What the worker does for imports."""
    end_reading()
    run_imports(clock.now())
    end_reading()


def again(row: ImportRow) -> ImportRow:
    """The import as it stands now."""
    end_reading()
    return find_import(row.public_id)


def find_application(email: str, opening: str = "") -> Application:
    """The newest application of the person with this address."""
    end_reading()
    found = session().scalar(
        select(Application)
        .join(Address, Address.person_id == Application.person_id)
        .where(Address.email == email)
        .order_by(Application.id.desc())
        .limit(1)
    )
    assert found is not None
    return found


def newest_event(application: Application) -> ApplicationEvent:
    """What was last said of an application."""
    found = session().scalar(
        select(ApplicationEvent)
        .where(ApplicationEvent.application_id == application.id)
        .order_by(ApplicationEvent.id.desc())
        .limit(1)
    )
    assert found is not None
    return found


def how_many(table: Any) -> int:
    """Rows of a table."""
    end_reading()
    return session().scalar(select(func.count()).select_from(table)) or 0


def find_person(email: str) -> Person:
    """The person with this address."""
    end_reading()
    found = session().scalar(select(Person).join(Address, Address.person_id == Person.id).where(Address.email == email))
    assert found is not None
    return found
