"""Whoever holds a link from a mail that was passed on learns nothing of what somebody was invited to."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from portal.contact.rules import link_subject
from portal.contact.states import MailClass, Purpose
from portal.core import clock
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, signed_token
from tests.factories import make_published, make_staff, opening_id_of, public_id_of, visitor
from tests.fitting.fits import invite, member, send_due

pytestmark = pytest.mark.both_in_soak


def link_in_foot(person_id: int, mail_class: MailClass, purpose: Purpose | None) -> str:
    """What the address of the link in the foot of a mail ends with."""
    subject = link_subject(public_id_of(person_id), mail_class, purpose)
    until = clock.now() + timedelta(days=30)
    return signed_token(current_settings().secret_key, TokenKind.PREFERENCES, subject, until)


@pytest.mark.parametrize(
    ("mail_class", "purpose"),
    [(MailClass.OWN, None), (MailClass.SURVEY, None), (MailClass.COMMUNITY, Purpose.INSIDER_UPDATES)],
)
def test_the_link_of_another_mail_does_not_show_invitations(
    app: Flask, mail_class: MailClass, purpose: Purpose | None
) -> None:
    rita = make_staff("Rita Sander", email="rita@example.org")
    ada = member("Ada Lind", areas=["data"])
    invite(opening_id_of(make_published(recruiter_id=rita)), rita, ada, is_hurried=True)
    [(_kind, text)] = send_due()
    own = re.search(r"/not-now/\S+", text)
    assert own is not None
    browser = visitor(app)
    browser.get(own[0])
    token = link_in_foot(ada, mail_class, purpose)
    browser.get(f"/preferences/{token}")
    browser.get(f"/not-now/{token}", expect=404)
