"""Tasks as the staff works on them: the list, one whole, and what is said of them."""

from collections.abc import Sequence
from datetime import date
from urllib.parse import urlencode

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.company.queries import company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound, PortalError
from portal.core.i18n import gettext as _
from portal.core.i18n import ngettext
from portal.core.permissions import Role
from portal.people.queries import StaffRow, active_staff, stands_in_for
from portal.tasks import actions
from portal.tasks.forms import HandOverForm, NoteForm, TaskFilterForm
from portal.tasks.queries import (
    TaskLine,
    TaskScope,
    TaskView,
    find_task,
    leads_somebody,
    list_tasks,
    still_untold,
    tasks_named,
    wants_morning_mail,
)
from portal.tasks.rules import (
    KINDS,
    EmptyNote,
    HandOverRefused,
    StillUntold,
    TaskClosed,
    can_do,
    check_may_go_over,
    event_words,
    path_of,
    task_words,
)
from portal.tasks.states import DONE_WITH_A_WORD, OPEN_STATES, PRIVATE, TaskKind
from portal.web.audiences import local_path
from portal.web.identity import identity
from portal.web.paging import PAGE_SIZE, Page, page_number, page_url

blueprint = Blueprint("tasks", __name__)
Answer = Response | tuple[str, int]
_HAND_OVER, _TELL_HERE = "hand_over", "tell_here"
#: Where several people are told by their pages whom no letter reached.
_TOLD_HERE = "/recruiting/applications/told-here"


def _today() -> date:
    return day_of(now(), company_zone())


def _scope() -> TaskScope:
    me = identity()
    return TaskScope(me.person_id, me.role is Role.ADMIN, tuple(stands_in_for(me.person_id, _today())))


def _find(public_id: str) -> TaskView:
    view = find_task(public_id, _scope())
    if view is None:
        raise NotFound
    return view


def _colleagues(kinds: set[TaskKind], but_for: int | None) -> list[StaffRow]:
    """Who works here, has accepted their invitation, and can do all of these that go over at all."""
    asked = kinds - PRIVATE
    return [row for row in active_staff() if row.person_id != but_for and all(can_do(kind, row.role) for kind in asked)]


@blueprint.route("/tasks", methods=["GET", "POST"])
def index() -> Answer:
    """The list; what was ticked is done, or goes to a colleague, in one step."""
    scope = _scope()
    filters = TaskFilterForm(scope.is_admin or leads_somebody(scope.person_id))
    number = page_number()
    found, total = list_tasks(filters.wanted, scope, (number - 1) * PAGE_SIZE, PAGE_SIZE)
    if total and not found and request.method == "GET":
        return redirect(page_url(1), 303)
    chosen = tasks_named(request.form.getlist("task")[:PAGE_SIZE], scope)
    form = HandOverForm(_colleagues({line.kind for line in chosen or found}, None))
    status, problem = 200, ""
    if request.method == "POST":
        letters = [line.about for line in chosen if line.kind is TaskKind.DEAD_LETTER]
        if request.form.get("do") == _TELL_HERE and letters:
            asked = {"application": letters, "back": request.full_path}
            return redirect(f"{_TOLD_HERE}?{urlencode(asked, doseq=True)}", 303)
        problem = _do(chosen, form)
        if not problem:
            return redirect(local_path(request.full_path) or url_for(".index"), 303)
        status = 422
    untold = _untold(found) if filters.wanted.is_open else set()
    page = render_template(
        "recruiting/tasks/index.html",
        filters=filters,
        form=form,
        page=Page(found, number, total),
        chosen={line.public_id for line in chosen},
        has_untold=bool(untold),
        may_tick=any(line.id not in untold and line.kind not in DONE_WITH_A_WORD for line in found),
        problem=problem if status != 200 else "",
        today=_today(),
        words=_words,
        me_id=scope.person_id,
        where={line.id: _where(line, line.id in untold, request.full_path) for line in found},
        link_labels={line.id: _link_label(line, line.id in untold) for line in found},
        is_open=filters.wanted.is_open,
        is_narrowed=any(request.args.get(name) for name in ("whose", "state", "kind")),
        wants_mail=wants_morning_mail(scope.person_id),
    )
    return page, status


def _untold(lines: Sequence[TaskLine]) -> set[int]:
    """Which of these are letters whose readers nobody has told yet."""
    return still_untold(line.id for line in lines if line.kind is TaskKind.DEAD_LETTER)


def _link_label(line: TaskLine, is_untold: bool) -> str:
    """What leads to where it is done; of a letter whose reader was told, or that nobody wrote, nothing is asked."""
    if line.kind is TaskKind.DEAD_LETTER and not is_untold:
        return _("Open the application")
    return str(KINDS[line.kind].link)


def _where(line: TaskLine, is_untold: bool, back: str) -> str:
    """Where it is done, and from where one comes back to go on with the next."""
    path = path_of(line.kind, line.about)
    return f"{path}?{urlencode({'back': back})}" if is_untold else path


def _words(line: TaskLine) -> str:
    return task_words(line.kind, line.name, line.title)


def _do(chosen: Sequence[TaskLine], form: HandOverForm) -> str:
    """Do with the chosen tasks what was asked; says what is wrong, or nothing."""
    me, at = identity(), now()
    ids = [line.id for line in chosen]
    if not ids:
        return _("Please choose at least one task first.")
    if request.form.get("do") == _TELL_HERE:
        return _("Please choose letters that did not arrive.")
    if request.form.get("do") != _HAND_OVER:
        return _tick_off(ids)
    if not form.validate():
        return _("Nothing was handed over yet.")
    try:
        check_may_go_over(line.kind for line in chosen)
        count = actions.hand_over_tasks(ids, to_id=form.to_id, why=form.why.data or "", actor_id=me.person_id, now=at)
    except HandOverRefused as error:
        form.refuse(error)
        return _("Nothing was handed over yet.")
    flash(ngettext("%(count)s task was handed over.", "%(count)s tasks were handed over.", count), "success")
    return ""


def _tick_off(ids: Sequence[int]) -> str:
    try:
        count = actions.tick_off(ids, actor_id=identity().person_id, now=now())
    except StillUntold as error:
        return error.message
    flash(ngettext("%(count)s task is done.", "%(count)s tasks are done.", count), "success")
    return ""


@blueprint.get("/tasks/<public_id>")
def show(public_id: str) -> Answer:
    """One task: what to do, where, and what happened to it."""
    view = _find(public_id)
    return _page(view, HandOverForm(_colleagues({view.line.kind}, view.line.owner_id)), NoteForm(), 200)


def _page(view: TaskView, hand_over_form: HandOverForm, note_form: NoteForm, status: int) -> Answer:
    line = view.line
    is_untold = bool(_untold([line]))
    page = render_template(
        "recruiting/tasks/show.html",
        task=line,
        view=view,
        words=_words(line),
        what_to_do=KINDS[line.kind].to_do,
        link_label=_link_label(line, is_untold),
        path=_where(line, is_untold, url_for(".index")) if can_do(line.kind, identity().role) else "",
        is_open=line.state in OPEN_STATES,
        may_tick=not is_untold and line.kind not in DONE_WITH_A_WORD,
        may_hand_over=line.kind not in PRIVATE,
        is_own=line.owner_id == identity().person_id,
        today=_today(),
        entries=[
            {
                "who": event.author_name or _("The system"),
                "when": event.created_at,
                "title": event_words(event.kind, event.to_name or ""),
                "body": event.words,
                "is_person": event.author_name is not None,
            }
            for event in view.events
        ],
        form=hand_over_form,
        note_form=note_form,
    )
    return page, status


@blueprint.post("/tasks/<public_id>/done")
def done(public_id: str) -> Response:
    """Finished, from wherever it stood."""
    view = _find(public_id)
    try:
        is_done = actions.tick_off([view.line.id], actor_id=identity().person_id, now=now()) == 1
    except StillUntold as error:
        flash(error.message, "warning")
        return _to_where_it_is_done(view)
    if is_done:
        flash(_("Done: %(what)s.", what=_words(view.line)), "success")
    else:
        flash(_("This was finished already."), "info")
    return _back(public_id)


def _to_where_it_is_done(view: TaskView) -> Response:
    """To the page on which it is done, for whoever can open that; and from there back to where the button stood."""
    line = view.line
    back = local_path(request.form.get("back", "")) or url_for(".show", public_id=line.public_id)
    if not can_do(line.kind, identity().role):
        return redirect(back, 303)
    return redirect(_where(line, True, back), 303)


@blueprint.post("/tasks/<public_id>/reopen")
def reopen(public_id: str) -> Response:
    """Taken back."""
    view = _find(public_id)
    if actions.reopen_task(view.line.id, actor_id=identity().person_id, now=now()):
        flash(_("To do again: %(what)s.", what=_words(view.line)), "success")
    else:
        flash(_("This is open already."), "info")
    return _back(public_id)


@blueprint.post("/tasks/<public_id>/hand-over")
def hand_over(public_id: str) -> Answer:
    """To a colleague, with a word why."""
    view = _find(public_id)
    form = HandOverForm(_colleagues({view.line.kind}, view.line.owner_id))
    if not form.validate_on_submit():
        return _page(view, form, NoteForm(formdata=None), 422)
    try:
        check_may_go_over([view.line.kind])
        actions.hand_over_task(
            view.line.id, to_id=form.to_id, why=form.why.data or "", actor_id=identity().person_id, now=now()
        )
    except HandOverRefused as error:
        form.refuse(error)
        return _page(view, form, NoteForm(formdata=None), 422)
    except TaskClosed as error:
        return _told(error, public_id)
    flash(_("Handed over: %(what)s.", what=_words(view.line)), "success")
    is_still_seen = find_task(public_id, _scope()) is not None
    return redirect(url_for(".show", public_id=public_id) if is_still_seen else url_for(".index"), 303)


@blueprint.post("/tasks/<public_id>/note")
def note(public_id: str) -> Answer:
    """Something that colleagues should know."""
    view = _find(public_id)
    form = NoteForm()
    hand_over_form = HandOverForm(_colleagues({view.line.kind}, view.line.owner_id))
    if not form.validate_on_submit():
        return _page(view, hand_over_form, form, 422)
    try:
        actions.note_on_task(view.line.id, words=form.words.data or "", actor_id=identity().person_id, now=now())
    except EmptyNote as error:
        form.put_error("words", error)
        return _page(view, hand_over_form, form, 422)
    flash(_("Noted."), "success")
    return redirect(url_for(".show", public_id=public_id), 303)


@blueprint.post("/tasks/morning-mail")
def morning_mail() -> Response:
    """Whether a mail comes in the morning."""
    is_wanted = request.form.get("wanted") == "yes"
    actions.choose_morning_mail(identity().person_id, is_wanted, now())
    flash(
        _("You get a mail on the mornings when something is due.") if is_wanted else _("No more mail in the morning."),
        "success",
    )
    return redirect(url_for(".index", _anchor="morning-mail"), 303)


def _told(error: PortalError, public_id: str) -> Response:
    flash(error.message, "info")
    return redirect(url_for(".show", public_id=public_id), 303)


def _back(public_id: str) -> Response:
    """To where the button stood, or to the task."""
    return redirect(local_path(request.form.get("back", "")) or url_for(".show", public_id=public_id), 303)
