"""Who tries to learn from updates what is not theirs: a colleague about themselves, a reader about others."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.applications.queries import StaffScope
from portal.community.actions import join
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.permissions import Role
from portal.notes.actions import change_tags
from portal.segments.models import Segment
from portal.segments.rules import Chosen, Condition, Group, to_json
from portal.segments.states import Field, Match, Operator
from portal.updates.queries import reach_now
from portal.updates.states import Audience
from tests.factories import make_staff, public_id_of, signed_in
from tests.openings.early import make_member
from tests.updates.posting import content, draft, publish

TAG = "too slow"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def tagged(app: Flask, rita: int) -> Callable[[int], None]:
    def put(person_id: int) -> None:
        scope = StaffScope(rita, Role.RECRUITER)
        change_tags(public_id_of(person_id), scope=scope, names=[TAG], seen=[], now=clock.now())
        end_reading()

    return put


def segment(owner_id: int) -> str:
    """Everybody with the tag; its public id."""
    tree = Group(Match.ALL, (Condition(Field.TAG, Operator.ANY_OF, (Chosen(TAG),)),))
    at = clock.now()
    with transaction() as own:
        own.add(
            Segment(
                public_id="segmentabcde",
                name="Tagged",
                tree=to_json(tree),
                owner_id=owner_id,
                is_shared=False,
                created_at=at,
                changed_at=at,
                changed_by_id=owner_id,
            )
        )
    return "segmentabcde"


def test_who_writes_to_a_segment_does_not_learn_whether_they_are_in_it(
    app: Flask, tagged: Callable[[int], None]
) -> None:
    olga, ada = make_staff("Olga Orr"), make_member("Ada Lind", "data")
    join(olga, [], clock.now())
    tagged(olga)
    tagged(ada)
    said = content("Nothing much", audience=Audience.SEGMENT, segment=segment(olga))
    desk = signed_in(app, olga)
    assert reach_now(said, olga, clock.now()).total == 1
    public_id = draft(said, olga)
    desk.get(f"/recruiting/updates/{public_id}/publish")
    slug = publish(public_id, olga)
    desk.get(f"/me/updates/{slug}", expect=404)
    signed_in(app, ada).get(f"/me/updates/{slug}")


def test_a_segment_that_a_colleague_keeps_to_themselves_cannot_be_written_to(app: Flask, rita: int) -> None:
    olga = make_staff("Olga Orr")
    private = segment(rita)
    desk = signed_in(app, olga)
    public_id = draft(content("Nothing much"), olga)
    page = desk.get(f"/recruiting/updates/{public_id}/edit")
    assert private not in page.response.get_data(as_text=True)
    form = page.form(having="body").values | {"audience": "segment", "segment": private}
    answer = desk.client.post(f"/recruiting/updates/{public_id}/edit", data=form)
    assert answer.status_code == 422
