"""The member of a story is asked by mail about its very words, and told when others read them."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, fetch
from portal.outbox.models import DevMail
from portal.updates.actions import (
    AskedAlready,
    agree_to_story,
    correct_update,
    name_member,
    take_story_back,
    withdraw_update,
)
from portal.updates.jobs import tell_members
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.rules import UpdateContent
from portal.updates.states import UpdateKind
from tests.digests.mails import deliver
from tests.factories import make_person, make_staff, primary_email, signed_in
from tests.openings.early import make_member
from tests.updates.posting import content, draft, publish, write

pytestmark = pytest.mark.both_in_soak

WORDS = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Zanzibarka asked, and *learned*.")
OTHER = content("From teaching to data", kind=UpdateKind.MEMBER_STORY, body="Zanzibarka asked twice.")
EMPTY = UpdateContent("From teaching to data", UpdateKind.MEMBER_STORY)
QUESTION, PUBLISHED, CORRECTED = "story_question", "story_published", "story_corrected"


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


def mails() -> list[tuple[str, str, str]]:
    """Kind, reader and text of what went out about stories, after a worker did what is due."""
    tell_members(clock.now())
    end_reading()
    deliver()
    rows = fetch(select(DevMail.kind, DevMail.to_address, DevMail.text).order_by(DevMail.id))
    return [(kind.removeprefix("updates/"), to, text) for kind, to, text in rows if "/story" in kind]


def kinds() -> list[str]:
    return [kind for kind, _to, _text in mails()]


def agreed(public_id: str, ada: int, said: UpdateContent) -> None:
    agree_to_story(id_of(public_id), ada, digest=said.words_digest, now=clock.now())
    end_reading()


def told(rita: int, ada: int) -> str:
    """A story that Ada was asked about and said yes to."""
    public_id = draft(WORDS, rita)
    name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    agreed(public_id, ada, WORDS)
    return public_id


def test_the_question_leads_to_the_words_and_does_not_hold_them(rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    assert name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    [(kind, to, text)] = mails()
    assert (kind, to) == (QUESTION, primary_email(ada))
    assert f"/me/stories/{public_id}" in text
    assert "Zanzibarka" not in text


def test_who_is_named_before_there_are_words_is_asked_once_there_are(app: Flask, rita: int, ada: int) -> None:
    desk = signed_in(app, rita)
    public_id = draft(EMPTY, rita)
    page = desk.submit(desk.get(f"/recruiting/updates/{public_id}"), address=primary_email(ada))
    assert "Not asked yet." in page.text
    assert mails() == []
    write(public_id, rita, WORDS)
    page = desk.get(f"/recruiting/updates/{public_id}")
    asked = desk.submit(page, having="do", action="/story")
    assert "They are asked by mail" in asked.text
    assert "They have our mail about these words." in asked.text
    assert kinds() == [QUESTION]


def test_nobody_is_asked_twice_about_the_same_words(rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    for _time in range(2):
        with pytest.raises(AskedAlready):
            name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    write(public_id, rita, OTHER)
    assert name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    assert kinds() == [QUESTION, QUESTION]


def test_once_it_is_published_they_are_told_once(rita: int, ada: int) -> None:
    publish(told(rita, ada), rita)
    assert kinds() == [QUESTION, PUBLISHED]
    assert kinds() == [QUESTION, PUBLISHED]


def test_a_correction_is_asked_about_and_told_with_what_readers_are_told(rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    publish(public_id, rita)
    mails()
    write(public_id, rita, OTHER)
    assert name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    agreed(public_id, ada, OTHER)
    view = find_for_staff(public_id)
    assert view is not None
    revision = draft_for_staff(view).revision
    correct_update(view.id, words="She asked twice.", revision=revision, actor_id=rita, now=clock.now())
    end_reading()
    found = mails()
    assert [kind for kind, _to, _text in found] == [QUESTION, PUBLISHED, QUESTION, CORRECTED]
    assert "She asked twice." in found[-1][2]


def test_a_story_that_is_gone_before_the_mail_went_is_not_told(rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    publish(public_id, rita)
    tell_members(clock.now())
    end_reading()
    withdraw_update(id_of(public_id), words="", actor_id=rita, now=clock.now())
    end_reading()
    assert PUBLISHED not in kinds()


def test_whoever_is_named_instead_is_asked_and_the_first_hears_nothing_more(rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    name_member(id_of(public_id), ada, actor_id=rita, now=clock.now())
    bob = make_member("Bob")
    name_member(id_of(public_id), bob, actor_id=rita, now=clock.now())
    assert [to for _kind, to, _text in mails()] == [primary_email(bob)]


def test_only_a_member_can_be_asked(app: Flask, rita: int) -> None:
    desk = signed_in(app, rita)
    public_id = draft(WORDS, rita)
    stranger = make_person("Nora Novak")
    page = desk.submit(desk.get(f"/recruiting/updates/{public_id}"), address=primary_email(stranger), expect=422)
    assert "They have not joined the community." in page.text
    assert mails() == []


def test_a_story_whose_member_took_their_yes_back_says_so_to_colleagues(app: Flask, rita: int, ada: int) -> None:
    public_id = told(rita, ada)
    publish(public_id, rita)
    take_story_back(id_of(public_id), ada, clock.now())
    end_reading()
    page = signed_in(app, rita).get(f"/recruiting/updates/{public_id}")
    assert "They took their yes back, so the story is gone." in page.text


def test_who_is_named_again_after_somebody_else_is_asked_again(rita: int, ada: int) -> None:
    public_id = draft(WORDS, rita)
    bob = make_member("Bob")
    for person_id in (ada, bob, ada):
        assert name_member(id_of(public_id), person_id, actor_id=rita, now=clock.now())
    assert [to for _kind, to, _text in mails()] == [primary_email(ada)]
