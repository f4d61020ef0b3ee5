"""An update exists for those it is for, and for nobody else: page, lists, search, counts, feed, map, previews."""

import re
from itertools import product

import pytest
from flask import Flask

from portal.community.actions import leave_community
from portal.core import clock
from portal.core.db import end_reading, session
from portal.updates.actions import withdraw_update
from portal.updates.models import InsiderUpdate
from portal.updates.queries import find_update, list_updates
from portal.updates.queries.reading import Wanted
from portal.updates.rules import Viewer, may_read
from portal.updates.states import Audience, UpdateState
from tests.factories import make_staff, signed_in, visitor
from tests.openings.early import like, make_member
from tests.updates.posting import (
    CANDIDATE,
    FOR_MACHINES,
    IN_DATA,
    IN_DESIGN,
    MACHINE,
    RECRUITER,
    VISITOR,
    Asker,
    content,
    draft,
    make_askers,
    post,
)

TITLE = "Quiet Cartography"
EVERYBODY = {VISITOR, CANDIDATE, IN_DATA, IN_DESIGN, RECRUITER, MACHINE}


@pytest.fixture
def askers(app: Flask) -> dict[str, Asker]:
    return make_askers(app)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Writer")


def check(askers: dict[str, Asker], slug: str, who: set[str], *, is_public: bool) -> None:
    """Exactly those of `who` find it, in every place that is theirs."""
    for name, asker in askers.items():
        found = asker.finds(slug, TITLE)
        if name in who:
            missing = {place for place, is_there in found.items() if not is_there}
            assert missing == (set() if is_public else FOR_MACHINES), name
        else:
            assert not any(found.values()), f"{name}: {found}"


def test_one_for_everybody_is_found_by_everybody(askers: dict[str, Asker], rita: int) -> None:
    check(askers, post(rita, TITLE), EVERYBODY, is_public=True)


def test_one_for_members_is_found_by_members_only(askers: dict[str, Asker], rita: int) -> None:
    check(askers, post(rita, TITLE, audience=Audience.MEMBERS), {IN_DATA, IN_DESIGN}, is_public=False)


def test_one_for_an_interest_is_found_by_those_who_had_it(askers: dict[str, Asker], rita: int) -> None:
    slug = post(rita, TITLE, audience=Audience.AREAS, areas=("data",))
    check(askers, slug, {IN_DATA}, is_public=False)


def test_a_draft_is_found_by_nobody(askers: dict[str, Asker], rita: int) -> None:
    draft(content(TITLE), rita)
    check(askers, "quiet-cartography", set(), is_public=False)


def test_what_is_not_theirs_answers_as_what_never_was(app: Flask, rita: int) -> None:
    slug = post(rita, TITLE, audience=Audience.AREAS, areas=("data",))
    bob = signed_in(app, make_member("Bob Eriksen", "design"))
    for browser, path in product((visitor(app), bob), ("/updates/{}", "/me/updates/{}", "/me/updates/{}/reply")):
        hidden, never = (browser.client.get(path.format(one)) for one in (slug, "no-such-update"))
        assert hidden.status_code == never.status_code
        assert _without_numbers(hidden.text, slug) == _without_numbers(never.text, "no-such-update")
    token = bob.get("/me/updates").form(having="csrf_token").values["csrf_token"]
    for door in ("seen", "helpful", "reply"):
        assert (
            bob.client.post(f"/me/updates/{slug}/{door}", data={"csrf_token": token, "message": "Hi"}).status_code
            == 404
        )


def _without_numbers(body: str, slug: str) -> str:
    """The page without what is drawn anew for every request, and without the address that was asked for."""
    return re.sub(r'value="[^"]+"|\b[0-9a-f]{12}\b', "", body.replace(slug, ""))


def test_who_joins_later_finds_what_is_for_members_but_not_what_was_for_an_interest(app: Flask, rita: int) -> None:
    for_members = post(rita, "For members", audience=Audience.MEMBERS)
    for_data = post(rita, "For data", audience=Audience.AREAS, areas=("data",))
    late = signed_in(app, make_member("Late Comer", "data"))
    late.get(f"/me/updates/{for_members}")
    late.get(f"/me/updates/{for_data}", expect=404)
    assert "is new for you" not in late.get("/me/updates").text


def test_who_lost_the_interest_still_finds_what_came_for_it(app: Flask, rita: int) -> None:
    ada = make_member("Ada Lind", "data")
    slug = post(rita, TITLE, audience=Audience.AREAS, areas=("data",))
    like(ada, "design")
    signed_in(app, ada).get(f"/updates/{slug}")


def test_who_leaves_the_community_finds_only_what_is_for_everybody(app: Flask, rita: int) -> None:
    ada = make_member("Ada Lind", "data")
    hidden = [
        post(rita, "For members", audience=Audience.MEMBERS),
        post(rita, "For data", audience=Audience.AREAS, areas=("data",)),
    ]
    public = post(rita, "For all")
    leave_community(ada, clock.now())
    browser = signed_in(app, ada)
    for slug in hidden:
        browser.get(f"/updates/{slug}", expect=404)
    browser.get(f"/updates/{public}")


def test_nothing_that_machines_read_says_that_something_came_for_others(app: Flask, rita: int) -> None:
    post(rita, "For all")
    browser = visitor(app)
    paths = ("/feeds/updates.xml", "/sitemap-updates.xml", "/updates", "/updates?q=quiet&kind=event", "/")
    before = {path: _seen(browser.client.get(path)) for path in paths}
    post(rita, TITLE, audience=Audience.MEMBERS)
    assert {path: _seen(browser.client.get(path)) for path in paths} == before


def _seen(answer: object) -> tuple[str, str | None, str | None]:
    body = re.sub(r'value="[\w.-]{40,}"', "", answer.text)  # type: ignore[attr-defined]
    return body, answer.headers.get("ETag"), answer.headers.get("Last-Modified")  # type: ignore[attr-defined]


def test_a_withdrawn_one_says_so_to_those_who_could_read_it_and_is_nothing_to_others(
    app: Flask, askers: dict[str, Asker], rita: int
) -> None:
    slug = post(rita, TITLE, audience=Audience.AREAS, areas=("data",))
    withdraw_update(_row(slug).id, words="The figures were wrong.", actor_id=rita, now=clock.now())
    end_reading()
    gone = askers[IN_DATA].browser.get(f"/updates/{slug}", expect=410)
    assert gone.heading == "This update was withdrawn"
    assert "The figures were wrong." in gone.text
    assert TITLE not in gone.text
    assert TITLE not in askers[IN_DATA].browser.get("/me/updates").text
    for name in (VISITOR, CANDIDATE, IN_DESIGN, RECRUITER):
        askers[name].browser.get(f"/updates/{slug}", expect=404)


def _row(slug: str) -> InsiderUpdate:
    return session().query(InsiderUpdate).filter_by(slug=slug).one()


def test_the_rule_and_the_database_say_the_same(app: Flask, rita: int) -> None:
    ada, bob, nora = make_member("Ada", "data"), make_member("Bob", "design"), make_staff("Nora")
    slugs = {
        post(rita, "All"): Audience.EVERYBODY,
        post(rita, "Members", audience=Audience.MEMBERS): Audience.MEMBERS,
        post(rita, "Data", audience=Audience.AREAS, areas=("data",)): Audience.AREAS,
    }
    viewers = {None: Viewer(), ada: Viewer(True, True), bob: Viewer(True, False), nora: Viewer()}
    for person_id, viewer in viewers.items():
        seen = {line.slug for line in list_updates(person_id, Wanted(), 0, 50)}
        said = {slug for slug, audience in slugs.items() if may_read(UpdateState.PUBLISHED, audience, viewer)}
        assert seen == said
        for slug in slugs:
            assert (find_update(slug, person_id) is not None) == (slug in said)
