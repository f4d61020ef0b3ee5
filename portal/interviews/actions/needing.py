"""What would make an interview accessible to the candidate: read only by those who arrange it."""

from datetime import datetime

from portal.applications.actions.locking import lock_people
from portal.applications.rules import clean_text
from portal.audit.actions import record
from portal.contact.actions import note_life
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.core.i18n import gettext as _
from portal.interviews.actions.telling import panel_cause
from portal.interviews.models import Interview, InterviewNeed
from portal.interviews.queries.own import find_own_interview
from portal.interviews.rules.own import NEED_LENGTH, NotGood, NotNow, may_prepare


def say_needs(person_id: int, public_id: str, words: str, *, now: datetime) -> None:
    """Keep what the candidate needs, instead of what they said before; nothing deletes it. Recorded without the words.

    Raises NotFound, NotNow once the interview is over, and NotGood when it is too long.
    """
    kept = clean_text(words)
    if len(kept) > NEED_LENGTH:
        raise NotGood(_("Please keep this under %(max)s characters.", max=NEED_LENGTH))
    with transaction() as session:
        lock_people(session, person_id)
        page = find_own_interview(person_id, public_id, now)
        if page is None:
            raise NotFound
        session.get_one(Interview, page.one.id, with_for_update=True)
        if not may_prepare(page.one.stand):
            raise NotNow(_("This interview is over, so nothing needs to be prepared any more."))
        row = session.get(InterviewNeed, page.one.id, with_for_update=True)
        if (row.words if row else "") == kept:
            return
        if not kept:
            session.delete(row)
        elif row is None:
            session.add(InterviewNeed(interview_id=page.one.id, words=kept, told_at=now))
        else:
            row.words, row.told_at = kept, now
        note_life(person_id, now)
        record(
            "interviews.say_needs",
            panel_cause(page.one.public_id),
            actor_id=person_id,
            person_id=person_id,
            now=now,
        )
