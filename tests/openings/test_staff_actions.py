"""Writing, publishing and stopping openings."""

import re
from dataclasses import replace
from datetime import date, timedelta
from threading import Barrier, Thread

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.permissions import Role
from portal.openings import jobs, privacy
from portal.openings.actions import (
    NotAtWork,
    change_people,
    create_opening,
    find_or_add_opening,
    mark_finished,
    publish_opening,
    save_draft,
    stop_accepting,
)
from portal.openings.models import Opening, OpeningDraft, OpeningPlace, OpeningVersion
from portal.openings.rules import (
    Missing,
    MoveRefused,
    NothingChanged,
    OpeningContent,
    Place,
    PublishingBlocked,
    ReasonTooShort,
    StaleDraft,
    from_json,
)
from portal.openings.states import OpeningState, Seniority
from portal.people.models import Staff
from tests.conftest import Time
from tests.factories import make_opening, make_person, make_staff, published_content

BECAUSE = "The board wants it out today."


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


def begin(rita: int, hugo: int | None, content: OpeningContent | None = None) -> int:
    """An opening of our own with its draft; returns its id."""
    public_id = create_opening("Data Analyst", copy_of="", actor_id=rita, now=clock.now())
    opening_id = session().scalars(select(Opening.id).where(Opening.public_id == public_id)).one()
    change_people(opening_id, recruiter_id=rita, manager_id=hugo, actor_id=rita, now=clock.now())
    if content is not None:
        write(opening_id, content, rita)
    return opening_id


def write(opening_id: int, content: OpeningContent, actor_id: int) -> int:
    return save_draft(opening_id, content, revision=revision(opening_id), actor_id=actor_id, now=clock.now())


def revision(opening_id: int) -> int:
    end_reading()
    draft = session().get(OpeningDraft, opening_id)
    return draft.revision if draft else 0


def publish(opening_id: int, actor_id: int, days: int = 3, reason: str = "") -> int:
    done = publish_opening(
        opening_id,
        early_days=days,
        reason=reason,
        revision=revision(opening_id),
        actor_id=actor_id,
        now=clock.now(),
    )
    return done.version_number


def read(opening_id: int) -> Opening:
    end_reading()
    opening = session().get_one(Opening, opening_id)
    session().expunge(opening)
    return opening


def audited(action: str) -> list[dict[str, object]]:
    end_reading()
    statement = select(AuditRecord.details).where(AuditRecord.action == f"openings.{action}").order_by(AuditRecord.id)
    return list(session().scalars(statement))


def test_a_whole_opening_is_published_members_first(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    assert publish(opening_id, rita) == 1
    opening = read(opening_id)
    assert opening.state is OpeningState.PUBLISHED
    assert opening.slug == "data-analyst"
    assert opening.published_at == clock.now()
    assert opening.public_at == clock.now() + timedelta(days=3)
    assert (opening.area, opening.seniority, opening.is_hybrid, opening.is_remote) == (
        "data",
        Seniority.MID,
        True,
        False,
    )
    assert "warsaw" in opening.search_text
    assert session().scalars(select(OpeningPlace.label)).all() == ["Warsaw, Poland"]
    assert audited("publish") == [{"version": 1}]


def test_nothing_goes_out_while_something_is_missing(rita: int, hugo: int) -> None:
    opening_id = begin(rita, None, replace(published_content(), hard=""))
    with pytest.raises(PublishingBlocked) as blocked:
        publish(opening_id, rita)
    assert blocked.value.missing == [Missing.HARD, Missing.MANAGER]
    assert read(opening_id).state is OpeningState.DRAFT


def test_an_override_says_why_and_is_recorded_with_what_was_missing(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, replace(published_content(), hard=""))
    with pytest.raises(ReasonTooShort):
        publish(opening_id, rita, reason="because")
    publish(opening_id, rita, reason=BECAUSE)
    assert audited("publish_override") == [{"missing": "hard"}]
    assert session().scalars(select(OpeningVersion.override_reason)).all() == [BECAUSE]


def test_changes_make_the_next_version_and_the_first_stays_as_it_was(rita: int, hugo: int, time: Time) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    was = read(opening_id)
    time.pass_by(days=5)
    write(opening_id, published_content("Analyst", places=(Place("", "The moon"),)), rita)
    assert publish(opening_id, rita, days=20) == 2
    opening = read(opening_id)
    assert (opening.slug, opening.published_at, opening.public_at) == (was.slug, was.published_at, was.public_at)
    assert opening.title == "Analyst"
    assert session().scalars(select(OpeningPlace.place)).all() == ["the moon"]
    stored = session().scalars(select(OpeningVersion.content).order_by(OpeningVersion.number)).all()
    assert [from_json(content).title for content in stored] == ["Data Analyst", "Analyst"]


def test_publishing_the_same_again_makes_no_version(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    with pytest.raises(NothingChanged):
        publish(opening_id, rita)
    assert read(opening_id).version_number == 1


def test_the_day_for_everybody_moves_until_it_has_come(rita: int, hugo: int, time: Time) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    start = clock.now()
    publish(opening_id, rita, days=5)
    assert read(opening_id).public_at == start + timedelta(days=5)
    time.pass_by(days=4)
    publish(opening_id, rita, days=1)
    assert read(opening_id).public_at == clock.now()
    assert read(opening_id).version_number == 1


def test_without_early_access_everybody_sees_it_at_once(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita, days=0)
    assert read(opening_id).public_at == clock.now()


def test_two_openings_with_one_title_have_addresses_of_their_own(rita: int, hugo: int) -> None:
    for _number in range(3):
        publish(begin(rita, hugo, published_content()), rita)
    first, *others = session().scalars(select(Opening.slug).order_by(Opening.id)).all()
    assert first == "data-analyst"
    # No number: that would say that there is another one, which perhaps only members see yet.
    assert len(set(others)) == 2
    assert all(slug and re.fullmatch(r"data-analyst-[a-z0-9]{8}", slug) for slug in others)


def test_a_colleague_who_saved_meanwhile_is_not_written_over(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    seen = revision(opening_id)
    write(opening_id, published_content(summary="Theirs."), hugo)
    with pytest.raises(StaleDraft):
        save_draft(opening_id, published_content(summary="Mine."), revision=seen, actor_id=rita, now=clock.now())
    with pytest.raises(StaleDraft):
        publish_opening(opening_id, early_days=3, reason="", revision=seen, actor_id=rita, now=clock.now())
    assert read(opening_id).state is OpeningState.DRAFT


def test_of_two_who_save_in_the_same_instant_one_is_told(app: Flask, rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    seen, start, told = revision(opening_id), Barrier(2), list[str]()

    def save(summary: str) -> None:
        with app.app_context():
            start.wait()
            try:
                content = published_content(summary=summary)
                save_draft(opening_id, content, revision=seen, actor_id=rita, now=clock.now())
            except StaleDraft:
                told.append(summary)

    threads = [Thread(target=save, args=(summary,)) for summary in ("One.", "Two.")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(told) == 1
    assert revision(opening_id) == seen + 1


def test_saving_the_same_again_changes_nothing(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    before = revision(opening_id)
    assert write(opening_id, published_content(), hugo) == before


def test_a_copy_has_everything_but_the_dates(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content(closes_on=date(2026, 5, 1)))
    copy_of = read(opening_id).public_id
    public_id = create_opening("Data Analyst II", copy_of=copy_of, actor_id=rita, now=clock.now())
    end_reading()
    copy = session().scalars(select(Opening).where(Opening.public_id == public_id)).one()
    content = from_json(session().get_one(OpeningDraft, copy.id).content)
    assert content == published_content("Data Analyst II", decision_by=None, closes_on=None)
    assert (copy.recruiter_id, copy.hiring_manager_id, copy.title) == (rita, hugo, "Data Analyst II")


def test_there_is_no_copy_of_what_is_not_there(rita: int) -> None:
    with pytest.raises(NotFound):
        create_opening("Baker", copy_of="not-there", actor_id=rita, now=clock.now())


def test_stopping_keeps_the_address_and_publishing_again_opens_it_at_once(rita: int, hugo: int, time: Time) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita, days=0)
    was = read(opening_id)
    time.pass_by(days=2)
    stop_accepting(opening_id, actor_id=rita, now=clock.now())
    assert (read(opening_id).state, read(opening_id).stopped_at) == (OpeningState.STOPPED, clock.now())
    with pytest.raises(MoveRefused):
        stop_accepting(opening_id, actor_id=rita, now=clock.now())
    publish(opening_id, rita, days=9)
    opening = read(opening_id)
    assert (opening.state, opening.stopped_at, opening.public_at) == (OpeningState.PUBLISHED, None, was.public_at)
    assert (opening.slug, opening.version_number) == (was.slug, 1)
    assert len(audited("publish_again")) == 1


def test_what_was_never_published_cannot_be_stopped(rita: int) -> None:
    with pytest.raises(MoveRefused):
        stop_accepting(begin(rita, None), actor_id=rita, now=clock.now())


def test_after_its_last_day_it_stops_by_itself(rita: int, hugo: int, time: Time) -> None:
    last_day = clock.now().date() + timedelta(days=2)
    opening_id = begin(rita, hugo, published_content(closes_on=last_day))
    other = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    publish(other, rita)
    time.pass_by(days=2)
    jobs.stop_ended(clock.now())
    assert read(opening_id).state is OpeningState.PUBLISHED
    time.pass_by(days=1)
    for _run in range(2):
        jobs.stop_ended(clock.now())
        assert read(opening_id).state is OpeningState.STOPPED
    assert read(other).state is OpeningState.PUBLISHED
    stopped = select(AuditRecord.actor_id).where(AuditRecord.action == "openings.stop_accepting")
    assert session().scalars(stopped).all() == [None]


def test_only_what_has_stopped_is_finished(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    with pytest.raises(MoveRefused):
        mark_finished(opening_id, clock.now())
    publish(opening_id, rita)
    with pytest.raises(MoveRefused):
        mark_finished(opening_id, clock.now())
    stop_accepting(opening_id, actor_id=rita, now=clock.now())
    mark_finished(opening_id, clock.now())
    assert (read(opening_id).state, read(opening_id).finished_at) == (OpeningState.FINISHED, clock.now())
    with pytest.raises(MoveRefused):
        publish(opening_id, rita)


def test_an_imported_opening_is_finished_without_ever_being_published(rita: int) -> None:
    opening_id = make_opening(recruiter_id=rita)
    mark_finished(opening_id, clock.now())
    assert read(opening_id).state is OpeningState.FINISHED


def test_an_import_renames_an_opening_until_it_is_published(rita: int, hugo: int) -> None:
    opening = find_or_add_opening("greenhouse", "key-1", "Analyst", rita, clock.now())
    change_people(opening.id, recruiter_id=rita, manager_id=hugo, actor_id=rita, now=clock.now())
    write(opening.id, published_content("Our own title"), rita)
    find_or_add_opening("greenhouse", "key-1", "Senior Analyst", rita, clock.now())
    assert read(opening.id).title == "Senior Analyst"
    publish(opening.id, rita)
    find_or_add_opening("greenhouse", "key-1", "Junior Analyst", rita, clock.now())
    assert read(opening.id).title == "Our own title"


def test_a_draft_of_our_own_is_listed_under_the_title_that_was_written(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content("Baker"))
    assert read(opening_id).title == "Baker"
    publish(opening_id, rita)
    write(opening_id, published_content("Pastry cook"), rita)
    assert read(opening_id).title == "Baker"


def test_nobody_who_has_left_looks_after_an_opening(rita: int, hugo: int) -> None:
    opening_id = begin(rita, None)
    with transaction() as own:
        own.get_one(Staff, hugo).is_active = False
    with pytest.raises(NotAtWork):
        change_people(opening_id, recruiter_id=rita, manager_id=hugo, actor_id=rita, now=clock.now())
    assert read(opening_id).hiring_manager_id is None


def test_who_wrote_and_published_is_told_so_and_forgotten_with_them(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    assert [section.title for section in privacy.export(rita)] == ["Openings you look after", "Openings you wrote"]
    assert privacy.export(rita)[1].rows == [("Versions you published", "1"), ("Drafts you wrote last", "1")]
    privacy.hand_over(rita, hugo, clock.now())
    assert [section.title for section in privacy.export(rita)] == ["Openings you wrote"]
    privacy.erase(rita, clock.now())
    end_reading()
    assert privacy.export(rita) == []


def test_a_merged_record_wrote_what_both_wrote(rita: int, hugo: int) -> None:
    opening_id = begin(rita, hugo, published_content())
    publish(opening_id, rita)
    kept = make_person("Rita Sander-Lind")
    with transaction() as own:
        own.get_one(Opening, opening_id).recruiter_id = None
    privacy.merge(kept, rita, clock.now())
    end_reading()
    assert [section.title for section in privacy.export(kept)] == ["Openings you wrote"]
