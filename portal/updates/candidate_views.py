"""A person's own pages of updates: the feed, one update, what they say to it, and stories about them."""

from flask import Blueprint, Response, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.community.queries import is_member
from portal.conversations.actions import answer_due_on, owner_for
from portal.conversations.queries import applications_to_write_about
from portal.conversations.rules import ProposalRefused, TooOften
from portal.core.clock import now
from portal.core.errors import Busy, NotFound
from portal.core.i18n import format_day
from portal.core.i18n import gettext as _
from portal.openings.rules import MAX_SEARCH, search_words
from portal.people.queries import profile_of, staff_name
from portal.updates.actions import (
    WordsMoved,
    agree_to_story,
    note_seen,
    reply,
    say_helpful,
    take_story_back,
)
from portal.updates.forms import ReplyForm
from portal.updates.queries import (
    PAGE_SIZE,
    OwnStory,
    UpdatePage,
    Wanted,
    count_updates,
    find_own_story,
    find_update,
    kinds_for,
    list_updates,
    opening_for,
    stories_of,
    unread_count,
)
from portal.updates.rules import content_in_words
from portal.updates.states import KIND_LABELS
from portal.web.identity import identity
from portal.web.paging import page_number, page_url

blueprint = Blueprint("updates", __name__)
Answer = AnyResponse | tuple[str, int]
#: What a script that posts for the page says it is.
_SCRIPT = "seen"


@blueprint.get("/updates")
def index() -> str:
    me = identity()
    kinds = kinds_for(me.person_id)
    kind = next((one for one in kinds if str(one) == request.args.get("kind", "")), None)
    text = " ".join(request.args.get("q", "")[:MAX_SEARCH].split())
    wanted = Wanted(kind, search_words(text))
    total = count_updates(me.person_id, wanted)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(page_number(), pages)
    return render_template(
        "candidate/updates/index.html",
        lines=list_updates(me.person_id, wanted, (number - 1) * PAGE_SIZE, PAGE_SIZE) if total else [],
        unread=unread_count(me.person_id) if kinds else 0,
        stories=stories_of(me.person_id),
        kinds=kinds,
        kind=kind,
        text=text,
        labels=KIND_LABELS,
        total=total,
        number=number,
        pages=pages,
        previous_url=page_url(number - 1) if number > 1 else "",
        next_url=page_url(number + 1) if number < pages else "",
        is_member=is_member(me.person_id) if not kinds else True,
    )


@blueprint.get("/updates/<slug>")
def show(slug: str) -> str:
    page = _find(slug)
    if page.is_withdrawn:
        return render_template("candidate/updates/_gone.html", page=page, title=_("This update was withdrawn"))
    return render_template(
        "candidate/updates/show.html",
        page=page,
        shown=content_in_words(page.content, opening_for(page.content.opening, identity().person_id, now())),
        author=profile_of(page.author_id) if page.author_id is not None else None,
    )


@blueprint.post("/updates/<slug>/seen")
def seen(slug: str) -> AnyResponse:
    """An act of its own, which a script does for whoever has the page open: looking changes nothing."""
    note_seen(slug, identity().person_id, now())
    if request.headers.get("X-Requested-With") == _SCRIPT:
        return Response(status=204)
    flash(_("Marked as read."), "success")
    return redirect(url_for(".index"), 303)


@blueprint.post("/updates/<slug>/helpful")
def helpful(slug: str) -> AnyResponse:
    is_helpful = request.form.get("do") != "undo"
    say_helpful(slug, identity().person_id, is_helpful=is_helpful, now=now())
    flash(_("Thank you. We see that it helped, not whom.") if is_helpful else _("Taken back."), "success")
    return redirect(url_for(".show", slug=slug), 303)


@blueprint.route("/updates/<slug>/reply", methods=["GET", "POST"])
def write(slug: str) -> Answer:
    page = _find(slug)
    if page.is_withdrawn:
        raise NotFound
    form = ReplyForm()
    if not form.validate_on_submit():
        return _reply_page(page, form, 422 if form.is_submitted() else 200)
    try:
        asked = reply(
            slug, identity().person_id, text=form.message.data or "", form_key=form.form_key.data or "", now=now()
        )
    except ProposalRefused as error:
        form.put_error("message", error)
        return _reply_page(page, form, 422)
    except (TooOften, Busy) as error:
        form.put_error("", error)
        return _reply_page(page, form, 429)
    day = format_day(asked.due_on)
    if asked.owner_name:
        flash(_("Sent. %(name)s is asked to answer by %(day)s.", name=asked.owner_name, day=day), "success")
    else:
        flash(_("Sent. We mean to answer by %(day)s.", day=day), "success")
    return redirect(url_for("candidate.conversations.show", _anchor="newest"), 303)


def _reply_page(page: UpdatePage, form: ReplyForm, status: int) -> Answer:
    owner_id = owner_for(applications_to_write_about(identity().person_id), None)
    answer = render_template(
        "candidate/updates/write.html",
        page=page,
        form=form,
        author=profile_of(page.author_id) if page.author_id is not None else None,
        answers=staff_name(owner_id) if owner_id is not None else "",
        due_on=answer_due_on(now()),
    )
    return answer, status


@blueprint.get("/stories/<public_id>")
def story(public_id: str) -> str:
    """A story about oneself, in the words that others would read."""
    return _story_page(_own_story(public_id))


@blueprint.post("/stories/<public_id>/agree")
def agree(public_id: str) -> Answer:
    found = _own_story(public_id)
    try:
        agree_to_story(found.update_id, identity().person_id, digest=request.form.get("words", ""), now=now())
    except WordsMoved as error:
        flash(error.message, "warning")
    else:
        flash(_("Thank you. You can take your yes back here at any time."), "success")
    return redirect(url_for(".story", public_id=public_id), 303)


@blueprint.post("/stories/<public_id>/take-back")
def take_back(public_id: str) -> Answer:
    found = _own_story(public_id)
    take_story_back(found.update_id, identity().person_id, now())
    if found.is_out:
        flash(_("Your story is gone. Nobody can read it any more."), "success")
        return redirect(url_for(".index"), 303)
    flash(_("Your yes is taken back."), "success")
    return redirect(url_for(".story", public_id=public_id), 303)


def _story_page(found: OwnStory) -> str:
    return render_template("candidate/updates/story.html", story=found, shown=content_in_words(found.content))


def _own_story(public_id: str) -> OwnStory:
    found = find_own_story(public_id, identity().person_id)
    if found is None:
        raise NotFound
    return found


def _find(slug: str) -> UpdatePage:
    page = find_update(slug, identity().person_id)
    if page is None:
        raise NotFound
    return page
