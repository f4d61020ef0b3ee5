"""What was typed, sent and uploaded to apply goes with the person, and belongs to both after a merge."""

from flask import Flask
from sqlalchemy import select

from portal.applications import privacy
from portal.applications.models import ApplicationDraft, Submission
from portal.core import clock
from portal.core.db import session
from portal.files import privacy as files
from portal.files.models import StoredFile
from portal.files.queries import path_of
from tests import factories
from tests.applications.applying import GOOD, fill, made, opening, upload
from tests.conftest import Time


def test_an_export_says_what_was_sent_and_what_is_only_begun(app: Flask) -> None:
    ada = factories.make_person("Ada Lind")
    browser = factories.signed_in(app, ada)
    fill(browser, browser.get(f"/openings/{opening()}/apply"), **GOOD, cv=upload())
    fill(browser, browser.get(f"/openings/{opening()}/apply"), do="later", cover_note="Not yet ready")
    rows = [row for section in privacy.export(ada) for row in section.rows]
    assert ("What draws you to data?", "Because it answers.") in rows
    assert ("May you work in Poland?", "Yes") in rows
    assert ("Your CV", "My CV.pdf") in rows
    assert ("What you typed", "Not yet ready") in rows
    assert files.export(ada)[0].rows == [("My CV.pdf", "1 kB, kept as long as the application it belongs to")]


def test_an_erasure_takes_drafts_answers_and_files(app: Flask) -> None:
    ada = factories.make_person("Ada Lind")
    browser = factories.signed_in(app, ada)
    fill(browser, browser.get(f"/openings/{opening()}/apply"), **GOOD, cv=upload())
    fill(browser, browser.get(f"/openings/{opening()}/apply"), do="later", cv=upload())
    paths = [path_of(one) for one in session().scalars(select(StoredFile.id))]
    assert len(paths) == 2
    privacy.erase(ada, clock.now())
    files.erase(ada, clock.now())
    for table in (ApplicationDraft, Submission, StoredFile):
        assert session().scalars(select(table)).all() == []
    assert not any(path and path.exists() for path in paths)


def test_of_two_drafts_for_one_opening_the_newer_stays_after_a_merge(app: Flask, time: Time) -> None:
    slug, other = opening(), opening()
    people = [factories.make_person("Ada Lind"), factories.make_person("Ada Lind again")]
    for person in people:
        browser = factories.signed_in(app, person)
        fill(browser, browser.get(f"/openings/{slug}/apply"), do="later", cover_note=f"Mine, {person}")
        time.pass_by(minutes=5)
    fill(browser, browser.get(f"/openings/{other}/apply"), **GOOD, cv=upload())
    kept, gone = people
    files.merge(kept, gone, clock.now())
    privacy.merge(kept, gone, clock.now())
    (draft,) = session().scalars(select(ApplicationDraft))
    assert (draft.person_id, draft.typed["cover_note"]) == (kept, f"Mine, {gone}")
    assert made()[0][0].person_id == kept
