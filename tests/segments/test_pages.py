"""The pages of segments: building one without a script, saving, sharing, and why somebody is in it."""

from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.community.states import CareerStage
from portal.core import clock
from portal.core.db import fetch
from portal.core.permissions import Role
from portal.segments import privacy
from portal.segments.queries import find_segment
from portal.segments.states import Field, Operator
from tests.conftest import Time
from tests.factories import make_person, make_segment, make_staff, public_id_of, signed_in
from tests.pages import Browser, Page
from tests.segments.people import WARSAW, asks, every, make_member, write_to

LIST = "/recruiting/segments"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


def add(desk: Browser, page: Page, field: Field, *, to: str = "t", **values: Any) -> Page:
    """Choose what to ask and press "Add a condition"."""
    return desk.submit(page, having="t-match", button=f"add:{to}", **{f"{to}-new": str(field)}, **values)


def save(desk: Browser, page: Page, *, expect: int = 200, **values: Any) -> Page:
    return desk.submit(page, having="t-match", button="save", expect=expect, **values)


def test_the_list_offers_ready_made_ones_as_a_start(desk: Browser) -> None:
    page = desk.get(LIST)
    assert "None of yours yet" in page.text
    for name in ("Finalists", "Silver medalists", "Near-fits", "Declined offers", "Withdrawn", "Passive members"):
        assert name in page.text
    started = desk.get(next(link for link in page.links if link.endswith("from=passive-members")))
    assert "Members whose search stands at “Open to it” or “Not looking now”" in started.text
    assert "whom we have not contacted for 90 days" in started.text


def test_one_is_built_and_saved_without_a_script(desk: Browser) -> None:
    make_member("Ada Lind", areas=("engineering",), places=(WARSAW,))
    make_member("Bo Ek", areas=("engineering",))
    page = desk.get(f"{LIST}/new")
    assert "Nothing asked yet" in page.text
    page = add(desk, page, Field.AREA)
    assert "Not whole yet" in page.text
    page = add(desk, page, Field.PLACE, **{"t.0-values": ["engineering"]})
    page = desk.submit(page, having="t-match", button="look", **{"t.1-values": "Warsaw"})
    assert "1 person" in page.text
    assert "People with the area Engineering, in Warsaw, Poland." in page.text
    page = save(desk, page, name="Warsaw engineers")
    assert page.heading == "Warsaw engineers"
    assert "Ada Lind" in page.text
    assert "Bo Ek" not in page.text
    assert "Warsaw engineers" in desk.get(LIST).text


def test_groups_are_added_filled_and_removed(desk: Browser) -> None:
    page = add(desk, desk.get(f"{LIST}/new"), Field.MEMBER)
    page = desk.submit(page, having="t-match", button="group:t")
    page = add(desk, page, Field.TAG, to="t.1")
    page = add(desk, page, Field.LAST_RESPONSE, to="t.1", **{"t.1.0-values": "speaker, host"})
    page = desk.submit(page, having="t-match", button="look", **{"t.1.1-days": "30"})
    words = "Members (either with the tag “speaker” or “host” or from whom we have not heard for 30 days)."
    assert words in page.text
    page = desk.submit(page, having="t-match", button="group:t.1")
    assert page.form(having="t.1.2-match")
    assert not any(value == "group:t.1.2" for _name, value, _label in page.form(having="t-match").buttons)
    page = desk.submit(page, having="t-match", button="remove:t.1.2")
    page = desk.submit(page, having="t-match", button="remove:t.0")
    assert "People (either with the tag “speaker” or “host” or" in page.text


def test_what_is_missing_is_said_beside_it_and_nothing_is_lost(desk: Browser) -> None:
    page = add(desk, desk.get(f"{LIST}/new"), Field.LAST_CONTACT)
    page = save(desk, page, expect=422, **{"t.0-days": "soon"})
    assert "Please give a whole number of days from 1 to 3650." in page.text
    assert "Please give it a name, so that you find it again." in page.text
    assert page.form(having="t-match").values["t.0-days"] == "soon"
    assert "Saved" in save(desk, page, name="Quiet", **{"t.0-days": "60"}).text


def test_a_segment_without_conditions_is_refused(desk: Browser) -> None:
    page = save(desk, desk.get(f"{LIST}/new"), expect=422, name="Everybody")
    assert "Please add a condition: without one this is everybody." in page.text


def test_sending_the_form_twice_saves_one(desk: Browser) -> None:
    page = add(desk, desk.get(f"{LIST}/new"), Field.MEMBER)
    first, second = save(desk, page, name="Members"), save(desk, page, name="Members")
    assert first.path == second.path


def test_the_live_count_writes_nothing_and_says_the_rules(desk: Browser) -> None:
    make_member("Ada Lind")
    answer = desk.client.get(f"{LIST}/count?t-match=all&t.0-field=member&t.0-operator=yes").get_json()
    assert answer == {"count": "1 person", "sentence": "Members."}
    empty = desk.client.get(f"{LIST}/count?t-match=all&t.0-field=skill&t.0-operator=any_of").get_json()
    assert empty["count"] == "Not whole yet"


@pytest.mark.parametrize(
    "query",
    [
        "t-match=nonsense&t.0-field=member&t.0-operator=yes",
        "t-match=all&t.0-field=nonsense",
        "t-match=all&t.0-field=reached&t.0-operator=at_least&t.0-values=nonsense",
        "t-match=all&t.0-field=area&t.0-operator=yes&t.0-values=data",
        "t-match=all&t.0.0.0.0.0-field=member",
        "t-match=all&t.0-match=any&t.0.0-match=any&t.0.0.0-match=any&t.0.0.0.0-field=member",
        "&".join(f"t.{number}-field=member&t.{number}-operator=yes" for number in range(99)),
        "t-match=all&t.0-field=last_contact&t.0-operator=within&t.0-days=99999999999999999999",
        "t-match=all&t.0-field=skill&t.0-operator=any_of&t.0-values=" + "x" * 3000,
    ],
)
@pytest.mark.only("sqlite")  # no rows are looked at
def test_nonsense_in_the_address_is_only_not_whole(desk: Browser, query: str) -> None:
    answer = desk.client.get(f"{LIST}/count?{query}")
    assert answer.status_code == 200
    assert answer.get_json()["sentence"]


def test_why_somebody_is_in_with_each_fact(desk: Browser, rita: int) -> None:
    ada = make_member("Ada Lind", skills=("python",), career_stage=CareerStage.OPEN_TO_IT)
    write_to(ada, clock.now())
    tree = every(
        asks(Field.SKILL, Operator.ANY_OF, "python"),
        asks(Field.LAST_CONTACT, Operator.WITHIN, days=30),
        asks(Field.LAST_RESPONSE, Operator.NEVER),
    )
    segment = make_segment(rita, tree, name="Pythonists")
    page = desk.get(f"{LIST}/{segment}")
    assert "Ada Lind" in page.text
    page = desk.get(f"{LIST}/{segment}/why/{public_id_of(ada)}")
    assert page.heading == "Why Ada Lind is in"
    assert "Skill: Python" in page.text
    assert "Last time we wrote or called: Wednesday 4 March 2026" in page.text
    assert "Last time we heard from them: never" in page.text


def test_why_somebody_is_missing_is_found_by_their_name(desk: Browser, rita: int) -> None:
    bo = make_person("Bo Ek")
    segment = make_segment(rita, every(asks(Field.MEMBER, Operator.YES)))
    page = desk.submit(desk.get(f"{LIST}/{segment}"), having="who", who="bo e")
    page = desk.get(next(link for link in page.links if link.endswith(f"/why/{public_id_of(bo)}")))
    assert page.heading == "Why Bo Ek is not in"
    assert "Member of the community: no" in page.text
    assert "Does not hold" in page.text


def test_nobody_reads_about_themselves(app: Flask, rita: int, desk: Browser) -> None:
    segment = make_segment(rita, every(asks(Field.TAG, Operator.NONE_OF, "nothing")))
    desk.get(f"{LIST}/{segment}/why/{public_id_of(rita)}", expect=404)


def test_a_segment_of_ones_own_is_nobody_elses_until_it_is_shared(app: Flask, rita: int, desk: Browser) -> None:
    segment = make_segment(rita, name="Quietly mine", is_shared=False)
    colleague = signed_in(app, make_staff("Otto Berg"))
    assert "Quietly mine" not in colleague.get(LIST).text
    for path in ("", "/edit", "/remove"):
        colleague.get(f"{LIST}/{segment}{path}", expect=404)
    page = desk.get(f"{LIST}/{segment}/edit")
    save(desk, page, is_shared="y")
    assert "Quietly mine" in colleague.get(LIST).text
    assert "Made by Rita Sander" in colleague.get(f"{LIST}/{segment}").text


def test_a_colleague_copies_what_is_shared_and_changes_the_copy(app: Flask, rita: int, desk: Browser) -> None:
    segment = make_segment(rita, name="Finalists")
    otto = make_staff("Otto Berg")
    colleague = signed_in(app, otto)
    page = colleague.get(f"{LIST}/{segment}/edit")
    assert page.heading == "New segment"
    save(colleague, page)
    assert "Copy of Finalists" in colleague.get(LIST).text
    assert "Only Rita Sander can remove it" in colleague.get(f"{LIST}/{segment}/remove").text
    page = desk.get(f"{LIST}/{segment}/remove")
    colleague.post(f"{LIST}/{segment}/remove", {"csrf_token": _token(colleague)}, expect=404)
    assert "is removed" in desk.submit(page, action="/remove").text
    desk.get(f"{LIST}/{segment}", expect=404)


def _token(browser: Browser) -> str:
    return str(browser.get(f"{LIST}/new").form(having="t-match").values["csrf_token"])


def test_two_windows_on_one_segment_lose_nothing(desk: Browser, rita: int, time: Time) -> None:
    segment = make_segment(rita)
    first, second = desk.get(f"{LIST}/{segment}/edit"), desk.get(f"{LIST}/{segment}/edit")
    time.pass_by(minutes=1)
    save(desk, first, name="First")
    page = save(desk, second, expect=422, name="Second")
    assert "changed in another window" in page.text
    assert page.form(having="t-match").values["name"] == "Second"


def test_hiring_managers_have_no_segments(app: Flask, rita: int) -> None:
    segment = make_segment(rita)
    manager = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER))
    for path in ("", "/new", "/count", f"/{segment}", "/ready/finalists"):
        manager.get(f"{LIST}{path}", expect=404)


def test_what_was_done_is_in_the_audit_log(desk: Browser, rita: int) -> None:
    page = save(desk, add(desk, desk.get(f"{LIST}/new"), Field.MEMBER), name="Members")
    save(desk, desk.get(f"{page.path}/edit"), name="All members")
    desk.submit(desk.get(f"{page.path}/remove"), action="/remove")
    actions = fetch(select(AuditRecord.action).where(AuditRecord.action.startswith("segments."))).scalars()
    assert sorted(actions) == ["segments.change", "segments.remove", "segments.save"]


def test_whoever_takes_over_owns_the_segments(app: Flask, rita: int) -> None:
    otto = make_staff("Otto Berg")
    segment = make_segment(otto, is_shared=False)
    assert find_segment(segment, rita) is None
    privacy.hand_over(otto, rita, clock.now())
    found = find_segment(segment, rita)
    assert found is not None
    assert found.owner_name == "Rita Sander"
