"""Those who applied in the portal itself, and what Ada has begun and not sent."""

from sqlalchemy import select

from portal.accounts.actions import confirm_address
from portal.accounts.models import Account
from portal.applications.actions.applying import apply
from portal.applications.actions.documents import keep_document
from portal.applications.actions.drafting import save_draft
from portal.applications.queries.applying import find_apply_page
from portal.applications.rules.applying import Sent, answers_from
from portal.core.db import end_reading, session, transaction
from portal.core.errors import PortalError
from portal.demo.actions.letters import PlannedLetter, write
from portal.demo.actions.story import Story, at, deliver, person_at, view_of
from portal.demo.adapters import draw_cv
from portal.demo.data import applied, openings
from portal.openings.models import Opening

_MORNING, _EVENING = 10, 20


def apply_here(story: Story) -> None:
    """Each with a receipt, and one with a first word from Rita; Ada has begun, and goes on when she likes."""
    for one in applied.APPLIED:
        public_id = _apply(story, one)
        if one.letter:
            _write_first(story, public_id, one)
    with at(story.moment(story.days_ago(1), _EVENING)) as moment:
        title = openings.EARLY.content.title
        early = session().scalars(select(Opening.id).where(Opening.title == title)).one()
        typed = {"name": "Ada Nwosu", "cover_note": applied.ADA_DRAFT}
        save_draft(person_at("ada@demo.example"), early, typed, moment)
        end_reading()


def _apply(story: Story, one: applied.Applied) -> str:
    """Their application; its public id."""
    slug = session().scalars(select(Opening.slug).where(Opening.external_key == one.opening)).one() or ""
    with at(story.moment(story.days_ago(one.days_ago), _EVENING)) as moment:
        with transaction():
            account_id = confirm_address(one.email, name=one.name, locale="en", timezone=story.zone, now=moment)
            person_id = session().get_one(Account, account_id).person_id
        page = find_apply_page(slug, person_id, moment)
        if page is None:
            raise PortalError("The demo lost one of its openings.")
        cv_id = None
        if one.cv is not None:
            cv_id = keep_document(draw_cv(one.name, one.cv), one.cv.file_name, person_id, moment).id
        save_draft(person_id, page.id, {"cover_note": one.cover_note}, moment, cv_id=cv_id)
        answers = answers_from(page.content.questions, dict(one.answers))
        sent = Sent(one.name, one.phone, one.cover_note, answers)
        public_id = apply(person_id, slug, sent, channel=one.channel, now=moment)
        deliver()
    return public_id


def _write_first(story: Story, public_id: str, one: applied.Applied) -> None:
    """The first word of a person, with the status from which on the opening's people read it."""
    moment = story.moment(story.days_ago(1), _MORNING)
    view = view_of(story, public_id)
    author = next(key for key, person_id in story.staff.items() if person_id == view.owner_id)
    write(story, PlannedLetter(moment, public_id, author, "in_review", one.letter, view.next_update_by, ""))
    with at(moment):
        deliver()
