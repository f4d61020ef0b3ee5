"""Saying what stages and end reasons mean: who is restated and who is not."""

from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import ApplicationEvent
from portal.applications.states import ApplicationStatus, EventKind
from portal.ats.actions import ask_to_apply, map_labels, summarise
from portal.ats.models import LabelMapping
from portal.ats.queries import ImportRow, label_maps, labels_of
from portal.ats.states import ImportState
from portal.core import clock
from portal.core.db import session, transaction
from portal.core.identifiers import new_public_id
from tests.accounts.visitors import hire
from tests.ats.exports import (
    GREENHOUSE,
    LEVER,
    again,
    find_application,
    how_many,
    newest_event,
    row,
    run,
    upload,
    work,
    write_file,
)

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


def imported(path: Path, rita: int) -> ImportRow:
    """A file that was uploaded, checked and imported."""
    found = upload(path, rita)
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    return again(found)


def say(found: ImportRow, rita: int, **meanings: ApplicationStatus | None) -> None:
    """Map labels by their keys (with _ for spaces) and let the worker restate."""
    wanted = {key.replace("_", " "): status for key, status in meanings.items()}
    ids = {one.id: wanted[one.key] for one in labels_of(found.source_id) if one.key in wanted}
    assert len(ids) == len(wanted)
    map_labels(found.id, ids, actor_id=rita, now=clock.now())
    work()


def test_all_labels_found_are_stored_without_a_meaning(rita: int) -> None:
    found = upload(GREENHOUSE, rita)
    labels = labels_of(found.source_id)
    assert {one.kind.value for one in labels} == {"stage", "reason"}
    assert len(labels) == 11 + 6
    assert {one.status for one in labels} == {None}
    upload(GREENHOUSE, rita)
    assert how_many(LabelMapping) == 17


def test_a_mapped_stage_restates_whom_nobody_has_written_to(rita: int, tmp_path: Path) -> None:
    found = imported(write_file(tmp_path, [row()]), rita)
    before = newest_event(find_application("ada@demo.example"))
    promised = before.next_update_by
    assert before.status is ApplicationStatus.IN_REVIEW
    say(found, rita, recruiter_screen=ApplicationStatus.INTERVIEWING)
    after = newest_event(find_application("ada@demo.example"))
    assert after.status is ApplicationStatus.INTERVIEWING
    assert after.next_update_by == promised


def test_whom_somebody_has_written_to_keeps_what_they_were_told(rita: int, tmp_path: Path) -> None:
    found = imported(write_file(tmp_path, [row()]), rita)
    application = find_application("ada@demo.example")
    first = newest_event(application)
    with transaction() as own:
        own.add(
            ApplicationEvent(
                public_id=new_public_id(),
                application_id=application.id,
                kind=EventKind.MESSAGE,
                status=ApplicationStatus.RECEIVED,
                next_update_by=first.next_update_by,
                date_reason="",
                message="Dear Ada",
                internal_reason="",
                created_at=clock.now(),
            )
        )
    say(found, rita, recruiter_screen=ApplicationStatus.INTERVIEWING)
    assert newest_event(find_application("ada@demo.example")).status is ApplicationStatus.RECEIVED
    statuses = session().scalars(select(ApplicationEvent.status).order_by(ApplicationEvent.id))
    assert list(statuses) == [ApplicationStatus.IN_REVIEW, ApplicationStatus.RECEIVED]


def test_a_reported_change_is_not_restated_in_silence(rita: int, tmp_path: Path) -> None:
    imported(write_file(tmp_path, [row()]), rita)
    found = imported(write_file(tmp_path, [row(stage="Offer")]), rita)
    say(found, rita, offer=ApplicationStatus.OFFER_MADE)
    application = find_application("ada@demo.example")
    assert application.change_reported_at is not None
    assert newest_event(application).status is ApplicationStatus.IN_REVIEW


def test_an_end_reason_that_is_mapped_ends_before_us(rita: int) -> None:
    found = imported(LEVER, rita)
    open_before = summarise(found.findings, label_maps(found.source_id)).tally.open_added
    say(found, rita, position_closed=ApplicationStatus.OPENING_CANCELLED)
    events = list(
        session().scalars(
            select(ApplicationEvent).where(ApplicationEvent.status == ApplicationStatus.OPENING_CANCELLED)
        )
    )
    assert 0 < len(events) < open_before
    assert {event.kind for event in events} == {EventKind.ENDED_BEFORE_US}
    assert {event.next_update_by for event in events} == {None}


def test_taking_the_meaning_back_promises_a_new_date(rita: int) -> None:
    found = imported(LEVER, rita)
    say(found, rita, position_closed=ApplicationStatus.OPENING_CANCELLED)
    say(found, rita, position_closed=None)
    days = set(session().scalars(select(ApplicationEvent.next_update_by).where(ApplicationEvent.status == "in_review")))
    assert None not in days


def test_mapped_labels_warn_no_more_and_count_in_the_next_check(rita: int, tmp_path: Path) -> None:
    found = upload(write_file(tmp_path, [row(), row(id="2", email="n@demo.example", stage="Offer")]), rita)
    assert len(summarise(found.findings, label_maps(found.source_id)).unmapped) == 2
    say(found, rita, offer=ApplicationStatus.OFFER_MADE, recruiter_screen=ApplicationStatus.INTERVIEWING)
    checked = again(found)
    assert checked.state is ImportState.CHECKED
    assert summarise(checked.findings, label_maps(checked.source_id)).unmapped == []
    ask_to_apply(found.id, actor_id=rita, now=clock.now())
    work()
    assert newest_event(find_application("n@demo.example")).status is ApplicationStatus.OFFER_MADE


def test_meanings_are_remembered_for_the_next_file_of_the_source(rita: int, tmp_path: Path) -> None:
    found = imported(write_file(tmp_path, [row()]), rita)
    say(found, rita, recruiter_screen=ApplicationStatus.INTERVIEWING)
    report = run(write_file(tmp_path, [row(), row(id="2", email="nora@demo.example")]))
    assert report.summary.unmapped == []
    assert newest_event(find_application("nora@demo.example")).status is ApplicationStatus.INTERVIEWING


def test_labels_of_another_source_cannot_be_mapped_through_this_import(rita: int) -> None:
    first, other = upload(GREENHOUSE, rita), upload(LEVER, rita)
    foreign = labels_of(other.source_id)[0]
    map_labels(first.id, {foreign.id: ApplicationStatus.HIRED}, actor_id=rita, now=clock.now())
    assert label_maps(other.source_id).stages == label_maps(other.source_id).reasons == {}
