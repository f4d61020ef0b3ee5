"""The whole import of one file by a command: checked first, then applied in this process."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path

from portal.ats.actions.asking import add_import, keep_file, make_options
from portal.ats.actions.errors import OwnerNeeded, TakenOver
from portal.ats.actions.passes import Progress, TemporaryKeeper, read_through
from portal.ats.actions.plan import Frame
from portal.ats.actions.report import ImportReport, Summary, summarise
from portal.ats.actions.sources import find_or_add_source, name_source
from portal.ats.actions.steps import Work, begin, move, note, stop
from portal.ats.actions.survey import survey_table
from portal.ats.actions.tally import Issue, Tally
from portal.ats.actions.working import carry_through, frame_for, remembered, what_was_read
from portal.ats.adapters import Table, open_table
from portal.ats.queries import IssueRow, all_issues, import_by_id, label_maps
from portal.ats.rules import same_title
from portal.ats.states import ImportState, IssueLevel
from portal.core.db import end_reading, transaction
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.permissions import Role
from portal.core.settings import current_settings
from portal.openings.queries import openings_to_join
from portal.people.queries import active_recruiters, find_staff_by_email
from portal.people.rules import InvalidAddress, normalise_address


@dataclass(frozen=True)
class _Wish:
    """What the command was told."""

    path: Path
    source: str
    owner_id: int | None
    column_map: Mapping[str, str]
    dates: str
    on_error: str
    told: bool | None


@dataclass(frozen=True)
class _Check:
    """What the check of a file found."""

    source: str
    keeper: TemporaryKeeper
    summary: Summary


def import_file(
    path: Path,
    *,
    source: str,
    dry_run: bool,
    on_error: str,
    owner_email: str,
    column_map: Mapping[str, str],
    dates: str,
    told: bool | None,
    now: datetime,
    progress: Progress,
) -> ImportReport:
    """Check the whole file and, unless it is a dry run, import it; `progress` hears how many rows of how many.

    `on_error` is "skip" or "stop", `dates` is "dmy", "mdy" or "". Raises WrongUsage where something has to be said
    first, UnreadableFile, ImportStopped; what was imported by then stays, and running again completes it.
    """
    wish = _Wish(path, source, _owner(owner_email), dict(column_map), dates, on_error, told)
    with open_table(path) as table:
        check = _check(wish, table, now, _half(progress, 0, 1 if dry_run else 2))
    end_reading()
    tally = check.keeper.tally
    if dry_run:
        return _report(check, tally, [_("This was a dry run: nothing was written."), *_called_alike(tally)])
    if on_error == "stop" and tally.refused:
        remark = ngettext(
            "Nothing was imported, because %(count)s row is refused.",
            "Nothing was imported, because %(count)s rows are refused.",
            tally.refused,
        )
        return _report(check, Tally(same=tally.same, refused=tally.refused), [remark])
    if not tally.added and not tally.changed:
        _remember_told(check.source, told, now)
        return _report(check, tally, [_("There is nothing to write: all of it is here already.")])
    return _apply(wish, check.source, now, _half(progress, 1, 2))


def _called_alike(tally: Tally) -> list[str]:
    """Of the openings that would be made those whose name one has already, and how to use that one."""
    here: dict[str, list[str]] = {}
    for one in openings_to_join() if tally.openings else []:
        here.setdefault(same_title(one.title), []).append(one.label)
    return [
        _(
            'An opening called "%(title)s" is here already: %(here)s. This import would make another one. '
            "To put these applications into that one, bring the file in on the page Imports and choose it there.",
            title=title,
            here=" · ".join(here[same_title(title)]),
        )
        for title in dict.fromkeys(tally.openings.values())
        if same_title(title) in here
    ]


def _half(progress: Progress, part: int, parts: int) -> Progress:
    """`progress` of one of several passes over the same rows."""
    return lambda done, total: progress(part * total + done, parts * total)


def _owner(email: str) -> int | None:
    if not email:
        return None
    try:
        staff = find_staff_by_email(normalise_address(email))
    except InvalidAddress as problem:
        raise OwnerNeeded(problem.message) from problem
    if staff is None or staff.person_id not in {one.person_id for one in active_recruiters()}:
        raise OwnerNeeded(_("%(email)s is not the address of an active recruiter or admin.", email=email))
    return staff.person_id


def _check(wish: _Wish, table: Table, now: datetime, progress: Progress) -> _Check:
    source = name_source(wish.source, table.headers)
    survey = survey_table(table, wish.column_map, *remembered(source, wish.dates))
    frame = frame_for(source, survey, wish.owner_id, now)
    if wish.told is not None:
        # It is kept with the source when the import is for real, and counts for what this one would do.
        frame = replace(frame, has_told_them=wish.told)
    keeper = TemporaryKeeper()
    read_through(table, frame, keeper, None, progress)
    return _Check(source, keeper, _summary(table, frame, keeper))


def _summary(table: Table, frame: Frame, keeper: TemporaryKeeper) -> Summary:
    findings = {**what_was_read(table, frame), "tally": keeper.tally.as_json()}
    return summarise(findings, frame.labels)


def _report(check: _Check, counts: Tally, remarks: list[str]) -> ImportReport:
    return ImportReport(
        added=counts.added,
        changed=counts.changed,
        same=counts.same,
        refused=counts.refused,
        source=check.source,
        summary=check.summary,
        remarks=remarks,
        read_refusals=partial(check.keeper.issues, IssueLevel.REFUSED),
        read_changes=partial(check.keeper.issues, IssueLevel.CHANGED),
        read_warnings=partial(check.keeper.issues, IssueLevel.WARNING),
    )


def _remember_told(source: str, told: bool | None, now: datetime) -> None:
    if told is not None:
        with transaction():
            find_or_add_source(source, now).told_of_endings = told


def _apply(wish: _Wish, source: str, now: datetime, progress: Progress) -> ImportReport:
    work = _begin_for_real(wish, source, now)
    try:
        carry_through(work, now, progress)
    except PortalError as problem:
        stop(work, problem, now)
        raise
    return _report_of(work.import_id)


def _begin_for_real(wish: _Wish, source: str, now: datetime) -> Work:
    """The import's row, in our hand at once.

    The file is kept as an uploaded one is, so that a worker can complete what this process leaves unfinished.
    """
    options = make_options(wish.owner_id, wish.column_map, wish.dates, wish.on_error)
    actor_id = wish.owner_id or _first_admin()
    file_id = keep_file(wish.path, wish.path.name, actor_id, now)
    with transaction():
        asked = {**options, "asked_by": actor_id, "by_command": True}
        row = add_import(file_id, wish.path.name, source, asked, wish.told, actor_id, now)
        for state in (ImportState.CHECKING, ImportState.CHECKED, ImportState.APPLYING):
            move(row, state)
        note(row, tally={}, days=[])
        work = begin(row.id, now)
    if work is None:
        raise TakenOver(_("A worker has taken this import over; its page shows how it goes on."))
    return work


def _first_admin() -> int:
    """Who stands for the command where nobody was named."""
    staff = active_recruiters()
    admins = [one.person_id for one in staff if one.role is Role.ADMIN]
    everybody = admins or [one.person_id for one in staff]
    if not everybody:
        raise OwnerNeeded(_("No recruiter has accepted an invitation yet. Invite one first: portal staff add."))
    return min(everybody)


def _report_of(import_id: int) -> ImportReport:
    row = import_by_id(import_id)
    link = f"{current_settings().base_url}/recruiting/imports/{row.public_id}"
    held = _("Nothing automatic is sent to the people in it until it is released: %(link)s", link=link)
    summary = summarise(row.findings, label_maps(row.source_id))
    return ImportReport(
        added=row.added,
        changed=row.changed,
        same=row.same,
        refused=row.refused,
        source=row.source,
        summary=summary,
        remarks=[held] if summary.tally.open_added else [],
        read_refusals=partial(_stored, import_id, IssueLevel.REFUSED),
        read_changes=partial(_stored, import_id, IssueLevel.CHANGED),
        read_warnings=partial(_stored, import_id, IssueLevel.WARNING),
    )


def _stored(import_id: int, level: IssueLevel) -> Iterator[Issue | IssueRow]:
    return all_issues(import_id, level)
