"""How far a new company has come."""

from dataclasses import dataclass
from datetime import datetime
from email.utils import parseaddr
from urllib.parse import urlsplit

from sqlalchemy import exists, func, select

from portal.applications.models import Application
from portal.company.queries import has_changed, logo, setting
from portal.company.states import Setting
from portal.core.db import fetch
from portal.core.settings import current_settings
from portal.openings.models import Opening
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Staff
from portal.setup.rules import Record, is_arranged, wanted_records
from portal.setup.states import RecordKind, Seen, Step

#: What test mails are about, in the outbox.
TEST_MAIL_CAUSE = "setup:test_mail"


@dataclass(frozen=True)
class TestMail:
    """The newest test mail, and how far it came; `error` is what the mail server said at the last try."""

    state: DeliveryState
    attempts: int
    error: str
    created_at: datetime
    sent_at: datetime | None
    next_try_at: datetime

    @property
    def is_on_its_way(self) -> bool:
        return self.state in {DeliveryState.QUEUED, DeliveryState.LEASED}


@dataclass(frozen=True)
class Sender:
    """Who the site's mail comes from, the records its domain needs, and what was last found of them."""

    address: str
    domain: str
    selector: str
    records: list[Record]
    found: dict[str, str]
    checked_on: str


_NEWEST_TEST = (
    select(
        Delivery.state,
        Delivery.attempts,
        Delivery.last_error,
        Delivery.created_at,
        Delivery.sent_at,
        Delivery.next_try_at,
    )
    .where(Delivery.cause == TEST_MAIL_CAUSE)
    .order_by(Delivery.id.desc())
    .limit(1)
)
_ANY_SENT_TEST = exists(
    select(Delivery.id).where(Delivery.cause == TEST_MAIL_CAUSE).where(Delivery.state == DeliveryState.SENT)
)
_STAFF_COUNT = select(func.count()).select_from(Staff).where(Staff.is_active).scalar_subquery()
_ANY_PUBLISHED = exists(select(Opening.id).where(Opening.version_number > 0))
_BEGUN = select(_ANY_SENT_TEST, _STAFF_COUNT, _ANY_PUBLISHED, exists(select(Application.id)))
#: What the page of service promises says is made of these.
_PROMISED = (Setting.PACE, Setting.FEEDBACK, Setting.PROMISE_WORDS, Setting.PROMISE_CONTACT)


def newest_test_mail() -> TestMail | None:
    """The test mail that was asked for last."""
    row = fetch(_NEWEST_TEST).first()
    return TestMail(*row) if row is not None else None


def steps_done() -> dict[Step, bool]:
    """Every step of the first run, in order, and whether it is done; one statement besides the settings."""
    has_sent_test, staff_count, has_opening, has_applications = fetch(_BEGUN).one()
    return {
        Step.TEST_MAIL: bool(has_sent_test),
        Step.SENDER: is_arranged(sender().found),
        Step.DAYS: has_changed(Setting.ZONE),
        Step.LOGO: logo() is not None,
        Step.NOTICE: has_changed(Setting.PRIVACY_CONTACT) or has_changed(Setting.PRIVACY_NOTICE),
        Step.IMPRINT: has_changed(Setting.IMPRINT),
        Step.PROMISES: any(has_changed(one) for one in _PROMISED),
        Step.STAFF: staff_count > 1,
        Step.OPENING: bool(has_opening),
        Step.IMPORT: bool(has_applications),
    }


def sender() -> Sender:
    """The sender of all mail, as the settings name it; what was found of another domain is forgotten."""
    settings = current_settings()
    domain, address = settings.mail_domain, parseaddr(settings.mail_from)[1]
    stored = setting(Setting.SENDER_CHECK)
    selector = stored["selector"]
    mail_host = (urlsplit(settings.mail_url).hostname or "") if settings.mail_url else ""
    is_of_this = stored["domain"] == domain
    return Sender(
        address=address,
        domain=domain,
        selector=selector,
        records=wanted_records(domain, address, mail_host, selector),
        found=stored["found"] if is_of_this else dict.fromkeys(RecordKind, Seen.UNKNOWN),
        checked_on=stored["checked_on"] if is_of_this else "",
    )
