"""A story about a member: nobody reads it without their yes to its very words, and it goes when they take it back."""

import pytest
from flask import Flask

from portal.core import clock
from portal.core.db import end_reading, session
from portal.privacy.actions import erase_person
from portal.updates.actions import (
    agree_to_story,
    correct_update,
    name_member,
    publish_update,
    save_draft,
    take_story_back,
)
from portal.updates.models import InsiderUpdate, UpdateStory
from portal.updates.queries import find_for_staff
from portal.updates.rules import PublishingBlocked
from portal.updates.states import UpdateKind, UpdateState
from tests.factories import make_staff, primary_email, signed_in, visitor
from tests.openings.early import make_member
from tests.updates.posting import content, draft, publish, slug_of
from tests.whole_site.personal_data import places_of

WORDS = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Zanzibarka asked, and *learned*.")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def ada(app: Flask) -> int:
    return make_member("Ada Lind")


def id_of(public_id: str) -> int:
    view = find_for_staff(public_id)
    assert view is not None
    return view.id


def told(rita: int, ada: int) -> str:
    """A story about Ada that she has said yes to; its public id."""
    public_id = draft(WORDS, rita)
    name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    agree_to_story(id_of(public_id), ada, digest=WORDS.words_digest, now=clock.now())
    end_reading()
    return public_id


def state_of(public_id: str) -> UpdateState:
    end_reading()
    return session().query(InsiderUpdate).filter_by(public_id=public_id).one().state


def test_the_member_is_asked_on_their_own_page_and_says_yes(app: Flask, rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    desk, browser = signed_in(app, rita), signed_in(app, ada)
    page = desk.get(f"/recruiting/updates/{public_id}")
    assert "Nobody is named yet." in page.text
    wrong = desk.submit(page, address="nobody@example.org", expect=422)
    assert "We know nobody with this address." in wrong.text
    asked = desk.submit(wrong, address=primary_email(ada))
    assert "Has not said yes yet." in asked.text
    assert "We ask whether we may publish it." in browser.get("/me/updates").text
    story = browser.get(f"/me/stories/{public_id}")
    assert "Zanzibarka asked" in story.text
    assert "You said yes to these words." in browser.submit(story, action="/agree").text
    assert "Said yes to these words on" in desk.get(f"/recruiting/updates/{public_id}").text
    publish(public_id, rita)
    assert "Zanzibarka asked" in visitor(app).get(f"/updates/{slug_of(public_id)}").text


def test_nobody_else_finds_the_question(app: Flask, rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    for person_id in (make_member("Bob"), rita):
        signed_in(app, person_id).get(f"/me/stories/{public_id}", expect=404)


def test_a_yes_holds_for_the_words_it_was_said_to(rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    changed = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Something else.")
    revision = save_draft(id_of(public_id), changed, revision=2, actor_id=rita, now=clock.now())
    with pytest.raises(PublishingBlocked):
        publish_update(id_of(public_id), revision=revision, actor_id=rita, now=clock.now())


def test_words_that_changed_while_they_read_are_read_again(app: Flask, rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    browser = signed_in(app, ada)
    story = browser.get(f"/me/stories/{public_id}")
    changed = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Something else.")
    save_draft(id_of(public_id), changed, revision=2, actor_id=rita, now=clock.now())
    again = browser.submit(story, action="/agree")
    assert "It was changed while you read it." in again.text
    assert "Something else." in again.text
    assert "May we publish this story about you?" in again.text


def test_taken_back_it_is_gone_at_once(app: Flask, rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    slug = publish(public_id, rita)
    browser = signed_in(app, ada)
    page = browser.submit(browser.get(f"/me/stories/{public_id}"), action="/take-back")
    assert "Your story is gone." in page.text
    gone = visitor(app).get(f"/updates/{slug}", expect=410)
    assert "Zanzibarka" not in gone.text
    for path in ("/updates", "/feeds/updates.xml", "/sitemap-updates.xml"):
        assert "teaching" not in visitor(app).client.get(path).text


def test_taken_back_before_it_goes_out_it_does_not_go_out(rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    take_story_back(id_of(public_id), ada, clock.now())
    assert state_of(public_id) is UpdateState.DRAFT
    with pytest.raises(PublishingBlocked):
        publish(public_id, rita)


def test_a_correction_needs_a_yes_to_the_new_words(app: Flask, rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    publish(public_id, rita)
    changed = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Zanzibarka asked twice.")
    save_draft(id_of(public_id), changed, revision=0, actor_id=rita, now=clock.now())
    end_reading()
    with pytest.raises(PublishingBlocked):
        correct_update(id_of(public_id), words="More.", revision=1, actor_id=rita, now=clock.now())
    browser = signed_in(app, ada)
    page = browser.get(f"/me/stories/{public_id}")
    assert "Until you say yes, others read the earlier words." in page.text
    assert "Others read this story" not in page.text
    assert page.form(action="/take-back")
    browser.submit(page, action="/agree")
    correct_update(id_of(public_id), words="More.", revision=1, actor_id=rita, now=clock.now())
    assert "asked twice" in visitor(app).get(f"/updates/{slug_of(public_id)}").text


def test_another_member_is_asked_anew(rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    bob = make_member("Bob")
    name_member(id_of(public_id), bob, actor_id=rita, now=clock.now())
    end_reading()
    story = session().query(UpdateStory).one()
    assert (story.person_id, story.agreed_at) == (bob, None)


def test_erasing_the_member_takes_the_story_away_words_and_all(app: Flask, rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    slug = publish(public_id, rita)
    erase_person(ada, rita, clock.now())
    end_reading()
    assert places_of("Zanzibarka") == []
    assert places_of("teaching to data") == []
    assert state_of(public_id) is UpdateState.WITHDRAWN
    visitor(app).get(f"/updates/{slug}", expect=404)
