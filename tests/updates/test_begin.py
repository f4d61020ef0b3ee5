"""Beginning an update, once however often one clicks; and throwing a draft away."""

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, fetch, session
from portal.outbox.models import DevMail
from portal.updates.actions import create_update, discard_draft, name_member, save_draft
from portal.updates.models import InsiderUpdate
from portal.updates.queries import find_for_staff
from portal.updates.rules import MoveRefused, UpdateContent
from portal.updates.states import UpdateKind
from tests.digests.mails import deliver
from tests.factories import make_staff, signed_in
from tests.openings.early import make_member
from tests.updates.posting import content, draft, id_of, post

pytestmark = pytest.mark.both_in_soak
KEY = "abcdEFGH2345"
NEWS = UpdateKind.COMPANY_NEWS


def count() -> int:
    end_reading()
    return session().scalar(select(func.count(InsiderUpdate.id))) or 0


def begin(actor_id: int, title: str = "What we pay", form_key: str = KEY) -> str:
    return create_update(title, NEWS, copy_of="", actor_id=actor_id, now=clock.now(), form_key=form_key)


def test_two_clicks_on_one_page_begin_one_draft(app: Flask) -> None:
    rita = signed_in(app, make_staff("Rita Sander"))
    page = rita.get("/recruiting/updates/new")
    first = rita.submit(page, title="What we pay", kind="company_news")
    second = rita.submit(page, title="What we pay", kind="company_news")
    assert first.form(having="revision").action == second.form(having="revision").action
    assert count() == 1


def test_two_pages_begin_two_drafts_with_the_same_title(app: Flask) -> None:
    rita = signed_in(app, make_staff("Rita Sander"))
    for _time in range(2):
        rita.submit(rita.get("/recruiting/updates/new"), title="What we pay", kind="company_news")
    assert count() == 2


def test_going_back_to_begin_another_begins_another(app: Flask) -> None:
    rita = make_staff("Rita Sander")
    assert begin(rita) != begin(rita, "How we work")
    assert count() == 2


def test_what_was_written_meanwhile_is_left_alone(app: Flask) -> None:
    rita = make_staff("Rita Sander")
    view = find_for_staff(begin(rita))
    assert view is not None
    save_draft(view.id, UpdateContent("What we pay", body="Much."), revision=1, actor_id=rita, now=clock.now())
    assert begin(rita) != view.public_id


def test_a_name_that_somebody_else_s_update_has_or_that_is_none_is_not_taken(app: Flask) -> None:
    rita, paul = make_staff("Rita Sander"), make_staff("Paul Berg")
    assert begin(rita) == KEY
    assert begin(paul) != KEY
    for meddled in ("", "short", "../../../etc", "<b>abcdefgh>", "é" * 12, "a" * 400):
        assert begin(rita, form_key=meddled) not in {KEY, meddled}


def test_a_draft_that_nobody_needs_is_thrown_away_once_she_says_so_twice(app: Flask) -> None:
    author = make_staff("Rita Sander")
    rita = signed_in(app, author)
    public_id = begin(author)
    sure = rita.get(f"/recruiting/updates/{public_id}/discard")
    assert count() == 1, "looking changes nothing"
    done = rita.submit(sure, action="/discard")
    assert "Thrown away. Nobody had read it." in done.text
    assert count() == 0
    rita.get(f"/recruiting/updates/{public_id}", expect=404)


def test_what_people_read_or_will_read_is_not_thrown_away(app: Flask) -> None:
    author = make_staff("Rita Sander")
    slug = post(author)
    page = signed_in(app, author).get(f"/recruiting/updates/{id_of(slug)}/discard")
    assert page.path == f"/recruiting/updates/{id_of(slug)}"
    view = find_for_staff(id_of(slug))
    assert view is not None
    with pytest.raises(MoveRefused):
        discard_draft(view.id, actor_id=author, now=clock.now())
    assert count() == 1


def test_a_member_who_was_asked_about_a_story_that_is_thrown_away_hears_nothing(app: Flask) -> None:
    author, ada = make_staff("Rita Sander"), make_member("Ada Lind")
    view = find_for_staff(draft(content("How I came here", kind=UpdateKind.MEMBER_STORY), author))
    assert view is not None
    name_member(view.id, ada, actor_id=author, now=clock.now())
    discard_draft(view.id, actor_id=author, now=clock.now())
    deliver()
    assert fetch(select(DevMail.id)).all() == []
    assert "How I came here" not in signed_in(app, ada).get("/me/updates").text
