"""Openings for everybody, and for members a little earlier: list, page, feed, the site's map."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Final
from urllib.parse import quote, urlencode

from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from portal.community.states import WORK_MODE_LABELS, WorkMode
from portal.company.queries import areas, company_name, company_zone
from portal.company.queries.service import promises_today
from portal.company.rules.service import feedback_in_words
from portal.company.states import FEEDBACK_WAY_LABELS
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.core.feeds import FeedEntry
from portal.core.i18n import gettext as _
from portal.openings.queries import (
    PAGE_SIZE,
    Asker,
    Colleague,
    Facets,
    OpeningLine,
    OpeningPage,
    Wanted,
    colleagues,
    count_openings,
    facets_of,
    feed_openings,
    find_opening,
    last_gone,
    list_openings,
    sitemap_openings,
)
from portal.openings.queries.ways import feedback_way_of, openings_with_own_way
from portal.openings.rules import (
    EARLY_OVER,
    MAX_SEARCH,
    Posting,
    ShownLine,
    content_in_words,
    early_in_words,
    job_posting,
    line_in_words,
    search_words,
)
from portal.openings.states import SENIORITY_LABELS, Seniority
from portal.web.feeds import absolute, feed_answer, sitemap_answer
from portal.web.identity import for_machines, maybe_identity
from portal.web.paging import page_number

blueprint = Blueprint("openings", __name__)

#: The page on which one applies, once there is one.
_APPLY: Final = "public.applications.apply"
#: Openings on the front page.
_NEWEST: Final = 3


@dataclass(frozen=True)
class Narrowing:
    """One filter as the list shows it: its name in the address, what it is narrowed to, and what it can be."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]]

    @property
    def words(self) -> str:
        """What it is narrowed to, as people read it."""
        return dict(self.options).get(self.value, self.value)


@blueprint.get("/openings")
def index() -> str:
    asker = _asker()
    narrowings, is_left_out = _narrowings(facets_of(asker))
    text = " ".join(request.args.get("q", "")[:MAX_SEARCH].split())
    chosen = {one.name: one.value for one in narrowings if one.value}
    wanted = _wanted(chosen, text)
    total = count_openings(asker, wanted)
    pages = max(1, -(-total // PAGE_SIZE))
    number = min(page_number(), pages)
    lines = list_openings(asker, wanted, (number - 1) * PAGE_SIZE, PAGE_SIZE) if total else []
    kept = {**chosen, **({"q": text} if text else {})}
    return render_template(
        "public/openings/index.html",
        lines=_shown(lines, asker.now),
        narrowings=narrowings,
        text=text,
        is_left_out=is_left_out,
        looser=_looser(asker, narrowings, wanted, kept) if kept and not total else [],
        is_narrowed=bool(kept),
        total=total,
        number=number,
        pages=pages,
        previous_url=_list_url(kept, number - 1) if number > 1 else "",
        next_url=_list_url(kept, number + 1) if number < pages else "",
        canonical=absolute(_list_url(kept, number)),
        early_over=EARLY_OVER,
    )


@blueprint.get("/openings/<slug>")
def show(slug: str) -> str:
    asker = _asker()
    opening = find_opening(slug, asker)
    if opening is None:
        raise NotFound
    shown = content_in_words(opening.content, areas(), asker.today)
    known = colleagues([one for one in (opening.recruiter_id, opening.hiring_manager_id) if one is not None])
    people = _people(opening, known)
    contact = people[0][1] if people else None
    early = early_in_words(opening.public_at, asker.now)
    has_apply = _APPLY in current_app.view_functions
    return render_template(
        "public/openings/show.html",
        opening=opening,
        shown=shown,
        people=people,
        contact=contact,
        mailto=_mailto(contact, opening) if contact else "",
        apply_href=url_for(_APPLY, slug=slug) if has_apply else "",
        early=early,
        early_over=EARLY_OVER,
        feedback=_feedback(opening),
        canonical=absolute(url_for(".show", slug=slug)),
        structured={} if early else job_posting(opening.content, shown, _posting(opening, has_apply)),
    )


@blueprint.get("/feeds/openings.xml")
@for_machines
def feed() -> AnyResponse:
    """What everybody can see, whoever asks: a member's feed reader gets no more."""
    at = now()
    return feed_answer(
        [_entry(line) for line in feed_openings(at, _today(at))],
        title=_("Openings at %(org)s", org=company_name()),
        author=company_name(),
        path=url_for(".feed"),
        page_path=url_for(".index"),
        last_gone=last_gone(at),
    )


@blueprint.get("/sitemap.xml")
@for_machines
def site_map() -> Response:
    """The pages that search engines should know."""
    at = now()
    lasting = ("public.community.home", "public.openings.index", "public.company.promises")
    pages: list[tuple[str, datetime | None]] = [(url_for(endpoint), None) for endpoint in lasting]
    found = sitemap_openings(at, _today(at))
    pages += [(url_for(".show", slug=slug), changed_at) for slug, changed_at in found]
    return sitemap_answer(pages)


@blueprint.app_context_processor
def newest_for_templates() -> dict[str, Callable[[], dict[str, Any]]]:
    """Lets the front page, which belongs to a feature below this one, ask for what is new."""
    return {"newest_openings": _newest}


def _newest() -> dict[str, Any]:
    """The newest openings that the reader may see, and how many there are in all."""
    asker = _asker()
    lines = list_openings(asker, Wanted(), 0, _NEWEST)
    return {
        "lines": _shown(lines, asker.now),
        "early_over": EARLY_OVER,
        "total": count_openings(asker, Wanted()) if len(lines) == _NEWEST else len(lines),
    }


def _asker() -> Asker:
    me, at = maybe_identity(), now()
    return Asker(me.person_id if me else None, at, _today(at))


def _today(at: datetime) -> Any:
    return day_of(at, company_zone())


def _area_labels() -> dict[str, str]:
    return {area.key: area.label for area in areas()}


def _shown(lines: Sequence[OpeningLine], at: datetime) -> list[ShownLine]:
    labels = _area_labels()
    return [line_in_words(line.slug, line.content, line.public_at, labels, at) for line in lines]


def _narrowings(facets: Facets) -> tuple[list[Narrowing], bool]:
    """The filters that narrow anything here, and whether the address asks for something that none of them has."""
    labels = _area_labels()
    known = [key for key in labels if key in facets.areas] + sorted(facets.areas - set(labels))
    offered = [
        ("area", _("Area"), [(key, labels.get(key, key)) for key in known]),
        ("place", _("Place"), sorted(facets.places.items(), key=lambda place: place[1].casefold())),
        ("mode", _("Way of working"), _in_order(WorkMode, facets.modes, WORK_MODE_LABELS)),
        ("seniority", _("Experience"), _in_order(Seniority, facets.seniorities, SENIORITY_LABELS)),
    ]
    asked = {name: request.args.get(name, "") for name, _label, _options in offered}
    found = [
        Narrowing(name, label, asked[name] if asked[name] in dict(options) else "", options)
        for name, label, options in offered
    ]
    return [one for one in found if one.options], any(asked[one.name] != one.value for one in found)


def _in_order(words: Any, some: Any, labels: Mapping[Any, str]) -> list[tuple[str, str]]:
    return [(str(one), str(labels[one])) for one in words if one in some]


def _wanted(chosen: dict[str, str], text: str) -> Wanted:
    mode, seniority = chosen.get("mode"), chosen.get("seniority")
    return Wanted(
        area=chosen.get("area", ""),
        place=chosen.get("place", ""),
        mode=WorkMode(mode) if mode else None,
        seniority=Seniority(seniority) if seniority else None,
        words=search_words(text),
    )


def _looser(
    asker: Asker, narrowings: list[Narrowing], wanted: Wanted, kept: dict[str, str]
) -> list[tuple[str, str, int]]:
    """What to leave out when nothing fits: the words of a filter, the list without it, and how many that has."""
    nothing = Wanted()
    parts = [(one.name, one.name, one.words) for one in narrowings if one.value]
    if wanted.words:
        parts.append(("q", "words", kept["q"]))
    found = []
    for name, attribute, words in parts:
        count = count_openings(asker, replace(wanted, **{attribute: getattr(nothing, attribute)}))
        if count:
            found.append((words, _list_url({key: value for key, value in kept.items() if key != name}, 1), count))
    return found


def _list_url(kept: dict[str, str], number: int) -> str:
    query = urlencode({**kept, **({"page": number} if number > 1 else {})})
    return url_for(".index") + (f"?{query}" if query else "")


def _people(opening: OpeningPage, known: Mapping[int, Colleague]) -> list[tuple[str, Colleague]]:
    roles = ((_("Recruiter"), opening.recruiter_id), (_("Hiring manager"), opening.hiring_manager_id))
    return [(role, known[one]) for role, one in roles if one is not None and one in known]


def _feedback(opening: OpeningPage) -> str:
    """What whoever applies now can expect after an interview."""
    promised = promises_today()
    return feedback_in_words(feedback_way_of(opening.content, promised), promised.feedback_days)


def promised_openings(_public_id: str) -> str:
    """Part of the page of promises: the openings that say themselves how feedback is given for them."""
    found = openings_with_own_way(_asker())
    return render_template("public/openings/promised.html", found=found, labels=FEEDBACK_WAY_LABELS) if found else ""


def _mailto(contact: Colleague, opening: OpeningPage) -> str:
    return f"mailto:{quote(contact.email, safe='@+')}?subject={quote(opening.content.title)}"


def _posting(opening: OpeningPage, has_apply: bool) -> Posting:
    zone = company_zone()
    return Posting(
        public_id=opening.public_id,
        url=absolute(url_for(".show", slug=opening.slug)),
        organisation=company_name(),
        organisation_url=absolute(url_for("public.community.home")),
        posted_on=day_of(opening.public_at, zone),
        zone=zone,
        is_applied_to_here=has_apply,
    )


def _entry(line: OpeningLine) -> FeedEntry:
    return FeedEntry(
        noun="opening",
        public_id=line.public_id,
        title=line.content.title,
        summary=line.content.summary,
        url=absolute(url_for(".show", slug=line.slug)),
        published_at=line.public_at,
        changed_at=line.changed_at,
    )
