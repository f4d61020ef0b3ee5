"""What the openings of the demo say, published over the weeks before today."""

from sqlalchemy import select

from portal.core.db import session
from portal.demo.actions.fitting import have_looked, tell_whom_it_fits
from portal.demo.actions.story import Story, at
from portal.demo.data import openings
from portal.openings.actions import change_people, create_opening, publish_opening, save_draft, stop_accepting
from portal.openings.models import Opening

_HOUR = 11


def publish_openings(story: Story) -> None:
    """Those of the earlier system, one that members see first, and one that nobody can apply to any more."""
    for external_id, written in openings.OF_THE_IMPORT.items():
        found = session().scalars(select(Opening).where(Opening.external_key == external_id)).one()
        _publish(story, found.id, written)
    closed = _begin(story, openings.CLOSED, "admin", "lena")
    with at(story.moment(story.days_ago(3), _HOUR)) as moment:
        stop_accepting(closed, actor_id=story.staff["admin"], now=moment)
    _begin(story, openings.EARLY, "rita", "hugo")


def _begin(story: Story, written: openings.Written, recruiter: str, manager: str) -> int:
    """One of our own, published; its id."""
    actor_id = story.staff[recruiter]
    with at(story.moment(story.days_ago(written.published_days_ago), _HOUR - 1)) as moment:
        public_id = create_opening(written.content.title, copy_of="", actor_id=actor_id, now=moment)
        opening_id = session().scalars(select(Opening.id).where(Opening.public_id == public_id)).one()
        people = {"recruiter_id": actor_id, "manager_id": story.staff[manager]}
        change_people(opening_id, **people, actor_id=actor_id, now=moment)
    _publish(story, opening_id, written, revision=1)
    return opening_id


def _publish(story: Story, opening_id: int, written: openings.Written, revision: int = 0) -> None:
    with at(story.moment(story.days_ago(written.published_days_ago), _HOUR)) as moment:
        actor_id = session().scalars(select(Opening.recruiter_id).where(Opening.id == opening_id)).one() or 0
        kept = save_draft(
            opening_id, written.on(story.today, story.calendar), revision=revision, actor_id=actor_id, now=moment
        )
        publish_opening(
            opening_id, early_days=written.early_days, reason="", revision=kept, actor_id=actor_id, now=moment
        )
    if written is not openings.EARLY:
        tell_whom_it_fits(moment)
        have_looked(opening_id, moment)
