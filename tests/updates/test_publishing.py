"""Publishing now and at a time: the audience is written down in parts, whatever happens on the way."""

from datetime import date, datetime, timedelta
from datetime import time as clock_time
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.actions import leave_community
from portal.core import clock
from portal.core.db import end_reading, session
from portal.openings.models import Opening
from portal.updates import actions
from portal.updates.actions import (
    freeze_some,
    publish_update,
    save_draft,
    schedule_update,
    unschedule_update,
    withdraw_update,
)
from portal.updates.actions.publishing import WordsMissing, correct_update
from portal.updates.jobs import publish_due
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.rules import (
    Missing,
    MoveRefused,
    NoSuchTime,
    NothingChanged,
    PublishingBlocked,
    StaleDraft,
    instant_of,
)
from portal.updates.states import Audience, UpdateKind, UpdateState
from tests.conftest import START, Time
from tests.factories import make_published, make_staff, signed_in
from tests.openings.early import make_member
from tests.updates.posting import content, draft, publish


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


def row(public_id: str) -> InsiderUpdate:
    end_reading()
    return session().scalars(select(InsiderUpdate).where(InsiderUpdate.public_id == public_id)).one()


def audience_of(public_id: str) -> set[int]:
    found = select(UpdateReader.person_id).where(UpdateReader.update_id == row(public_id).id)
    return set(session().scalars(found.where(UpdateReader.is_in_audience)))


def begin(public_id: str, author_id: int, revision: int = 2) -> int:
    """Publish a draft without the job that follows; its id."""
    update_id = row(public_id).id
    publish_update(update_id, revision=revision, actor_id=author_id, now=clock.now())
    end_reading()
    return update_id


def test_nobody_reads_it_before_its_audience_is_written_down(app: Flask, rita: int, time: Time) -> None:
    ada = signed_in(app, make_member("Ada Lind"))
    public_id = draft(content("What we pay"), rita)
    begin(public_id, rita)
    ada.get("/updates/what-we-pay", expect=404)
    time.pass_by(seconds=30)
    publish_due(clock.now())
    ada.get("/updates/what-we-pay")
    assert row(public_id).published_at == START + timedelta(seconds=30)


def test_the_audience_is_those_who_are_members_then(app: Flask, rita: int) -> None:
    ada, bob = make_member("Ada"), make_member("Bob")
    leave_community(bob, clock.now())
    public_id = draft(content(), rita)
    publish(public_id, rita)
    make_member("Late")
    assert audience_of(public_id) == {ada}
    assert row(public_id).reach_count == 1


def test_a_worker_that_dies_on_the_way_loses_and_repeats_nobody(
    app: Flask, rita: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(actions.freezing, "CHUNK", 2)
    members = {make_member(f"Member {number}") for number in range(7)}
    public_id = draft(content(), rita)
    update_id = begin(public_id, rita)
    assert freeze_some(update_id, clock.now())
    assert len(audience_of(public_id)) == 2
    with monkeypatch.context() as killing:
        killing.setattr(actions.freezing, "_write_down", _dying(actions.freezing._write_down))
        with pytest.raises(RuntimeError):
            freeze_some(update_id, clock.now())
    assert len(audience_of(public_id)) == 2, "what was begun is undone with its transaction"
    publish_due(clock.now())
    publish_due(clock.now())
    assert audience_of(public_id) == members
    assert (row(public_id).state, row(public_id).reach_count) == (UpdateState.PUBLISHED, 7)


def _dying(written: Any) -> Any:
    """A worker that ends right after it wrote people down."""

    def die(*given: Any) -> int:
        written(*given)
        raise RuntimeError("killed")

    return die


def test_withdrawn_while_it_is_being_published_it_reaches_nobody(app: Flask, rita: int) -> None:
    make_member("Ada")
    public_id = draft(content(), rita)
    update_id = begin(public_id, rita)
    withdraw_update(update_id, words="", actor_id=rita, now=clock.now())
    publish_due(clock.now())
    assert row(public_id).state is UpdateState.WITHDRAWN
    assert row(public_id).published_at is None
    signed_in(app, make_member("Bob")).get("/updates/what-we-pay", expect=404)


def test_it_goes_out_by_itself_at_its_time(app: Flask, rita: int, time: Time) -> None:
    public_id = draft(content(), rita)
    at = START + timedelta(hours=5)
    schedule_update(row(public_id).id, publish_at=at, zone="Europe/Warsaw", revision=2, actor_id=rita, now=START)
    time.at = at - timedelta(seconds=1)
    publish_due(clock.now())
    assert row(public_id).state is UpdateState.SCHEDULED
    time.at = at
    publish_due(clock.now())
    assert row(public_id).state is UpdateState.PUBLISHED


def test_what_is_scheduled_is_changed_only_off_the_schedule(app: Flask, rita: int) -> None:
    public_id = draft(content(), rita)
    update_id = row(public_id).id
    at = START + timedelta(hours=5)
    schedule_update(update_id, publish_at=at, zone="Europe/Warsaw", revision=2, actor_id=rita, now=START)
    with pytest.raises(MoveRefused):
        save_draft(update_id, content("Other"), revision=2, actor_id=rita, now=START)
    unschedule_update(update_id, actor_id=rita, now=START)
    assert save_draft(update_id, content("Other"), revision=2, actor_id=rita, now=START) == 3
    assert row(public_id).publish_at is None


def test_nothing_is_scheduled_for_after_its_event(rita: int) -> None:
    event = content("Open evening", kind=UpdateKind.EVENT, event_on=date(2026, 3, 6), event_where="18:00, here")
    update_id = row(draft(event, rita)).id
    planned = {"zone": "Europe/Warsaw", "revision": 2, "actor_id": rita, "now": START}
    with pytest.raises(NoSuchTime):
        schedule_update(update_id, publish_at=START + timedelta(days=3), **planned)
    schedule_update(update_id, publish_at=START + timedelta(days=2), **planned)


def test_an_event_that_passed_while_the_worker_was_away_does_not_go_out(app: Flask, rita: int, time: Time) -> None:
    event = content("Open evening", kind=UpdateKind.EVENT, event_on=date(2026, 3, 6), event_where="18:00, here")
    public_id = draft(event, rita)
    at = START + timedelta(days=1)
    schedule_update(row(public_id).id, publish_at=at, zone="Europe/Warsaw", revision=2, actor_id=rita, now=START)
    time.at = START + timedelta(days=3)
    publish_due(clock.now())
    found = row(public_id)
    assert (found.state, found.held_up) == (UpdateState.DRAFT, "event_over")
    text = signed_in(app, rita).get(f"/recruiting/updates/{public_id}").text
    assert "It did not go out at its time" in text
    assert "A day of the event that has not passed" in text


@pytest.mark.parametrize(
    ("facts", "found"),
    [
        ({"summary": ""}, Missing.SUMMARY),
        ({"body": " "}, Missing.BODY),
        ({"kind": UpdateKind.PAY_BANDS, "source_on": date(2026, 3, 1)}, Missing.SOURCE),
        ({"kind": UpdateKind.MARKET, "source": "A study"}, Missing.SOURCE_DAY),
        ({"kind": UpdateKind.EVENT, "event_where": "Here"}, Missing.EVENT_DAY),
        ({"kind": UpdateKind.EVENT, "event_on": date(2026, 3, 3), "event_where": "Here"}, Missing.EVENT_OVER),
        ({"kind": UpdateKind.EVENT, "event_on": date(2026, 3, 5)}, Missing.EVENT_WHERE),
        ({"kind": UpdateKind.MEMBER_STORY}, Missing.CONSENT),
        ({"kind": UpdateKind.EARLY_ACCESS}, Missing.OPENING),
        ({"audience": Audience.AREAS}, Missing.AREAS),
        ({"audience": Audience.SEGMENT, "segment": "nowhere"}, Missing.SEGMENT),
    ],
)
@pytest.mark.only("sqlite")  # what is missing is a rule
def test_each_kind_says_what_it_must(app: Flask, rita: int, facts: dict[str, Any], found: Missing) -> None:
    public_id = draft(content(**facts), rita)
    with pytest.raises(PublishingBlocked) as refused:
        publish(public_id, rita)
    assert refused.value.missing == (found,)


def test_early_access_is_only_for_those_who_see_the_opening(app: Flask, rita: int, time: Time) -> None:
    slug = make_published("Crane Driver", public_at=START + timedelta(days=2), area="data")
    opening = session().scalars(select(Opening.public_id).where(Opening.slug == slug)).one()
    early = {"kind": UpdateKind.EARLY_ACCESS, "opening": opening}
    for wrong in (
        {"audience": Audience.EVERYBODY},
        {"audience": Audience.MEMBERS},
        {"audience": Audience.AREAS, "areas": ("data", "design")},
    ):
        with pytest.raises(PublishingBlocked) as refused:
            publish(draft(content("Early", **early, **wrong), rita), rita)
        assert refused.value.missing == (Missing.EARLY_AUDIENCE,)
    ada = make_member("Ada", "data")
    found = publish(draft(content("Early", **early, audience=Audience.AREAS, areas=("data",)), rita), rita)
    assert f"/openings/{slug}" in signed_in(app, ada).get(f"/me/updates/{found}").links
    time.pass_by(days=2)
    publish(draft(content("For all", **early), rita), rita)


def test_a_correction_says_what_and_when_and_to_earlier_readers_that_they_read_it_before(
    app: Flask, rita: int, time: Time
) -> None:
    ada, bob = (signed_in(app, make_member(name)) for name in ("Ada", "Bob"))
    public_id = draft(content(), rita)
    slug = publish(public_id, rita)
    ada.submit(ada.get(f"/me/updates/{slug}"), action="/seen")
    update_id = row(public_id).id
    time.pass_by(days=1)
    with pytest.raises(NothingChanged):
        correct_update(update_id, words="x", revision=0, actor_id=rita, now=clock.now())
    save_draft(update_id, content(body="We pay *more*."), revision=0, actor_id=rita, now=clock.now())
    end_reading()
    assert "what we pay" in bob.get(f"/me/updates/{slug}").text, "readers read the last version until then"
    with pytest.raises(WordsMissing):
        correct_update(update_id, words=" ", revision=1, actor_id=rita, now=clock.now())
    correct_update(update_id, words="The senior band was wrong.", revision=1, actor_id=rita, now=clock.now())
    for browser in (ada, bob):
        page = browser.get(f"/me/updates/{slug}")
        text = page.text
        assert "We pay <em>more</em>." in page.body
        assert "Corrected on Thursday 5 March 2026, 09:00" in text
        assert "The senior band was wrong." in text
        assert ("You read it before that." in text) == (browser is ada)
    assert row(public_id).state is UpdateState.CORRECTED


def test_a_correction_is_for_the_same_people(app: Flask, rita: int) -> None:
    public_id = draft(content(audience=Audience.MEMBERS), rita)
    publish(public_id, rita)
    update_id = row(public_id).id
    save_draft(update_id, content("Corrected title"), revision=0, actor_id=rita, now=clock.now())
    correct_update(update_id, words="The title.", revision=1, actor_id=rita, now=clock.now())
    assert row(public_id).audience is Audience.MEMBERS
    assert row(public_id).title == "Corrected title"


def test_what_a_colleague_saved_in_between_is_not_published(app: Flask, rita: int) -> None:
    public_id = draft(content(), rita)
    with pytest.raises(StaleDraft):
        publish_update(row(public_id).id, revision=1, actor_id=rita, now=clock.now())
    assert row(public_id).state is UpdateState.DRAFT


def test_it_is_published_once(app: Flask, rita: int) -> None:
    public_id = draft(content(), rita)
    publish(public_id, rita)
    with pytest.raises(MoveRefused):
        publish_update(row(public_id).id, revision=0, actor_id=rita, now=clock.now())


def test_two_with_one_title_have_an_address_each(app: Flask, rita: int) -> None:
    first, second = (publish(draft(content(), rita), rita) for _number in range(2))
    assert first == "what-we-pay"
    assert second.startswith("what-we-pay-")


@pytest.mark.parametrize(
    ("day", "at", "zone", "expected"),
    [
        (date(2026, 3, 28), clock_time(9, 0), "Europe/Warsaw", "2026-03-28T08:00:00+00:00"),
        # Clocks go from 02:00 to 03:00 there: what is left out becomes an hour later.
        (date(2026, 3, 29), clock_time(2, 30), "Europe/Warsaw", "2026-03-29T01:30:00+00:00"),
        (date(2026, 3, 29), clock_time(9, 0), "Europe/Warsaw", "2026-03-29T07:00:00+00:00"),
        (date(2026, 3, 5), clock_time(9, 0), "Asia/Tokyo", "2026-03-05T00:00:00+00:00"),
    ],
)
def test_a_time_is_said_on_the_clocks_of_a_zone(day: date, at: clock_time, zone: str, expected: str) -> None:
    assert instant_of(day, at, zone, START) == datetime.fromisoformat(expected)


@pytest.mark.parametrize("day", [date(2026, 3, 3), date(2028, 1, 1)])
def test_no_time_that_has_passed_or_lies_too_far_ahead(day: date) -> None:
    with pytest.raises(NoSuchTime):
        instant_of(day, clock_time(9, 0), "Europe/Warsaw", START)
