"""Imports for recruiters: upload, check, map, import, release."""

from collections.abc import Iterator
from typing import Any

from flask import Blueprint, flash, redirect, render_template, url_for
from werkzeug.wrappers import Response

from portal.applications.states import ApplicationStatus
from portal.ats import actions
from portal.ats.actions import ColumnsNeeded, Summary, WrongMoment
from portal.ats.forms import AllTheSameForm, DatesForm, OwnerForm, columns_form, labels_form
from portal.ats.queries import (
    UNFINISHED,
    ImportRow,
    IssueRow,
    LabelRow,
    all_issues,
    find_import,
    imports_on_page,
    issue_counts,
    issues_on_page,
    label_maps,
    labels_of,
    promises_of,
)
from portal.ats.recruiter_views.openings import AskedOpenings, asked_openings
from portal.ats.recruiter_views.uploading import begin_import, kept_name, staff_id, upload_form
from portal.ats.rules import FIELD_LABELS, suggest_status
from portal.ats.states import DateOrder, ImportField, ImportState, IssueLevel
from portal.core.clock import now
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.spreadsheets import BYTE_ORDER_MARK, csv_line
from portal.people.queries import active_recruiters
from portal.web.audiences import accepts_upload
from portal.web.forms import Form
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number

blueprint = Blueprint("imports", __name__)

#: Bytes of a request with a file in it: the form around the file is small.
MAX_UPLOAD = actions.MAX_FILE + 64 * 1024
#: Rows of each kind on the import's own page; the rest is one click away.
_FIRST_ROWS = 10
#: Labels on one page of the mapping; browsers and servers dislike longer forms.
_LABELS_SHOWN = 200


@blueprint.route("/imports", methods=["GET", "POST"])
@accepts_upload(MAX_UPLOAD)
def index() -> Any:
    """All imports, and a form for the next one."""
    form = upload_form()
    if form.is_submitted() and (public_id := begin_import(form)) is not None:
        return redirect(url_for(".show", public_id=public_id), 303)
    number = page_number()
    rows, total = imports_on_page(number, PAGE_SIZE)
    page = Page(rows, number, total)
    kept = kept_name(form) if form.is_submitted() else ""
    shown = render_template("recruiting/imports/index.html", form=form, page=page, kept=kept)
    return shown, 422 if form.errors else 200


@blueprint.get("/imports/<public_id>")
def show(public_id: str) -> Any:
    """One import: its progress, what the check found, what was imported."""
    row = find_import(public_id)
    return _render_import(row)


def _render_import(
    row: ImportRow, forms: dict[str, Any] | None = None, status: int = 200, asked: AskedOpenings | None = None
) -> Any:
    needs = row.findings.get("needs", "") if row.state is ImportState.FAILED else ""
    summary = actions.summarise(row.findings, label_maps(row.source_id))
    return render_template(
        "recruiting/imports/show.html",
        row=row,
        summary=summary,
        asked=asked or asked_openings(row, summary),
        columns_read=[(header, FIELD_LABELS[ImportField(field)]) for field, header in summary.fields.items()],
        **_promises(row, summary),
        is_waiting=row.state in UNFINISHED,
        needs=needs,
        is_for_real=bool(row.findings.get("was_for_real")),
        issues=_first_issues(row),
        forms={"labels": _asks_about_labels(row), **_forms(needs), **(forms or {})},
        example=row.findings.get("example", ""),
    ), status


def _promises(row: ImportRow, summary: Summary) -> dict[str, Any]:
    """What is promised for which day: as it is now once it was imported, before that as it would be."""
    is_done = row.state is ImportState.APPLIED
    promised = promises_of(row.public_id) if is_done else summary.promised
    open_count = sum(count for _day, count in promised)
    return {
        "promised": [{"day": day, "count": count, "text": actions.people(count)} for day, count in promised],
        "open_count": open_count,
        "ended_count": row.added - open_count if is_done else summary.tally.ended_added,
    }


def _first_issues(row: ImportRow) -> dict[str, Page[IssueRow]]:
    """The first rows of each list that has some."""
    if row.state not in {ImportState.CHECKED, ImportState.APPLIED}:
        return {}
    counts = issue_counts(row.id)
    return {level.value: Page(issues_on_page(row.id, level, 1, _FIRST_ROWS), 1, counts[level]) for level in counts}


def _forms(needs: str) -> dict[str, Any]:
    """The question that a stopped import waits for."""
    if needs == "dates":
        return {"dates": DatesForm()}
    return {"owner": OwnerForm(staff=active_recruiters())} if needs == "owner" else {}


@blueprint.get("/imports/<public_id>/progress")
def progress(public_id: str) -> Any:
    """How far an import has come, as a fragment that its page fetches again and again."""
    row = find_import(public_id)
    return render_template("recruiting/imports/progress.html", row=row, is_waiting=row.state in UNFINISHED)


@blueprint.get("/imports/<public_id>/rows/<any(refused, changed, warning):level>")
def rows(public_id: str, level: str) -> Any:
    """Every row that was refused, changed or warned about."""
    row = find_import(public_id)
    wanted, number = IssueLevel(level), page_number()
    found = issues_on_page(row.id, wanted, number, PAGE_SIZE)
    page = Page(found, number, issue_counts(row.id).get(wanted, 0))
    return render_template("recruiting/imports/rows.html", row=row, level=level, page=page)


@blueprint.get("/imports/<public_id>/refused.csv")
def refused(public_id: str) -> Response:
    """The refused rows as a file, for whoever corrects them."""
    row = find_import(public_id)
    response = Response("".join(_refused_lines(row.id)), mimetype="text/csv")
    response.headers["Content-Disposition"] = f'attachment; filename="refused-{row.public_id}.csv"'
    return response


def _refused_lines(import_id: int) -> Iterator[str]:
    yield BYTE_ORDER_MARK + csv_line([_("Row"), _("Column"), _("Reason")])
    for issue in all_issues(import_id, IssueLevel.REFUSED):
        yield csv_line([str(issue.row), issue.column, issue.reason])


def _asks_about_labels(row: ImportRow) -> AllTheSameForm | None:
    """What is asked before people are told that they are in the running for want of a meaning; None: nothing."""
    is_before = row.state is ImportState.CHECKED or (row.state is ImportState.APPLIED and row.released_at is None)
    left_open = is_before and actions.summarise(row.findings, label_maps(row.source_id)).left_open
    return AllTheSameForm() if left_open else None


@blueprint.post("/imports/<public_id>/apply")
def apply(public_id: str) -> Any:
    """Import what was checked; where labels have no meaning yet, only when somebody says so knowingly."""
    row = find_import(public_id)
    if (form := _asks_about_labels(row)) and not form.validate_on_submit():
        return _render_import(row, {"labels": form}, 422)
    return _do(row, lambda: actions.ask_to_apply(row.id, actor_id=identity().person_id, now=now()))


@blueprint.post("/imports/<public_id>/check")
def check(public_id: str) -> Response:
    """Look at the file again."""
    row = find_import(public_id)
    return _do(row, lambda: actions.ask_to_check(row.id, actor_id=identity().person_id, now=now()))


@blueprint.post("/imports/<public_id>/discard")
def discard(public_id: str) -> Response:
    """Put an import aside that was not applied."""
    row = find_import(public_id)
    try:
        actions.discard_import(row.id, actor_id=identity().person_id, now=now())
    except WrongMoment as error:
        flash(error.message, "warning")
        return redirect(url_for(".show", public_id=public_id), 303)
    flash(_("%(file)s was put aside. Nothing of it was imported.", file=row.file_name), "success")
    return redirect(url_for(".index"), 303)


@blueprint.route("/imports/<public_id>/release", methods=["GET", "POST"])
def release(public_id: str) -> Any:
    """Say what releasing means, and do it."""
    row = find_import(public_id)
    if row.state is not ImportState.APPLIED or row.released_at is not None:
        return redirect(url_for(".show", public_id=public_id), 303)
    form = _asks_about_labels(row)
    if (form or Form()).validate_on_submit():
        actions.release_import(row.id, actor_id=identity().person_id, now=now())
        flash(_("Released. Automatic notes may now go to the people in this import."), "success")
        return redirect(url_for(".show", public_id=public_id), 303)
    summary = actions.summarise(row.findings, label_maps(row.source_id))
    page = render_template(
        "recruiting/imports/release.html", row=row, summary=summary, form=form, **_promises(row, summary)
    )
    return page, 422 if form and form.errors else 200


@blueprint.post("/imports/<public_id>/dates")
def dates(public_id: str) -> Any:
    """Say whether the day or the month comes first."""
    row = find_import(public_id)
    form = DatesForm()
    if not form.validate_on_submit():
        return _render_import(row, {"dates": form}, 422)
    order = DateOrder(form.dates.data)
    return _do(row, lambda: actions.choose_dates(row.id, order, actor_id=identity().person_id, now=now()))


@blueprint.post("/imports/<public_id>/owner")
def owner(public_id: str) -> Any:
    """Say who looks after applications whose opening has no recruiter."""
    row = find_import(public_id)
    form = OwnerForm(staff=active_recruiters())
    if not form.validate_on_submit():
        return _render_import(row, {"owner": form}, 422)
    owner_id = staff_id(form.owner.data)
    return _do(row, lambda: actions.choose_owner(row.id, owner_id, actor_id=identity().person_id, now=now()))


@blueprint.post("/imports/<public_id>/openings")
def openings(public_id: str) -> Any:
    """Say which openings of the file are others here."""
    row = find_import(public_id)
    asked = asked_openings(row, actions.summarise(row.findings, label_maps(row.source_id)))
    if asked is None:
        return redirect(url_for(".show", public_id=public_id), 303)
    if not asked.form.validate_on_submit():
        return _render_import(row, status=422, asked=asked)
    chosen = asked.chosen
    return _do(row, lambda: actions.choose_openings(row.id, chosen, actor_id=identity().person_id, now=now()))


@blueprint.route("/imports/<public_id>/columns", methods=["GET", "POST"])
def columns(public_id: str) -> Any:
    """Say by hand what each column holds."""
    row = find_import(public_id)
    found = row.findings
    headers, demographic = found.get("headers") or [], found.get("demographic") or []
    form = columns_form(headers, demographic, actions.fields_of(row.source, headers))
    if form.validate_on_submit():
        chosen = {headers[int(index)]: field for index, field in form.chosen("column-").items()}
        try:
            actions.map_columns_by_hand(row.id, chosen, actor_id=identity().person_id, now=now())
        except (ColumnsNeeded, WrongMoment) as error:
            form.put_error("", error)
        else:
            flash(_("Saved. The file is checked again with these columns."), "success")
            return redirect(url_for(".show", public_id=public_id), 303)
    examples = actions.read_examples(row)
    hints = {f"column-{index}": examples[h] for index, h in enumerate(headers) if examples.get(h)}
    page = render_template(
        "recruiting/imports/columns.html",
        row=row,
        form=form,
        fields=[f for f in form if f.name.startswith("column-")],
        hints=hints,
        demographic=demographic,
    )
    return page, 422 if form.errors else 200


@blueprint.route("/imports/<public_id>/labels", methods=["GET", "POST"])
def labels(public_id: str) -> Any:
    """Say what candidates read for each stage and end reason of the import's source."""
    row = find_import(public_id)
    found = sorted(labels_of(row.source_id), key=_how_known)
    shown = found[:_LABELS_SHOWN]
    form = labels_form(shown, has_status="status" in (row.findings.get("fields") or {}))
    if form.validate_on_submit():
        meanings = {int(key): ApplicationStatus(word) if word else None for key, word in form.chosen("label-").items()}
        changed = actions.map_labels(row.id, meanings, actor_id=identity().person_id, now=now())
        flash(_saved(changed), "success")
        return redirect(url_for(".show", public_id=public_id), 303)
    tally = actions.summarise(row.findings, label_maps(row.source_id)).tally
    page = render_template(
        "recruiting/imports/labels.html",
        row=row,
        form=form,
        groups=[(kind, [form[f"label-{one.id}"] for one in shown if one.kind.value == kind]) for kind in _KINDS],
        hints={f"label-{one.id}": _rows_text(tally, one) for one in shown},
        hidden=len(found) - len(shown),
        is_empty=not found,
    )
    return page, 422 if form.errors else 200


_KINDS = ("stage", "reason")


def _how_known(label: LabelRow) -> tuple[bool, bool]:
    """For sorting: those that mean nothing to us first, then those we can guess."""
    return label.status is not None, suggest_status(label.label) is not None


def _rows_text(tally: Any, label: LabelRow) -> str:
    found = tally.labels(label.kind).get(label.key)
    count = found.count if found else 0
    words = ngettext("%(count)s row of this file", "%(count)s rows of this file", count)
    is_new = label.status is None and suggest_status(label.label) is None
    return _("%(rows)s. It means nothing to us: please choose.", rows=words) if is_new else words


def _saved(changed: int) -> str:
    if not changed:
        return _("Nothing has changed.")
    return ngettext(
        "Saved: %(count)s label has a new meaning. Candidates nobody has written to read it in a moment.",
        "Saved: %(count)s labels have a new meaning. Candidates nobody has written to read it in a moment.",
        changed,
    )


def _do(row: ImportRow, step: Any) -> Response:
    """Do `step`, say why where it cannot be, and show the import."""
    try:
        step()
    except PortalError as error:
        flash(error.message, "warning")
    return redirect(url_for(".show", public_id=row.public_id), 303)
