"""Who lacks a value that a mail needs is held back and listed, and the others get theirs."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.desk.jobs import send_morning_mails
from portal.outbox.models import Delivery
from portal.people.actions import change_profile
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.privacy.jobs import ask_who_wants_to_stay
from portal.privacy.queries import held_about
from portal.tasks.actions import escalate_task
from portal.tasks.jobs import escalate_late_tasks
from portal.wording.actions import change_mail, holding_back
from portal.wording.data import MAILS
from portal.wording.jobs import forget_old_held_back
from portal.wording.models import HeldBack
from portal.wording.queries import current_words, held_back_page, our_words, render
from portal.wording.rules import MissingValue, Word, Words
from tests import factories
from tests.conftest import Time

KEEP_ME, MORNING = "contact/keep_me", "tasks/morning"
PAGE = "/recruiting/admin/mail?show=missing"
#: 30 days before what was agreed to on 4 March 2026 runs out.
ASKED_ON = date(2028, 2, 3)


@pytest.fixture
def alma(app: Flask) -> int:
    return factories.make_staff("Alma Reyes", Role.ADMIN, "alma@example.org")


def let_it_begin_with_the_name(kind: str, by: int) -> None:
    """An admin changes the greeting, as admins do."""
    words = our_words(kind)
    changed = Words(**{**vars(words), "body": words.body.replace("{greeting}", "Dear {name},")})
    change_mail(kind, "en", changed, current_words(kind, "en").number, actor_id=by, now=clock.now())


def member(name: str, email: str) -> int:
    person_id = factories.make_person(name, email)
    # Something of theirs is open, so only what they agreed to runs out.
    factories.make_application(factories.make_opening(), factories.make_staff(), person_id=person_id)
    choose(person_id, Purpose.JOB_ALERTS, True, source="/join", now=clock.now())
    return person_id


def written(kind: str) -> list[str]:
    end_reading()
    rows = select(Delivery.to_address).where(Delivery.kind == kind).order_by(Delivery.id)
    return list(session().scalars(rows))


def held() -> list[tuple[str, str]]:
    end_reading()
    return [(line.email, line.missing) for line in held_back_page("", 0, 50)]


def run_for(time: Time, days: int = 0) -> None:
    time.pass_by(days=days)
    for _time in range(2):
        ask_who_wants_to_stay(clock.now())
        end_reading()


def test_one_without_a_name_is_held_back_and_the_job_goes_on_with_the_others(alma: int, time: Time) -> None:
    members = [member(name, f"person{number}@kind.example") for number, name in enumerate(["Ada Lind", "", "Bo Ek"])]
    let_it_begin_with_the_name(KEEP_ME, alma)
    run_for(time, days=(ASKED_ON - clock.now().date()).days)
    assert written(KEEP_ME) == ["person0@kind.example", "person2@kind.example"]
    assert held() == [("person1@kind.example", "Their name, as they write it")]
    change_profile(members[1], name="Cy Berg", locale="en", timezone="UTC", actor_id=members[1], now=clock.now())
    run_for(time, days=1)
    assert written(KEEP_ME)[2:] == ["person1@kind.example"]
    assert held() == []


def test_whoever_was_never_asked_keeps_what_they_agreed_to(alma: int, time: Time) -> None:
    member("", "person@kind.example")
    let_it_begin_with_the_name(KEEP_ME, alma)
    run_for(time, days=(ASKED_ON - clock.now().date()).days)
    for _month in range(3):
        run_for(time, days=30)
    assert held() == [("person@kind.example", "Their name, as they write it")]
    let_us_use_ours(alma)
    run_for(time)
    assert written(KEEP_ME) == ["person@kind.example"]
    assert held() == []


def let_us_use_ours(by: int) -> None:
    change_mail(KEEP_ME, "en", our_words(KEEP_ME), 1, actor_id=by, now=clock.now())


def test_it_is_noted_once_however_often_it_is_tried(alma: int, time: Time) -> None:
    member("", "person@kind.example")
    let_it_begin_with_the_name(KEEP_ME, alma)
    run_for(time, days=(ASKED_ON - clock.now().date()).days)
    began = clock.now()
    run_for(time, days=1)
    end_reading()
    (line,) = held_back_page("", 0, 50)
    assert (line.first_at, line.last_at) == (began, began + timedelta(days=1))


def test_the_mail_of_the_morning_reaches_colleagues_with_a_name(app: Flask, alma: int) -> None:
    for name, email in (("", "nameless@kind.example"), ("Rita Sander", "rita@kind.example")):
        staff = factories.make_staff(name, email=email)
        factories.signed_in(app, staff)
        factories.make_task(staff)
    let_it_begin_with_the_name(MORNING, alma)
    for _time in range(2):
        send_morning_mails(clock.now())
    assert written(MORNING) == ["rita@kind.example"]
    assert held() == [("nameless@kind.example", "Their name, as they write it")]


def test_a_lead_without_a_name_stops_nobody_else_from_being_told(alma: int) -> None:
    leads = [factories.make_staff(name, email=f"{name or 'x'}@kind.example") for name in ("", "Lena")]
    for lead in leads:
        escalate_task(factories.make_task(alma, due=date(2026, 2, 20)), lead, clock.now())
    let_it_begin_with_the_name("tasks/escalated", alma)
    escalate_late_tasks(clock.now())
    assert "Lena@kind.example" in written("tasks/escalated")
    assert "x@kind.example" not in written("tasks/escalated")
    assert ("x@kind.example", "Their name, as they write it") in held()


def note(person_id: int | None, cause: str = "contact/keep_me:1") -> None:
    with holding_back(cause, person_id, clock.now()):
        raise MissingValue(KEEP_ME, "name", "Their name")


def test_the_list_says_whose_mail_and_what_to_do(app: Flask, alma: int) -> None:
    browser = factories.signed_in(app, alma)
    assert "Nothing is missing" in browser.get(PAGE).text
    ada = factories.make_person("Ada Nowak", "ada@kind.example")
    note(ada)
    note(factories.make_staff("Omar Haddad"), "tasks/morning:2")
    note(None, "contact/keep_me:3")
    page = browser.get(PAGE)
    assert "Ada Nowak Shall we stay in touch? Their name, as they write it" in page.text
    assert "Wednesday 4 March 2026" in page.text
    assert f"/recruiting/candidates/{factories.public_id_of(ada)}" in page.links
    assert "/recruiting/admin/mails/contact/keep_me" in page.links
    assert "Nobody we know" in page.text
    assert "Ada Nowak" in browser.get(f"{PAGE}&to=ADA@").text
    assert "Nothing fits" in browser.get(f"{PAGE}&to=bo@").text
    home = browser.get("/recruiting/admin/")
    assert "3 mails could not be written" in home.text
    assert PAGE in home.links


def test_what_nobody_tries_any_more_is_forgotten(app: Flask, time: Time) -> None:
    note(factories.make_person())
    time.pass_by(days=14)
    forget_old_held_back(clock.now())
    assert len(held()) == 1
    time.pass_by(minutes=1)
    forget_old_held_back(clock.now())
    assert held() == []


def test_people_read_that_a_mail_waits_and_it_goes_with_them(app: Flask, alma: int) -> None:
    ada = factories.make_person("", "ada@kind.example")
    note(ada)
    end_reading()
    titles = {section.title: section.rows for section in held_about(ada)}
    ((mail, since),) = titles["Mail to you that we could not write"]
    assert mail == "Shall we stay in touch?"
    assert since.startswith("Wednesday 4 March 2026")
    erase_person(ada, alma, clock.now())
    assert held() == []


@pytest.mark.parametrize("goes", ["merged", "handed over"])
def test_it_goes_with_a_record_that_goes(app: Flask, alma: int, goes: str) -> None:
    gone, kept = factories.make_staff("Rita Sander"), factories.make_staff("Omar Haddad")
    note(gone)
    if goes == "merged":
        merge_people(kept, gone, actor_id=alma, now=clock.now())
    else:
        hand_over(gone, kept, alma, clock.now())
    end_reading()
    assert session().scalar(select(func.count(HeldBack.id))) == 0


#: What somebody did themselves and waits for: it goes in any case.
OWN_DOING = sorted(kind for kind in MAILS if kind.startswith(("accounts/", "community/")))


@pytest.mark.only("sqlite")  # words do not depend on the database
@pytest.mark.parametrize("kind", OWN_DOING)
def test_no_words_of_an_admin_keep_a_nameless_person_from_their_account(app: Flask, alma: int, kind: str) -> None:
    mail, words = MAILS[kind], our_words(kind)
    named = [name for name, place in mail.all_places.items() if isinstance(place, Word)]
    body = words.body + "\n\n" + "\n\n".join(f"It says {{{name}}}." for name in named)
    change_mail(kind, "en", Words(**{**vars(words), "body": body}), 0, actor_id=alma, now=clock.now())
    given = {name: place.example for name, place in mail.all_places.items() if isinstance(place, Word)}
    values = {name: value for name, value in given.items() if name not in {"org", "greeting"}}
    if "name" in values:
        # An invitation calls whoever has no name a colleague.
        values["name"] = "colleague" if kind == "accounts/invitation" else ""
    assert render(kind, "en", "UTC", **values).text


def test_a_letter_that_lacks_a_value_says_so_above_its_form_and_keeps_what_was_typed(app: Flask) -> None:
    rita = factories.make_staff()
    made = factories.make_application(factories.make_opening(" "), rita)
    browser = factories.signed_in(app, rita)
    for button in ("preview", "send"):
        page = browser.get(f"/recruiting/applications/{made.public_id}")
        form = page.form(having="message")
        values = {
            **form.values,
            "message": "Dear Ada, we would like to meet you.",
            "date_reason": "Easter.",
            "do": button,
        }
        answer = browser.post(form.action, values, expect=422)
        assert "This mail says “What they applied for”, and we do not know that here" in answer.text
        assert "Dear Ada, we would like to meet you." in answer.text
    assert written("applications/message") == []
