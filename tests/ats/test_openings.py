"""Which opening here the applications of a file come to."""

from pathlib import Path

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.applications.models import Application
from portal.ats.models import OpeningMapping
from portal.ats.rules import joins_by_title, same_title
from portal.core.db import end_reading, session, transaction
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from tests.accounts.visitors import RITA, hire, join, sign_in
from tests.ats.exports import counts, find_application, how_many, row, run, upload, work, write_file
from tests.factories import make_application, make_published
from tests.pages import Browser, Page

TITLES = st.sampled_from(("Nurse", "nurse", "NURSE ", "Baker", "Senior  Baker", "senior baker"))


@pytest.fixture
def rita(app: Flask) -> int:
    return hire()


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    signed_in = Browser(app)
    sign_in(signed_in, RITA)
    return signed_in


def make_ours(title: str = "Product Designer", recruiter_id: int | None = None) -> int:
    """A published opening that was written here."""
    slug = make_published(title, recruiter_id=recruiter_id)
    with transaction() as own:
        opening = own.scalars(select(Opening).where(Opening.slug == slug)).one()
        opening.source, opening.external_key = "", opening.public_id
        return opening.id


def opening_of(email: str) -> int:
    return find_application(email).opening_id


def public_id_of(opening_id: int) -> str:
    end_reading()
    return session().get_one(Opening, opening_id).public_id


def checked(desk: Browser, path: Path, rita: int) -> Page:
    """The page of a file that was checked."""
    found = upload(path, rita)
    return desk.get(f"/recruiting/imports/{found.public_id}")


def choices_of(page: Page) -> dict[str, str]:
    """The question about openings: field and what is chosen."""
    form = page.form(action="/openings")
    return {name: value for name, value in form.values.items() if name.startswith("opening-")}


def apply_to(desk: Browser, page: Page) -> None:
    desk.submit(desk.get(page.path), action="/apply", all_the_same="y")
    work()


@given(in_file=st.dictionaries(st.sampled_from("abcdef"), TITLES), ours=st.lists(TITLES), taken=st.booleans())
def test_only_titles_that_leave_no_doubt_are_joined(in_file: dict[str, str], ours: list[str], taken: bool) -> None:
    here = list(enumerate(ours))
    found = joins_by_title(in_file, here, {0: "a"} if taken else {})
    assert len(set(found.values())) == len(found)
    for key, opening_id in found.items():
        assert [id_ for id_, title in here if same_title(title) == same_title(in_file[key])] == [opening_id]
        assert not (taken and opening_id == 0 and key != "a")


def test_the_command_joins_the_one_opening_of_ours_with_that_title_and_says_so(rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer", rita)
    path = write_file(tmp_path, [row(), row(id="2", email="bea@demo.example", job="Baker", job_id="41")])
    lines = list(run(path, dry_run=True, owner_email=RITA).lines())
    assert 'Opening "Product Designer" joins the one that is here already: "Product Designer".' in lines
    assert "Openings that are new here: Baker" in lines
    assert (how_many(Application), how_many(OpeningMapping), how_many(Opening)) == (0, 0, 1)
    report = run(path)
    assert 'Opening "Product Designer" joins the one that is here already: "Product Designer".' in list(report.lines())
    assert opening_of("ada@demo.example") == ours
    assert how_many(Opening) == 2


def test_the_next_file_goes_the_same_way_and_remarks_nothing(rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer", rita)
    path = write_file(tmp_path, [row()])
    run(path)
    again = run(path)
    assert counts(again) == (0, 0, 1, 0)
    assert not [line for line in again.lines() if "stays there" in line]
    with transaction() as own:
        own.get_one(Opening, ours).title = "Designer of products"
    run(write_file(tmp_path, [row(), row(id="2", email="bea@demo.example")]))
    assert opening_of("bea@demo.example") == ours
    assert how_many(Opening) == 1


def test_an_opening_that_an_earlier_import_made_keeps_its_applications(rita: int, tmp_path: Path) -> None:
    run(write_file(tmp_path, [row()]))
    made = opening_of("ada@demo.example")
    make_ours("Product Designer")
    run(write_file(tmp_path, [row(), row(id="2", email="bea@demo.example")]))
    assert opening_of("bea@demo.example") == made


@pytest.mark.parametrize("doubt", ["two of ours", "two in the file", "finished"])
def test_where_there_is_doubt_it_is_an_opening_of_its_own(rita: int, tmp_path: Path, doubt: str) -> None:
    ours = {make_ours("Product Designer")}
    rows = [row()]
    if doubt == "two of ours":
        ours.add(make_ours("product designer"))
    elif doubt == "two in the file":
        rows.append(row(id="2", email="bea@demo.example", job_id="41"))
    else:
        with transaction() as own:
            own.get_one(Opening, next(iter(ours))).state = OpeningState.FINISHED
    run(write_file(tmp_path, rows))
    assert opening_of("ada@demo.example") not in ours


def test_a_second_opening_of_that_system_with_the_same_title_is_another_one(rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer")
    run(write_file(tmp_path, [row()]))
    run(write_file(tmp_path, [row(id="2", email="bea@demo.example", job_id="41")]))
    assert opening_of("ada@demo.example") == ours
    assert opening_of("bea@demo.example") != ours


def test_who_has_applied_here_too_is_pointed_out(rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer", rita)
    make_application(ours, rita, person_id=join("ada@demo.example"))
    report = run(write_file(tmp_path, [row()]), dry_run=True)
    assert any("They have an application in this opening here already" in line for line in report.lines())


def test_the_owner_is_the_recruiter_of_the_opening_they_join(rita: int, tmp_path: Path) -> None:
    otto = hire("otto@demo.example", name="Otto Berg")
    make_ours("Product Designer", otto)
    run(write_file(tmp_path, [row()]))
    assert find_application("ada@demo.example").owner_id == otto


def test_the_page_of_a_checked_file_has_chosen_ours_already(desk: Browser, rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer")
    rows = [row(), row(id="2", email="bea@demo.example"), row(id="3", email="cy@demo.example", job="Baker", job_id="4")]
    page = checked(desk, write_file(tmp_path, rows), rita)
    assert "Which openings they come to" in page.text
    assert "2 applications" in page.text
    assert "Ours: Product Designer (Published)" in page.text
    assert sorted(choices_of(page).values()) == sorted(["", public_id_of(ours)])
    apply_to(desk, page)
    assert "Product Designer: joined ours, Product Designer" in desk.get(page.path).text
    assert opening_of("ada@demo.example") == ours
    assert opening_of("cy@demo.example") != ours


def test_two_openings_with_names_alike_are_told_apart(desk: Browser, rita: int, tmp_path: Path) -> None:
    make_ours("Baker")
    rows = [row(), row(id="2", email="bea@demo.example", job="product designer ", job_id="41")]
    page = checked(desk, write_file(tmp_path, rows), rita)
    assert "Product Designer (there: 40)" in page.text
    assert "product designer (there: 41)" in page.text
    apply_to(desk, page)
    assert "New here: Product Designer (there: 40) · product designer (there: 41)" in desk.get(page.path).text


def test_an_opening_of_another_import_is_not_called_ours(desk: Browser, rita: int, tmp_path: Path) -> None:
    run(write_file(tmp_path, [row(job="Baker", job_id="7")]))
    other = {"email": "cy@demo.example", "opening": "Nurse", "application_id": "9", "stage": "New"}
    found = upload(write_file(tmp_path, [other], "other.csv"), rita, source="teamtool")
    page = desk.get(f"/recruiting/imports/{found.public_id}")
    assert "From an import: Baker (Draft, from greenhouse)" in page.text
    assert "Ours: Baker" not in page.text


def test_an_opening_of_its_own_can_be_chosen_and_is_remembered(desk: Browser, rita: int, tmp_path: Path) -> None:
    ours = make_ours("Product Designer")
    path = write_file(tmp_path, [row()])
    page = checked(desk, path, rita)
    (name,) = choices_of(page)
    desk.submit(page, action="/openings", **{name: ""})
    work()
    page = desk.get(page.path)
    assert choices_of(page) == {name: ""}
    apply_to(desk, page)
    assert opening_of("ada@demo.example") != ours


def test_another_opening_of_ours_can_be_chosen_and_the_next_file_goes_there(
    desk: Browser, rita: int, tmp_path: Path
) -> None:
    ours = make_ours("Designer (all levels)")
    page = checked(desk, write_file(tmp_path, [row()]), rita)
    (name,) = choices_of(page)
    assert choices_of(page) == {name: ""}
    desk.submit(page, action="/openings", **{name: public_id_of(ours)})
    work()
    apply_to(desk, page)
    assert opening_of("ada@demo.example") == ours
    report = run(write_file(tmp_path, [row(), row(id="2", email="bea@demo.example")]))
    assert 'Opening "Product Designer" joins the one that is here already: "Designer (all levels)".' in report.lines()
    assert opening_of("bea@demo.example") == ours
    end_reading()
    assert session().scalar(select(func.count()).select_from(OpeningMapping)) == 1


def test_an_opening_that_is_not_on_the_list_is_refused(desk: Browser, rita: int, tmp_path: Path) -> None:
    make_ours("Baker")
    page = checked(desk, write_file(tmp_path, [row()]), rita)
    (name,) = choices_of(page)
    assert "Not a valid choice" in desk.submit(page, action="/openings", expect=422, **{name: "nowhere"}).text


def test_what_the_check_showed_is_what_is_done(desk: Browser, rita: int, tmp_path: Path) -> None:
    page = checked(desk, write_file(tmp_path, [row()]), rita)
    late = make_ours("Product Designer")
    desk.submit(page, action="/apply", all_the_same="y")
    work()
    assert opening_of("ada@demo.example") != late


def test_a_file_that_is_imported_meanwhile_asks_nothing_more(desk: Browser, rita: int, tmp_path: Path) -> None:
    make_ours("Product Designer")
    page = checked(desk, write_file(tmp_path, [row()]), rita)
    apply_to(desk, page)
    assert "Which openings they came to" in desk.submit(page, action="/openings").text


def test_of_a_file_with_very_many_openings_the_first_are_asked_about(desk: Browser, rita: int, tmp_path: Path) -> None:
    make_ours("Baker")
    rows = [row(id=str(n), job=f"Job {n:03}", job_id=str(n), email=f"p{n}@demo.example") for n in range(1, 121)]
    page = checked(desk, write_file(tmp_path, rows), rita)
    assert len(choices_of(page)) == 100
    assert "There are more than these; the others go by their title." in page.text
    apply_to(desk, page)
    assert how_many(Opening) == 121
