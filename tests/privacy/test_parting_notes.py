"""When joined records part again: notes, tags and messages are where they were; what came since stays."""

from flask import Flask
from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.conversations.actions import ask
from portal.conversations.models import ConversationMessage
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.core.tokens import TokenKind
from portal.notes.actions import change_tags, note_on_application, note_on_person
from portal.notes.models import Note, PersonTag
from portal.notes.queries import tags_of
from portal.people.queries import known_person
from portal.privacy.actions import erase_person
from portal.tasks.models import Task
from portal.tasks.states import OPEN_STATES, TaskKind
from tests import factories
from tests.accounts.addresses import add, join_both, keep_link, press, signed_in_browser
from tests.accounts.visitors import ADA, RITA, hire, join
from tests.pages import Browser

BO = "bo@home.example"


def _scope() -> StaffScope:
    rita = known_person(RITA)
    assert rita is not None
    return StaffScope(rita.person_id, Role.RECRUITER)


def _note(person_id: int, text: str) -> None:
    end_reading()
    note_on_person(factories.public_id_of(person_id), scope=_scope(), text=text, form_key=text, now=clock.now())


def _tag(person_id: int, name: str) -> None:
    _change_tags(person_id, [*tags_of(person_id), name])


def _change_tags(person_id: int, names: list[str]) -> None:
    end_reading()
    seen = tags_of(person_id)
    change_tags(factories.public_id_of(person_id), scope=_scope(), names=names, seen=seen, now=clock.now())
    end_reading()


def _write(person_id: int, text: str, application: str = "") -> None:
    end_reading()
    ask(person_id, text=text, application=application, form_key=text, now=clock.now())


def _of(email: str) -> tuple[set[str], set[str], set[str]]:
    """The notes, tags and messages of whoever has this address."""
    end_reading()
    person = known_person(email)
    assert person is not None
    return (
        set(session().scalars(select(Note.body).where(Note.person_id == person.person_id))),
        set(session().scalars(select(PersonTag.name).where(PersonTag.person_id == person.person_id))),
        set(
            session().scalars(select(ConversationMessage.body).where(ConversationMessage.person_id == person.person_id))
        ),
    )


def _questions_of(email: str) -> int:
    person = known_person(email)
    assert person is not None
    open_ones = (
        select(Task.id)
        .where(Task.kind == TaskKind.QUESTION)
        .where(Task.person_id == person.person_id)
        .where(Task.state.in_(OPEN_STATES))
    )
    return len(session().scalars(open_ones).all())


def test_notes_tags_and_messages_go_back_and_what_came_since_stays(app: Flask) -> None:
    rita, ada, bo = hire(RITA), join(), join(BO, "Bo Lind")
    application = factories.make_application(factories.make_opening("Data Analyst"), rita, person_id=bo).public_id
    for person_id, name in ((ada, "Ada"), (bo, "Bo")):
        _note(person_id, f"About {name}")
        _tag(person_id, name)
        _tag(person_id, "Both")
        _write(person_id, f"From {name}")
    note_on_application(application, scope=_scope(), text="About the work", form_key="work", now=clock.now())
    _write(bo, "From Bo about the work", application)
    browser = signed_in_browser(app)
    join_both(browser, add(browser, BO))
    both = _of(ADA)
    assert both[0] == {"About Ada", "About Bo", "About the work"}
    assert both[1] == {"Ada", "Bo", "Both"}
    _note(ada, "Since")
    _tag(ada, "Since")
    _write(ada, "Since")
    link = keep_link(BO, TokenKind.KEEP_APART)
    assert "each has the other messages that it had before" in Browser(app).get(link).text
    press(Browser(app), link)
    assert _of(ADA) == ({"About Ada", "Since"}, {"Ada", "Both", "Since"}, {"From Ada", "Since"})
    assert _of(BO) == ({"About Bo", "About the work"}, {"Bo", "Both"}, {"From Bo", "From Bo about the work"})
    assert (_questions_of(ADA), _questions_of(BO)) == (1, 1)


def test_whoever_is_erased_after_parting_takes_nothing_of_the_other_along(app: Flask) -> None:
    hire(RITA)
    join()
    bo = join(BO, "Bo Lind")
    _note(bo, "About Bo")
    _tag(bo, "Bo")
    _write(bo, "From Bo")
    browser = signed_in_browser(app)
    join_both(browser, add(browser, BO))
    press(Browser(app), keep_link(ADA, TokenKind.KEEP_APART))
    end_reading()
    ada = known_person(ADA)
    assert ada is not None
    erase_person(ada.person_id, None, clock.now())
    assert _of(BO) == ({"About Bo"}, {"Bo"}, {"From Bo"})


def test_a_tag_that_was_taken_off_since_stays_off(app: Flask) -> None:
    hire(RITA)
    ada, bo = join(), join(BO, "Bo Lind")
    for person_id in (ada, bo):
        _tag(person_id, "Both")
    browser = signed_in_browser(app)
    join_both(browser, add(browser, BO))
    _change_tags(ada, [])
    assert _of(ADA)[1] == set()
    press(Browser(app), keep_link(BO, TokenKind.KEEP_APART))
    assert (_of(ADA)[1], _of(BO)[1]) == (set(), set())
