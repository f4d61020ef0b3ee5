"""Whom colleagues gathered: people without an opening, pools, tags, and segments that they saved."""

from collections.abc import Callable, Iterator
from datetime import datetime, time, timedelta
from functools import partial
from zoneinfo import ZoneInfo

from portal.accounts.actions import confirm_address
from portal.accounts.models import Account
from portal.community.actions import join
from portal.contact.states import Purpose
from portal.core.db import end_reading, session, transaction
from portal.core.errors import PortalError
from portal.demo.actions.people import typed_places, typed_skills
from portal.demo.actions.story import Story, at, deliver, public_id_at, scope_of
from portal.demo.actions.work import ABOUT_POOLS, let_work
from portal.demo.data import REFUSAL
from portal.demo.data import gathered as data
from portal.demo.data.gathered import Asked, Pooled, Prospect
from portal.demo.rules import when_of, working_day_before
from portal.notes.actions import change_tags
from portal.outbox.actions import claim_next, mark_failed_try
from portal.outbox.rules import Refused
from portal.outbox.states import Reason
from portal.pools.actions import create_pool, put_in
from portal.prospects.actions import Consent, Found, add_prospect, add_prospects, invite
from portal.prospects.queries import find_prospect
from portal.segments.actions import save_segment
from portal.segments.rules import Chosen, Condition, Group
from portal.segments.states import Field, Match

_ADDED_AT, _INVITED_AT, _JOINED_AT = time(14), time(15), time(19)


def save_segments(story: Story) -> None:
    """Rules that colleagues use again and again; some are shared."""
    for number, saved in enumerate(data.SEGMENTS):
        with at(when_of(story.today, story.calendar, saved.when, story.zone)) as moment:
            save_segment(
                saved.name,
                Group(Match.ALL, tuple(_condition(one) for one in saved.asked)),
                is_shared=saved.is_shared,
                actor_id=story.staff[saved.owner],
                form_key=f"demo-segment-{number}",
                now=moment,
            )


def _condition(asked: Asked) -> Condition:
    """As the page makes it of what is typed."""
    folded = {Field.SKILL: typed_skills, Field.PLACE: typed_places}.get(asked.field)
    if folded is not None:
        values = tuple(Chosen(*one) for one in folded(asked.values))
    else:
        values = tuple(Chosen(key) for key in asked.values)
    return Condition(asked.field, asked.operator, values, asked.days)


def find_people(story: Story) -> None:
    """People who neither joined nor applied: added, invited once, and what came of it."""
    for one in data.PROSPECTS:
        _add(story, one)
        if one.invited_days_ago:
            _invite(story, one)


def _day(story: Story, days_ago: int, hour: time) -> datetime:
    """That day, or the working day before it: nobody is here on the others."""
    day = working_day_before(story.today - timedelta(days=days_ago - 1), 1, story.calendar)
    return datetime.combine(day, hour, ZoneInfo(story.zone))


def _add(story: Story, one: Prospect) -> None:
    with at(_day(story, one.added_days_ago, _ADDED_AT)) as moment:
        day = moment.date()
        consents: tuple[Consent, ...] = ()
        if one.consent is not None:
            purpose, words, source = one.consent
            consents = (Consent(purpose, words, day - timedelta(days=60), source),)
        found = Found(
            one.email,
            one.name,
            one.source,
            one.source_note,
            day,
            one.ground,
            one.areas,
            one.note,
            one.links,
            day,
            consents,
        )
        scope = scope_of(story, one.author)
        if consents:
            add_prospects([found], scope=scope, now=moment)
        else:
            add_prospect(found, scope=scope, now=moment)
        end_reading()


def _invite(story: Story, one: Prospect) -> None:
    with at(_day(story, one.invited_days_ago, _INVITED_AT)) as moment:
        prospect = find_prospect(public_id_at(one.email))
        end_reading()
        if prospect is None:
            raise PortalError("The demo lost one of its people.")
        invite([prospect], one.words, actor_id=story.staff[one.author], now=moment)
        end_reading()
        if not one.is_returned:
            deliver()
            return
        claimed = claim_next("demo", moment)
        if claimed is None:
            raise PortalError("The demo lost one of its invitations.")
        refused = Refused(Reason.REFUSED, 550, REFUSAL, is_about_recipient=True)
        mark_failed_try(claimed, refused, moment)
        end_reading()


def joinings(story: Story) -> Iterator[tuple[datetime, Callable[[datetime], None]]]:
    """Who joined since they were invited, and when."""
    for one in data.PROSPECTS:
        if one.joined_days_ago:
            yield _day(story, one.joined_days_ago, _JOINED_AT), partial(_join, story.zone, one)


def _join(zone: str, one: Prospect, moment: datetime) -> None:
    with transaction():
        account_id = confirm_address(one.email, name=one.name, locale="en", timezone=zone, now=moment)
        join(session().get_one(Account, account_id).person_id, (Purpose.JOB_ALERTS,), moment)


def tag_people(story: Story) -> None:
    """What colleagues call people, each in their own spelling."""
    with at(when_of(story.today, story.calendar, data.TAGGED_ON, story.zone)) as moment:
        for one in data.TAGGED:
            public_id = public_id_at(one.email)
            end_reading()
            change_tags(public_id, scope=scope_of(story, one.author), names=one.names, seen=(), now=moment)
            end_reading()


def make_pools(story: Story) -> None:
    """Pools with a purpose, one of which somebody has to look at again."""
    for number, pooled in enumerate(data.POOLS):
        with at(when_of(story.today, story.calendar, pooled.made, story.zone)) as moment:
            _make(story, pooled, f"demo-pool-{number}", moment)
    let_work(ABOUT_POOLS, story.at)


def _make(story: Story, pooled: Pooled, key: str, moment: datetime) -> None:
    owner_id = story.staff[pooled.owner]
    owner = public_id_at(f"{pooled.owner}@demo.example")
    end_reading()
    public_id = create_pool(
        name=pooled.name,
        purpose=pooled.purpose,
        review_on=story.today + timedelta(days=pooled.review_in),
        owner=owner,
        form_key=key,
        actor_id=owner_id,
        now=moment,
    )
    for number, (reason, emails) in enumerate(pooled.people):
        people = [public_id_at(email) for email in emails]
        end_reading()
        put_in(public_id, people, reason=reason, form_key=f"{key}-{number}", actor_id=owner_id, now=moment)
