"""Finishing an opening: who still needs an ending, one letter for many with each of them shown, and the end itself."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from flask import flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import RadioField, SelectMultipleField, StringField, TextAreaField

from portal.applications import emails
from portal.applications.actions import preview_letter
from portal.applications.actions.closing import (
    EndingForMany,
    check_for_many,
    close_opening,
    end_many,
    take_endings_back,
)
from portal.applications.queries.changes import ENDING, OwnAction, own_actions
from portal.applications.queries.choosing import filters_in
from portal.applications.queries.finishing import (
    InOpening,
    OpeningToFinish,
    RoundLine,
    RoundView,
    find_opening_to_finish,
    find_round,
    in_opening,
    round_lines,
    round_under_way,
)
from portal.applications.recruiter_views.finding import blueprint, find, writer
from portal.applications.recruiter_views.selecting import has_selection, selection_arguments, selection_of
from portal.applications.recruiter_views.showing import PREVIEW, Preview, readable, undo_words, when_of
from portal.applications.rules import MESSAGE_LENGTH, ProposalRefused
from portal.applications.rules.endings import INTERNAL_LENGTH, words_for_many
from portal.applications.rules.finishing import FOR_MANY, NAME_PLACE, StillOpen, needs_name, personal
from portal.applications.states import (
    STATUS_LABELS,
    STEPS,
    ApplicationStatus,
    ItemState,
)
from portal.company.queries import end_reasons_offered
from portal.core.clock import now
from portal.core.db import end_reading
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.core.i18n import lazy_gettext as _l
from portal.core.i18n import ngettext, reader
from portal.openings.rules import MoveRefused
from portal.openings.states import OpeningState
from portal.people.queries import recipient
from portal.web.forms import Form, at_most, options, required
from portal.web.identity import identity
from portal.wording.rules import MissingValue

Answer = Response | tuple[str, int]
_SEND = "send"
#: So many ids still fit in an address.
_NAMED_AT_MOST = 100


class EndingsForm(Form):
    """Whom it is for, why, for us, and what each of them reads."""

    who = SelectMultipleField(_l("Who gets this letter"), [required(_l("Please choose at least one person."))])
    end_reason = RadioField(_l("Why, for us"), [required(_l("Please say why, for us. No candidate reads it."))])
    internal_reason = StringField(_l("More about it, for us"), [at_most(INTERNAL_LENGTH)])
    message = TextAreaField(
        _l("What each of them reads"), [required(_l("Please write what they will read.")), at_most(MESSAGE_LENGTH)]
    )

    def __init__(self, outcome: ApplicationStatus, people: Sequence[InOpening]) -> None:
        self.outcome = outcome
        super().__init__()
        self.who.choices = options([(_key(one), one.name) for one in people])
        self.end_reason.choices = options(list(end_reasons_offered(outcome).items()))

    @property
    def ending(self) -> EndingForMany:
        """What was filled in."""
        return EndingForMany(
            self.outcome, self.end_reason.data, self.internal_reason.data or "", self.message.data or ""
        )

    @property
    def seen(self) -> dict[str, str]:
        """Public ids of whom was chosen, with the newest event of each that was on the page."""
        return dict(key.split(".", 1) for key in self.who.data or ())


def _key(one: InOpening) -> str:
    return f"{one.public_id}.{one.newest_event_id}"


@dataclass(frozen=True)
class _Group:
    """People who need an ending and read the same status."""

    status: ApplicationStatus
    people: list[InOpening]


@dataclass(frozen=True)
class _Letter:
    """What one of them would read; None where their name is missing, so that they get nothing."""

    name: str
    public_id: str
    words: str | None


def _opening(public_id: str) -> OpeningToFinish:
    writer()
    opening = find_opening_to_finish(public_id)
    if opening is None:
        raise NotFound
    return opening


@blueprint.route("/openings/<public_id>/finish", methods=["GET", "POST"])
def finish(public_id: str) -> Answer:
    """Who still needs an ending; by POST the end of the opening, when nobody does."""
    opening = _opening(public_id)
    if request.method == "GET":
        return _overview(opening, [], 200)
    try:
        close_opening(public_id, scope=writer(), now=now())
    except StillOpen as error:
        end_reading()
        return _overview(opening, [error.message], 409)
    except MoveRefused as error:
        return _overview(opening, [error.message], 409)
    flash(_("The opening is finished: everybody in it has their ending."), "success")
    return redirect(url_for("recruiting.openings.show", public_id=public_id), 303)


def _meant(opening: OpeningToFinish, people: list[InOpening]) -> list[InOpening]:
    """Those whom the address names; all, when it names nobody."""
    if not has_selection():
        return people
    meant = {one.public_id for one in selection_of(opening.id, opening.public_id, writer())}
    return [one for one in people if one.public_id in meant]


def _overview(opening: OpeningToFinish, refusals: list[str], status: int) -> Answer:
    everybody = in_opening(opening.id, writer())
    people = _meant(opening, everybody)
    to_do = [one for one in people if one.is_to_do]
    ended = [one for one in people if one.has_ended]
    waiting = [one for one in people if one.waits]
    page = render_template(
        "recruiting/openings/finish.html",
        opening=opening,
        refusals=refusals,
        is_narrowed=has_selection(),
        others_count=sum(not one.has_ended for one in everybody) - sum(not one.has_ended for one in people),
        meant=_chosen_ones(),
        pipeline=url_for(".pipeline", public_id=opening.public_id, **filters_in(request.args)),
        groups=[_Group(step, own) for step in STEPS if (own := [one for one in to_do if one.status is step])],
        to_do=to_do,
        waiting=waiting,
        own_rounds=_own_rounds(opening) if waiting else [],
        at=now(),
        lost=[one for one in people if one.is_lost and not one.has_ended],
        ended_counts=[(STATUS_LABELS[one], count) for one in ApplicationStatus if (count := _count(ended, one))],
        is_all=len(ended) == len(people),
        is_stopped=opening.state in {OpeningState.STOPPED, OpeningState.DRAFT},
        is_finished=opening.state is OpeningState.FINISHED,
        is_published=opening.state is OpeningState.PUBLISHED,
        under_way=round_under_way(opening.id),
        status_labels=STATUS_LABELS,
        outcomes=FOR_MANY,
    )
    return page, status


def _own_rounds(opening: OpeningToFinish) -> list[OwnAction]:
    """The asker's endings for many that are on their way, each with a page where it is taken back."""
    own = own_actions(identity().person_id, now(), opening.id)
    return [one for one in own if one.kind == ENDING and one.is_open]


def _count(people: list[InOpening], status: ApplicationStatus) -> int:
    return sum(one.status is status for one in people)


@blueprint.route("/openings/<public_id>/finish/letters", methods=["GET", "POST"])
def finish_letters(public_id: str) -> Answer:
    """The words for those at one status, or for everybody; each letter is shown before any is sent."""
    opening = _opening(public_id)
    outcome = ApplicationStatus(request.args.get("outcome", "")) if request.args.get("outcome") in FOR_MANY else None
    people = _of_group(_meant(opening, in_opening(opening.id, writer())))
    if outcome is None or not people:
        return _overview(opening, [_("Nobody here needs this letter now.")] if outcome else [], 200)
    form = EndingsForm(outcome, people)
    if not form.is_submitted():
        _begin(form, opening, people)
    if not form.validate_on_submit() or request.form.get("do") not in {PREVIEW, _SEND}:
        is_refused = form.is_submitted() and bool(form.errors)
        return _letters_page(opening, form, people, 422 if is_refused else 200)
    try:
        check_for_many(form.ending)
        if request.form.get("do") == PREVIEW:
            return _previewed(opening, form, people)
        round_id = end_many(opening.id, form.seen, form.ending, scope=writer(), now=now())
    except ProposalRefused as error:
        form.put_error(error.field if error.field in form else "", error)
        return _letters_page(opening, form, people, 422)
    return redirect(url_for(".ending_round", public_id=public_id, round_id=round_id, **_arguments()), 303)


def _of_group(people: list[InOpening]) -> list[InOpening]:
    wanted = request.args.get("group", "")
    return [one for one in people if one.is_to_do and wanted in {"", str(one.status)}]


def _begin(form: EndingsForm, opening: OpeningToFinish, people: list[InOpening]) -> None:
    """Everybody is chosen; the letter begins with words for where they stand, neutral where that differs."""
    form.who.data = [_key(one) for one in people]
    kind = words_for_many(form.outcome, [one.status for one in people])
    asking = reader()
    to = replace(recipient(identity().person_id), name=NAME_PLACE, locale=asking.locale, timezone=asking.zone)
    try:
        form.message.data = emails.ending_draft(kind, to, opening.title)
    except MissingValue as error:
        form.put_error("", error)


def _previewed(opening: OpeningToFinish, form: EndingsForm, people: list[InOpening]) -> Answer:
    """Every letter, and of the first the whole mail with when it goes."""
    chosen = [one for one in people if one.public_id in form.seen]
    letters = [_Letter(one.name, one.public_id, personal(form.ending.message, one.person_name)) for one in chosen]
    first = next((one for one, letter in zip(chosen, letters, strict=True) if letter.words is not None), None)
    if first is None:
        form.put_error("message", MissingValue("applications/ending", "name", _("Their name")))
        return _letters_page(opening, form, people, 422)
    page = render_template(
        "recruiting/openings/finish_preview.html",
        opening=opening,
        form=form,
        outcome=form.outcome,
        letters=[one for one in letters if one.words is not None],
        nameless=[one for one in letters if one.words is None],
        preview=_mail_of(first, form.ending, now()),
        first=first,
        undo=undo_words(),
        arguments=_arguments(),
        back=url_for(".finish", public_id=opening.public_id, **_chosen_ones()),
        status_labels=STATUS_LABELS,
    )
    return page, 200


def _mail_of(one: InOpening, ending: EndingForMany, at: datetime) -> Preview:
    proposal = ending.proposal(one.person_name)
    mail, going = preview_letter(one.public_id, scope=writer(), proposal=proposal, now=at)
    view = find(one.public_id, writer())
    return readable(mail, ending.outcome, when_of(going, view, at))


def _arguments() -> dict[str, Any]:
    """What the address says, to lead on with."""
    return _chosen_ones() | {name: request.args[name] for name in ("outcome", "group") if request.args.get(name)}


def _chosen_ones() -> dict[str, Any]:
    """Whom the address names, to lead on and back with; nothing, when it names nobody."""
    return selection_arguments() if has_selection() else {}


def _letters_page(opening: OpeningToFinish, form: EndingsForm, people: list[InOpening], status: int) -> Answer:
    nameless = [one for one in people if not one.person_name] if needs_name(form.message.data or "") else []
    page = render_template(
        "recruiting/openings/finish_letters.html",
        opening=opening,
        form=form,
        outcome=form.outcome,
        people=people,
        nameless=nameless,
        arguments=_arguments(),
        back=url_for(".finish", public_id=opening.public_id, **_chosen_ones()),
        status_labels=STATUS_LABELS,
    )
    return page, status


def _round(public_id: str, round_id: str) -> RoundView:
    _opening(public_id)
    chosen = find_round(round_id)
    if chosen is None or chosen.opening_public_id != public_id:
        raise NotFound
    return chosen


@blueprint.get("/openings/<public_id>/finish/rounds/<round_id>")
def ending_round(public_id: str, round_id: str) -> Answer:
    """How far the letters have come, who is left out and why, and who of those that were chosen before is left."""
    chosen = _round(public_id, round_id)
    lines = round_lines(chosen.id)
    rest = _rest(chosen, lines) if request.args.get("outcome") else []
    return _round_page("recruiting/openings/finish_round.html", chosen, lines, rest)


@blueprint.get("/openings/<public_id>/finish/rounds/<round_id>/progress")
def ending_progress(public_id: str, round_id: str) -> Answer:
    """The part of that page that is fetched again and again."""
    chosen = _round(public_id, round_id)
    return _round_page("recruiting/openings/finish_progress.html", chosen, round_lines(chosen.id), [])


def _rest(chosen: RoundView, lines: Sequence[RoundLine]) -> list[InOpening]:
    """Those whom the address names, as it led to the letters, and who were not among them."""
    in_round = {line.application_id for line in lines}
    opening = _opening(chosen.opening_public_id)
    people = _of_group(_meant(opening, in_opening(opening.id, writer())))
    return [one for one in people if one.public_id not in in_round]


def _to_rest(chosen: RoundView, rest: Sequence[InOpening]) -> str:
    """Where the rest get their letter; so many that no address holds their names stand there among the others."""
    names = {"a": [one.public_id for one in rest]} if len(rest) <= _NAMED_AT_MOST else _chosen_ones()
    return url_for(".finish", public_id=chosen.opening_public_id, **(filters_in(request.args) | names))


def _round_page(template: str, chosen: RoundView, lines: list[RoundLine], rest: list[InOpening]) -> Answer:
    page = render_template(
        template,
        chosen=chosen,
        total=len(lines),
        done_count=sum(one.state is not ItemState.WAITING for one in lines),
        written_count=sum(one.state is ItemState.DONE for one in lines),
        left_out=[one for one in lines if one.state is ItemState.LEFT_OUT],
        back_count=sum(one.waiting_event_id is not None or one.state is ItemState.WAITING for one in lines),
        status_labels=STATUS_LABELS,
        undo=undo_words(),
        pipeline=url_for(".pipeline", public_id=chosen.opening_public_id, **filters_in(request.args)),
        rest=rest,
        to_rest=_to_rest(chosen, rest) if rest else "",
    )
    return page, 200


@blueprint.post("/openings/<public_id>/finish/rounds/<round_id>/take-back")
def take_endings(public_id: str, round_id: str) -> Response:
    """Undo what has not gone yet, and write nothing more."""
    count = take_endings_back(_round(public_id, round_id), scope=writer(), now=now())
    words = ngettext(
        "%(count)s letter was taken back. Nothing of it was sent.",
        "%(count)s letters were taken back. Nothing of them was sent.",
        count,
    )
    flash(words if count else _("There was nothing left to take back."), "success" if count else "info")
    return redirect(url_for(".finish", public_id=public_id), 303)
