"""Openings with questions, and what stands on the way from a form to an application."""

import re
from io import BytesIO
from typing import Any

from sqlalchemy import select

from portal.applications.models import Application, Submission
from portal.core.db import session
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, mail_code, mail_token
from portal.openings.rules import Question
from portal.openings.states import QuestionKind
from portal.outbox.models import Delivery
from tests import factories
from tests.applications.cvs import PDF
from tests.pages import Browser, Page

QUESTIONS = (
    Question("why", "What draws you to data?", kind=QuestionKind.LONG_TEXT, is_required=True),
    Question("permit", "May you work in Poland?", kind=QuestionKind.YES_NO),
    Question("shift", "Which shift suits you?", kind=QuestionKind.SINGLE_CHOICE, choices=("Day", "Night")),
    Question("site", "A link to your work", kind=QuestionKind.SHORT_TEXT),
)
GOOD = {
    "question-why": "Because it answers.",
    "question-permit": "yes",
    "question-shift": "Night",
    "question-site": "https://ada.example",
    "cover_note": "I like your tables.",
}


def opening(**facts: Any) -> str:
    """The slug of a published opening of Rita's that asks four questions."""
    rita = factories.make_staff("Rita Sander")
    return factories.make_published(recruiter_id=rita, questions=QUESTIONS, **facts)


def upload(content: bytes = PDF, name: str = "My CV.pdf") -> tuple[BytesIO, str]:
    """A file as a form sends it."""
    return BytesIO(content), name


def fill(browser: Browser, page: Page, *, expect: int = 200, follow: bool = True, **values: Any) -> Page:
    """Send the form of the apply page; `values` on top of what stands in it."""
    form = page.form(having="cover_note")
    unknown = set(values) - form.names
    assert not unknown, unknown
    sent = {"do": "send", **form.values, **{name: value for name, value in values.items() if value is not None}}
    response = browser.client.post(form.action, data=sent, content_type="multipart/form-data", follow_redirects=follow)
    return browser._page(response, form.action, expect)


def secrets_of(kind: str = "applications/confirm_application") -> tuple[str, str]:
    """The token and the code in the newest mail of this kind."""
    key = session().scalars(select(Delivery.key).where(Delivery.kind == kind).order_by(Delivery.id.desc())).first()
    assert key is not None, "no such mail"
    secret = current_settings().secret_key
    return mail_token(secret, key, TokenKind.APPLY), mail_code(secret, key, TokenKind.APPLY)


def made() -> list[tuple[Application, Submission]]:
    """Every application that was made here, with what came with it."""
    rows = session().execute(
        select(Application, Submission)
        .join(Submission, Submission.application_id == Application.id)
        .order_by(Application.id)
    )
    return [(application, submission) for application, submission in rows]


def mails(kind: str) -> list[Delivery]:
    """The mails of a kind that wait or went."""
    return list(session().scalars(select(Delivery).where(Delivery.kind == kind).order_by(Delivery.id)))


def public_id_in(page: Page) -> str:
    """The application whose receipt this is."""
    found = re.search(r"/me/applications/(\w{12})/received", page.response.request.path)
    assert found is not None, page.response.request.path
    return found[1]
