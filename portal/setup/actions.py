"""Sending an admin a test mail, and looking for the records of the sender's domain."""

from datetime import datetime

from dns.resolver import Resolver

from portal.company.actions import note_sender_check
from portal.company.queries import company_zone
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.settings import current_settings
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient
from portal.setup import emails
from portal.setup.adapters import look_up
from portal.setup.queries import TEST_MAIL_CAUSE, newest_test_mail


def send_test_mail(person_id: int, now: datetime) -> bool:
    """Write this admin a test mail; False when the last one is still on its way."""
    before = newest_test_mail()
    if before is not None and before.is_on_its_way:
        return False
    to = recipient(person_id)
    mail = emails.test_mail(to, now)
    with transaction():
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=person_id,
            mail_class=MailClass.OWN,
            cause=TEST_MAIL_CAUSE,
            dedupe_key=f"{TEST_MAIL_CAUSE}:{new_public_id()}",
            now=now,
        )
    return True


def check_sender(selector: str, now: datetime, resolver: Resolver | None = None) -> None:
    """Look for the records of the sender's domain, and keep what was found with the day."""
    domain = current_settings().mail_domain
    found = look_up(domain, selector, resolver)
    note_sender_check(
        {
            "domain": domain,
            "selector": selector,
            "checked_on": day_of(now, company_zone()).isoformat(),
            "found": {kind.value: seen.value for kind, seen in found.items()},
        },
        now=now,
    )
