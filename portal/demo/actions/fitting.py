"""Whom a new opening fits: members who asked for it hear of it, and its recruiter looks and invites."""

from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.company.queries import areas
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo.actions.people import known_skills
from portal.demo.actions.story import Story, at, deliver, public_id_at, scope_of
from portal.demo.actions.work import ABOUT_ALERTS, ABOUT_OPENINGS, let_work
from portal.demo.data import gathered as data
from portal.demo.data import openings
from portal.demo.rules import when_of
from portal.fitting.actions import Words, begin_inviting, go_on_with_round, note_seen
from portal.fitting.queries import FittingPerson, chosen_people, find_round, opening_facts, sought_by
from portal.fitting.rules import OpeningFacts
from portal.openings.models import Opening
from portal.openings.rules import area_label

#: After which members are told, as what is published together goes in one mail; and recruiters have looked.
_TOLD_AFTER: Final = timedelta(minutes=40)
_LOOKED_AFTER: Final = timedelta(hours=3)


def tell_whom_it_fits(published: datetime) -> None:
    """What the worker does once an opening is published."""
    with at(published):
        let_work(ABOUT_OPENINGS, published)
    with at(published + _TOLD_AFTER) as moment:
        let_work(ABOUT_ALERTS, moment)
        deliver()
        let_work(ABOUT_ALERTS, moment)


def have_looked(opening_id: int, published: datetime) -> None:
    """Who recruits for it has seen who may fit."""
    opening = session().get_one(Opening, opening_id)
    public_id, actor_id = opening.public_id, opening.recruiter_id or 0
    end_reading()
    note_seen(public_id, actor_id=actor_id, now=published + _LOOKED_AFTER)


def tell_whom_the_newest_fits(story: Story) -> None:
    """Of the one that members see first; who rests after an ending hears of it later."""
    wanted = select(Opening.published_at).where(Opening.title == openings.EARLY.content.title)
    published = session().scalars(wanted).one()
    end_reading()
    tell_whom_it_fits(published or story.at)


def invite_to_apply(story: Story) -> None:
    """Rita looked who may fit the opening that members see first, and invited one of them; others can be."""
    title = openings.EARLY.content.title
    public_id = session().scalars(select(Opening.public_id).where(Opening.title == title)).one()
    with at(when_of(story.today, story.calendar, data.INVITED_AT, story.zone)) as moment:
        scope, opening = scope_of(story, "rita"), opening_facts(public_id)
        if opening is None:
            raise PortalError("The demo lost one of its openings.")
        person = _fitting(story, opening, scope, moment)
        end_reading()
        words = Words(data.INVITATION, {person.public_id: data.INVITED_WHY})
        round_id = begin_inviting([person], opening, words, scope=scope, is_hurried=True, now=moment)
        note_seen(public_id, actor_id=scope.person_id, now=moment)
        end_reading()
        made = find_round(round_id, public_id, scope.person_id)
        if made is None:
            raise PortalError("The demo lost one of its invitations.")
        go_on_with_round(made.id, moment)
        end_reading()
        deliver()


def _fitting(story: Story, opening: OpeningFacts, scope: StaffScope, moment: datetime) -> FittingPerson:
    sought, _skills = sought_by(opening, known_skills(), scope.person_id, moment, day_of(moment, story.zone))
    label = area_label(opening.area, areas())
    return next(iter(chosen_people(sought, [public_id_at(data.INVITED)], label)))
