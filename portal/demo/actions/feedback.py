"""Feedback of the demo: given and read, given and not read yet, waiting for a colleague, held back, and owed."""

from datetime import date, datetime

from sqlalchemy import select

from portal.applications.models import Application
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo.actions.interviews import Met
from portal.demo.actions.story import Story, at, deliver, person_at, scope_of
from portal.demo.actions.work import WHAT_IS_OWED, WHO_OWES_IT, let_work
from portal.demo.data import interviewed
from portal.feedback.actions.approving import approve_feedback
from portal.feedback.actions.holding import Hold, hold_feedback
from portal.feedback.actions.reading import read_feedback, say_whether_it_helped, thank
from portal.feedback.actions.writing import hand_in, save_feedback
from portal.feedback.models import Feedback
from portal.feedback.rules.writing import FeedbackWords
from portal.people.queries import find_staff

_MORNING, _AFTERNOON, _EVENING = 11, 15, 20
#: Working days before the end of the story on which Ada's was given.
_ADA_DAYS = 2


def give_feedback(story: Story, told: dict[str, Met]) -> None:
    """To Ada, who has not opened it, and to Silas, who has read it and says thanks."""
    _give(story, told["ada"].application, "lena", "omar", interviewed.ADA_FEEDBACK, story.days_ago(_ADA_DAYS))
    silas, about = person_at("silas@demo.example"), told["silas"].application
    with at(story.moment(story.days_ago(4), _AFTERNOON)) as moment:
        let_work(WHAT_IS_OWED, moment)
    _give(story, about, "hugo", "rita", interviewed.SILAS_FEEDBACK, story.days_ago(3))
    with at(story.moment(story.days_ago(2), _EVENING)) as moment:
        read_feedback(silas, about, moment)
        thank(silas, about, moment)
        say_whether_it_helped(silas, about, True, moment)
        end_reading()
    _leave_for_approval(story, told["to_approve"].application)
    _hold(story, told["held"].application)


def look_at_feedback(story: Story) -> None:
    """What the worker finds to be owed today, and among whose tasks it stands."""
    let_work(WHO_OWES_IT, story.at)
    deliver()


def _give(story: Story, about: str, author: str, approver: str, words: FeedbackWords, day: date) -> None:
    """Written in the morning, approved after lunch; its mail has gone in office hours."""
    revision = _write(story, about, author, words, story.moment(day, _MORNING))
    with at(story.moment(day, _AFTERNOON)) as moment:
        start = approve_feedback(about, revision=revision, scope=scope_of(story, approver), now=moment)
        end_reading()
    with at(start):
        deliver()


def _write(story: Story, about: str, author: str, words: FeedbackWords, moment: datetime) -> int:
    """Written and handed in; the revision that a colleague is to approve."""
    with at(moment):
        scope = scope_of(story, author)
        revision = save_feedback(about, words, revision=0, scope=scope, now=moment)
        end_reading()
        hand_in(about, revision=revision, reason="", scope=scope, now=moment)
        end_reading()
        deliver()
    wanted = select(Feedback.revision).join(Application, Application.id == Feedback.application_id)
    return session().scalars(wanted.where(Application.public_id == about)).one()


def _leave_for_approval(story: Story, about: str) -> None:
    """Hugo has written it; Rita is to read it before it goes."""
    _write(story, about, "hugo", interviewed.DESIGNER_FEEDBACK, story.moment(story.days_ago(1), _AFTERNOON))


def _hold(story: Story, about: str) -> None:
    """Alma holds one back, and says so, and whom to ask."""
    alma = find_staff(story.staff["admin"])
    if alma is None:
        raise PortalError("The demo lost its admin.")
    with at(story.moment(story.days_ago(1), _MORNING)) as moment:
        hold = Hold(interviewed.HOLD_REASON, interviewed.HOLD_WORDS, alma.public_id)
        hold_feedback(about, hold, scope=scope_of(story, "admin"), now=moment)
        end_reading()
    with at(story.moment(story.days_ago(1), _AFTERNOON)):
        deliver()
