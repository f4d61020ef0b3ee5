"""On a phone: the copy is asked for, waited for and fetched, and then its owner erases themselves."""

import zipfile

import pytest
from flask import Flask
from playwright.sync_api import expect

from portal.core import clock
from portal.core.db import end_reading
from portal.privacy.jobs import make_copies
from tests.accounts import visitors
from tests.accounts.visitors import ADA
from tests.browser.conftest import Opener, give_session, overflow, violations
from tests.factories import signed_in
from tests.privacy.erasing import is_gone, work

pytestmark = pytest.mark.only("sqlite")  # what is tried is in the browser


def test_a_copy_and_then_nothing(app: Flask, site: str, open_page: Opener) -> None:
    ada = visitors.join()
    page = open_page(width=390)
    give_session(page, signed_in(app, ada), site)
    page.goto(f"{site}/me/privacy")
    page.get_by_role("link", name="Get a copy").click()
    page.get_by_role("button", name="Make my copy").click()
    expect(page.get_by_text("Your copy is being made.")).to_be_visible()
    make_copies(clock.now())
    end_reading()
    fetch = page.get_by_role("button", name="Fetch my copy")
    expect(fetch).to_be_visible()
    with page.expect_download() as download:
        fetch.click()
    assert "index.html" in zipfile.ZipFile(download.value.path()).namelist()
    page.goto(f"{site}/me/privacy/erase")
    assert violations(page) == []
    assert overflow(page) == 0
    page.get_by_label("Your e-mail address, to confirm").fill(ADA)
    page.get_by_role("button", name="Erase my data").click()
    expect(page.get_by_text("One last mail comes")).to_be_visible()
    work()
    assert is_gone(ada)
