"""The card of a person: what happened, what colleagues noted, tags, who comes next."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Mark
from portal.applications.states import EventKind, MarkKind
from portal.audit.models import AuditRecord
from portal.contact.actions import record_consent
from portal.contact.models import CountedContact
from portal.contact.states import Budget, ConsentAction, Purpose
from portal.conversations.actions import ask
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.notes.models import Note, PersonTag
from portal.people.models import Staff
from portal.privacy.actions import erase_person, merge_people
from portal.privacy.queries import held_about
from tests.conftest import Time, counted_statements
from tests.factories import (
    Made,
    add_event,
    make_application,
    make_opening,
    make_person,
    make_staff,
    make_submission,
    public_id_of,
    signed_in,
)
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

LIST = "/recruiting/candidates"
SECRET = "Afraid of heights"


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return signed_in(app, rita)


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(app: Flask) -> int:
    return make_person("Ada Lind", "ada@example.org")


@pytest.fixture
def applied(rita: int, hugo: int, ada: int) -> Made:
    return make_application(make_opening("Crane Driver", recruiter_id=rita, manager_id=hugo), rita, person_id=ada)


def card_of(person_id: int) -> str:
    return f"{LIST}/{public_id_of(person_id)}"


def beside(applied: Made) -> str:
    return f"/recruiting/applications/{applied.public_id}/read"


def give_tags(desk: Browser, person_id: int, text: str, **options: int) -> str:
    url = f"{card_of(person_id)}/tags"
    return desk.submit(desk.get(url), tags=text, **options).text


# What happened


def test_the_card_tells_everything_in_one_story_the_newest_first(
    desk: Browser, rita: int, ada: int, applied: Made, time: Time
) -> None:
    time.pass_by(minutes=20)
    add_event(applied.id, EventKind.MESSAGE, promised=date(2026, 3, 9), message="We read it.", actor_id=rita)
    time.pass_by(minutes=20)
    record_consent(
        ada,
        Purpose.JOB_ALERTS,
        ConsentAction.GIVEN,
        words="Tell me of jobs.",
        text_version="2026-03",
        locale="en",
        source="/join",
        now=clock.now(),
    )
    time.pass_by(minutes=20)
    ask(ada, text="Is there a lift?", application=applied.public_id, form_key="a", now=clock.now())
    text = desk.get(card_of(ada)).text
    story = text[text.index("What has happened so far") :]
    told = ["Is there a lift?", "Said yes to: ", "We read it.", "Came with an import"]
    assert [story.index(one) for one in told] == sorted(story.index(one) for one in told)
    assert "Crane Driver" in story


def test_the_card_says_what_may_be_sent_now_after_all_they_agreed_to_and_got(
    desk: Browser, ada: int, time: Time
) -> None:
    for action in (ConsentAction.GIVEN, ConsentAction.WITHDRAWN, ConsentAction.GIVEN):
        _say(ada, Purpose.INSIDER_UPDATES, action)
    _say(ada, Purpose.JOB_ALERTS, ConsentAction.GIVEN)
    _say(ada, Purpose.JOB_ALERTS, ConsentAction.WITHDRAWN)
    may_be_sent = _may_be_sent(desk, ada)
    assert may_be_sent.count("We may write to them now.") == 1
    assert may_be_sent.count("No more, since") == 1
    with transaction() as own:
        for number in range(2):
            own.add(
                CountedContact(
                    person_id=ada,
                    delivery_key=f"key-{number}",
                    budget=Budget.COMMUNITY,
                    purpose=Purpose.INSIDER_UPDATES,
                    counted_at=clock.now(),
                )
            )
    may_be_sent = _may_be_sent(desk, ada)
    assert "We may write to them now." not in may_be_sent
    assert "They have heard from us often enough for now." in may_be_sent
    assert may_be_sent.count("Last heard from them on") == 1
    time.pass_by(days=40)
    assert "We may write to them now." in _may_be_sent(signed_in(desk.app, make_staff("Rudi")), ada)


def _say(person_id: int, purpose: Purpose, action: ConsentAction) -> None:
    record_consent(
        person_id,
        purpose,
        action,
        words="What they read.",
        text_version="2026-03",
        locale="en",
        source="/join",
        now=clock.now(),
    )


def _may_be_sent(desk: Browser, person_id: int) -> str:
    text = desk.get(card_of(person_id)).text
    return text[text.index("What we may send them") :]


def test_what_is_long_ago_unfolds(desk: Browser, ada: int, applied: Made) -> None:
    for number in range(20):
        add_event(applied.id, EventKind.MESSAGE, promised=date(2026, 3, 9), message=f"Word {number}")
    page = desk.get(card_of(ada))
    assert "Show 9 earlier entries" in page.text
    assert "Word 0" in page.text


def test_the_last_messages_lead_to_the_conversation(desk: Browser, ada: int, applied: Made) -> None:
    ask(ada, text="Is there a lift?", application=applied.public_id, form_key="a", now=clock.now())
    page = desk.get(card_of(ada))
    assert f"/recruiting/conversations/{public_id_of(ada)}" in page.links
    assert page.text.count("Is there a lift?") == 2


def test_a_silver_medal_stands_on_the_card_until_it_expires(
    desk: Browser, rita: int, ada: int, applied: Made, time: Time
) -> None:
    with transaction() as own:
        own.add(
            Mark(
                application_id=applied.id,
                kind=MarkKind.SILVER_MEDAL,
                reason="Second of forty",
                expires_on=date(2026, 3, 5),
                set_by_id=rita,
                set_at=clock.now(),
            )
        )
    assert "Second of forty" in desk.get(card_of(ada)).text
    time.pass_by(days=1)
    assert "Second of forty" not in signed_in(desk.app, rita).get(card_of(ada)).text


def test_a_card_with_much_on_it_costs_no_more_statements(desk: Browser, rita: int, ada: int, applied: Made) -> None:
    url = card_of(ada)
    desk.get(url)
    with counted_statements() as few:
        desk.get(f"{url}?among=people")
    for number in range(30):
        add_event(applied.id, EventKind.MESSAGE, promised=date(2026, 3, 9), message=f"Word {number}")
    for number in range(5):
        ask(ada, text=f"Question {number}", application=applied.public_id, form_key=str(number), now=clock.now())
    with transaction() as own:
        for number in range(30):
            own.add(_note(f"note-{number}", ada, rita))
    with counted_statements() as many:
        desk.get(f"{url}?among=people")
    assert len(many) == len(few) <= 14


def _note(public_id: str, person_id: int, author_id: int) -> Note:
    return Note(public_id=public_id, person_id=person_id, author_id=author_id, body="Something", created_at=clock.now())


# Who comes next


def test_next_and_previous_follow_the_list_one_came_from(desk: Browser, time: Time) -> None:
    people = []
    for name in ("Ann Lindgren", "Bo Ek", "Cleo Lindqvist", "Dan Lindberg"):
        people.append(make_person(name))
        time.pass_by(minutes=1)
    listed = desk.get(f"{LIST}?q=lind")
    middle = desk.get(next(link for link in listed.links if public_id_of(people[2]) in link))
    assert f"{card_of(people[3])}?among=people&q=lind" in middle.links
    last = desk.get(f"{card_of(people[0])}?among=people&q=lind")
    assert f"{card_of(people[2])}?among=people&q=lind" in last.links
    assert not any(public_id_of(people[1]) in link for link in last.links)
    assert "Previous" in last.text
    assert "Next" not in last.text


def test_people_of_the_same_instant_are_walked_through_one_by_one(desk: Browser) -> None:
    people = [make_person(f"Lind {number}") for number in range(4)]
    seen, url = [], f"{card_of(people[-1])}?among=people&q=lind"
    for _number in range(4):
        page = desk.get(url)
        seen.append(page.heading)
        following = page.find("data-key") if "Previous" not in page.text else None
        links = [link for link in page.links if "?among" in link and link.startswith(f"{LIST}/")]
        url = following.get("href", "") if following is not None else links[-1]
    assert seen == ["Lind 3", "Lind 2", "Lind 1", "Lind 0"]


def test_a_card_that_was_opened_elsewhere_has_no_neighbours(desk: Browser, ada: int) -> None:
    make_person("Bo Ek")
    text = desk.get(card_of(ada)).text
    assert "Back to the list" not in text


# Notes


def test_a_note_stands_on_the_card_with_author_and_day(desk: Browser, ada: int) -> None:
    page = desk.submit(desk.get(card_of(ada)), body=SECRET)
    assert page.path == card_of(ada)
    assert SECRET in page.text
    assert "Rita Sander Wednesday" in page.text


def test_an_empty_note_says_what_is_missing(desk: Browser, ada: int) -> None:
    page = desk.submit(desk.get(card_of(ada)), having="body", body="   ", expect=422)
    assert "Please write what you want to note." in page.text


def test_a_note_that_is_too_long_is_kept_in_the_form(desk: Browser, ada: int) -> None:
    page = desk.submit(desk.get(card_of(ada)), body="x" * 5001, expect=422)
    assert page.form(having="body").values["body"] == "x" * 5001


def test_pressing_twice_notes_once(desk: Browser, ada: int) -> None:
    page = desk.get(card_of(ada))
    desk.submit(page, body=SECRET)
    desk.submit(page, body=SECRET)
    assert len(session().scalars(select(Note)).all()) == 1


def test_an_author_changes_a_note_for_a_quarter_of_an_hour(desk: Browser, ada: int, time: Time) -> None:
    page = desk.submit(desk.get(card_of(ada)), body=SECRET)
    link = next(link for link in page.links if link.startswith("/recruiting/notes/"))
    time.pass_by(minutes=14)
    form = desk.get(link)
    changed = desk.submit(form, body="Likes heights")
    assert "Likes heights" in changed.text
    assert SECRET not in changed.text
    assert "Changed on" in changed.text
    time.pass_by(minutes=1)
    assert link not in desk.get(card_of(ada)).links
    late = desk.submit(form, body="Something else", expect=422)
    assert "A note can be changed for 15 minutes" in late.text
    assert "Likes heights" in desk.get(card_of(ada)).text
    assert "its words stay" in desk.get(link).text


def test_an_author_removes_a_note_at_any_time(desk: Browser, ada: int, time: Time) -> None:
    page = desk.submit(desk.get(card_of(ada)), body=SECRET)
    time.pass_by(minutes=50)
    assert SECRET not in desk.submit(page, action="/remove").text


def test_nobody_changes_or_removes_the_note_of_another(app: Flask, desk: Browser, ada: int) -> None:
    page = desk.submit(desk.get(card_of(ada)), body=SECRET)
    link = next(link for link in page.links if link.startswith("/recruiting/notes/"))
    nora = signed_in(app, make_staff("Nora Falk", Role.ADMIN))
    theirs = nora.get(card_of(ada))
    assert SECRET in theirs.text
    assert link not in theirs.links
    token = theirs.form(having="body").values["csrf_token"]
    nora.get(link, expect=404)
    nora.post(link, {"csrf_token": token, "body": "No"}, expect=404)
    nora.post(f"{link}/remove", {"csrf_token": token}, expect=404)
    assert SECRET in desk.get(card_of(ada)).text


def test_what_was_noted_is_on_record_without_its_words(desk: Browser, rita: int, ada: int) -> None:
    page = desk.submit(desk.get(card_of(ada)), body=SECRET)
    desk.submit(page, action="/remove")
    noted = select(AuditRecord).where(AuditRecord.action.startswith("notes.")).order_by(AuditRecord.id)
    found = session().scalars(noted).all()
    assert [(one.action, one.actor_id, one.details) for one in found] == [
        ("notes.add_note", rita, {}),
        ("notes.remove_note", rita, {}),
    ]


# Hiring managers


def test_a_hiring_manager_notes_on_applications_to_their_openings(
    app: Flask, desk: Browser, hugo: int, ada: int, applied: Made
) -> None:
    manager = signed_in(app, hugo)
    page = manager.submit(manager.get(beside(applied)), body="Steady hands")
    assert page.path == beside(applied)
    assert "Steady hands" in page.text
    assert "About Crane Driver" in desk.get(card_of(ada)).text


def test_a_hiring_manager_reads_nothing_that_was_noted_elsewhere(
    app: Flask, desk: Browser, rita: int, hugo: int, ada: int, applied: Made
) -> None:
    desk.submit(desk.get(card_of(ada)), body="About the person")
    other = make_application(make_opening("Nurse", recruiter_id=rita), rita, person_id=ada)
    desk.submit(desk.get(beside(other)), body="About the nurse")
    manager = signed_in(app, hugo)
    text = manager.get(beside(applied)).text
    assert "About the person" not in text
    assert "About the nurse" not in text
    manager.get(beside(other), expect=404)
    manager.get(f"/recruiting/applications/{other.public_id}/notes", expect=404)
    manager.get(card_of(ada), expect=404)
    assert "About the" not in manager.get("/recruiting/search?q=about").text


def test_a_hiring_manager_cannot_tag(app: Flask, hugo: int, ada: int, applied: Made) -> None:
    signed_in(app, hugo).get(f"{card_of(ada)}/tags", expect=404)


# Beside the CV


def test_the_application_is_read_beside_the_cv(desk: Browser, ada: int, applied: Made) -> None:
    make_submission(applied.public_id, ada)
    page = desk.get(beside(applied))
    frame = next(e for e in page.tree.iter() if str(e.tag).endswith("iframe")) if page.tree is not None else None
    assert frame is not None
    assert frame.get("src") == f"/recruiting/applications/{applied.public_id}/cv"
    assert f"A note of {applied.public_id}" in page.text
    assert page.response.headers["Content-Security-Policy"].endswith("frame-src 'self'")
    cv = desk.client.get(frame.get("src") or "")
    assert cv.headers["X-Frame-Options"] == "SAMEORIGIN"
    assert cv.headers["Content-Security-Policy"].startswith("sandbox;")


def test_an_import_has_nothing_to_read_and_says_where_it_stands(desk: Browser, applied: Made) -> None:
    assert "what they sent stands in greenhouse" in desk.get(beside(applied)).text


# Tags


def test_tags_are_typed_found_by_and_removed(desk: Browser, ada: int) -> None:
    assert "Welder" in give_tags(desk, ada, "Welder\nspeaks Polish, night shifts")
    assert "Ada Lind" in desk.get(f"{LIST}?q=welder").text
    text = give_tags(desk, ada, "Welder")
    assert "night shifts" not in text
    assert "Nobody by that name" in desk.get(f"{LIST}?q=night").text


def test_a_tag_is_written_as_it_was_first_written(desk: Browser, ada: int) -> None:
    give_tags(desk, ada, "Night Shifts")
    text = give_tags(desk, make_person("Bo Ek"), "night   shifts, NIGHT SHIFTS")
    assert "Night Shifts" in text
    assert "night shifts" not in text
    assert desk.client.get("/recruiting/tags/suggestions?q=nig").json == ["Night Shifts"]


def test_two_who_tag_at_once_undo_nothing_of_each_other(desk: Browser, ada: int) -> None:
    give_tags(desk, ada, "one\ntwo")
    page = desk.get(f"{card_of(ada)}/tags")
    give_tags(desk, ada, "one\ntwo\nthree")
    text = desk.submit(page, tags="two\nfour").text
    tags = text[text.index("Tags") :]
    assert all(tag in tags for tag in ("two", "three", "four"))
    assert set(session().scalars(select(PersonTag.key))) == {"two", "three", "four"}


def test_a_tag_that_is_too_long_is_kept_in_the_form(desk: Browser, ada: int) -> None:
    text = give_tags(desk, ada, "y" * 61, expect=422)
    assert "Please keep each tag under 60 characters." in text
    assert "y" * 61 in text


def test_more_tags_than_help_are_refused_even_bit_by_bit(desk: Browser, ada: int) -> None:
    give_tags(desk, ada, "\n".join(f"tag {number}" for number in range(30)))
    page = desk.get(f"{card_of(ada)}/tags")
    many = page.form(having="tags").values["tags"]
    assert "Please keep it to 30 tags" in desk.submit(page, tags=f"{many}\none more", expect=422).text
    assert len(session().scalars(select(PersonTag.id)).all()) == 30


# Nothing of it reaches them


def test_no_note_or_tag_reaches_the_person(app: Flask, desk: Browser, ada: int, applied: Made) -> None:
    desk.submit(desk.get(card_of(ada)), body=SECRET)
    desk.submit(desk.get(beside(applied)), body=SECRET)
    give_tags(desk, ada, SECRET)
    end_reading()
    held = str(held_about(ada))
    assert SECRET not in held
    assert "Noted something" not in held
    assert "Changed the tags" not in held
    assert "Working notes of colleagues" in held
    browser = signed_in(app, ada)
    for path in ("/me", f"/me/applications/{applied.public_id}", "/me/conversation", "/me/privacy"):
        assert SECRET not in browser.get(path).text


def test_what_is_said_about_notes_tells_nobody_whether_there_are_any(desk: Browser, ada: int) -> None:
    def working() -> str:
        end_reading()
        return str([one for one in held_about(ada) if one.title == "Working notes of colleagues"])

    before = working()
    desk.submit(desk.get(card_of(ada)), body=SECRET)
    assert working() == before


def test_erasing_somebody_takes_their_notes_and_tags(desk: Browser, rita: int, ada: int) -> None:
    desk.submit(desk.get(card_of(ada)), body=SECRET)
    give_tags(desk, ada, SECRET)
    erase_person(ada, rita, clock.now())
    end_reading()
    assert session().scalars(select(Note.id)).all() == []
    assert session().scalars(select(PersonTag.id)).all() == []


def test_merging_two_keeps_all_notes_and_one_of_each_tag(desk: Browser, rita: int, ada: int) -> None:
    other = make_person("Ada L.")
    for person_id, words in ((ada, "First"), (other, "Second")):
        desk.submit(desk.get(card_of(person_id)), body=words)
        give_tags(desk, person_id, f"Welder, {words}")
    merge_people(ada, other, rita, clock.now())
    end_reading()
    text = desk.get(card_of(ada)).text
    assert "First" in text
    assert "Second" in text
    assert sorted(session().scalars(select(PersonTag.key).where(PersonTag.person_id == ada))) == [
        "first",
        "second",
        "welder",
    ]


def test_a_note_stays_when_its_author_has_left(app: Flask, desk: Browser, ada: int) -> None:
    nora = make_staff("Nora Falk")
    theirs = signed_in(app, nora)
    theirs.submit(theirs.get(card_of(ada)), body=SECRET)
    with transaction() as own:
        own.get_one(Staff, nora).is_active = False
    assert SECRET in desk.get(card_of(ada)).text
