"""From adding somebody by hand to the one invitation, and what becomes of those who do not answer."""

from datetime import date

import pytest
from flask import Flask
from sqlalchemy import select

from portal.audit.models import AuditRecord
from portal.community.queries import is_member
from portal.contact.actions import suppress
from portal.core import clock
from portal.core.db import end_reading, session
from portal.people.models import Person
from portal.people.queries import known_person
from portal.prospects.actions import AlreadyKnown, NotHere, invite, say_no_thanks
from portal.prospects.queries import find_prospect, prospects_named
from portal.prospects.rules import ProspectRefused, WordsRefused
from portal.prospects.states import Standing
from tests import factories
from tests.accounts.visitors import join
from tests.conftest import Time
from tests.pages import Browser
from tests.prospects.meeting import NOEL, WORDS, added, invited, mails, no_thanks_in, work

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita(app: Flask) -> int:
    return factories.make_staff("Rita Sander", email="rita@example.com")


@pytest.fixture
def desk(app: Flask, rita: int) -> Browser:
    return factories.signed_in(app, rita)


def test_a_recruiter_adds_sees_and_invites_somebody(app: Flask, desk: Browser) -> None:
    page = desk.submit(
        desk.get("/recruiting/prospects/new"),
        name="Noël Petit",
        email="Noel@Example.org",
        source="event",
        source_note="PyData Warsaw",
        obtained_on="2026-03-02",
        ground="interest",
        link="https://talks.example/maps",
        found_by="his talk",
        note="Likes rivers",
    )
    for words in ("Noël Petit", "PyData Warsaw", "Not invited", "deleted on Friday 3 April 2026", "talks.example/maps"):
        assert words in page.text
    form = desk.get(next(link for link in page.links if "/prospects/invite" in link))
    preview = desk.submit(form, words=WORDS, button="preview")
    for words in ("Hello Noël Petit,", "your talk about maps", "Monday 2 March 2026", "Nothing has been sent yet", "…"):
        assert words in preview.text
    work(app)
    assert mails() == []
    done = desk.submit(preview, having="words", button="send")
    assert "1 invitation is on its way" in done.text
    work(app)
    letter = mails()[-1]
    for words in (WORDS.split("\n")[0], "Rita Sander", "/join", "/no-thanks/", "PyData Warsaw", "Sunday 5 April 2026"):
        assert words in letter.text
    assert letter.headers["Reply-To"] == "Rita Sander <rita@example.com>"
    assert "Likes rivers" not in letter.text
    shown = desk.get(done.path)
    assert "reached their mail server on Wednesday 4 March 2026" in shown.text
    assert "deleted on Friday 3 April 2026" in shown.text


def test_what_is_missing_is_said_beside_the_field_and_nothing_typed_is_lost(desk: Browser) -> None:
    page = desk.get("/recruiting/prospects/new")
    answer = desk.submit(
        page, name="Noël", email="nobody", source_note="", obtained_on="2027-01-01", link="ftp://x", expect=422
    )
    for words in ("not a whole e-mail address", "say where exactly", "has not come yet", "beginning with https"):
        assert words in answer.text
    assert answer.form(having="email").values["email"] == "nobody"


def test_an_address_we_know_leads_to_its_card(desk: Browser) -> None:
    ada = factories.make_person("Ada Lind", "noel@example.org")
    page = desk.get("/recruiting/prospects/new")
    answer = desk.submit(page, name="Noël", email="noel@example.org", source_note="PyData", expect=422)
    assert f"/recruiting/candidates/{factories.public_id_of(ada)}" in answer.links
    assert "Nothing was changed" in answer.text
    end_reading()
    assert find_prospect(factories.public_id_of(ada)) is None


def test_nobody_is_added_whose_mail_came_back(rita: int) -> None:
    suppress(NOEL.email, code=550, words="no such user", now=clock.now())
    with pytest.raises(ProspectRefused, match="came back"):
        added(rita)


def test_nobody_is_added_who_left(app: Flask, rita: int) -> None:
    noel = join(NOEL.email, "Noël")
    browser = factories.signed_in(app, noel)
    browser.submit(browser.get("/me/preferences"), action="/me/join", having="csrf_token")
    browser.submit(browser.get("/me/leave"), action="/me/leave", having="csrf_token")
    with pytest.raises(ProspectRefused, match="left the community"):
        added(rita)


def test_nobody_is_invited_twice(app: Flask, rita: int) -> None:
    public_id = added(rita)
    assert invited(rita, public_id).count == 1
    again = invited(rita, public_id)
    assert (again.count, [one.why for one in again.left_out]) == (
        0,
        ["They were invited before, and an invitation is never repeated."],
    )
    work(app)
    assert invited(rita, public_id).count == 0
    assert len(mails()) == 1


def test_two_colleagues_who_invite_at_the_same_moment_write_once(app: Flask, rita: int) -> None:
    seen = prospects_named([added(rita)])
    counts = [invite(seen, WORDS, actor_id=rita, now=clock.now()).count for _each in range(2)]
    end_reading()
    assert counts == [1, 0]
    work(app)
    assert len(mails()) == 1


def test_a_place_that_nothing_fills_is_no_invitation(rita: int) -> None:
    with pytest.raises(WordsRefused, match="first_name"):
        invited(rita, added(rita), words="Dear {first_name}, shall we talk?")


def test_who_does_not_answer_is_erased_after_thirty_days_and_never_added_again(
    app: Flask, rita: int, time: Time
) -> None:
    public_id = added(rita)
    invited(rita, public_id)
    work(app)
    time.pass_by(days=29)
    work(app)
    assert known_person(NOEL.email) is not None
    time.pass_by(days=1)
    work(app)
    assert known_person(NOEL.email) is None
    assert session().scalars(select(Person.name).where(Person.public_id == public_id)).one() == ""
    erased = select(AuditRecord.subject).where(AuditRecord.action == "privacy.erase_person")
    assert session().scalars(erased).all() == [f"person:{public_id}"]
    with pytest.raises(ProspectRefused, match="deleted here on Friday 3 April 2026"):
        added(rita)
    assert len(mails()) == 0, "what was sent is gone as well"


def test_who_is_never_invited_is_erased_too(app: Flask, rita: int, time: Time) -> None:
    added(rita)
    time.pass_by(days=30)
    work(app)
    assert known_person(NOEL.email) is None


def test_who_joined_stays_and_reads_where_we_had_them_from(app: Flask, rita: int, time: Time) -> None:
    public_id = added(rita, links=(("https://talks.example/maps", "his talk"),))
    invited(rita, public_id)
    work(app)
    noel = join(NOEL.email, "Noël Petit")
    browser = factories.signed_in(app, noel)
    browser.submit(browser.get("/me/preferences"), action="/me/join", having="csrf_token")
    time.pass_by(days=60)
    work(app)
    assert is_member(noel)
    row = find_prospect(public_id)
    assert row is not None
    assert (row.standing, row.erased_on) == (Standing.HERE, None)
    text = factories.signed_in(app, noel).get("/me/privacy").text
    for words in ("We met at an event: PyData Warsaw", "Article 6(1)(f)", "https://talks.example/maps", "his talk"):
        assert words in text


def test_one_tap_in_the_mail_deletes_at_once(app: Flask, rita: int) -> None:
    invited(rita, added(rita))
    work(app)
    visitor = Browser(app)
    path = no_thanks_in(mails()[-1])
    page = visitor.get(path)
    assert "Shall we delete what we hold about you?" in page.text
    visitor.get(path)
    work(app)
    assert known_person(NOEL.email) is not None, "looking at the page deletes nobody"
    assert "It is done" in visitor.submit(page, action=path).text
    work(app)
    assert known_person(NOEL.email) is None
    visitor.get(path, expect=404)
    visitor.post(path, {"csrf_token": page.form(action=path).values["csrf_token"]}, expect=404)
    with pytest.raises(ProspectRefused):
        added(rita)


def test_they_may_join_by_themselves_after_all(app: Flask, rita: int) -> None:
    invited(rita, added(rita))
    work(app)
    visitor = Browser(app)
    path = no_thanks_in(mails()[-1])
    visitor.submit(visitor.get(path), action=path)
    work(app)
    assert known_person(NOEL.email) is None
    join(NOEL.email, "Noël Petit")
    end_reading()
    assert known_person(NOEL.email) is not None


def test_the_link_of_an_old_mail_deletes_no_member(app: Flask, rita: int) -> None:
    invited(rita, added(rita))
    work(app)
    path = no_thanks_in(mails()[-1])
    page = Browser(app).get(path)
    join(NOEL.email, "Noël Petit")
    assert "deletes nothing" in Browser(app).get(path).text
    with pytest.raises(NotHere):
        say_no_thanks(path.rpartition("/")[2], clock.now())
    work(app)
    assert page.status == 200
    assert known_person(NOEL.email) is not None


def test_a_colleague_takes_back_that_somebody_was_added(app: Flask, rita: int, desk: Browser) -> None:
    public_id = added(rita)
    invited(rita, public_id)
    desk.submit(desk.get(f"/recruiting/prospects/{public_id}"), action="/delete", having="csrf_token")
    work(app)
    assert known_person(NOEL.email) is None
    assert mails() == [], "the invitation that waited did not go"


def test_an_invitation_that_nobody_took_in_time_may_be_sent_anew(app: Flask, rita: int, time: Time) -> None:
    public_id = added(rita)
    invited(rita, public_id)
    time.pass_by(days=3)
    work(app)
    row = find_prospect(public_id)
    assert row is not None
    assert row.standing is Standing.NOT_INVITED
    assert row.erased_on == date(2026, 4, 3)
    assert invited(rita, public_id).count == 1
    work(app)
    assert len(mails()) == 1


def test_somebody_known_is_not_added_again(rita: int) -> None:
    public_id = added(rita)
    with pytest.raises(AlreadyKnown) as refused:
        added(rita)
    assert refused.value.public_id == public_id
