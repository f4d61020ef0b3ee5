"""Bodies that no browser makes: refused as what they are, before anybody reads them."""

from io import BytesIO

import pytest
from flask import Flask

from tests.factories import visitor
from tests.pages import Browser
from tests.whole_site.routes import token_of

pytestmark = pytest.mark.only("sqlite")  # no database is asked


@pytest.fixture
def browser(app: Flask) -> Browser:
    return visitor(app)


def test_a_field_without_a_name_is_refused(browser: Browser) -> None:
    body = b"--b\r\nContent-Disposition: form-data\r\n\r\nAda\r\n--b--\r\n"
    answer = browser.client.post("/join", data=body, content_type="multipart/form-data; boundary=b")
    assert answer.status_code == 400


@pytest.mark.parametrize(
    "sent",
    [
        {"name": ["Ada", "a\0b"]},
        {"na\0me": "Ada"},
        {"cv": (BytesIO(b"%PDF-"), "c\0v.pdf")},
    ],
    ids=["in a second value", "in a name", "in the name of a file"],
)
def test_nul_is_refused_wherever_it_stands(browser: Browser, sent: dict[str, object]) -> None:
    assert browser.client.post("/join", data={"csrf_token": token_of(browser), **sent}).status_code == 400


def test_nul_is_refused_in_the_second_of_two_values_of_an_address(browser: Browser) -> None:
    assert browser.client.get("/openings?q=a&q=b%00").status_code == 400
