"""Applying when signed in: the form, its draft, the receipt, and the CV."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.applications.models import ApplicationDraft, ApplicationEvent
from portal.applications.queries.applying import drafts_of
from portal.applications.states import ApplicationStatus, EventKind
from portal.community.actions import join
from portal.core import clock
from portal.core.db import session, transaction
from portal.files.models import StoredFile
from portal.files.queries import folder, path_of
from portal.openings.models import Opening
from portal.openings.states import OpeningState
from tests import factories
from tests.applications.applying import GOOD, fill, made, mails, opening, public_id_in, secrets_of, upload
from tests.applications.cvs import PDF, docx
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

AUTOSAVE = {"X-Requested-With": "autosave", "Accept": "application/json"}


@pytest.fixture
def ada(app: Flask) -> Browser:
    return factories.signed_in(app, factories.make_person("Ada Lind", "ada@example.org"))


def test_from_the_applications_page_it_is_one_click_to_what_was_sent_and_to_the_cv(ada: Browser) -> None:
    fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD)
    ((application, _submission),) = made()
    page = ada.get(f"/me/applications/{application.public_id}")
    for name in ("received", "cv"):
        link = f"/me/applications/{application.public_id}/{name}"
        assert link in page.links
        ada.get(link)
    assert "Add your CV" in page.text
    rita = factories.make_staff("Rosa Sander")
    imported = factories.make_application(factories.make_opening("Another"), rita, person_id=_person())
    page = ada.get(f"/me/applications/{imported.public_id}")
    assert "What you sent" not in page.text
    assert "Add your CV" not in page.text


def test_what_was_begun_stands_among_ones_applications_with_a_way_on(ada: Browser) -> None:
    slug = opening()
    fill(ada, ada.get(f"/openings/{slug}/apply"), do="later", cover_note="A beginning.")
    page = ada.get("/me/applications")
    assert "Begun and not sent Data Analyst Saved on" in page.text
    assert f"/openings/{slug}/apply" in page.links


def _person() -> int:
    return made()[0][0].person_id


def test_who_is_signed_in_applies_in_one_step_and_reads_what_happens_next(ada: Browser) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply?ref=newsletter")
    assert page.form(having="name").values["name"] == "Ada Lind"
    assert "ada@example.org" in page.text
    assert "Rita Sander looks after your application" in page.text
    assert "Wednesday 25 March 2026" in page.text
    receipt = fill(ada, page, **GOOD, phone="+48 600 100 200", cv=upload())
    assert "You hear from us by Wednesday 25 March 2026" in receipt.text
    assert "Whatever happens, you hear from us by Wednesday 25 March 2026" in receipt.text
    assert "Because it answers." in receipt.text
    assert "My CV.pdf" in receipt.text
    assert "does not make you a member" in receipt.text
    (application, submission), *rest = made()
    assert not rest
    assert application.public_id == public_id_in(receipt)
    assert (application.source, application.external_key) == ("", application.public_id)
    assert (application.opening_version, application.channel, application.is_held) == (1, "newsletter", False)
    assert [one["answer"] for one in submission.answers] == [
        "Because it answers.",
        "yes",
        "Night",
        "https://ada.example",
    ]
    event = session().scalars(select(ApplicationEvent)).one()
    assert (event.kind, event.status, event.delivery_id) == (EventKind.APPLIED, ApplicationStatus.RECEIVED, None)
    (mail,) = mails("applications/received")
    assert (mail.to_address, mail.cause) == ("ada@example.org", f"application:{application.public_id}")
    assert "Wednesday 25 March 2026" in mail.text
    assert session().scalar(select(func.count()).select_from(ApplicationDraft)) == 0
    ada.get(f"/me/applications/{application.public_id}")


def test_what_is_missing_stands_beside_its_field_and_nothing_typed_is_lost(ada: Browser) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply")
    values = {**GOOD, "question-why": "", "name": ""}
    again = fill(ada, page, expect=422, **values, cv=upload(docx(), "life.docx"))
    assert "Please answer this question." in again.text
    assert "Please tell us what to call you." in again.text
    kept = again.form(having="cover_note").values
    assert kept["cover_note"] == "I like your tables."
    assert (kept["question-permit"], kept["question-shift"]) == ("yes", "Night")
    assert "life.docx" in again.text
    assert made() == []
    fill(ada, again, **{"question-why": "Now then.", "name": "Ada Lind"})
    assert made()[0][1].cv_id is not None


@pytest.mark.parametrize(
    ("content", "name", "words"),
    [
        (b"MZ an executable", "cv.pdf", "neither a PDF nor a Word file"),
        (PDF.ljust(5 * 1024 * 1024 + 1, b"\0"), "cv.pdf", "at most 5 MB"),
        (b"", "cv.pdf", "This file is empty"),
    ],
)
@pytest.mark.only("sqlite")  # nothing here is of the database
def test_a_file_that_cannot_be_a_cv_is_refused_beside_its_field(
    ada: Browser, content: bytes, name: str, words: str
) -> None:
    page = ada.get(f"/openings/{opening()}/apply")
    again = fill(ada, page, expect=422, **GOOD, cv=upload(content, name))
    assert words in again.text
    assert again.form(having="cover_note").values["cover_note"] == "I like your tables."
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0
    assert made() == []


def test_a_draft_saves_itself_and_is_there_again(ada: Browser) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply")
    form = page.form(having="cover_note")
    sent = {**form.values, "cover_note": "Half a sentence", "question-shift": "Day"}
    answer = ada.client.post(form.action, data=sent, headers=AUTOSAVE)
    assert answer.status_code == 200
    assert answer.json is not None
    assert "Wednesday 4 March 2026" in answer.json["saved_at"]
    assert answer.json["errors"] == {}
    back = ada.get(f"/openings/{slug}/apply")
    assert back.form(having="cover_note").values["cover_note"] == "Half a sentence"
    assert back.form(having="cover_note").values["question-shift"] == "Day"
    assert "What you typed last time is here" in back.text
    assert made() == []


def test_a_draft_that_cannot_be_kept_says_which_field(ada: Browser) -> None:
    slug = opening()
    form = ada.get(f"/openings/{slug}/apply").form(having="cover_note")
    answer = ada.client.post(form.action, data={**form.values, "cover_note": "x" * 5_001}, headers=AUTOSAVE)
    assert answer.status_code == 422
    assert answer.json is not None
    assert list(answer.json["errors"]) == ["cover_note"]


def test_without_scripts_a_button_saves_for_later_and_throws_away(ada: Browser) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply")
    fill(ada, page, do="later", cover_note="Later then", cv=upload())
    draft = session().scalars(select(ApplicationDraft)).one()
    (line,) = drafts_of(draft.person_id)
    assert (line.slug, line.title) == (slug, "Data Analyst")
    path = path_of(draft.cv_id or 0)
    assert path is not None
    page = ada.get(f"/openings/{slug}/apply")
    assert "My CV.pdf" in page.text
    page = fill(ada, page, do="remove-cv")
    assert "My CV.pdf" not in page.text
    assert not path.exists()
    assert page.form(having="cover_note").values["cover_note"] == "Later then"
    ada.submit(page, action="/apply/forget")
    assert session().scalars(select(ApplicationDraft)).all() == []


def test_another_file_takes_the_place_of_the_first(ada: Browser) -> None:
    slug = opening()
    fill(ada, ada.get(f"/openings/{slug}/apply"), do="later", cv=upload())
    fill(ada, ada.get(f"/openings/{slug}/apply"), do="later", cv=upload(docx(), "new.docx"))
    assert session().scalars(select(StoredFile.name)).all() == ["new.docx"]
    assert len(list(folder().iterdir())) >= 1


def test_drafts_are_of_one_person_only(app: Flask, ada: Browser) -> None:
    slug = opening()
    fill(ada, ada.get(f"/openings/{slug}/apply"), do="later", cover_note="Ada's own words")
    bob = factories.signed_in(app, factories.make_person("Bob Eriksen"))
    page = bob.get(f"/openings/{slug}/apply")
    assert "Ada's own words" not in page.body
    assert page.form(having="name").values["name"] == "Bob Eriksen"


def test_drafts_are_forgotten_after_sixty_days_and_with_the_openings_end(app: Flask, ada: Browser, time: Time) -> None:
    from portal.applications.jobs import forget_unsent

    first, second = opening(), opening()
    for slug in (first, second):
        fill(ada, ada.get(f"/openings/{slug}/apply"), do="later", cover_note="mine", cv=upload())
    forget_unsent(clock.now())
    assert session().scalar(select(func.count()).select_from(ApplicationDraft)) == 2
    with transaction() as own:
        own.scalars(select(Opening).where(Opening.slug == first)).one().state = OpeningState.STOPPED
        own.scalars(select(Opening).where(Opening.slug == first)).one().stopped_at = clock.now()
    forget_unsent(clock.now())
    assert session().scalar(select(func.count()).select_from(ApplicationDraft)) == 1
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 1
    time.pass_by(days=61)
    forget_unsent(clock.now())
    forget_unsent(clock.now())
    assert session().scalar(select(func.count()).select_from(ApplicationDraft)) == 0
    assert session().scalar(select(func.count()).select_from(StoredFile)) == 0


def test_applying_twice_is_said_kindly_and_leads_to_the_application(ada: Browser, time: Time) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply")
    receipt = fill(ada, page, **GOOD)
    # The same form sent again within minutes is one that was clicked twice.
    assert public_id_in(fill(ada, page, **GOOD)) == public_id_in(receipt)
    time.pass_by(hours=1)
    said = ada.get(f"/openings/{slug}/apply")
    assert "You have applied for this already" in said.heading
    assert f"/me/applications/{public_id_in(receipt)}" in said.links
    assert "You have applied for this already" in fill(ada, page, **GOOD).heading
    assert len(made()) == 1


def test_who_has_an_ending_may_apply_again(ada: Browser) -> None:
    slug = opening()
    fill(ada, ada.get(f"/openings/{slug}/apply"), **GOOD)
    factories.add_event(
        made()[0][0].id, kind=EventKind.WITHDRAWN, status=ApplicationStatus.WITHDRAWN, promised=None, message=""
    )
    page = ada.get(f"/openings/{slug}/apply")
    assert "You are welcome to apply again" in page.text
    fill(ada, page, **GOOD)
    assert len(made()) == 2


def test_who_took_three_back_is_asked_to_write_first(app: Flask, ada: Browser, time: Time) -> None:
    slug = opening()
    for number in range(3):
        fill(ada, ada.get(f"/openings/{slug}/apply"), **GOOD)
        factories.add_event(
            made()[number][0].id,
            kind=EventKind.WITHDRAWN,
            status=ApplicationStatus.WITHDRAWN,
            promised=None,
            message="",
        )
        time.pass_by(hours=1)
    page = ada.get(f"/openings/{slug}/apply")
    assert page.heading == "Please write to us first"
    last = made()[2][0].public_id
    assert f"/me/conversation?application={last}" in page.links
    ada.get(f"/me/conversation?application={last}")
    stranger = factories.visitor(app)
    fill(stranger, stranger.get(f"/openings/{slug}/apply"), **GOOD, name="Ada Lind", email="ada@example.org")
    confirm = stranger.get(f"/apply/{secrets_of()[0]}")
    after = stranger.submit(confirm, action=confirm.path)
    assert after.response.request.path == f"/me/applications/{last}"
    assert "You have applied for this 3 times, and taken it back each time." in after.text
    assert len(made()) == 3


@pytest.mark.only("sqlite")  # what is asked before the database
def test_what_is_only_looked_at_saves_nothing(ada: Browser) -> None:
    slug = opening()
    for method in ("GET", "HEAD"):
        answer = ada.client.open(f"/openings/{slug}/apply?cover_note=x", method=method, headers=AUTOSAVE)
        assert answer.status_code == 200
        assert answer.mimetype == "text/html"
    assert session().scalar(select(func.count()).select_from(ApplicationDraft)) == 0


@pytest.mark.only("sqlite")  # the order of fields
def test_what_needs_another_look_is_listed_in_the_order_of_the_page(app: Flask) -> None:
    stranger = factories.visitor(app)
    page = fill(
        stranger,
        stranger.get(f"/openings/{opening()}/apply"),
        expect=422,
        cover_note="x" * 5_001,
        phone="0" * 51,
        cv=upload(b"MZ", "cv.pdf"),
    )
    listed = [link for link in page.links if link.startswith("#")]
    wanted = ["#name", "#email", "#phone", "#question-why", "#cover_note", "#cv"]
    assert [link for link in listed if link in wanted] == wanted


@pytest.mark.only("sqlite")  # words of a page
def test_a_link_to_an_opening_that_is_gone_leads_to_what_is_open_and_to_ones_applications(ada: Browser) -> None:
    for path in ("/openings/long-gone", "/openings/long-gone/apply"):
        page = ada.get(path, expect=404)
        assert page.heading == "There is no opening here"
        assert "somebody else" not in page.text
        assert {"/openings", "/me/applications"} <= set(page.links)
    assert ada.get("/nothing", expect=404).heading == "We cannot find this page"


def test_an_opening_that_only_members_see_can_only_be_applied_to_by_them(app: Flask, ada: Browser, time: Time) -> None:
    slug = opening(published_at=clock.now(), public_at=clock.now().replace(day=20), area="")
    ada.get(f"/openings/{slug}/apply", expect=404)
    factories.visitor(app).get(f"/openings/{slug}/apply", expect=404)
    ada.get("/openings/never-was/apply", expect=404)
    member = factories.make_person("Mia Member")
    browser = factories.signed_in(app, member)
    join(member, [], clock.now())
    fill(browser, browser.get(f"/openings/{slug}/apply"), **GOOD)
    assert made()[0][0].person_id == member


def test_an_opening_that_closed_in_between_takes_nothing(ada: Browser) -> None:
    slug = opening()
    page = ada.get(f"/openings/{slug}/apply")
    with transaction() as own:
        stopped = own.scalars(select(Opening).where(Opening.slug == slug)).one()
        stopped.state, stopped.stopped_at = OpeningState.STOPPED, clock.now()
    fill(ada, page, expect=404, **GOOD)
    assert made() == []


def test_the_cv_can_come_later_be_replaced_and_taken_away(ada: Browser) -> None:
    slug = opening()
    public_id = public_id_in(fill(ada, ada.get(f"/openings/{slug}/apply"), **GOOD))
    page = ada.get(f"/me/applications/{public_id}/cv")
    ada.client.post(page.form(having="cv").action, data={**page.form(having="cv").values, "cv": upload()})
    file = ada.client.get(f"/me/applications/{public_id}/cv/file")
    assert file.data == PDF
    assert file.headers["Content-Disposition"] == 'attachment; filename="My CV.pdf"'
    assert file.headers["X-Content-Type-Options"] == "nosniff"
    page = ada.get(f"/me/applications/{public_id}/cv")
    form = page.form(having="cv")
    ada.client.post(form.action, data={**form.values, "cv": upload(docx(), "b.docx")})
    assert session().scalars(select(StoredFile.name)).all() == ["b.docx"]
    ada.submit(ada.get(f"/me/applications/{public_id}/cv"), action="/cv/remove")
    assert session().scalars(select(StoredFile.name)).all() == []
    ada.get(f"/me/applications/{public_id}/cv/file", expect=404)
    assert "Please choose a file first." in ada.submit(page, having="cv", expect=422).text


def test_after_the_ending_the_files_stay_as_they_are(ada: Browser) -> None:
    public_id = public_id_in(fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD, cv=upload()))
    page = ada.get(f"/me/applications/{public_id}/cv")
    factories.add_event(
        made()[0][0].id, kind=EventKind.WITHDRAWN, status=ApplicationStatus.WITHDRAWN, promised=None, message=""
    )
    ada.submit(page, action="/cv/remove")
    assert "its files stay as they are" in ada.get(f"/me/applications/{public_id}/cv").text
    assert session().scalars(select(StoredFile.name)).all() == ["My CV.pdf"]


def test_nobody_else_reaches_a_receipt_or_a_cv(app: Flask, ada: Browser) -> None:
    public_id = public_id_in(fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD, cv=upload()))
    bob = factories.signed_in(app, factories.make_person("Bob Eriksen"))
    for path in ("received", "cv", "cv/file"):
        bob.get(f"/me/applications/{public_id}/{path}", expect=404)
    token = bob.get("/me").form(having="csrf_token").values["csrf_token"]
    for path in ("received/survey", "cv/remove", "cv"):
        bob.post(f"/me/applications/{public_id}/{path}", {"csrf_token": token, "value": "3"}, expect=404)


def test_the_people_who_recruit_read_it_all_and_the_file_can_do_nothing(app: Flask, ada: Browser) -> None:
    slug = opening()
    public_id = public_id_in(fill(ada, ada.get(f"/openings/{slug}/apply"), **GOOD, cv=upload()))
    rita = factories.signed_in(app, made()[0][0].owner_id)
    page = rita.get(f"/recruiting/applications/{public_id}")
    assert "Because it answers." in page.text
    assert "I like your tables." in page.text
    shown = rita.client.get(f"/recruiting/applications/{public_id}/cv")
    assert (shown.status_code, shown.mimetype, shown.data) == (200, "application/pdf", PDF)
    assert shown.headers["Content-Security-Policy"].startswith("sandbox;")
    assert shown.headers["X-Content-Type-Options"] == "nosniff"
    assert shown.headers["Content-Disposition"].startswith("inline")
    assert shown.headers["Cache-Control"] == "no-store"
    stranger = factories.signed_in(app, factories.make_staff("Hugo Berg", factories.Role.HIRING_MANAGER))
    assert stranger.client.get(f"/recruiting/applications/{public_id}/cv").status_code == 404
    assert ada.client.get(f"/recruiting/applications/{public_id}/cv").status_code == 404


def test_a_word_file_is_only_ever_downloaded(app: Flask, ada: Browser) -> None:
    public_id = public_id_in(
        fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD, cv=upload(docx(), "<script>a.docx"))
    )
    rita = factories.signed_in(app, made()[0][0].owner_id)
    shown = rita.client.get(f"/recruiting/applications/{public_id}/cv")
    assert shown.headers["Content-Disposition"].startswith("attachment")
    assert "<script>a" not in rita.get(f"/recruiting/applications/{public_id}").body


def test_applying_makes_nobody_a_member_and_one_tap_does(ada: Browser) -> None:
    from portal.community.queries import is_member

    receipt = fill(ada, ada.get(f"/openings/{opening()}/apply"), **GOOD)
    assert not is_member(_person())
    ada.submit(receipt, action="/me/join")
    assert is_member(_person())


def test_an_opening_without_a_recruiter_goes_to_an_admin(app: Flask, ada: Browser) -> None:
    admin = factories.make_staff("Alma Reyes", factories.Role.ADMIN)
    slug = factories.make_published()
    fill(ada, ada.get(f"/openings/{slug}/apply"))
    assert made()[0][0].owner_id == admin


def test_where_nobody_is_here_the_page_says_so_and_keeps_what_was_typed(ada: Browser) -> None:
    slug = factories.make_published()
    page = fill(ada, ada.get(f"/openings/{slug}/apply"), expect=422, cover_note="Anybody?")
    assert "Nobody can take your application just now" in page.text
    assert page.form(having="cover_note").values["cover_note"] == "Anybody?"
