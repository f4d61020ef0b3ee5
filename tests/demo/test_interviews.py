"""What the demo tells of interviews, feedback, offers and promises."""

import re

import pytest
from flask import Flask
from sqlalchemy import select

from portal.applications.models import Application
from portal.core.db import session
from portal.feedback.models import Feedback, FeedbackDebt
from portal.feedback.states import DebtState, FeedbackState
from portal.interviews.models import Interview, InterviewWish
from portal.interviews.states import InterviewState, WishKind
from portal.offers.models import Offer
from portal.offers.states import OfferState
from portal.openings.models import Opening
from portal.outbox.models import DevMail
from portal.people.models import Person
from portal.people.queries import all_staff
from tests.factories import signed_in
from tests.pages import Browser

pytestmark = pytest.mark.only("sqlite")  # it is told through the actions that are tested on both


def candidate(app: Flask, name: str) -> Browser:
    return signed_in(app, session().scalars(select(Person.id).where(Person.name == name)).one())


def colleague(app: Flask, key: str) -> Browser:
    return signed_in(app, next(row.person_id for row in all_staff() if row.email == f"{key}@demo.example"))


def application(name: str, title: str) -> str:
    wanted = select(Application.public_id).join(Person, Person.id == Application.person_id)
    wanted = wanted.join(Opening, Opening.id == Application.opening_id)
    return session().scalars(wanted.where(Person.name == name).where(Opening.title == title)).one()


def interview_of(name: str, state: InterviewState) -> str:
    wanted = select(Interview.public_id).join(Application, Application.id == Interview.application_id)
    wanted = wanted.join(Person, Person.id == Application.person_id)
    return session().scalars(wanted.where(Person.name == name).where(Interview.state == state)).one()


def test_ada_has_an_interview_ahead_and_feedback_that_she_has_not_opened(demo: Flask) -> None:
    ahead, open_one, ended = (
        interview_of("Ada Nwosu", InterviewState.CONFIRMED),
        application("Ada Nwosu", "Senior Backend Engineer"),
        application("Ada Nwosu", "Data Analyst, Finance"),
    )
    ada = candidate(demo, "Ada Nwosu")
    assert "Your interview is on Thursday 5 March 2026, 11:00" in ada.get("/me/").text
    assert "Your interview is on Thursday 5 March 2026, 11:00" in ada.get(f"/me/applications/{open_one}").text
    page = ada.get(f"/me/interviews/{ahead}").text
    for words in ("Hugo Lindqvist", "Lena Walczak", "Which part of the platform keeps you awake", "screen reader"):
        assert words in page, words
    page = ada.get(f"/me/applications/{ended}").text
    assert "Lena Walczak has written feedback for you" in page
    assert "You asked whom each number is for" not in page


def test_the_panel_finds_what_it_needs_and_who_has_not_read_the_guide(demo: Flask) -> None:
    path = f"/recruiting/interviews/{interview_of('Ada Nwosu', InterviewState.CONFIRMED)}"
    hugo = colleague(demo, "hugo").get(path).text
    assert "You have not read the guide" in hugo
    assert "How does a team here decide that something is finished?" in hugo
    assert "read out what you show" not in hugo
    rita = colleague(demo, "rita").get(path).text
    assert "You have not read the guide" not in rita
    assert "read out what you show" in rita
    assert "Hugo" in colleague(demo, "rita").get("/recruiting/interviews").text
    assert "8 of 9" in colleague(demo, "rita").get("/recruiting/interviews/impressions").text


def test_somebody_chooses_a_time_from_the_mail_and_somebody_asks_for_another(demo: Flask) -> None:
    mail = session().scalars(
        select(DevMail)
        .where(DevMail.kind == "interviews/proposal")
        .where(DevMail.to_address.contains("mira.castellanos"))
    )
    link = re.search(r"/interviews/[\w-]{20,}", mail.one().text)
    assert link is not None
    assert "Meet the team" in Browser(demo).get(link[0]).text
    wishes = session().scalars(select(InterviewWish).where(InterviewWish.closed_at.is_(None))).all()
    assert [wish.kind for wish in wishes] == [WishKind.ANOTHER_TIME]


def test_silas_has_read_his_feedback_and_said_thanks(demo: Flask) -> None:
    path = f"/me/applications/{application('Silas Berg', 'Senior Backend Engineer')}"
    page = candidate(demo, "Silas Berg").get(f"{path}/feedback").text
    assert "You found the fault in our data model" in page
    assert "The first chapter on messages that arrive twice" in page
    page = colleague(demo, "hugo").get(f"/recruiting/interviews/{interview_of('Silas Berg', InterviewState.DONE)}").text
    assert "I would work with him tomorrow." in page


def test_feedback_is_owed_in_every_way(demo: Flask) -> None:
    states = sorted(session().scalars(select(FeedbackDebt.state)))
    assert states == [*[DebtState.GIVEN] * 2, DebtState.HELD, *[DebtState.OPEN] * 4]
    assert sorted(session().scalars(select(Feedback.state))) == [
        *[FeedbackState.APPROVED] * 2,
        FeedbackState.DRAFT,
        FeedbackState.FOR_APPROVAL,
    ]
    rita = colleague(demo, "rita").get("/recruiting/feedback").text
    for words in ("days late", "Due today", "Waits to be approved"):
        assert words in rita, words
    assert "By telephone" in colleague(demo, "omar").get("/recruiting/feedback").text
    held = session().scalars(select(FeedbackDebt).where(FeedbackDebt.state == DebtState.HELD)).one()
    person_id, public_id = (
        session()
        .execute(select(Application.person_id, Application.public_id).where(Application.id == held.application_id))
        .one()
    )
    assert "Alma Reyes" in signed_in(demo, person_id).get(f"/me/applications/{public_id}").text


def test_offers_stand_in_every_way(demo: Flask) -> None:
    rows = session().execute(
        select(Offer.state, Application.person_id, Application.public_id)
        .join(Application, Application.id == Offer.application_id)
        .order_by(Offer.id)
    )
    found = {state: (person_id, public_id) for state, person_id, public_id in rows}
    assert set(found) == {OfferState.DECLINED, OfferState.ACCEPTED, OfferState.OPEN}
    person_id, public_id = found[OfferState.OPEN]
    assert "66,000 EUR" in signed_in(demo, person_id).get(f"/me/applications/{public_id}/offer").text
    page = signed_in(demo, found[OfferState.DECLINED][0]).get(f"/me/applications/{found[OfferState.DECLINED][1]}")
    assert "Offer declined" in page.text


def test_the_promises_have_two_versions_and_name_the_opening_that_differs(demo: Flask) -> None:
    visitor = Browser(demo)
    page = visitor.get("/promises").text
    assert "This is version 2 of our promises" in page
    assert "All of us who work here have waited" in page
    assert "Customer Success Manager By telephone" in page
    ada = candidate(demo, "Ada Nwosu")
    assert "/promises/1" in ada.get(f"/me/applications/{application('Ada Nwosu', 'Senior Backend Engineer')}").links
    mira = candidate(demo, "Mira Castellanos")
    path = f"/me/applications/{application('Mira Castellanos', 'Senior Backend Engineer')}"
    assert "/promises/2" in mira.get(path).links
