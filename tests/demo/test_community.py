"""What the demo tells of the community: who reads what, who is gathered, and what came back."""

from email.utils import parseaddr

import pytest
from flask import Flask
from sqlalchemy import exists, func, select

from portal.alerts.models import JobAlert
from portal.community.adapters import places
from portal.community.rules import places_from
from portal.contact.models import Suppression
from portal.core.db import session
from portal.demo.data import gathered, openings, texts
from portal.demo.data.updates import POSTS
from portal.digests.models import UpdateMailing
from portal.digests.states import MailingState
from portal.openings.models import Opening
from portal.outbox.models import DevMail
from portal.people.models import Person
from portal.people.queries import all_staff
from portal.prospects.models import Prospect
from portal.prospects.queries import find_prospect
from portal.prospects.states import Standing
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.rules import html_of
from portal.updates.states import Audience, UpdateState
from tests.factories import signed_in
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # it is told through the actions that are tested on both

FOR_SOME = "What moving the calendar has taught us so far"
PUBLIC = [post.title for post in POSTS if post.audience is Audience.EVERYBODY and post.when.days_ago > 0]


def person(name: str) -> Person:
    return session().scalars(select(Person).where(Person.name == name)).one()


def colleague(app: Flask, key: str) -> Browser:
    return signed_in(app, next(row.person_id for row in all_staff() if row.email == f"{key}@demo.example"))


def candidate(app: Flask, name: str) -> Browser:
    return signed_in(app, person(name).id)


def update(title: str) -> InsiderUpdate:
    return session().scalars(select(InsiderUpdate).where(InsiderUpdate.title == title)).one()


def mails_to(address: str, kind: str) -> list[DevMail]:
    found = session().scalars(select(DevMail).where(DevMail.kind == kind).order_by(DevMail.id))
    return [mail for mail in found if parseaddr(mail.to_address)[1] == address]


def test_places_of_openings_are_those_that_people_choose() -> None:
    written = [*openings.OF_THE_IMPORT.values(), openings.EARLY, openings.CLOSED]
    named = {place for one in written for place in one.content.places}
    assert {(place.key, place.label) for place in named} == {
        tuple(places_from(f"{place.label}\n", places("en"))[0]) for place in named
    }


def test_a_visitor_finds_the_public_updates_and_nothing_else(demo: Flask) -> None:
    visitor = Browser(demo)
    shown = visitor.get("/updates").text
    feed = visitor.client.get("/feeds/updates.xml").get_data(as_text=True)
    assert len(PUBLIC) == 6
    for post in POSTS:
        is_public = post.title in PUBLIC and not post.is_draft
        assert (post.title in shown) is is_public, post.title
        assert (f">{post.title}<" in feed) is is_public, post.title
    page = visitor.get(f"/updates/{update('What we pay, role by role').slug}").text
    assert "and 10 per cent when your clinics stay" in page
    assert "was missing" in page
    assert "€68,000 to €84,000 a year" in page
    visitor.get(f"/updates/{update(FOR_SOME).slug}", expect=404)


def test_ada_reads_what_is_for_people_like_her_and_nora_does_not(demo: Flask) -> None:
    address = f"/me/updates/{update(FOR_SOME).slug}"
    ada = candidate(demo, "Ada Nwosu")
    assert FOR_SOME in ada.get("/me/updates").text
    assert "because you told us that you build backends" in ada.get(address).text
    nora = candidate(demo, "Nora Lindgren")
    page = nora.get("/me/updates").text
    assert FOR_SOME not in page
    assert "Who we are looking for" in page
    assert "One of the last two" in page
    nora.get(address, expect=404)


def test_ada_has_one_unread_update_and_a_weekly_mail(demo: Flask) -> None:
    ada = person("Ada Nwosu")
    unread = (
        select(InsiderUpdate.title)
        .join(UpdateReader, UpdateReader.update_id == InsiderUpdate.id)
        .where(UpdateReader.person_id == ada.id)
        .where(UpdateReader.seen_at.is_(None))
        .where(InsiderUpdate.state.in_((UpdateState.PUBLISHED, UpdateState.CORRECTED)))
    )
    assert list(session().scalars(unread)) == [FOR_SOME]
    digests = mails_to("ada@demo.example", "digests/digest")
    assert digests
    assert "A Thursday with the platform team" in "".join(mail.text for mail in digests)


def test_a_story_stands_on_the_yes_of_its_member(demo: Flask) -> None:
    silas = candidate(demo, "Silas Berg")
    page = silas.get(f"/me/stories/{update('One of the last two').public_id}")
    assert page.form(action="/take-back")
    silas.submit(page, action="/take-back")
    nora = candidate(demo, "Nora Lindgren")
    assert "One of the last two" not in nora.get("/me/updates").text


def test_rita_finds_her_updates_in_every_state(demo: Flask) -> None:
    rita = colleague(demo, "rita")
    page = rita.get("/recruiting/updates").text
    for words in (*(post.title for post in POSTS), "Draft", "Scheduled", "Corrected", "Withdrawn"):
        assert words in page, words
    assert session().scalar(select(func.count()).select_from(InsiderUpdate)) == 12
    # One mailing rests half-way: where it was night nobody has it yet.
    paused = session().scalars(select(UpdateMailing).where(UpdateMailing.state == MailingState.PAUSED)).one()
    public_id = session().get_one(InsiderUpdate, paused.update_id).public_id
    assert "Paused" in rita.get(f"/recruiting/updates/{public_id}/mail").text
    assert len(session().scalars(select(DevMail).where(DevMail.kind == "updates/update")).all()) > 20
    # What became of an older one is read from what people did.
    public_id = update("Behind the role: Senior Backend Engineer").public_id
    results = rita.get(f"/recruiting/updates/{public_id}/mail").text
    assert "came back" in results.lower() or "bounced" in results.lower()


def test_an_address_that_mail_came_back_from_is_not_written_to(demo: Flask) -> None:
    grace = person("Grace Mwangi")
    assert session().scalars(select(Suppression.person_id).where(Suppression.lifted_at.is_(None))).all().count(grace.id)
    page = colleague(demo, "rita").get(f"/recruiting/candidates/{grace.public_id}/mail")
    assert page.forms


def test_what_came_in_by_mail_is_where_it_belongs(demo: Flask) -> None:
    mira = person("Mira Castellanos")
    rita = colleague(demo, "rita")
    assert "without a telephone" in rita.get(f"/recruiting/conversations/{mira.public_id}").text
    admin = colleague(demo, "admin")
    assert "Do you hire in Gdynia?" in admin.get("/recruiting/admin/mail/incoming").text


def test_people_without_an_opening_stand_in_every_way(demo: Flask) -> None:
    people = session().scalars(
        select(Person.public_id).join(Prospect, Prospect.person_id == Person.id).order_by(Person.id)
    )
    found = [find_prospect(public_id) for public_id in people]
    standings = [one.standing for one in found if one]
    assert sorted(standings) == sorted(
        [
            Standing.NOT_INVITED,
            Standing.NOT_INVITED,
            Standing.INVITED,
            Standing.INVITED,
            Standing.NOT_ARRIVED,
            Standing.HERE,
        ]
    )
    page = colleague(demo, "rita").get("/recruiting/prospects").text
    for one in gathered.PROSPECTS:
        assert one.name in page


def test_what_colleagues_gathered_is_found_and_used(demo: Flask) -> None:
    rita = colleague(demo, "rita")
    page = rita.get("/recruiting/pools").text
    assert all(pool.name in page for pool in gathered.POOLS)
    page = rita.get("/recruiting/tags").text
    assert "Backend" in page
    assert "Back end" in page
    page = rita.get("/recruiting/segments").text
    for saved in gathered.SEGMENTS:
        assert saved.name in page
    hugo = colleague(demo, "omar").get("/recruiting/segments").text
    assert "Backend in Warsaw or remote" in hugo
    assert "Passive backend people" not in hugo


def test_members_heard_of_the_opening_that_fits_them(demo: Flask) -> None:
    told = select(Person.name).where(exists().where(JobAlert.person_id == Person.id))
    assert "Piotr Mazur" in set(session().scalars(told))
    mails = mails_to("piotr.mazur@example.org", "alerts/opening")
    assert [mail.subject for mail in mails] == ["New for you: Integration Engineer"]


def test_rita_sees_who_may_fit_and_whom_she_invited(demo: Flask) -> None:
    opening = session().scalars(select(Opening).where(Opening.title == openings.EARLY.content.title)).one()
    rita = colleague(demo, "rita")
    page = rita.get(f"/recruiting/openings/{opening.public_id}/fitting").text
    assert "Silas Berg" in page
    assert "Marta Zielińska" in rita.get(f"/recruiting/openings/{opening.public_id}/fitting/invited").text
    assert "HL7" in "".join(mail.text for mail in mails_to(gathered.INVITED, "fitting/invitation"))


def test_texts_have_the_length_of_a_letter() -> None:
    for post in POSTS:
        words = len(post.body.split())
        assert post.is_draft or 80 <= words <= 220, f"{post.title}: {words}"
        assert "!" not in post.body + post.title + post.summary
        assert html_of(post.body)
    assert texts.SUCCESS_PAY in texts.PAY
