"""What a recruiter does: segments, and updates written, scheduled, published, corrected, withdrawn, paused, stopped."""

from collections.abc import Callable
from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule
from sqlalchemy import select

from portal.contact.states import Purpose
from portal.core import clock
from portal.core.clock import day_of
from portal.core.db import end_reading, fetch
from portal.digests.actions import pause_mailing, resume_mailing, stop_mailing
from portal.segments.actions import as_seen, change_segment, remove_segment, save_segment
from portal.segments.models import Segment
from portal.segments.rules import Chosen, Condition, Group
from portal.segments.states import Field, Match, Operator
from portal.updates.actions import (
    correct_update,
    publish_update,
    save_draft,
    schedule_update,
    unschedule_update,
    withdraw_update,
)
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.rules import NoSuchTime, PublishingBlocked, UpdateContent
from portal.updates.states import Audience, UpdateKind
from tests.outbox.oracle import HOME
from tests.updates.machine.oracle import NAMES, Posted, Stands
from tests.updates.machine.people import AREAS, NUMBER, PLACES, SKILLS, WHICH
from tests.updates.machine.world import World
from tests.updates.posting import content, draft

_MOST_SEGMENTS = 2
_WORDS = {
    Field.AREA: AREAS,
    Field.SKILL: SKILLS,
    Field.PLACE: PLACES,
    Field.PURPOSE: (str(Purpose.INSIDER_UPDATES), str(Purpose.EVENTS)),
}
_ASKED = (
    *((Field.MEMBER, operator) for operator in (Operator.YES, Operator.NO)),
    *((Field.AREA, operator) for operator in (Operator.ANY_OF, Operator.ALL_OF, Operator.NONE_OF)),
    *((Field.SKILL, operator) for operator in (Operator.ANY_OF, Operator.NONE_OF)),
    *((Field.PLACE, operator) for operator in (Operator.ANY_OF, Operator.OR_REMOTE, Operator.NONE_OF)),
    *((Field.PURPOSE, operator) for operator in (Operator.ANY_OF, Operator.NONE_OF)),
)


def _conditions(asked: tuple[Field, Operator]) -> st.SearchStrategy[Condition]:
    field, operator = asked
    if field is Field.MEMBER:
        return st.just(Condition(field, operator))
    keys = st.lists(st.sampled_from(_WORDS[field]), min_size=1, max_size=2, unique=True)
    return keys.map(lambda chosen: Condition(field, operator, tuple(Chosen(key) for key in chosen)))


_CONDITION = st.sampled_from(_ASKED).flatmap(_conditions)
_INNER = st.builds(Group, st.sampled_from(Match), st.lists(_CONDITION, min_size=1, max_size=2).map(tuple))
TREES = st.builds(Group, st.sampled_from(Match), st.lists(_CONDITION | _INNER, min_size=1, max_size=3).map(tuple))
#: In how many hours it goes out; 0: at once, None: it stays a draft.
WHEN = st.sampled_from((0, 0, 0, 0, 3, 40, None))


class Colleagues(World):
    """What somebody who works here does."""

    # Segments.

    @rule(tree=TREES, which=WHICH)
    def makes_or_changes_a_segment(self, tree: Group, which: int) -> None:
        end_reading()
        if len(self.segments) < _MOST_SEGMENTS:
            name = f"Segment {len(self.segments)}"
            made = save_segment(name, tree, is_shared=True, actor_id=self.rita, form_key="", now=clock.now())
            self.segments[made] = tree
            return
        public_id = list(self.segments)[which % len(self.segments)]
        seen_at = as_seen(fetch(select(Segment.changed_at).where(Segment.public_id == public_id)).scalar_one())
        change_segment(public_id, "Segment", tree, is_shared=True, actor_id=self.rita, seen_at=seen_at, now=clock.now())
        self.segments[public_id] = tree

    def removes_its_segment(self, posted: Posted, number: int) -> None:
        """What is published for its people stays theirs; what was to go out for them does not."""
        if posted.segment in self.segments and number % 2:
            remove_segment(posted.segment, actor_id=self.rita, now=clock.now())
            del self.segments[posted.segment]

    # Updates.

    @precondition(lambda self: len(self.posted) < len(NAMES))
    @rule(
        audience=st.sampled_from(Audience),
        is_event=st.integers(0, 3),
        areas=st.sampled_from((("data",), ("design",), ("data", "design"))),
        which=WHICH,
        days=st.integers(1, 30),
        when=WHEN,
    )
    def writes_an_update(
        self, audience: Audience, is_event: int, areas: tuple[str, ...], which: int, days: int, when: int | None
    ) -> None:
        if audience is Audience.SEGMENT and not self.segments:
            audience = Audience.AREAS
        posted = Posted(len(self.posted), UpdateKind.COMPANY_NEWS, audience)
        if is_event == 0:
            posted.kind, posted.event_on = UpdateKind.EVENT, self.today() + timedelta(days=days)
        if audience is Audience.AREAS:
            posted.areas = areas
        if audience is Audience.SEGMENT:
            posted.segment = list(self.segments)[which % len(self.segments)]
        end_reading()
        posted.public_id = draft(self.content_of(posted), self.rita)
        view = find_for_staff(posted.public_id)
        assert view is not None
        posted.update_id = view.id
        self.posted.append(posted)
        self.goes_out(posted, when)

    def content_of(self, posted: Posted) -> UpdateContent:
        return content(
            posted.title,
            kind=posted.kind,
            audience=posted.audience,
            areas=posted.areas,
            segment=posted.segment,
            event_on=posted.event_on,
            event_where="Here, at six" if posted.event_on else "",
        )

    def changes_when_it_goes_out(self, posted: Posted, number: int) -> None:
        if posted.stands is Stands.SCHEDULED:
            unschedule_update(posted.update_id, actor_id=self.rita, now=clock.now())
            posted.stands, posted.publish_at = Stands.DRAFT, None
        if posted.stands is Stands.DRAFT:
            self.goes_out(posted, (0, 3, None)[number % 3])

    def goes_out(self, posted: Posted, hours: int | None) -> None:
        if hours is None:
            return
        posted.looks.clear()
        end_reading()
        view = find_for_staff(posted.public_id)
        assert view is not None
        revision = draft_for_staff(view).revision
        at = clock.now() + timedelta(hours=hours)
        is_whole = not posted.is_over(day_of(at, HOME)) and (not posted.segment or posted.segment in self.segments)
        try:
            if hours:
                schedule_update(
                    view.id, publish_at=at, zone=HOME, revision=revision, actor_id=self.rita, now=clock.now()
                )
            else:
                publish_update(view.id, revision=revision, actor_id=self.rita, now=clock.now())
        except (PublishingBlocked, NoSuchTime):
            assert not is_whole, f"{posted.title} lacks nothing"
            return
        assert is_whole, f"{posted.title} is for a segment that is gone, or about a day that has passed"
        if hours:
            posted.stands, posted.publish_at = Stands.SCHEDULED, at
        else:
            self.is_published(posted)

    def is_published(self, posted: Posted) -> None:
        """From now on its audience is being written down, by the rules that its segment has at this moment."""
        posted.stands, posted.publish_at = Stands.PUBLISHING, None
        posted.tree = self.segments.get(posted.segment)

    def corrects(self, posted: Posted, _number: int) -> None:
        if posted.stands is not Stands.OUT:
            return
        view = find_for_staff(posted.public_id)
        assert view is not None
        posted.version += 1
        revision = save_draft(view.id, self.content_of(posted), revision=0, actor_id=self.rita, now=clock.now())
        correct_update(view.id, words="Another name.", revision=revision, actor_id=self.rita, now=clock.now())
        posted.is_settled = False

    def withdraws(self, posted: Posted, number: int) -> None:
        if posted.stands not in {Stands.PUBLISHING, Stands.OUT} or number % 2:
            return
        withdraw_update(posted.update_id, words="", actor_id=self.rita, now=clock.now())
        posted.stands, posted.is_settled = Stands.WITHDRAWN, False
        posted.owed.clear()

    # Mail about them.

    def lets_its_mailing_rest_go_on_or_end(self, posted: Posted, number: int) -> None:
        if not posted.has_begun or posted.is_stopped or posted.stands is Stands.WITHDRAWN:
            return
        move = stop_mailing if number % 4 == 0 else resume_mailing if posted.is_paused else pause_mailing
        move(posted.update_id, actor_id=self.rita, now=clock.now())
        posted.is_settled = False
        posted.is_paused, posted.is_stopped = move is pause_mailing, move is stop_mailing
        if posted.is_stopped:
            posted.owed.clear()

    @precondition(lambda self: self.posted)
    @rule(
        which=WHICH,
        deed=st.sampled_from(
            (
                *(changes_when_it_goes_out, corrects, corrects, withdraws, removes_its_segment),
                *(lets_its_mailing_rest_go_on_or_end, lets_its_mailing_rest_go_on_or_end),
            )
        ),
        number=NUMBER,
    )
    def a_colleague_does(self, which: int, deed: "Callable[[Colleagues, Posted, int], None]", number: int) -> None:
        end_reading()
        deed(self, self.which(which), number)
