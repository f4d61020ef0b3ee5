"""Forms that another site sends, that are old, and that no longer wait: nothing is kept, nobody is signed out."""

import pytest
from flask import Flask
from itsdangerous import TimestampSigner, URLSafeTimedSerializer
from sqlalchemy import select

from portal.core.db import end_reading, session
from portal.files.actions import delete_files
from portal.files.models import StoredFile
from portal.files.queries import FileName
from portal.people.queries import find_staff, known_person
from tests.accounts.test_kept_forms import HERE, WORDS, begin, kept_files, letter, send
from tests.accounts.visitors import PASSWORD, RITA
from tests.conftest import Time

__all__ = ["letter"]
#: What a browser says decides here, not the database.
pytestmark = pytest.mark.only("sqlite")


def test_what_waits_no_longer_in_a_browser_lies_on_the_disk_no_longer(app: Flask, time: Time, letter: str) -> None:
    browser = begin(app)
    page = browser.get(letter)
    time.pass_by(hours=3)
    for number in range(5):
        send(browser, page, f"Letter number {number}")
    assert [file.exists() for file in kept_files()] == [True] * 3
    page = browser.submit(browser.get("/sign-in"), email=RITA, password=PASSWORD)
    page = browser.get(HERE)
    assert [number for number in range(5) if f"Letter number {number}" in page.text] == [2, 3, 4]


@pytest.mark.parametrize(
    "said", [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {}]
)
def test_form_of_another_site_gets_no_cookie_that_takes_the_place_of_a_session(
    app: Flask, letter: str, said: dict[str, str]
) -> None:
    """It holds a token of ours: whoever made that site has an account here, too."""
    token = begin(app).get(letter).form(action="/sign-out").values["csrf_token"]
    sent = {"csrf_token": token, "message": WORDS}
    answer = app.test_client().post(letter, data=sent, headers=said)
    assert answer.status_code in {303, 400}
    assert answer.headers.getlist("Set-Cookie") == []
    assert kept_files() == []


def test_form_of_a_page_that_was_opened_days_ago_is_not_kept(app: Flask, letter: str) -> None:
    class DaysAgo(TimestampSigner):
        def get_timestamp(self) -> int:
            return super().get_timestamp() - 2 * 24 * 60 * 60

    known = known_person(RITA)
    assert known is not None
    key = str(app.secret_key)
    for signer, is_kept in ((TimestampSigner, True), (DaysAgo, False)):
        signed = URLSafeTimedSerializer(key, salt="wtf-csrf-token", signer=signer)
        token = signed.dumps(f"{staff_public_id(known.person_id)}.random")
        sent = {"csrf_token": token, "message": WORDS}
        app.test_client().post(letter, data=sent, headers={"Origin": "http://localhost"})
        assert bool(kept_files()) is is_kept
        for file in session().scalars(select(StoredFile)).all():
            delete_files([FileName(file.id, file.public_id)])
        end_reading()


def staff_public_id(person_id: int) -> str:
    found = find_staff(person_id)
    assert found is not None
    return found.public_id
