"""Rendering a mail: in the company's words, for its reader, with places for its tokens."""

import re

import pytest
from flask import Flask

from portal.core.db import RenderedTooLate, transaction
from portal.core.mail import code_place, token_place
from portal.core.paths import ROOT
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.wording.actions import change_mail
from portal.wording.data import MAILS
from portal.wording.queries import our_words, render
from portal.wording.rules import MissingValue, Words
from tests import factories
from tests.conftest import START

pytestmark = pytest.mark.both_in_soak
KIND = "accounts/sign_in"


def save(**fields: str) -> None:
    admin = factories.make_staff("Alma Reyes", Role.ADMIN)
    change_mail(KIND, "en", Words(**{**vars(our_words(KIND)), **fields}), 0, actor_id=admin, now=START)


def test_it_goes_out_in_our_words_until_somebody_changes_them(app: Flask) -> None:
    assert render(KIND, "en", "UTC", name="Ada").subject == "Your sign-in link for Kindred"
    save(subject="Come in to {org}")
    assert render(KIND, "en", "UTC", name="Ada").subject == "Come in to Kindred"


def test_changed_words_stand_in_text_and_html_and_never_as_markup(app: Flask) -> None:
    save(body="Hi {name} <b>{{7*7}}</b> %(x)s {% import os %}\n\n{greeting}\n\n{sign_in_button}\n\n{code}")
    mail = render(KIND, "en", "UTC", name="<i>Ada</i> {org}")
    assert "Hi <i>Ada</i> {org} <b>{{7*7}}</b> %(x)s {% import os %}" in mail.text
    assert "Hi &lt;i&gt;Ada&lt;/i&gt; {org} &lt;b&gt;{{7*7}}&lt;/b&gt; %(x)s {% import os %}" in mail.html
    assert token_place(mail.key, TokenKind.SIGN_IN) in mail.text
    assert code_place(mail.key, TokenKind.SIGN_IN) in mail.html


def test_nobody_can_write_a_token_into_a_mail(app: Flask) -> None:
    other = render(KIND, "en", "UTC", name="Ada")
    mail = render(KIND, "en", "UTC", name=token_place(other.key, TokenKind.RESET) + " {{ places.token('reset') }}")
    assert token_place(mail.key, TokenKind.RESET) not in mail.text + mail.html


def test_words_in_one_language_leave_the_others_as_they_are(app: Flask) -> None:
    save(subject="Come in")
    assert render(KIND, "de", "UTC", name="Ada").subject == "Your sign-in link for Kindred"


def test_who_lacks_a_value_is_held_back(app: Flask) -> None:
    with pytest.raises(MissingValue):
        render("accounts/invitation", "en", "UTC", name="Rita", inviter=" ", role="a recruiter")


def test_a_value_without_a_place_is_a_mistake_of_ours(app: Flask) -> None:
    with pytest.raises(TypeError, match="nmae"):
        render(KIND, "en", "UTC", nmae="Ada")


def test_rendering_inside_a_transaction_is_refused(app: Flask) -> None:
    with pytest.raises(RenderedTooLate), transaction():
        render(KIND, "en", "UTC", name="Ada")


def test_every_mail_that_is_sent_is_declared_and_the_other_way_round() -> None:
    files = [path for where in ("*/emails*", "*/emails/*.py") for path in (ROOT / "portal").glob(where)]
    sources = [path.read_text() for path in files if path.is_file()]
    sent = {kind for text in sources for kind in re.findall(r'"([a-z_]+/[a-z_]+)"', text)}
    drafts = {kind for kind, mail in MAILS.items() if mail.is_draft}
    assert sent - drafts == set(MAILS) - drafts
