"""People are put into a pool with a reason, from a card or a pipeline; it is undone together or one by one."""

import threading
from collections.abc import Callable, Sequence

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.openings.models import Opening
from portal.pools import actions
from portal.pools.models import PoolMember
from portal.pools.queries import told_pools
from portal.pools.rules import TAKE_BACK_HOURS, PoolClosed
from portal.privacy.actions import erase_person, merge_people
from tests.conftest import Time, counted_statements
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_pool,
    make_staff,
    public_id_of,
    signed_in,
)
from tests.pages import Browser, Page

WHY = "Explained doubt well"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind", "ada@example.org")


def group(opening: int, rita: int, size: int) -> list[Made]:
    with transaction():
        return [make_application(opening, rita, name=f"Person {number:03}") for number in range(size)]


def choose(desk: Browser, opening: int, made: list[Made], more: str = "") -> Page:
    chosen = "&".join(f"a={one.public_id}" for one in made)
    public_id = session().get_one(Opening, opening).public_id
    return desk.get(f"/recruiting/openings/{public_id}/pipeline/pool?{chosen}{more}")


def members() -> list[tuple[int, str]]:
    end_reading()
    found = session().execute(select(PoolMember.person_id, PoolMember.reason).order_by(PoolMember.person_id))
    return [(person_id, reason) for person_id, reason in found]


def way_back(page: Page) -> str:
    """Where the page leads to see those who were put in, or to take them back."""
    return next(link for link in page.links if "/pools/added/" in link)


def test_somebody_is_put_in_from_their_card_and_stands_there_with_why_when_and_by_whom(
    desk: Browser, rita: int, ada: int
) -> None:
    pool = make_pool(rita)
    form = desk.get(f"/recruiting/pools/put?p={public_id_of(ada)}")
    assert form.heading == "Put Ada Lind into a pool"
    page = desk.submit(form, reason=WHY, pool=pool)
    assert page.path == f"/recruiting/candidates/{public_id_of(ada)}"
    assert "1 person was put into Silver medals." in page.text
    shown = desk.get(f"/recruiting/pools/{pool}")
    for words in ("Ada Lind", WHY, "Rita Sander", "Wednesday 4 March 2026"):
        assert words in shown.text
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "pools.put_in")).one()
    assert (record.person_id, record.details) == (ada, {"count": 1})


def test_those_chosen_in_a_pipeline_are_put_in_and_the_pipeline_comes_back_as_it_was(desk: Browser, rita: int) -> None:
    make_pool(rita)
    opening = make_opening("Nurse")
    made = group(opening, rita, 3)
    form = choose(desk, opening, made[:2], "&q=person")
    assert form.heading == "Put 2 people into a pool"
    assert "Person 002" not in form.text
    page = desk.submit(form, reason=WHY)
    assert page.path.endswith("/pipeline?q=person")
    assert "2 people were put into Silver medals." in page.text
    assert members() == [(made[0].person_id, WHY), (made[1].person_id, WHY)]


def test_all_that_the_filters_find_are_meant_and_nobody_who_came_later(desk: Browser, rita: int) -> None:
    make_pool(rita)
    opening = make_opening("Nurse")
    made = group(opening, rita, 3)
    form = choose(desk, opening, [], "all=y&q=person+00")
    assert form.heading == "Put 3 people into a pool"
    make_application(opening, rita, name="Person 009")
    desk.submit(form, reason=WHY)
    assert [person_id for person_id, _why in members()] == [one.person_id for one in made]


def test_who_is_in_it_already_keeps_why(desk: Browser, rita: int, ada: int) -> None:
    make_pool(rita, people=[ada])
    bob = make_person("Bob Eriksen")
    form = desk.get(f"/recruiting/pools/put?p={public_id_of(ada)}&p={public_id_of(bob)}")
    page = desk.submit(form, reason=WHY)
    assert "1 person was put into Silver medals." in page.text
    assert "1 person was in it already, and stays for the reason given then." in page.text
    assert members() == [(ada, "Was good"), (bob, WHY)]


def test_without_a_pool_one_is_made_on_the_way_and_those_who_were_chosen_stay(desk: Browser, rita: int) -> None:
    opening = make_opening("Nurse")
    made = group(opening, rita, 2)
    nothing = choose(desk, opening, made)
    assert "Those you have chosen stay chosen." in nothing.text
    form = desk.get(next(link for link in nothing.links if "/pools/new" in link))
    back = desk.submit(form, name="Nurses", purpose="To ask you first.")
    assert back.heading == "Put 2 people into a pool"
    assert back.form(having="reason").values["pool"]
    assert "2 people were put into Nurses." in desk.submit(back, reason=WHY).text


def test_a_reason_and_a_pool_are_asked_for_and_nobody_is_forgotten(desk: Browser, rita: int, ada: int) -> None:
    pool, _other = make_pool(rita), make_pool(rita, "Gold")
    form = desk.get(f"/recruiting/pools/put?p={public_id_of(ada)}")
    refused = desk.submit(form, reason=" ", expect=422)
    assert "Please say why they belong in it" in refused.text
    assert "Please choose a pool." in refused.text
    desk.submit(refused, reason=WHY, pool=pool)
    assert members() == [(ada, WHY)]


def test_sent_twice_they_are_put_in_once(desk: Browser, rita: int, ada: int) -> None:
    make_pool(rita)
    form = desk.get(f"/recruiting/pools/put?p={public_id_of(ada)}")
    desk.submit(form, reason=WHY)
    again = desk.submit(form, reason="Another reason")
    assert "1 person was put into Silver medals." in again.text
    assert members() == [(ada, WHY)]


def test_those_put_in_together_are_taken_out_together_for_a_day(
    app: Flask, desk: Browser, rita: int, ada: int, time: Time
) -> None:
    make_pool(rita, people=[ada])
    opening = make_opening("Nurse")
    made = group(opening, rita, 2)
    page = desk.submit(choose(desk, opening, made), reason=WHY)
    see = desk.get(way_back(page))
    assert see.heading == "You put 2 people into a pool"
    omar = signed_in(app, make_staff("Omar Haddad"))
    omar.get(way_back(page), expect=404)
    done = desk.submit(see, action="/take-back")
    assert "2 people were taken out again." in done.text
    assert members() == [(ada, "Was good")]
    assert "There was nothing left to take back." in desk.submit(see, action="/take-back").text
    late = desk.get(way_back(desk.submit(choose(desk, opening, made), reason=WHY)))
    time.pass_by(hours=TAKE_BACK_HOURS)
    fresh = signed_in(app, rita)
    token = fresh.get("/recruiting/pools/new").form(having="purpose").values["csrf_token"]
    assert "Please take them out on the pool" in fresh.post(f"{late.path}/take-back", {"csrf_token": token}).text
    assert len(members()) == 3


def test_one_is_taken_out_and_put_back(desk: Browser, rita: int, ada: int) -> None:
    pool = make_pool(rita, people=[ada, make_person("Bob Eriksen")])
    page = desk.submit(desk.get(f"/recruiting/pools/{pool}"), action="/take-out", p=[public_id_of(ada)])
    assert "1 person was taken out." in page.text
    assert "Ada Lind" not in page.text
    back = desk.get(next(link for link in page.links if "/pools/put" in link))
    desk.submit(back, reason=WHY)
    assert (ada, WHY) in members()
    nobody = desk.submit(desk.get(f"/recruiting/pools/{pool}"), action="/take-out")
    assert "Nobody was chosen, so nobody was taken out." in nobody.text


def test_the_people_in_it_are_found_by_name_address_and_reason(desk: Browser, rita: int, ada: int) -> None:
    bob = make_person("Bob Eriksen")
    pool = make_pool(rita, people=[ada, bob])
    for words in ("lind", "ada@example", "good ada"):
        page = desk.get(f"/recruiting/pools/{pool}?q={words}")
        assert "Ada Lind" in page.text
        assert "Bob Eriksen" not in page.text
    assert "Nobody fits" in desk.get(f"/recruiting/pools/{pool}?q=%25").text


def test_who_works_here_and_is_in_a_pool_does_not_see_why(app: Flask, rita: int, ada: int) -> None:
    omar = make_staff("Omar Haddad")
    pool = make_pool(rita, people=[ada, omar])
    own = signed_in(app, omar)
    page = own.get(f"/recruiting/pools/{pool}")
    assert "Ada Lind" in page.text
    assert "1 person" in page.text
    own.submit(page, action="/take-out", p=[public_id_of(omar)])
    assert len(members()) == 2
    assert "Nobody is chosen" in own.get(f"/recruiting/pools/put?p={public_id_of(omar)}").text


def test_a_hiring_manager_cannot_put_anybody_in(app: Flask, rita: int) -> None:
    hugo = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    make_pool(rita)
    opening = make_opening("Nurse", manager_id=hugo)
    made = group(opening, rita, 1)
    public_id = session().get_one(Opening, opening).public_id
    signed_in(app, hugo).get(f"/recruiting/openings/{public_id}/pipeline/pool?a={made[0].public_id}", expect=404)


def test_the_person_reads_name_and_purpose_and_never_why(app: Flask, desk: Browser, rita: int, ada: int) -> None:
    make_pool(rita)
    desk.submit(desk.get(f"/recruiting/pools/put?p={public_id_of(ada)}"), reason=WHY)
    own = signed_in(app, ada).get("/me/privacy")
    assert "Silver medals" in own.text
    assert "To ask you first when we look for somebody again." in own.text
    assert WHY not in own.text


def test_an_erased_person_is_in_no_pool(app: Flask, rita: int, ada: int) -> None:
    bob = make_person("Bob Eriksen")
    pool = make_pool(rita, people=[ada, bob])
    erase_person(ada, actor_id=rita, now=clock.now())
    end_reading()
    assert [person_id for person_id, _why in members()] == [bob]
    done = actions.put_in(pool, [public_id_of(bob)], reason=WHY, form_key="", actor_id=rita, now=clock.now())
    assert done.already_count == 1


def test_of_two_records_that_become_one_the_first_reason_stays(app: Flask, rita: int, ada: int, time: Time) -> None:
    other = make_person("Ada L.", "ada@home.example")
    both, one = make_pool(rita, "Both", people=[other]), make_pool(rita, "One", people=[other])
    time.pass_by(hours=1)
    end_reading()
    actions.put_in(both, [public_id_of(ada)], reason=WHY, form_key="", actor_id=rita, now=clock.now())
    end_reading()
    merge_people(ada, other, rita, clock.now())
    assert members() == [(ada, "Was good"), (ada, "Was good")]
    assert one != both


def test_records_that_part_again_are_each_in_their_own_pools(app: Flask, rita: int, ada: int) -> None:
    other = make_person("Ada L.", "ada@home.example")
    make_pool(rita, "Of the other", people=[other])
    make_pool(rita, "Of Ada", people=[ada])
    make_pool(rita, "Of both", people=[ada, other])
    merge_people(ada, other, rita, clock.now())
    end_reading()
    make_pool(rita, "Since", people=[ada])
    assert [one.name for one in told_pools(ada)] == ["Of Ada", "Of both", "Of the other", "Since"]
    with transaction():
        actions.give_back(ada, other)
    end_reading()
    assert [one.name for one in told_pools(ada)] == ["Of Ada", "Of both", "Since"]
    assert [one.name for one in told_pools(other)] == ["Of both", "Of the other"]


def test_two_who_put_the_same_people_in_at_once_put_each_in_once(app: Flask, rita: int, ada: int) -> None:
    pool, omar = make_pool(rita), make_staff("Omar Haddad")
    people = [public_id_of(ada), public_id_of(make_person("Bob Eriksen"))]
    counts: list[int] = []

    def put(actor_id: int) -> None:
        with app.app_context():
            done = actions.put_in(pool, people, reason=WHY, form_key="", actor_id=actor_id, now=clock.now())
            counts.append(done.count)

    at_once([lambda: put(rita), lambda: put(omar)])
    assert sum(counts) == 2
    assert len(members()) == 2


def test_whoever_is_put_in_while_it_closes_does_not_stay_in_it(app: Flask, rita: int, ada: int) -> None:
    pool, person = make_pool(rita), public_id_of(ada)

    def put() -> None:
        with app.app_context():
            try:
                actions.put_in(pool, [person], reason=WHY, form_key="", actor_id=rita, now=clock.now())
            except PoolClosed:
                return

    def close() -> None:
        with app.app_context():
            actions.close_pool(pool, reason="Done.", actor_id=rita, now=clock.now())

    at_once([put, close])
    assert members() == []


def at_once(calls: Sequence[Callable[[], None]]) -> None:
    """Let each run in a thread of its own, all begun together."""
    end_reading()
    threads = [threading.Thread(target=call) for call in calls]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)


def test_four_hundred_at_once_cost_as_many_statements_as_two(desk: Browser, rita: int) -> None:
    make_pool(rita)
    opening = make_opening("Nurse")
    group(opening, rita, 400)
    few = choose(desk, opening, [], "all=y&q=person+00")
    with counted_statements() as some:
        desk.submit(few, reason=WHY, follow=False, expect=303)
    form = choose(desk, opening, [], "all=y")
    with counted_statements() as many:
        desk.submit(form, reason=WHY, follow=False, expect=303)
    assert len(many) <= len(some) + 1
    assert len(members()) == 400


def test_a_page_of_a_pool_costs_few_statements(desk: Browser, rita: int) -> None:
    with transaction():
        people = [make_person(f"Person {number:03}") for number in range(60)]
    pool = make_pool(rita, people=people)
    desk.get(f"/recruiting/pools/{pool}")
    with counted_statements() as asked:
        page = desk.get(f"/recruiting/pools/{pool}")
    assert "60 people, page 1 of 2" in page.text
    assert len(asked) <= 7
