"""What an admin does with the words of mails."""

import pytest
from flask import Flask

from portal.core.permissions import Role
from tests import factories
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak
LIST = "/recruiting/admin/mails"
MAIL = f"{LIST}/accounts/sign_in"


@pytest.fixture
def admin(app: Flask) -> Browser:
    return factories.signed_in(app, factories.make_staff("Alma Reyes", Role.ADMIN))


def saved(browser: Browser, **fields: str) -> Page:
    return browser.submit(browser.get(MAIL), having="subject", **fields)


def frame(browser: Browser, path: str) -> str:
    return str(browser.client.get(path).get_data(as_text=True))


def test_the_list_says_when_each_mail_goes_and_whose_words_it_has(admin: Browser) -> None:
    page = admin.get(LIST)
    assert "At once, when somebody we know asks for a link to sign in." in page.text
    assert "Changed on" not in page.text
    saved(admin, subject="Come in to {org}")
    assert "Changed on Wednesday 4 March 2026 by Alma Reyes" in admin.get(LIST).text


def test_every_mail_of_the_list_has_its_page(admin: Browser) -> None:
    links = [link for link in admin.get(LIST).links if link.startswith("mails/")]
    assert len(links) == len(set(links)) > 10
    for link in links:
        assert "Placeholders" in admin.get(f"/recruiting/admin/{link}").text


def test_what_is_saved_goes_out(admin: Browser) -> None:
    page = saved(admin, subject="Come in to {org}")
    assert "Saved. It goes out like this from now on." in page.text
    assert page.form(having="subject").values["subject"] == "Come in to {org}"
    assert "Come in to Kindred" in frame(admin, f"{MAIL}/shown?as=text")


def test_placeholders_stand_beside_the_form_with_their_meaning(admin: Browser) -> None:
    page = admin.get(MAIL)
    assert "{sign_in_button} needed The link that signs them in" in page.text
    assert "{name} Their name, as they write it. Where we do not know it, the paragraph is left out." in page.text


def test_a_mail_without_its_link_is_refused_and_what_was_typed_is_kept(admin: Browser) -> None:
    page = admin.submit(admin.get(MAIL), having="subject", expect=422, body="Hello\n\n{code}", subject="Hm")
    assert "This mail needs {sign_in_button} on a line of its own" in page.text
    assert page.form(having="body").values["body"] == "Hello\n\n{code}"
    assert page.form(having="subject").values["subject"] == "Hm"


def test_a_slip_in_a_placeholder_is_refused_beside_its_field_unless_it_is_meant(admin: Browser) -> None:
    page = admin.get(MAIL)
    assert "I mean it" not in page.text
    body = page.form(having="body").values["body"]
    page = admin.submit(page, having="subject", expect=422, subject="{nobody}", body=f"{body}\n\n{{nmae}} {{{{7*7}}}}")
    assert "{nobody} is not a placeholder of this mail, and would go out as it stands." in page.text
    assert "{nmae} is not a placeholder" in page.text
    assert page.form(having="subject").values["subject"] == "{nobody}"
    assert "{nmae}" not in frame(admin, f"{MAIL}/shown?as=text")
    page = admin.submit(page, having="subject", is_meant="y")
    assert "Saved. It goes out like this from now on." in page.text
    assert "{nmae} {{7*7}}" in frame(admin, f"{MAIL}/shown?as=text")
    # What was meant once is not asked about again.
    assert "Saved." in saved(admin, heading="Another one").text


def test_a_preview_shows_what_was_typed_and_saves_nothing(admin: Browser) -> None:
    values = {**admin.get(MAIL).form(having="subject").values, "heading": "<b>Welcome</b> to {org}"}
    for colours, applies in (("light", "@media not all"), ("dark", "@media all")):
        answer = admin.client.post(f"{MAIL}/preview", data={**values, "as": colours})
        shown = answer.get_data(as_text=True)
        assert "&lt;b&gt;Welcome&lt;/b&gt; to Kindred" in shown
        assert applies in shown
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")
        assert answer.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert "204816" in admin.client.post(f"{MAIL}/preview", data={**values, "as": "text"}).get_data(as_text=True)
    assert "Welcome" not in frame(admin, f"{MAIL}/shown")


def test_a_preview_of_unfinished_words_is_shown_all_the_same(admin: Browser) -> None:
    values = {**admin.get(MAIL).form(having="subject").values, "body": "Hello {name", "subject": ""}
    assert "Hello {name" in admin.client.post(f"{MAIL}/preview", data=values).get_data(as_text=True)


def test_the_page_lets_its_own_frames_in_and_nothing_else(admin: Browser) -> None:
    page = admin.get(MAIL)
    assert page.response.headers["Content-Security-Policy"].endswith("frame-src 'self'")
    found = page.find("sandbox")
    assert found is not None
    assert found.get("src") == f"{MAIL}/shown"


def test_a_version_is_compared_and_brought_back(admin: Browser) -> None:
    saved(admin, subject="First")
    saved(admin, subject="Second")
    page = admin.get(f"{MAIL}/versions/1")
    assert "Subject Second First" in page.text
    page = admin.submit(page, having="seen")
    assert "It goes out like this from now on." in page.text
    assert page.form(having="subject").values["subject"] == "First"
    assert "Version 3" in page.text
    assert "goes out like this now" in admin.get(f"{MAIL}/versions/3").text


def test_the_original_words_are_one_tap_away(admin: Browser) -> None:
    saved(admin, subject="First")
    page = admin.submit(admin.get(f"{MAIL}/versions/0"), having="seen")
    assert page.form(having="subject").values["subject"] == "Your sign-in link for {org}"
    assert "the original words" in page.text
    assert "Changed on" not in admin.get(LIST).text


def test_the_second_of_two_admins_sees_both(admin: Browser) -> None:
    late = admin.get(MAIL)
    saved(admin, subject="Theirs")
    page = admin.submit(late, having="subject", expect=409, subject="Mine")
    assert "Somebody else changed this mail while your page was open." in page.text
    assert "Subject Theirs Mine" in page.text
    assert page.form(having="subject").values["subject"] == "Mine"
    assert "Saved." in admin.submit(page, having="subject").text
    assert admin.get(MAIL).form(having="subject").values["subject"] == "Mine"


def test_going_back_from_an_old_page_is_refused(admin: Browser) -> None:
    saved(admin, subject="First")
    late = admin.get(f"{MAIL}/versions/0")
    saved(admin, subject="Second")
    page = admin.submit(late, having="seen", expect=409)
    assert "Somebody else changed this mail" in page.text
    assert admin.get(MAIL).form(having="subject").values["subject"] == "Second"


@pytest.mark.parametrize("seen", ["", "-1", "x", "99999999999999999999"])
def test_a_version_that_was_made_up_is_refused(admin: Browser, seen: str) -> None:
    admin.submit(admin.get(MAIL), having="subject", expect=409, subject="Mine", seen=seen)


def test_what_is_not_there_is_not_found(admin: Browser) -> None:
    for path in ("accounts/nothing", "accounts/sign_in/versions/7", "accounts/sign_in/shown?version=7"):
        admin.get(f"{LIST}/{path}", expect=404)


def test_only_admins_come_here(app: Flask) -> None:
    rita = factories.signed_in(app, factories.make_staff("Rita Sander", Role.RECRUITER))
    rita.get(LIST, expect=404)
    rita.get(MAIL, expect=404)
