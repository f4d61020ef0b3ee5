"""Updates that go out by mail, their readers, and the mail that a worker would send."""

import threading
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select

from portal.contact.actions import change_preferences
from portal.contact.queries import contact_preferences
from portal.contact.rules import Preferences
from portal.contact.states import Purpose, Rhythm
from portal.core import clock
from portal.core.db import end_reading, fetch, session
from portal.digests.jobs import collect_letters, mail_updates, send_digests
from portal.digests.models import MailedUpdate
from portal.digests.queries import results_of
from portal.digests.rules import Results
from portal.digests.states import Way
from portal.outbox.jobs import MailSender
from portal.outbox.models import DevMail
from portal.updates.actions import correct_update, save_draft
from portal.updates.models import InsiderUpdate
from portal.updates.queries import find_for_staff
from tests.factories import primary_email
from tests.openings.early import make_member
from tests.updates.posting import content, id_of, say_yes


@dataclass(frozen=True)
class Got:
    """A mail that went out."""

    kind: str
    subject: str
    text: str
    at: datetime


def reader(name: str = "Ada Lind", rhythm: Rhythm | None = Rhythm.AS_IT_HAPPENS, *, says_yes: bool = True) -> int:
    """A member who said yes to insider updates at this rhythm."""
    person_id = make_member(name)
    if says_yes:
        say_yes(person_id)
    if rhythm is not None:
        choose_rhythm(person_id, rhythm)
    return person_id


def choose_rhythm(person_id: int, rhythm: Rhythm, purpose: Purpose = Purpose.INSIDER_UPDATES) -> None:
    """Let somebody want mail about this topic so often."""
    before = contact_preferences(person_id)
    wanted = Preferences(
        rhythms={**before.rhythms, purpose: rhythm},
        is_paused=before.is_paused,
        paused_until_on=before.paused_until_on,
        quiet=before.quiet,
    )
    change_preferences(person_id, wanted, clock.now())


def pause_mail(person_id: int, is_paused: bool = True) -> None:
    """Let somebody want no mail for now, or want it again."""
    before = contact_preferences(person_id)
    change_preferences(person_id, Preferences(rhythms=before.rhythms, is_paused=is_paused), clock.now())


def work() -> None:
    """All that the worker does for updates by mail, and then the mail that is due."""
    prepare()
    deliver()
    end_reading()


def prepare() -> None:
    """The jobs alone."""
    end_reading()
    for job in (mail_updates, collect_letters, send_digests):
        job(clock.now())
        end_reading()


def deliver() -> None:
    """The mail that is due, all of it."""
    end_reading()
    sender = MailSender("worker-of-the-test", threading.Event())
    while sender.send_due_mail():
        end_reading()
    end_reading()


def mails_to(person_id: int) -> list[Got]:
    """The mails about updates that went to this person, the oldest first."""
    statement = (
        select(DevMail.kind, DevMail.subject, DevMail.text, DevMail.sent_at)
        .where(DevMail.to_address == primary_email(person_id))
        .where(DevMail.kind.in_(["updates/update", "digests/digest"]))
        .order_by(DevMail.id)
    )
    return [Got(*row) for row in fetch(statement)]


def subjects_to(person_id: int) -> list[str]:
    """What the mails to this person are called."""
    return [one.subject for one in mails_to(person_id)]


def update_id(slug: str) -> int:
    """The update's row."""
    return session().scalars(select(InsiderUpdate.id).where(InsiderUpdate.slug == slug)).one()


def results(slug: str) -> Results:
    """What came of the mail about this update."""
    return results_of(update_id(slug))


def way_of(slug: str, person_id: int) -> Way:
    """How this update comes to this person."""
    statement = select(MailedUpdate.way).where(MailedUpdate.update_id == update_id(slug))
    return session().scalars(statement.where(MailedUpdate.person_id == person_id)).one()


def correct(slug: str, author_id: int, title: str) -> None:
    """Publish other words of an update that is out."""
    view = find_for_staff(id_of(slug))
    assert view is not None
    revision = save_draft(view.id, content(title), revision=0, actor_id=author_id, now=clock.now())
    correct_update(view.id, words="Another figure.", revision=revision, actor_id=author_id, now=clock.now())
