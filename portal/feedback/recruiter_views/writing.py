"""Writing feedback, seeing it as the candidate will, handing it in, approving it, taking it back."""

from dataclasses import dataclass
from typing import Any

from flask import Blueprint, flash, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope, when_it_goes
from portal.applications.states import STATUS_LABELS, ApplicationStatus
from portal.contact.rules import Hold
from portal.core.clock import now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import format_moment, local
from portal.core.i18n import gettext as _
from portal.feedback.actions.approving import (
    approve_feedback,
    may_take_back,
    return_feedback,
    take_back_feedback,
    why_not_approver,
)
from portal.feedback.actions.retracting import may_retract, retract_feedback, write_anew
from portal.feedback.actions.writing import findings_in, hand_in, save_feedback, subject_to_write
from portal.feedback.forms.writing import HandInForm, RetractForm, ReturnForm, WriteForm
from portal.feedback.queries.beside import circle_of, colleagues_here, criteria_about, notes_beside
from portal.feedback.queries.staff import FeedbackSubject, Written, find_written, owed_as
from portal.feedback.recruiter_views.finding import found_panels
from portal.feedback.rules.lint import GROUP_LABELS, INSTEAD, WHY, Finding
from portal.feedback.rules.writing import (
    PART_LABELS,
    SENT_AFTER,
    FeedbackRefused,
    FeedbackWords,
    NotNow,
    RetractReason,
    StaleFeedback,
    check_going,
    choose_approver,
    differences,
    half_said,
    lacking,
)
from portal.feedback.states import FeedbackForm, FeedbackState
from portal.people.queries import staff_name
from portal.web.identity import identity

blueprint = Blueprint("written_feedback", __name__)
Answer = Response | tuple[str, int]
_AUTOSAVE = "autosave"
_PREVIEW, _RETURN = "preview", "return"
_WRITABLE = frozenset({FeedbackState.DRAFT, FeedbackState.FOR_APPROVAL})


@dataclass(frozen=True)
class ShownFinding:
    """A finding as it stands on a page: in which part, which words, and what to do about it."""

    part: str
    label: str
    words: str
    why: str
    instead: str
    needs_reason: bool


@blueprint.route("/applications/<public_id>/feedback", methods=["GET", "POST"])
def write(public_id: str) -> Answer:
    subject = _find(public_id)
    written = find_written(subject.application_id)
    if request.method == "GET" and written is not None and written.state not in _WRITABLE:
        return _standing(subject, written), 200
    form = _write_form(subject, written)
    if request.method == "POST" and request.headers.get("X-Requested-With") == _AUTOSAVE:
        return _autosave(subject, form)
    if not form.validate_on_submit():
        return _writing(subject, written, form, 422 if form.is_submitted() else 200)
    try:
        revision = save_feedback(public_id, form.words, revision=form.seen_revision, scope=_scope(), now=now())
    except StaleFeedback as error:
        return _both(subject, form, error)
    except FeedbackRefused as error:
        form.put_error(error.field, error)
        return _writing(subject, written, form, 422)
    except NotNow as error:
        form.put_error("", error)
        return _writing(subject, written, form, 409)
    if request.form.get("do") == _PREVIEW and revision:
        return redirect(url_for(".preview", public_id=public_id), 303)
    flash(*_saved_words(form.words, is_saved=bool(revision)))
    return redirect(url_for(".write", public_id=public_id), 303)


def _saved_words(words: FeedbackWords, *, is_saved: bool) -> tuple[str, str]:
    if not is_saved:
        return _("Nothing was written yet."), "success"
    lacks = list(half_said(words).values())
    if lacks:
        return _("Saved as a draft. Before it can go: %(what)s", what=lacks[0]), "warning"
    return _("Saved as a draft. No candidate can read it."), "success"


@blueprint.route("/applications/<public_id>/feedback/preview", methods=["GET", "POST"])
def preview(public_id: str) -> Answer:
    """As the candidate will read it, what the check found, and handing it in."""
    subject = _find(public_id)
    written = find_written(subject.application_id)
    if written is None or (request.method == "GET" and written.state is not FeedbackState.DRAFT):
        return redirect(url_for(".write", public_id=public_id), 303)
    form = HandInForm(written.revision, written.lint_reason)
    if not form.validate_on_submit():
        return _previewing(subject, written, form, 422 if form.is_submitted() else 200)
    try:
        done = hand_in(
            public_id,
            revision=form.seen_revision,
            reason=form.lint_reason.data or "",
            scope=_scope(),
            now=now(),
        )
    except FeedbackRefused as error:
        form.put_error(error.field, error)
        return _previewing(subject, written, form, 422)
    except (NotNow, StaleFeedback) as error:
        form.put_error("", error)
        return _changed(subject, form)
    if done.goes_from is None:
        flash(_("Handed in. %(name)s is asked to approve it.", name=done.approver_name), "success")
    else:
        flash(_("Nobody else here may approve it, so it goes as you saw it. You can still take it back."), "success")
    return redirect(url_for(".write", public_id=public_id), 303)


@blueprint.route("/applications/<public_id>/feedback/approve", methods=["GET", "POST"])
def approve(public_id: str) -> Answer:
    """Read by somebody who did not write it: approved, or sent back with a word."""
    subject = _find_in_scope(public_id)
    written = find_written(subject.application_id)
    if written is None or (request.method == "GET" and written.state is not FeedbackState.FOR_APPROVAL):
        return redirect(url_for(".write", public_id=public_id), 303)
    form = ReturnForm(written.revision)
    if not form.validate_on_submit():
        return _approving(subject, written, form, 422 if form.is_submitted() else 200)
    try:
        if request.form.get("do") == _RETURN:
            return_feedback(public_id, form.words.data or "", revision=form.seen_revision, scope=_scope(), now=now())
            flash(_("Sent back. Whoever wrote it gets a mail."), "success")
        else:
            approve_feedback(public_id, revision=form.seen_revision, scope=_scope(), now=now())
            flash(_("Approved. They get a mail that it is there, in office hours."), "success")
    except FeedbackRefused as error:
        form.put_error(error.field, error)
        return _approving(subject, written, form, 422)
    except (NotNow, StaleFeedback) as error:
        end_reading()
        form.put_error("", error)
        again = find_written(subject.application_id) or written
        form.revision.data = str(again.revision)
        return _approving(subject, again, form, 409)
    return redirect(url_for(".write", public_id=public_id), 303)


@blueprint.post("/applications/<public_id>/feedback/take-back")
def take_back(public_id: str) -> Response:
    _find(public_id)
    try:
        take_back_feedback(public_id, scope=_scope(), now=now())
        flash(_("Taken back before it went. It is a draft again, and nobody has read it."), "success")
    except NotNow as error:
        flash(error.message, "warning")
    return redirect(url_for(".write", public_id=public_id), 303)


@blueprint.route("/applications/<public_id>/feedback/retract", methods=["GET", "POST"])
def retract(public_id: str) -> Answer:
    """Take back what they could read, with words to them."""
    subject = _find(public_id)
    written = find_written(subject.application_id)
    if written is None or written.state is not FeedbackState.APPROVED or not may_retract(written, _scope()):
        return redirect(url_for(".write", public_id=public_id), 303)
    form = RetractForm()
    if form.validate_on_submit():
        try:
            retract_feedback(
                public_id, RetractReason(form.reason.data), form.words.data or "", scope=_scope(), now=now()
            )
        except FeedbackRefused as error:
            form.put_error(error.field, error)
        except NotNow as error:
            flash(error.message, "warning")
            return redirect(url_for(".write", public_id=public_id), 303)
        else:
            flash(_("Taken back. Their page does not show it any more, and a mail tells them why."), "success")
            return redirect(url_for(".write", public_id=public_id), 303)
    page = render_template("recruiting/feedback/retract.html", subject=subject, written=written, form=form)
    return page, 422 if form.is_submitted() else 200


@blueprint.post("/applications/<public_id>/feedback/anew")
def anew(public_id: str) -> Response:
    _find(public_id)
    try:
        write_anew(public_id, scope=_scope(), now=now())
    except NotNow as error:
        flash(error.message, "warning")
    return redirect(url_for(".write", public_id=public_id), 303)


def staff_panel(public_id: str) -> str:
    """The part of an application's page in recruiting: how its feedback stands; empty where there is none to give."""
    found = found_panels(public_id)
    facts = found.facts if found else None
    if facts is None or not (facts.state or facts.has_interview or facts.is_owed):
        return ""
    is_unasked = facts.status is ApplicationStatus.HIRED or (facts.is_settled_otherwise and not facts.is_owed)
    if facts.state is None and is_unasked:
        return ""
    return render_template(
        "recruiting/feedback/_written_panel.html",
        facts=facts,
        is_ended=facts.status in SENT_AFTER,
        href=url_for("recruiting.written_feedback.write", public_id=public_id),
        approve_href=url_for("recruiting.written_feedback.approve", public_id=public_id),
    )


def _scope() -> StaffScope:
    me = identity()
    return StaffScope(me.person_id, me.role)


def _find(public_id: str) -> FeedbackSubject:
    return subject_to_write(public_id, _scope())


def _find_in_scope(public_id: str) -> FeedbackSubject:
    """Who only took part in an interview writes, and approves nothing."""
    subject = _find(public_id)
    if not subject.is_in_scope:
        raise NotFound
    return subject


def _write_form(subject: FeedbackSubject, written: Written | None) -> WriteForm:
    words = written.words if written else FeedbackWords()
    return WriteForm(words, written.revision if written else 0, criteria_about(subject.application_id))


def _autosave(subject: FeedbackSubject, form: WriteForm) -> Response:
    """What was typed so far, kept; a colleague's change in between, or what is wrong, is said to the script."""
    errors: dict[str, list[str]] = {}
    if form.validate():
        try:
            revision = save_feedback(
                subject.public_id, form.words, revision=form.seen_revision, scope=_scope(), now=now()
            )
            return jsonify(saved_at=f"{local(now()):%H:%M}", errors={}, revision=revision)
        except (StaleFeedback, NotNow):
            stale = jsonify(errors={})
            stale.status_code = 409
            return stale
        except FeedbackRefused as error:
            errors = {error.field: [error.message]}
    wrong = jsonify(errors=errors or {name: [str(one) for one in said] for name, said in form.errors.items() if name})
    wrong.status_code = 422
    return wrong


def _both(subject: FeedbackSubject, form: WriteForm, error: StaleFeedback) -> Answer:
    """What a colleague saved beside what was typed here; saving once more is then a decision."""
    form.put_error("", error)
    # What this request read at first is from before the colleague saved.
    end_reading()
    saved = find_written(subject.application_id)
    if saved is None or saved.state not in _WRITABLE:
        return _writing(subject, saved, form, 409)
    form.revision.data = str(saved.revision)
    return _writing(subject, saved, form, 409, saved=saved, found=differences(saved.words, form.words))


def _writing(
    subject: FeedbackSubject, written: Written | None, form: WriteForm, status: int, **shown: object
) -> Answer:
    owed = owed_as(subject.application_id)
    page = render_template(
        "recruiting/feedback/write.html",
        subject=subject,
        written=written,
        form=form,
        is_short=owed.form is FeedbackForm.SHORT,
        waits=_why_it_waits(subject, owed.is_held),
        notes=notes_beside(subject, _scope()),
        findings=_shown(findings_in(form.words)),
        lacks=half_said(form.words),
        status_label=STATUS_LABELS[subject.status],
        is_for_approval=written is not None and written.state is FeedbackState.FOR_APPROVAL,
        may_approve=_may_approve(subject, written),
        **({"saved": None, "found": []} | shown),
    )
    return page, status


def _may_approve(subject: FeedbackSubject, written: Written | None) -> bool:
    if written is None or written.state is not FeedbackState.FOR_APPROVAL or not subject.is_in_scope:
        return False
    return not why_not_approver(subject, written, _scope())


def _why_it_waits(subject: FeedbackSubject, is_held: bool) -> str:
    """Why it could not reach them today, as a sentence; empty when it could."""
    try:
        check_going(subject.status, is_held)
    except NotNow as error:
        return error.message
    return ""


def _previewing(subject: FeedbackSubject, written: Written, form: HandInForm, status: int) -> Answer:
    owed = owed_as(subject.application_id)
    found = findings_in(written.words)
    approver_id = choose_approver(colleagues_here(), written.author_id or 0, circle_of(subject))
    page = render_template(
        "recruiting/feedback/preview.html",
        subject=subject,
        written=written,
        form=form,
        findings=_shown(found),
        needs_reason=any(one.needs_reason for one in found),
        missing=[(PART_LABELS[part], said) for part, said in lacking(written.words, owed.form, subject.status)],
        waits=_why_it_waits(subject, owed.is_held),
        approver_name=staff_name(approver_id) if approver_id else "",
        is_author=written.author_id == identity().person_id,
        goes_at=_goes_at(subject),
    )
    return page, status


def _changed(subject: FeedbackSubject, form: HandInForm) -> Answer:
    """How it stands now; handing it in again means having seen that."""
    end_reading()
    written = find_written(subject.application_id)
    if written is None or written.state is not FeedbackState.DRAFT:
        flash(_("It was changed in the meantime. Nothing was sent."), "warning")
        return redirect(url_for(".write", public_id=subject.public_id), 303)
    form.revision.data = str(written.revision)
    return _previewing(subject, written, form, 409)


def _approving(subject: FeedbackSubject, written: Written, form: ReturnForm, status: int) -> Answer:
    found = findings_in(written.words)
    owed = owed_as(subject.application_id)
    page = render_template(
        "recruiting/feedback/approve.html",
        subject=subject,
        written=written,
        form=form,
        findings=_shown(found),
        refusal=why_not_approver(subject, written, _scope()),
        waits=_why_it_waits(subject, owed.is_held),
        is_waiting=written.state is FeedbackState.FOR_APPROVAL,
        goes_at=_goes_at(subject),
    )
    return page, status


def _goes_at(subject: FeedbackSubject) -> str:
    """When the mail goes if it is let go now."""
    verdict = when_it_goes(subject.person_id, subject.email, ApplicationStatus.NOT_SELECTED, now())
    return format_moment(verdict.until) if isinstance(verdict, Hold) else _("in a few minutes")


def _standing(subject: FeedbackSubject, written: Written) -> str:
    values: dict[str, Any] = {
        "subject": subject,
        "written": written,
        "may_retract": may_retract(written, _scope()) and written.state is FeedbackState.APPROVED,
        "may_take_back": written.may_be_taken_back and may_take_back(subject, written.author_id, _scope()),
        "is_retracted": written.state is FeedbackState.RETRACTED,
        "goes_at": _goes_at(subject),
    }
    return render_template("recruiting/feedback/standing.html", **values)


def _shown(findings: list[Finding]) -> list[ShownFinding]:
    return [
        ShownFinding(
            part=str(PART_LABELS[one.field]),
            label=str(GROUP_LABELS[one.group]),
            words=one.words,
            why=str(WHY[one.group]),
            instead=str(INSTEAD[one.group]),
            needs_reason=one.needs_reason,
        )
        for one in findings
    ]
