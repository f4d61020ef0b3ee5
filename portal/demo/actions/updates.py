"""The updates of the demo: written, published, read, answered, corrected and taken back, on the days they were."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import select

from portal.contact.actions import note_life, stop
from portal.contact.states import Purpose
from portal.conversations.actions import send_reply
from portal.conversations.queries import find_thread
from portal.conversations.rules import Reply
from portal.core.clock import day_of
from portal.core.db import end_reading, session
from portal.core.errors import PortalError
from portal.demo.actions.coming_in import bounce
from portal.demo.actions.gathering import joinings
from portal.demo.actions.story import Story, at, deliver, person_at, public_id_at, scope_of
from portal.demo.actions.work import ABOUT_UPDATES, FOR_MORNINGS, let_work
from portal.demo.data import updates as data
from portal.demo.data.updates import Post, When
from portal.demo.rules import when_of
from portal.digests.actions import pause_mailing
from portal.segments.models import Segment
from portal.updates.actions import (
    agree_to_story,
    correct_update,
    create_update,
    name_member,
    note_seen,
    publish_update,
    reply,
    save_draft,
    say_helpful,
    schedule_update,
    withdraw_update,
)
from portal.updates.models import InsiderUpdate
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.rules import UpdateContent
from portal.updates.states import Audience

#: Each morning what waited for a night to end has gone, and the digests of Thursdays.
_MORNING: Final = time(9, 15)
_DAYS: Final = 21


@dataclass(frozen=True)
class Beat:
    """Something that happens in the story, and when."""

    at: datetime
    do: Callable[[datetime], None]
    #: Whether the worker has something to do after it.
    is_for_worker: bool = True


def tell_updates(story: Story) -> None:
    """All of it in its order, with the worker doing what it does in between."""
    beats = [Beat(_moment(story, _written(post)), _writes(story, post)) for post in data.POSTS]
    beats += [beat for post in data.POSTS for beat in _afterwards(story, post)]
    beats += [Beat(_moment(story, one.when), _reads(one), is_for_worker=False) for one in data.READ]
    beats += [Beat(moment, do) for moment, do in joinings(story)]
    beats += [
        Beat(_moment(story, data.REPLIED), _replies),
        Beat(_moment(story, data.ANSWERED), lambda now: _answers(story, now)),
        Beat(_moment(story, data.STOPPED), _stops),
    ]
    days = (story.today - timedelta(days=count) for count in range(_DAYS, -1, -1))
    beats += [Beat(datetime.combine(day, _MORNING, ZoneInfo(story.zone)), _morning) for day in days]
    for beat in sorted(beats, key=lambda one: one.at):
        if beat.at < story.at:
            with at(beat.at):
                beat.do(beat.at)
                if beat.is_for_worker:
                    _work(beat.at)


def _written(post: Post) -> When:
    """What is to come was written yesterday, and a story before its member was asked."""
    if post.when.days_ago < 0:
        return When(1, 15)
    return post.asked or post.when


def _moment(story: Story, when: When) -> datetime:
    return when_of(story.today, story.calendar, when, story.zone)


def _morning(now: datetime) -> None:
    """What was collected for people's mornings is looked through."""
    end_reading()
    let_work(FOR_MORNINGS, now)


def _work(now: datetime) -> None:
    """What the worker does about updates."""
    end_reading()
    let_work(ABOUT_UPDATES, now)
    deliver()


def _writes(story: Story, post: Post) -> Callable[[datetime], None]:
    def do(now: datetime) -> None:
        actor_id = story.staff[post.author]
        content = _content(story, post)
        public_id = create_update(post.title, post.kind, copy_of="", actor_id=actor_id, now=now)
        end_reading()
        update_id = session().scalars(select(InsiderUpdate.id).where(InsiderUpdate.public_id == public_id)).one()
        end_reading()
        revision = save_draft(update_id, content, revision=1, actor_id=actor_id, now=now)
        if post.story_of:
            name_member(update_id, person_at(post.story_of), actor_id=actor_id, now=now)
        elif post.when.days_ago < 0:
            out_at = _moment(story, post.when)
            schedule_update(
                update_id, publish_at=out_at, zone=story.zone, revision=revision, actor_id=actor_id, now=now
            )
        elif not post.is_draft:
            publish_update(update_id, revision=revision, actor_id=actor_id, now=now)

    return do


def _content(story: Story, post: Post) -> UpdateContent:
    out_on = day_of(_moment(story, post.when), story.zone)
    event_on = day_of(_moment(story, When(-post.event_in, 18)), story.zone) if post.event_in else None
    segment = session().scalars(select(Segment.public_id).where(Segment.name == data.SEGMENT)).one()
    return UpdateContent(
        title=post.title,
        kind=post.kind,
        summary=post.summary,
        body=post.body,
        source=post.source,
        source_on=out_on if post.source else None,
        event_on=event_on,
        event_where=post.event_where,
        audience=post.audience,
        areas=post.areas,
        segment=segment if post.audience is Audience.SEGMENT else "",
    )


def _afterwards(story: Story, post: Post) -> list[Beat]:
    """What happened to it once it was written."""
    beats = []
    if post.agreed:
        beats.append(Beat(_moment(story, post.agreed), lambda now: _agrees(post, now)))
        beats.append(Beat(_moment(story, post.when), lambda now: _publishes(story, post, now)))
    if post.corrected:
        beats.append(Beat(_moment(story, post.corrected.when), lambda now: _corrects(story, post, now)))
    if post.withdrawn:
        beats.append(Beat(_moment(story, post.withdrawn.when), lambda now: _withdraws(story, post, now)))
    if post.paused:
        beats.append(Beat(_moment(story, post.paused), lambda now: _pauses(story, post, now)))
    if post.key == data.BOUNCED_AFTER:
        after = _moment(story, post.when) + timedelta(minutes=20)
        beats.append(Beat(after, lambda now: bounce(data.BOUNCED, now)))
    return beats


def _agrees(post: Post, now: datetime) -> None:
    """The member has read the very words and says yes to them."""
    view = find_for_staff(_row(post.key).public_id)
    if view is None:
        raise _lost()
    digest = draft_for_staff(view).content.words_digest
    end_reading()
    agree_to_story(view.id, person_at(post.story_of), digest=digest, now=now)


def _publishes(story: Story, post: Post, now: datetime) -> None:
    update = _row(post.key)
    view = find_for_staff(update.public_id)
    if view is None:
        raise _lost()
    revision = draft_for_staff(view).revision
    end_reading()
    publish_update(update.id, revision=revision, actor_id=story.staff[post.author], now=now)


def _corrects(story: Story, post: Post, now: datetime) -> None:
    update, actor_id = _row(post.key), story.staff[post.author]
    view = find_for_staff(update.public_id)
    if view is None or post.corrected is None:
        raise _lost()
    before = draft_for_staff(view).content
    end_reading()
    changed = replace(before, body=before.body.replace(post.corrected.before, post.corrected.after))
    revision = save_draft(update.id, changed, revision=0, actor_id=actor_id, now=now)
    correct_update(update.id, words=post.corrected.words, revision=revision, actor_id=actor_id, now=now)


def _withdraws(story: Story, post: Post, now: datetime) -> None:
    words = post.withdrawn.words if post.withdrawn else ""
    withdraw_update(_row(post.key).id, words=words, actor_id=story.staff[post.author], now=now)


def _pauses(story: Story, post: Post, now: datetime) -> None:
    """Half of the letters are out; where it is night they wait, and are taken back for now."""
    pause_mailing(_row(post.key).id, actor_id=story.staff[post.author], now=now)


def _reads(one: data.Read) -> Callable[[datetime], None]:
    def do(now: datetime) -> None:
        slug, person_id = _slug(one.key), person_at(one.email)
        end_reading()
        # Whoever reads here has signed in.
        note_life(person_id, now)
        note_seen(slug, person_id, now)
        if one.is_helpful:
            say_helpful(slug, person_id, is_helpful=True, now=now)

    return do


def _replies(now: datetime) -> None:
    slug, person_id = _slug(data.REPLIED_TO), person_at(data.REPLIED_BY)
    end_reading()
    reply(slug, person_id, text=data.REPLY, form_key="demo-update-1", now=now)


def _answers(story: Story, now: datetime) -> None:
    """In the thread that began under the update."""
    scope, public_id = scope_of(story, "rita"), public_id_at(data.REPLIED_BY)
    thread = find_thread(public_id, scope)
    if thread is None:
        raise _lost()
    seen_id = thread.messages[-1].public_id
    end_reading()
    answer = Reply(data.ANSWER, "")
    send_reply(
        public_id, scope=scope, reply=answer, seen_id=seen_id, form_key="demo-update-2", is_hurried=True, now=now
    )


def _stops(now: datetime) -> None:
    """They had enough of this kind of mail, and said so with its link."""
    stop(person_at(data.STOPPED_BY), (Purpose.INSIDER_UPDATES,), source="unsubscribe", now=now)


def _row(key: str) -> InsiderUpdate:
    title = next(post.title for post in data.POSTS if post.key == key)
    end_reading()
    return session().scalars(select(InsiderUpdate).where(InsiderUpdate.title == title)).one()


def _slug(key: str) -> str:
    slug = _row(key).slug
    if slug is None:
        raise _lost()
    return slug


def _lost() -> PortalError:
    return PortalError("The demo lost one of its updates.")
