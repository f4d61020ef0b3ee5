"""The openings of the demo, and the files that its applications came from."""

import csv
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import select

from portal.applications.queries import StaffView
from portal.applications.states import ApplicationStatus
from portal.ats.actions import (
    ask_to_apply,
    choose_openings,
    create_import,
    import_file,
    map_labels,
    release_import,
    restate_source,
    work_on_import,
)
from portal.ats.queries import find_import, imports_on_page, labels_of
from portal.ats.rules.changes import key_of_opening
from portal.core.clock import day_of
from portal.core.db import end_reading, session, transaction
from portal.demo import data
from portal.demo.actions.story import Story, at, ready_for
from portal.demo.rules import export_rows, opportunity_rows
from portal.openings.actions import assign_opening, find_or_add_opening
from portal.openings.models import Opening

_SOURCE = "greenhouse"
#: So long before the story is told did Rita bring what that system says now.
_NEWS_BEFORE = timedelta(minutes=90)
_HEADERS = (
    "Application ID",
    "Candidate Name",
    "Email",
    "Job ID",
    "Job",
    "Current Stage",
    "Status",
    "Applied On",
    "Last Activity",
    "Rejection Reason",
    "Source",
)


def add_openings(story: Story, moment: datetime) -> None:
    """The openings with their recruiters and hiring managers."""
    for opening in data.OPENINGS:
        with transaction():
            recruiter = story.staff[opening.recruiter]
            added = find_or_add_opening(_SOURCE, opening.external_id, opening.title, recruiter, moment)
            assign_opening(added.id, recruiter_id=recruiter, hiring_manager_id=story.staff[opening.manager])


def import_applications(story: Story, moment: datetime) -> None:
    """The first import, with nearly all stages given a meaning, and released."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "greenhouse-export.csv"
        _write_csv(path, _HEADERS, export_rows(story.random, day_of(moment, story.zone)))
        import_file(
            path,
            source=_SOURCE,
            dry_run=False,
            on_error="skip",
            owner_email="rita@demo.example",
            column_map={},
            dates="",
            told=True,
            now=moment,
            progress=_say_nothing,
        )
    end_reading()
    row = imports_on_page(1, 1)[0][0]
    meanings = {**data.STAGE_STATUS, **data.REASON_STATUS}
    mapped = {
        one.id: ApplicationStatus(meanings[one.label]) for one in labels_of(row.source_id) if one.label in meanings
    }
    map_labels(row.id, mapped, actor_id=story.staff["rita"], now=moment)
    restate_source(row.id, moment)
    release_import(row.id, actor_id=story.staff["rita"], now=moment)
    end_reading()


def _say_nothing(_done: int, _total: int) -> None:
    """Nobody watches the demo being loaded."""


def _write_csv(path: Path, headers: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    with path.open("w", newline="") as file:
        csv.writer(file).writerows([headers, *rows])


def bring_a_list(story: Story) -> None:
    """Rita has brought a list from a meet-up: imported, not released, and one of its stages means nothing yet."""
    with at(story.moment(story.days_ago(1), 15)) as moment:
        met_on = (story.today - timedelta(days=12)).isoformat()
        rows = [(*row, met_on) for row in data.LIST_ROWS]
        row_id = _upload(story, "meet-up-list.csv", "meet-up", "rita", data.LIST_HEADERS, rows, moment)
        _say_whose(row_id, story, moment)
        ask_to_apply(row_id, actor_id=story.staff["rita"], now=moment)
        work_on_import(row_id, moment)
        end_reading()


def _say_whose(row_id: int, story: Story, moment: datetime) -> None:
    """The titles in the list are those of openings that we have."""
    ours = {one.title: one.external_id for one in data.OPENINGS}
    titles = {row[2] for row in data.LIST_ROWS}
    wanted = select(Opening.id, Opening.title).where(Opening.external_key.in_([ours[title] for title in titles]))
    chosen = {key_of_opening("", row.title): row.id for row in session().execute(wanted)}
    end_reading()
    choose_openings(row_id, chosen, actor_id=story.staff["rita"], now=moment)
    work_on_import(row_id, moment)
    end_reading()


def leave_an_import_waiting(story: Story) -> None:
    """Omar's file is checked and waits for a decision."""
    with at(story.moment(story.days_ago(1), 16)) as moment:
        rows = opportunity_rows(story.random, story.today)
        _upload(story, "lever-opportunities.csv", "lever", "omar", data.LEVER_HEADERS, rows, moment)


def bring_news(story: Story) -> None:
    """Rita's newest export: some have ended there, which that system has told them itself; others stand elsewhere.

    Their pages say so in a day. Until then she can say that it is otherwise.
    """
    moment = story.at - _NEWS_BEFORE
    with at(moment):
        rows = _news(story, moment)
        row_id = _upload(story, "greenhouse-this-week.csv", _SOURCE, "rita", _HEADERS, rows, moment)
        ask_to_apply(row_id, actor_id=story.staff["rita"], now=moment)
        work_on_import(row_id, moment)
        restate_source(row_id, moment)
        end_reading()


def _news(story: Story, moment: datetime) -> list[list[str]]:
    """A row for each who stands elsewhere there since, and is well here."""
    rows: list[list[str]] = []
    taken: set[str] = set()
    for news in data.NEWS:
        standing = ready_for(story, "rita", news.standing, moment)
        fitting = [view for view in standing if view.source == _SOURCE and view.external_key not in taken]
        chosen = fitting[: news.people_count]
        taken |= {view.external_key for view in chosen}
        rows += [_row_of(view, news, day_of(moment, story.zone)) for view in chosen]
    return rows


def _row_of(view: StaffView, news: data.News, day: date) -> list[str]:
    job_id = next(one.external_id for one in data.OPENINGS if one.title == view.opening_title)
    applied_on = view.applied_on.isoformat() if view.applied_on else ""
    stage = news.stage or view.source_stage
    who = [view.external_key.rpartition(":")[2], view.person_name, view.email, job_id, view.opening_title]
    return [*who, stage, news.status, applied_on, day.isoformat(), news.reason, view.channel]


def _upload(
    story: Story,
    name: str,
    source: str,
    by: str,
    headers: Sequence[str],
    rows: Iterable[Sequence[str]],
    moment: datetime,
) -> int:
    """A file that somebody has uploaded and that is checked; the import's id."""
    staff_id = story.staff[by]
    with TemporaryDirectory() as folder:
        path = Path(folder) / name
        _write_csv(path, headers, rows)
        public_id = create_import(
            path, name, source=source, owner_id=staff_id, told=None, created_by_id=staff_id, now=moment
        )
    row_id = find_import(public_id).id
    work_on_import(row_id, moment)
    end_reading()
    return row_id
