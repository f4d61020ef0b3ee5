"""The gallery of all mails, for whoever works on them."""

import pytest
from flask import Flask

from portal.wording.data import MAILS
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # it only shows what is rendered elsewhere


def test_every_mail_hangs_there_in_light_and_dark(app: Flask) -> None:
    page = Browser(app).get("/dev/mailbox/gallery")
    assert page.tree is not None
    frames = [e.get("src") for e in page.tree.iter() if str(e.tag).endswith("iframe")]
    assert frames == [f"/dev/mailbox/gallery/{kind}?as={scheme}" for kind in MAILS for scheme in ("light", "dark")]
    for source in frames:
        answer = Browser(app).client.get(str(source))
        assert answer.status_code == 200
        assert answer.headers["Content-Security-Policy"].startswith("sandbox; default-src 'none'")


@pytest.mark.parametrize(("asked", "width"), [("390", "390"), ("600", "600"), ("", "600"), ("9999", "600")])
def test_it_is_as_wide_as_a_telephone_or_a_window(app: Flask, asked: str, width: str) -> None:
    found = Browser(app).get(f"/dev/mailbox/gallery?width={asked}").find("sandbox")
    assert found is not None
    assert found.get("width") == width


def test_the_mailbox_leads_there(app: Flask) -> None:
    assert "/dev/mailbox/gallery" in Browser(app).get("/dev/mailbox").links


def test_there_is_no_mail_of_another_name(app: Flask) -> None:
    Browser(app).get("/dev/mailbox/gallery/accounts/nothing", expect=404)
