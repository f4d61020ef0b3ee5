"""An opening that an import made turns out to be one of ours: joined afterwards, and parted again."""

from datetime import date
from pathlib import Path

import pytest
from flask import Flask
from sqlalchemy import func, select, update

from portal.applications.actions.joining import WorkUnderWay
from portal.applications.models import Application, ApplicationEvent, EndingLetter, EndingRound, Promise
from portal.applications.states import ApplicationStatus, ItemState
from portal.ats.actions.joining import CannotJoin, join_openings, part_openings
from portal.ats.models import Import
from portal.ats.states import ImportState, WhyParted
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.errors import NotFound
from portal.core.identifiers import new_public_id
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from portal.outbox.models import Delivery
from tests.accounts.visitors import RITA, hire, sign_in
from tests.applications.promise_jobs import run_jobs
from tests.ats.exports import find_application, find_person, how_many, newest_event, row, run, upload, write_file
from tests.ats.test_openings import make_ours, opening_of, public_id_of
from tests.factories import make_application, signed_in
from tests.pages import Browser

ADA, BEA, CY = "ada@demo.example", "bea@demo.example", "cy@demo.example"


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    signed = Browser(app)
    sign_in(signed, RITA)
    return signed


@pytest.fixture
def made(rita: int, tmp_path: Path) -> str:
    """Public id of the opening that an import made, with two applications in it."""
    rows = [row(job="Designer (m/f/d)"), row(id="2", email=BEA, name="Bea Roth", job="Designer (m/f/d)")]
    run(write_file(tmp_path, rows))
    return public_id_of(opening_of(ADA))


@pytest.fixture
def ours(made: str, rita: int) -> str:
    return public_id_of(make_ours("Product Designer", rita))


def next_file(folder: Path) -> Path:
    """A later export of the same opening, with somebody new in it."""
    return write_file(folder, [row(id="3", email=CY, name="Cy Hart", job="Designer (m/f/d)")])


def state_of(public_id: str) -> OpeningState:
    end_reading()
    return session().scalars(select(Opening.state).where(Opening.public_id == public_id)).one()


def join_by_hand(desk: Browser, made: str, ours: str) -> None:
    page = desk.submit(desk.get(f"/recruiting/openings/{made}/same"), action="/same", ours=ours)
    desk.submit(page, action="/join")


def test_a_recruiter_says_that_it_is_ours_and_everybody_in_it_comes_along(desk: Browser, made: str, ours: str) -> None:
    mails = how_many(Delivery)
    was = {email: (find_application(email).owner_id, newest_event(find_application(email)).id) for email in (ADA, BEA)}
    page = desk.submit(desk.get(f"/recruiting/openings/{made}/same"), action="/same", ours=ours)
    assert "2 applications come along." in page.text
    assert "Their page is called “Product Designer”, and no longer “Designer (m/f/d)”." in page.text
    assert "Nobody gets a mail." in page.text
    assert public_id_of(opening_of(ADA)) == made, "looking changes nothing"
    done = desk.submit(page, action="/join")
    assert done.path == f"/recruiting/openings/{ours}"
    assert "2 applications from greenhouse are in this opening now." in done.text
    for email in (ADA, BEA):
        now = find_application(email)
        assert public_id_of(now.opening_id) == ours
        assert (now.owner_id, newest_event(now).id) == was[email]
    assert state_of(made) is OpeningState.FINISHED
    assert how_many(Delivery) == mails


def test_the_candidate_reads_the_title_of_ours_and_the_same_day(
    app: Flask, desk: Browser, made: str, ours: str
) -> None:
    application = find_application(ADA)
    candidate = signed_in(app, application.person_id)
    path = f"/me/applications/{application.public_id}"
    before = candidate.get(path)
    assert "Designer (m/f/d)" in before.text
    promised = newest_event(application).next_update_by
    join_by_hand(desk, made, ours)
    page = candidate.get(path)
    assert "Product Designer" in page.text
    assert "Designer (m/f/d)" not in page.text
    assert newest_event(find_application(ADA)).next_update_by == promised


def test_the_title_that_is_alike_is_chosen_already(desk: Browser, made: str, rita: int) -> None:
    alike = public_id_of(make_ours("designer  (M/F/D)", rita))
    make_ours("Baker", rita)
    page = desk.get(f"/recruiting/openings/{made}/same")
    assert page.form(action="/same").values["ours"] == alike


def test_nothing_chosen_is_said_beside_the_field(desk: Browser, made: str, ours: str) -> None:
    page = desk.submit(desk.get(f"/recruiting/openings/{made}/same"), action="/same", ours="", expect=422)
    assert "Please choose one of ours." in page.text


def test_who_applied_to_both_is_named_and_keeps_both(desk: Browser, made: str, ours: str, rita: int) -> None:
    here = session().scalars(select(Opening.id).where(Opening.public_id == ours)).one()
    make_application(here, rita, person_id=find_person(BEA).id)
    page = desk.get(f"/recruiting/openings/{made}/join?ours={ours}")
    assert "1 person applied to both" in page.text
    assert "Bea Roth" in page.text
    join_by_hand(desk, made, ours)
    end_reading()
    of_bea = select(func.count()).where(Application.person_id == find_person(BEA).id, Application.opening_id == here)
    assert session().scalar(of_bea) == 2


def test_the_next_file_comes_to_ours_as_well(desk: Browser, made: str, ours: str, tmp_path: Path) -> None:
    join_by_hand(desk, made, ours)
    report = run(next_file(tmp_path))
    assert public_id_of(opening_of(CY)) == ours
    assert 'Opening "Designer (m/f/d)" joins the one that is here already: "Product Designer".' in list(report.lines())
    assert state_of(made) is OpeningState.FINISHED


def test_its_old_address_leads_to_ours(desk: Browser, made: str, ours: str) -> None:
    join_by_hand(desk, made, ours)
    assert desk.get(f"/recruiting/openings/{made}/leads-to").path == f"/recruiting/openings/{ours}"
    page = desk.get(f"/recruiting/openings/{made}/same")
    assert page.heading == "Joined with one of ours"
    assert f'href="/recruiting/openings/{ours}"' in page.body
    known = desk.get(f"/recruiting/openings/{ours}/same")
    assert "Designer (m/f/d), from greenhouse" in known.text


def test_joining_and_each_application_stand_in_the_audit_log(desk: Browser, made: str, ours: str, rita: int) -> None:
    join_by_hand(desk, made, ours)
    end_reading()
    found = session().scalars(select(AuditRecord).where(AuditRecord.action.like("ats.join_%"))).all()
    assert sorted((one.action, one.actor_id) for one in found) == [
        ("ats.join_application", rita),
        ("ats.join_application", rita),
        ("ats.join_openings", rita),
    ]


def test_what_was_joined_wrongly_is_parted_for_a_reason(desk: Browser, made: str, ours: str, tmp_path: Path) -> None:
    join_by_hand(desk, made, ours)
    run(next_file(tmp_path))
    page = desk.get(f"/recruiting/openings/{made}/same")
    assert "The 2 applications that came along go back" in page.text
    refused = desk.submit(page, action="/part#part", expect=422)
    assert "Please say why. It stands in the audit log." in refused.text
    done = desk.submit(page, action="/part#part", why="two_after_all")
    assert done.path == f"/recruiting/openings/{made}"
    assert "2 applications are back in this opening." in done.text
    assert (public_id_of(opening_of(ADA)), public_id_of(opening_of(BEA))) == (made, made)
    assert public_id_of(opening_of(CY)) == ours, "what a later file brought stays"
    assert state_of(made) is OpeningState.DRAFT


def test_after_parting_the_next_file_comes_to_the_opening_of_its_own(
    desk: Browser, made: str, ours: str, tmp_path: Path
) -> None:
    join_by_hand(desk, made, ours)
    desk.submit(desk.get(f"/recruiting/openings/{made}/same"), action="/part#part", why="wrong_opening")
    run(next_file(tmp_path))
    assert public_id_of(opening_of(CY)) == made


def test_who_was_moved_on_since_is_not_torn_back(desk: Browser, made: str, ours: str, rita: int) -> None:
    join_by_hand(desk, made, ours)
    elsewhere = make_ours("Baker", rita)
    with transaction() as own:
        own.execute(update(Application).where(Application.id == find_application(BEA).id).values(opening_id=elsewhere))
    assert part_openings(made, WhyParted.WRONG_ONE, actor_id=rita, now=clock.now()) == 1
    assert opening_of(BEA) == elsewhere


def test_joined_parted_and_joined_with_another_one_goes_there(made: str, ours: str, rita: int) -> None:
    other = public_id_of(make_ours("Baker", rita))
    at = clock.now()
    join_openings(made, ours, actor_id=rita, now=at)
    part_openings(made, WhyParted.WRONG_ONE, actor_id=rita, now=at)
    join_openings(made, other, actor_id=rita, now=at)
    assert public_id_of(opening_of(ADA)) == other
    assert part_openings(made, WhyParted.WRONG_ONE, actor_id=rita, now=at) == 2
    assert public_id_of(opening_of(ADA)) == made


def test_what_was_promised_counts_for_ours_from_then_on(made: str, ours: str, rita: int) -> None:
    with transaction() as own:
        own.execute(update(Application).values(is_held=False))
        own.execute(update(ApplicationEvent).values(next_update_by=date(2026, 3, 2)))
    run_jobs()
    assert how_many(Promise) == 2
    join_openings(made, ours, actor_id=rita, now=clock.now())
    end_reading()
    kept_for = select(Opening.public_id).join(Promise, Promise.opening_id == Opening.id).distinct()
    assert list(session().scalars(kept_for)) == [ours]


def test_neither_ours_nor_a_published_one_goes_into_another(made: str, ours: str, rita: int) -> None:
    other = public_id_of(make_ours("Baker", rita))
    for gone, kept in ((ours, other), (made, made)):
        with pytest.raises(CannotJoin):
            join_openings(gone, kept, actor_id=rita, now=clock.now())
    with pytest.raises(NotFound):
        part_openings(made, WhyParted.WRONG_ONE, actor_id=rita, now=clock.now())


def test_a_second_click_joins_nothing_twice(made: str, ours: str, rita: int) -> None:
    join_openings(made, ours, actor_id=rita, now=clock.now())
    with pytest.raises(CannotJoin):
        join_openings(made, ours, actor_id=rita, now=clock.now())
    assert public_id_of(opening_of(ADA)) == ours


def test_it_waits_while_a_file_of_that_system_is_imported(
    desk: Browser, made: str, ours: str, rita: int, tmp_path: Path
) -> None:
    waiting = upload(next_file(tmp_path), rita)
    with transaction() as own:
        own.get_one(Import, waiting.id).state = ImportState.APPLYING
    page = desk.get(f"/recruiting/openings/{made}/join?ours={ours}")
    assert "A file from greenhouse is being imported right now." in desk.submit(page, action="/join").text
    assert public_id_of(opening_of(ADA)) == made


def test_it_waits_for_letters_to_many_that_are_under_way(made: str, ours: str, rita: int) -> None:
    ada = find_application(ADA)
    with transaction() as own:
        letters = EndingRound(
            public_id=new_public_id(),
            opening_id=ada.opening_id,
            actor_id=rita,
            outcome=ApplicationStatus.NOT_SELECTED,
            end_reason=None,
            internal_reason="",
            message="Thank you.",
            created_at=clock.now(),
        )
        own.add(letters)
        own.flush()
        own.add(
            EndingLetter(round_id=letters.id, application_id=ada.id, seen_event_id="x", state=ItemState.WAITING, why="")
        )
    with pytest.raises(WorkUnderWay):
        join_openings(made, ours, actor_id=rita, now=clock.now())
    assert public_id_of(opening_of(ADA)) == made


def test_another_system_whose_opening_joined_it_comes_along(
    desk: Browser, made: str, ours: str, rita: int, tmp_path: Path
) -> None:
    other = {"email": CY, "opening": "Nurse", "name": "Cy Hart", "application_id": "9", "stage": "New"}
    checked = upload(write_file(tmp_path, [other], "other.csv"), rita, source="teamtool")
    page = desk.get(f"/recruiting/imports/{checked.public_id}")
    (name,) = [name for name in page.form(action="/openings").values if name.startswith("opening-")]
    desk.submit(page, action="/openings", **{name: made})
    join_openings(made, ours, actor_id=rita, now=clock.now())
    run(write_file(tmp_path, [other], "other.csv"), source="teamtool")
    assert public_id_of(opening_of(CY)) == ours


def test_a_foreign_or_unknown_opening_is_not_there(desk: Browser, made: str, ours: str) -> None:
    desk.get("/recruiting/openings/nothinghere1/same", expect=404)
    assert desk.get(f"/recruiting/openings/{made}/join?ours=nothinghere1").path.endswith("/same")


def test_from_ours_one_finds_what_only_imports_know(desk: Browser, made: str, ours: str, tmp_path: Path) -> None:
    run(write_file(tmp_path, [row(id="8", email=CY, job="designer (M/F/D)", job_id="41")]))
    page = desk.get(f"/recruiting/openings/{ours}/same")
    assert "None was joined by hand." in page.text
    assert "Designer (m/f/d) (there: 40), from greenhouse" in page.text
    assert "designer (M/F/D) (there: 41), from greenhouse" in page.text
    opening = desk.get(f"/recruiting/openings/{made}")
    assert f"/recruiting/openings/{made}/same" in opening.links


def test_an_opening_that_was_joined_is_in_no_list_and_its_page_leads_to_ours(
    desk: Browser, made: str, ours: str
) -> None:
    join_by_hand(desk, made, ours)
    for path in (
        "/recruiting/openings?q=Designer",
        "/recruiting/openings?state=finished",
        "/recruiting/search?q=Designer",
    ):
        assert "Designer (m/f/d)" not in desk.get(path).text, path
    assert desk.get(f"/recruiting/openings/{made}").path == f"/recruiting/openings/{ours}"
