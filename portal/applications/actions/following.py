"""Following an application with the link from a mail: a sign of life, and a fresh link for an old one."""

from datetime import datetime, timedelta

from portal.accounts.actions import issue_token
from portal.applications import emails
from portal.applications.queries import find_followed
from portal.company.queries import company_zone
from portal.contact.actions import note_life
from portal.core.clock import day_of
from portal.core.db import transaction
from portal.core.limits import Limit, count_try
from portal.core.settings import current_settings
from portal.core.tokens import RULES, TokenKind
from portal.outbox.actions import enqueue
from portal.outbox.states import MailClass
from portal.people.queries import recipient

#: Fresh links of one application.
_LINKS = Limit("applications.fresh_link", 2, timedelta(hours=1))


def note_following(public_id: str, now: datetime) -> None:
    """The candidate used a link of ours: we have heard from them. Nothing where the application is gone."""
    view = find_followed(public_id)
    if view is not None:
        note_life(view.person_id, now)


def send_fresh_link(public_id: str, now: datetime) -> None:
    """Send the candidate a new link to their application; at most two an hour, to their own address only.

    Asking for it is no sign of life: whoever found an old link could ask. Using the new one is.
    """
    view = find_followed(public_id)
    if view is None:
        return
    to = recipient(view.person_id)
    settings = current_settings()
    valid_until = day_of(now + RULES[TokenKind.FOLLOW].lifetime, company_zone())
    mail = emails.follow(to, view.opening_title, valid_until, settings)
    if not count_try(_LINKS, public_id, now):
        return
    with transaction():
        enqueue(
            mail,
            to_address=to.email,
            to_name=to.name,
            person_id=to.person_id,
            mail_class=MailClass.OWN,
            cause=f"application:{public_id}",
            dedupe_key=f"follow:{mail.key}",
            now=now,
        )
        issue_token(TokenKind.FOLLOW, mail, subject=public_id, person_id=to.person_id, now=now)
