"""What the tests of people without an opening share: somebody who is added, invited, and what the worker does."""

import re
import threading
from dataclasses import replace
from datetime import date
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.outbox.jobs import MailSender
from portal.outbox.models import DevMail
from portal.privacy.jobs import erase_prospects
from portal.prospects.actions import Found, Invited, add_prospect, invite
from portal.prospects.queries import prospects_named
from portal.prospects.states import LegalGround, ProspectSource

NOEL = Found(
    email="noel@example.org",
    name="Noël Petit",
    source=ProspectSource.EVENT,
    source_note="PyData Warsaw",
    obtained_on=date(2026, 3, 2),
    ground=LegalGround.INTEREST,
)
WORDS = "your talk about maps has stayed with me.\n\nShall we stay in touch?"


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def added(staff_id: int, **facts: Any) -> str:
    """Somebody a colleague added; their public id."""
    public_id = add_prospect(replace(NOEL, **facts), scope=scope(staff_id), now=clock.now())
    end_reading()
    return public_id


def invited(staff_id: int, *public_ids: str, words: str = WORDS) -> Invited:
    """The one invitation for each of these."""
    done = invite(prospects_named(public_ids), words, actor_id=staff_id, now=clock.now())
    end_reading()
    return done


def work(app: Flask) -> None:
    """What the worker would do by now: erase whose time has come, then send what is due; twice, as it may happen."""
    for _round in range(2):
        erase_prospects(clock.now())
        end_reading()
        MailSender("tests", threading.Event()).send_due_mail()
        end_reading()


def mails(email: str = NOEL.email) -> list[DevMail]:
    """What arrived at an address, the oldest first."""
    end_reading()
    return list(session().scalars(select(DevMail).where(DevMail.to_address == email).order_by(DevMail.id)))


def no_thanks_in(mail: DevMail) -> str:
    """The path of the link that deletes whom the invitation went to."""
    found = re.search(r"/no-thanks/[\w-]+", mail.text)
    assert found is not None
    return found[0]
