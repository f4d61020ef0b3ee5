"""Which pages are looked at: the ones that matter most in every way there is, all others in the usual ways."""

from collections.abc import Iterator

from sqlalchemy import func, select

from portal.applications.models import Application
from portal.core.db import session
from portal.feedback.models import Feedback
from portal.interviews.models import Interview
from portal.openings.models import Opening
from portal.people.models import Address
from tests.screens.camera import Shot
from tests.screens.sites import Site
from tests.screens.walk import Stop, Walk, is_page
from tests.whole_site.routes import routes
from tests.whole_site.world import World

ALL_WIDTHS = (320, 390, 1280, 1920)
ALL_WAYS = ("light", "dark", "forced", "print")
#: Where no page is found by asking the database: who sees it, and which kind of page it is.
CHOSEN = {
    "front": ("visitor", "public.community.home"),
    "join": ("visitor", "public.community.join"),
    "openings": ("visitor", "public.openings.index"),
    "opening": ("visitor", "public.openings.show"),
    "apply": ("visitor", "public.applications.apply"),
    "survey": ("silas", "candidate.surveys.show"),
    "survey question": ("silas", "candidate.surveys.question"),
    "home": ("ada", "candidate.journey.home"),
    "preferences": ("ada", "candidate.community.preferences"),
    "updates": ("ada", "candidate.updates.index"),
    "interview": ("ada", "candidate.interviews.show"),
    "desk": ("rita", "recruiting.desk.home"),
    "update editor": ("rita", "recruiting.updates.edit"),
    "segment": ("rita", "recruiting.segments.show"),
    "survey results": ("rita", "recruiting.surveys.results"),
    "candidate": ("rita", "recruiting.candidates.show"),
}
#: Whose eyes see the pages of each part of the world.
EYES_OF = {"candidate": "ada", "recruiting": "admin"}
#: Not pages, or parts of one.
NOT_PAGES = {
    "static",
    "dev.mailbox.html_part",
    "dev.mailbox.example",
    "recruiting.digests.progress",
    "recruiting.imports.progress",
    "recruiting.updates.progress",
    "recruiting.wording.shown",
    "public.machines.healthz",
}
#: What a company on its first day looks at.
FIRST_DAY = (
    ("visitor", ("/", "/join", "/openings", "/updates", "/you-said-we-did")),
    ("nora", ("/me/", "/me/applications", "/me/updates", "/me/preferences", "/me/conversation", "/me/surveys")),
    ("rita", ("/recruiting/",)),
    ("admin", ("/recruiting/",)),
)


def chosen(walk: Walk, story: str) -> list[Shot]:
    """The pages that matter most, in all ways where the story is the demo as it is."""
    found = [(name, *_seen(walk, eyes, endpoint)) for name, (eyes, endpoint) in CHOSEN.items()]
    found += [(name, eyes, url) for name, eyes, url in _of_applications()]
    ways: tuple[str, ...] = ALL_WAYS if story == "full" else ("light",)
    widths = ALL_WIDTHS if story == "full" else (320, 1280)
    return [Shot(story, name, eyes, url, widths, ways, True) for name, eyes, url in found if url]


def _seen(walk: Walk, eyes: str, endpoint: str) -> tuple[str, str]:
    stop = walk.stops.get(endpoint)
    return (stop.eyes if stop and stop.eyes != "visitor" else eyes), stop.url if stop else ""


def _of_applications() -> Iterator[tuple[str, str, str]]:
    address = select(Address.email).where(Address.person_id == Application.person_id).limit(1).scalar_subquery()
    of_one = select(Application.public_id, address).order_by(Application.id)
    meets = of_one.join(Interview, Interview.application_id == Application.id).where(address == "ada@demo.example")
    meeting = meets.order_by(None).order_by(Interview.starts_at.desc())
    told = of_one.join(Feedback, Feedback.application_id == Application.id).where(address == "silas@demo.example")
    for name, query in (("application", meeting), ("ended application", told)):
        row = session().execute(query.limit(1)).first()
        if row:
            yield name, row[1], f"/me/applications/{row[0]}"
            yield f"card of {name}", "rita", f"/recruiting/applications/{row[0]}"
    count = func.count(Application.id)
    busiest = select(Opening.public_id).join(Application).group_by(Opening.public_id).order_by(count.desc())
    yield "pipeline", "rita", f"/recruiting/openings/{session().scalars(busiest).first()}/pipeline"


def others(walk: Walk, taken: list[Shot], story: str) -> list[Shot]:
    """All other pages that were found."""
    have = {shot.url for shot in taken}
    return [_plain(stop, story) for stop in walk.stops.values() if stop.url not in have]


def _plain(stop: Stop, story: str) -> Shot:
    return Shot(story, stop.endpoint, stop.eyes, stop.url)


def first_day(site: Site) -> list[Shot]:
    """The pages of a company that has nothing yet."""
    walk = Walk(site)
    for eyes, starts in FIRST_DAY:
        walk.follow(eyes, list(starts))
    return [Shot("empty", stop.endpoint, stop.eyes, stop.url, ways=("light",)) for stop in walk.stops.values()]


def not_linked(world: World, seen: set[str]) -> list[Shot]:
    """Pages that stand where only a press leads, or what the demo has none of: in a world with two of everything."""
    found = []
    for rule in routes(world.app, "GET"):
        endpoint, eyes = str(rule.endpoint), EYES_OF.get(str(rule.endpoint).split(".")[0], "visitor")
        if endpoint in seen | NOT_PAGES:
            continue
        answer = world.browsers[eyes].client.get(world.url(rule))
        if answer.status_code == 200 and is_page(answer):
            found.append(Shot("world", endpoint, eyes, world.url(rule)))
    return found
