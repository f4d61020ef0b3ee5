"""One tap stops mail that is not about somebody's own account or application (RFC 8058)."""

import threading
from datetime import timedelta

from flask import Flask

from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.settings import current_settings
from portal.core.tokens import TokenKind, read_signed_token
from portal.outbox import queries
from portal.outbox.actions import claim_next
from portal.outbox.jobs import MailSender
from portal.outbox.states import MailClass
from tests import factories
from tests.conftest import Time
from tests.outbox.letters import person, put, settings


def sent_headers(mail_class: MailClass, purpose: Purpose | None) -> tuple[dict[str, str], int]:
    """The headers of a message of this class as it goes out, and to whom it went."""
    ada = person("Ada", "person1@example.org")
    choose(ada, Purpose.JOB_ALERTS, True, source="test", now=clock.now())
    put(1, person_id=ada, mail_class=mail_class, purpose=purpose)
    MailSender("worker", threading.Event(), settings()).send_due_mail()
    (mail,) = queries.all_dev_mail("")
    return mail.headers, ada


def subject_of(token: str, kind: TokenKind = TokenKind.UNSUBSCRIBE, **later: float) -> str | None:
    return read_signed_token(current_settings().secret_key, kind, token, clock.now() + timedelta(**later))


def test_community_mail_says_how_to_stop_its_purpose_in_one_tap(app: Flask) -> None:
    headers, ada = sent_headers(MailClass.COMMUNITY, Purpose.JOB_ALERTS)
    assert headers["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    address = headers["List-Unsubscribe"]
    assert address.startswith("<http://localhost/unsubscribe/")
    token = address.removeprefix("<http://localhost/unsubscribe/").removesuffix(">")
    assert subject_of(token) == f"{factories.public_id_of(ada)}:job_alerts"
    assert subject_of(token, days=364) is not None
    assert subject_of(token, days=366) is None
    assert subject_of(token, TokenKind.PREFERENCES) is None


def test_a_survey_can_be_stopped_as_well(app: Flask) -> None:
    headers, ada = sent_headers(MailClass.SURVEY, None)
    token = headers["List-Unsubscribe"].rpartition("/")[2].removesuffix(">")
    assert subject_of(token) == f"{factories.public_id_of(ada)}:surveys"


def test_mail_about_somebodys_own_application_cannot(app: Flask) -> None:
    headers, _ada = sent_headers(MailClass.OWN, None)
    assert not [name for name in headers if name.startswith("List-")]


def test_a_resend_carries_the_same_links(app: Flask, time: Time) -> None:
    ada = person("Ada", "person1@example.org")
    choose(ada, Purpose.JOB_ALERTS, True, source="test", now=clock.now())
    put(1, person_id=ada, mail_class=MailClass.COMMUNITY, purpose=Purpose.JOB_ALERTS)
    first = claim_next("one", clock.now())
    time.pass_by(days=2)
    again = claim_next("two", clock.now())
    assert first is not None
    assert again is not None
    assert first.letter == again.letter
