"""Updates for whoever may read them: the archive, one update's page, the feed, their part of the site's map."""

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from flask import Blueprint, Response, render_template, request, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response as AnyResponse

from portal.company.queries import company_name
from portal.core.clock import now
from portal.core.errors import NotFound
from portal.core.feeds import FeedEntry
from portal.core.i18n import gettext as _
from portal.openings.rules import MAX_SEARCH, search_words
from portal.people.queries import profile_of
from portal.updates.queries import (
    PAGE_SIZE,
    FeedLine,
    Wanted,
    count_updates,
    feed_updates,
    find_update,
    kinds_for,
    last_gone,
    list_updates,
    opening_for,
    sitemap_updates,
)
from portal.updates.rules import content_in_words, html_of
from portal.updates.states import KIND_LABELS, UpdateKind
from portal.web.feeds import absolute, feed_answer, sitemap_answer
from portal.web.identity import for_machines, maybe_identity
from portal.web.paging import page_number

blueprint = Blueprint("updates", __name__)


@dataclass(frozen=True)
class Narrowing:
    """What the archive is narrowed to, as its address says."""

    kind: UpdateKind | None
    text: str

    def address(self, number: int) -> str:
        """The archive narrowed like this, at page `number`."""
        said = {"kind": str(self.kind or ""), "q": self.text, "page": str(number) if number > 1 else ""}
        query = urlencode({name: value for name, value in said.items() if value})
        return url_for(".index") + (f"?{query}" if query else "")


@blueprint.get("/updates")
def index() -> str:
    me = maybe_identity()
    person_id = me.person_id if me else None
    kinds = kinds_for(person_id)
    asked = request.args.get("kind", "")
    narrowing = Narrowing(
        next((kind for kind in kinds if str(kind) == asked), None),
        " ".join(request.args.get("q", "")[:MAX_SEARCH].split()),
    )
    wanted = Wanted(narrowing.kind, search_words(narrowing.text))
    total = count_updates(person_id, wanted)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(page_number(), pages)
    return render_template(
        "public/updates/index.html",
        lines=list_updates(person_id, wanted, (number - 1) * PAGE_SIZE, PAGE_SIZE) if total else [],
        kinds=kinds,
        labels=KIND_LABELS,
        narrowing=narrowing,
        is_narrowed=bool(narrowing.kind or narrowing.text),
        is_left_out=bool(asked) and narrowing.kind is None,
        total=total,
        number=number,
        pages=pages,
        previous_url=narrowing.address(number - 1) if number > 1 else "",
        next_url=narrowing.address(number + 1) if number < pages else "",
        canonical=absolute(narrowing.address(number)),
    )


@blueprint.get("/updates/<slug>")
def show(slug: str) -> tuple[str, int]:
    me = maybe_identity()
    page = find_update(slug, me.person_id if me else None)
    if page is None:
        raise NotFound
    if page.is_withdrawn:
        return render_template("public/updates/_gone.html", page=page, title=_("This update was withdrawn")), 410
    answer = render_template(
        "public/updates/show.html",
        page=page,
        shown=content_in_words(page.content, opening_for(page.content.opening, me.person_id if me else None, now())),
        author=profile_of(page.author_id) if page.author_id is not None else None,
        canonical=absolute(url_for(".show", slug=page.slug)),
    )
    return answer, 200


@blueprint.get("/feeds/updates.xml")
@for_machines
def feed() -> AnyResponse:
    """What everybody may read, whoever asks: a member's feed reader gets no more."""
    return feed_answer(
        [_entry(line) for line in feed_updates()],
        title=_("Updates from %(org)s", org=company_name()),
        author=company_name(),
        path=url_for(".feed"),
        page_path=url_for(".index"),
        last_gone=last_gone(),
    )


@blueprint.get("/sitemap-updates.xml")
@for_machines
def site_map() -> Response:
    """The pages of updates that search engines should know."""
    pages: list[tuple[str, datetime | None]] = [(url_for(".index"), None)]
    pages += [(url_for(".show", slug=slug), changed_at) for slug, changed_at in sitemap_updates()]
    return sitemap_answer(pages)


def _entry(line: FeedLine) -> FeedEntry:
    content = line.content
    return FeedEntry(
        noun="update",
        public_id=line.public_id,
        title=content.title,
        summary=content.summary,
        content=_feed_text(line),
        category=str(content.kind),
        author=line.author_name,
        url=absolute(url_for(".show", slug=line.slug)),
        published_at=line.published_at,
        changed_at=line.changed_at,
    )


def _feed_text(line: FeedLine) -> str:
    """All that the page says: what was corrected and what its kind must say, then the text."""
    said = content_in_words(line.content).facts
    if line.correction:
        said = ((_("Corrected"), line.correction), *said)
    facts = Markup("").join(Markup("<p><b>{}:</b> {}</p>").format(label, value) for label, value in said)
    return str(facts + html_of(line.content.body, absolute("/")))
