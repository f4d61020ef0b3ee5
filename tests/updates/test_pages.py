"""The pages of updates: reading, saying that it helped, replying; writing, looking, publishing, withdrawing."""

from datetime import timedelta
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select

from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.conversations.queries import own_messages
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.people.actions import change_profile
from portal.segments.models import Segment
from portal.segments.rules import Chosen, Condition, Group, to_json
from portal.segments.states import Field, Match, Operator
from portal.updates.jobs import publish_due
from portal.updates.models import InsiderUpdate, UpdateReader
from portal.updates.states import Audience, UpdateKind
from tests.conftest import START, Time, counted_statements
from tests.factories import make_person, make_staff, make_update, public_id_of, signed_in, visitor
from tests.openings.early import make_member
from tests.pages import Browser, Page
from tests.updates.posting import content, draft, id_of, post, say_yes

pytestmark = pytest.mark.both_in_soak


@pytest.fixture
def rita_id(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def rita(app: Flask, rita_id: int) -> Browser:
    return signed_in(app, rita_id)


def reader_row(slug: str, person_id: int) -> UpdateReader:
    end_reading()
    return (
        session()
        .scalars(
            select(UpdateReader)
            .join(InsiderUpdate, InsiderUpdate.id == UpdateReader.update_id)
            .where(InsiderUpdate.slug == slug)
            .where(UpdateReader.person_id == person_id)
        )
        .one()
    )


def begin(rita: Browser, title: str = "What we pay", kind: str = "company_news") -> Page:
    """The page on which a new update is written."""
    return rita.submit(rita.get("/recruiting/updates/new"), title=title, kind=kind)


# Reading


def test_what_came_is_marked_as_new_until_it_is_read(app: Flask, rita_id: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita_id)
    browser = signed_in(app, ada)
    assert "1 is new for you." in browser.get("/me/updates").text
    page = browser.get(f"/me/updates/{slug}")
    assert reader_row(slug, ada).seen_at is None, "looking changes nothing"
    browser.submit(page, action="/seen")
    assert reader_row(slug, ada).seen_at == START
    assert "New" not in browser.get("/me/updates").text.split("Updates", 3)[-1].split("Preferences")[0]
    assert not [form for form in browser.get(f"/me/updates/{slug}").forms if form.action.endswith("/seen")]


def test_a_script_says_that_it_was_read_and_gets_no_page(app: Flask, rita_id: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita_id)
    browser = signed_in(app, ada)
    token = browser.get(f"/me/updates/{slug}").form(action="/seen").values["csrf_token"]
    answer = browser.client.post(
        f"/me/updates/{slug}/seen", data={"csrf_token": token}, headers={"X-Requested-With": "seen"}
    )
    assert answer.status_code == 204
    assert reader_row(slug, ada).seen_version == 1


def test_read_on_the_public_page_is_read_too(app: Flask, rita_id: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita_id)
    browser = signed_in(app, ada)
    browser.submit(browser.get(f"/updates/{slug}"), action="/seen")
    assert reader_row(slug, ada).seen_at == START
    assert not [form for form in Browser(app).get(f"/updates/{slug}").forms if form.action.endswith("/seen")]


def test_helpful_is_one_tap_and_can_be_taken_back(app: Flask, rita_id: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita_id)
    browser = signed_in(app, ada)
    page = browser.submit(browser.get(f"/me/updates/{slug}"), action="/helpful")
    assert "You said that it helped." in page.text
    assert reader_row(slug, ada).helpful_at == START
    page = browser.submit(page, action="/helpful")
    assert "Did it help you?" in page.text
    assert reader_row(slug, ada).helpful_at is None
    assert reader_row(slug, ada).seen_at == START


def test_who_is_no_member_can_say_so_about_a_public_one(app: Flask, rita_id: int) -> None:
    slug, nora = post(rita_id), make_person("Nora Novak")
    browser = signed_in(app, nora)
    browser.submit(browser.get(f"/me/updates/{slug}"), action="/helpful")
    row = reader_row(slug, nora)
    assert (row.is_in_audience, row.helpful_at) == (False, START)


def test_a_reply_stands_in_the_conversation_with_what_it_is_about(app: Flask, rita_id: int) -> None:
    ada = make_member("Ada Lind")
    slug = post(rita_id)
    browser = signed_in(app, ada)
    page = browser.get(f"/me/updates/{slug}/reply")
    assert page.heading == "Reply to Rita Sander"
    wrong = browser.submit(page, message=" ", expect=422)
    assert "Please write what you want to say." in wrong.text
    sent = browser.submit(page, message="Does it hold for part time?")
    assert sent.path.startswith("/me/conversation")
    browser.submit(page, message="Does it hold for part time?")
    (said,) = own_messages(ada)
    assert said.body == "About “What we pay”:\n\nDoes it hold for part time?"
    assert reader_row(slug, ada).replied_at == START


def test_a_link_from_a_mail_asks_who_is_signed_out_to_sign_in(app: Flask, rita_id: int) -> None:
    slug = post(rita_id, audience=Audience.MEMBERS)
    page = visitor(app).get(f"/me/updates/{slug}")
    assert page.path.startswith("/sign-in?next=/me/updates/")


def test_the_archive_is_searched_narrowed_and_paged_in_its_address(app: Flask, rita_id: int) -> None:
    for number in range(22):
        make_update(rita_id, f"News number {number}")
    make_update(rita_id, "Łódź calling", kind=UpdateKind.TEAM_LIFE, body="We have *moved*.")
    browser = visitor(app)
    first = browser.get("/updates")
    assert "23 updates, page 1 of 2" in first.text
    assert "/updates?page=2" in first.links
    assert "Łódź calling" in browser.get("/updates?q=lodz+MOVED").text
    narrowed = browser.get("/updates?kind=team_life")
    assert "1 update" in narrowed.text
    assert "News number" not in narrowed.text
    assert "Nothing fits all of that" in browser.get("/updates?q=nothing").text
    assert "we left it out" in browser.get("/updates?kind=event").text
    for query in ("page=99999999999999999999", "page=-1", "q=%25_%25", "kind[]=x"):
        assert browser.client.get(f"/updates?{query}").status_code == 200, query


def test_the_feed_of_a_person_is_narrowed_by_kind(app: Flask, rita_id: int) -> None:
    post(rita_id, "Some news")
    post(rita_id, "Some team", kind=UpdateKind.TEAM_LIFE)
    browser = signed_in(app, make_member("Ada Lind"))
    assert "Some news" not in browser.get("/me/updates?kind=team_life").text
    assert "Some news" in browser.get("/me/updates?kind=nonsense").text


def test_an_empty_feed_says_why(app: Flask) -> None:
    assert "Updates are for members" in signed_in(app, make_person()).get("/me/updates").text
    assert "when somebody here posts" in signed_in(app, make_member("Ada")).get("/me/updates").text.lower()
    assert "Nothing has been posted yet" in visitor(app).get("/updates").text


def test_a_public_one_is_shown_well_where_it_is_shared(app: Flask, rita_id: int) -> None:
    slug = post(rita_id)
    page = visitor(app).get(f"/updates/{slug}")
    assert f'<link rel="canonical" href="http://localhost/updates/{slug}">' in page.body
    assert '<meta property="og:description" content="Four bands, in the open.">' in page.body
    assert "noindex" not in page.body
    hidden = post(rita_id, "Hidden", audience=Audience.MEMBERS)
    inside = signed_in(app, make_member("Ada")).get(f"/updates/{hidden}")
    assert "noindex" in inside.body
    assert "og:title" not in inside.body


@pytest.mark.only("sqlite")  # statements are counted, and they are the same
def test_pages_ask_the_database_a_handful_of_times(app: Flask, rita_id: int) -> None:
    slugs = [make_update(rita_id, f"News {number}") for number in range(12)]
    ada, rita = signed_in(app, make_member("Ada")), signed_in(app, rita_id)
    paths = [(ada, "/me/updates"), (ada, f"/me/updates/{slugs[0]}"), (visitor(app), "/updates")]
    paths += [(rita, "/recruiting/updates"), (rita, f"/recruiting/updates/{id_of(slugs[0])}")]
    for browser, path in paths:
        browser.get(path)
        with counted_statements() as seen:
            browser.get(path)
        assert len(seen) <= 12, (path, len(seen), seen)


# Writing


def test_an_update_is_begun_written_and_published(app: Flask, rita: Browser, time: Time) -> None:
    ada = signed_in(app, make_member("Ada Lind"))
    page = begin(rita)
    saved = rita.submit(page, summary="In the open.", body="# Hello\n\nWe pay.", audience="members", button="Save")
    assert "Only recruiters see it." in saved.text
    public_id = saved.path.rsplit("/", 1)[-1]
    before = rita.get(f"/recruiting/updates/{public_id}/publish")
    assert "Find it in their feed 1" in before.text
    assert "have not said yes to mail about this 1" in before.text
    done = rita.submit(before, having="revision", button="Publish now")
    assert "We write down whom it is for" in done.text
    publish_due(clock.now())
    assert "Those it is for read it since" in rita.get(f"/recruiting/updates/{public_id}").text
    assert "<h2>Hello</h2>" in ada.get("/me/updates/what-we-pay").body


def test_before_publishing_it_says_who_is_held_back_and_why(app: Flask, rita: Browser, rita_id: int) -> None:
    people = [make_member(f"Member {number}") for number in range(4)]
    for person_id in people[:3]:
        say_yes(person_id)
    choose(people[2], Purpose.INSIDER_UPDATES, False, source="/me/preferences", now=clock.now())
    public_id = draft(content(audience=Audience.MEMBERS), rita_id)
    text = rita.get(f"/recruiting/updates/{public_id}/publish").text
    assert "Find it in their feed 4" in text
    assert "Could have it by mail now 2" in text
    assert "Held back from mail 2" in text
    assert "have not said yes to mail about this 2" in text


def test_what_is_missing_stands_there_with_the_way_to_mend_it(rita: Browser) -> None:
    page = begin(rita, kind="pay_bands")
    public_id = page.path.split("/")[3]
    before = rita.get(f"/recruiting/updates/{public_id}/publish")
    assert "4 things are missing before people may read it" in before.text
    assert f"/recruiting/updates/{public_id}/edit#source_on" in before.links
    assert "Publish now" not in before.text
    form = {"csrf_token": page.form(having="revision").values["csrf_token"], "revision": "1", "do": "now"}
    refused = rita.client.post(f"/recruiting/updates/{public_id}/publish", data=form)
    assert refused.status_code == 422
    assert "4 things are missing before people may read it" in refused.text


def test_each_person_of_an_audience_is_listed_with_why_and_what_mail_comes_to(rita: Browser, rita_id: int) -> None:
    said_yes, said_no, other = make_member("Ada Lind", "data"), make_member("Bob Berg", "data"), make_member("Cy Dahl")
    say_yes(said_yes)
    public_id = draft(content(audience=Audience.AREAS, areas=("data",)), rita_id)
    page = rita.get(f"/recruiting/updates/{public_id}/publish")
    held_back = next(link for link in page.links if link.endswith("why=no_consent"))
    assert "Has not said yes to mail about this" in rita.get(held_back).text
    assert public_id_of(said_no) in rita.get(held_back).body
    assert public_id_of(said_yes) not in rita.get(held_back).body
    everybody = rita.get(f"/recruiting/updates/{public_id}/reach")
    assert "Ada Lind" in everybody.text
    assert "Interested in Data" in everybody.text
    assert "Could have it now" in everybody.text
    assert public_id_of(other) not in everybody.body


def test_an_audience_with_nobody_in_it_is_said_before_it_is_published(rita: Browser, rita_id: int) -> None:
    public_id = draft(content(audience=Audience.AREAS, areas=("legal",)), rita_id)
    assert "Nobody is in this audience now" in rita.get(f"/recruiting/updates/{public_id}/publish").text
    assert "Nobody is in it now" in rita.get(f"/recruiting/updates/{public_id}/reach").text


def test_after_it_is_published_the_list_leads_to_the_mail(rita: Browser, rita_id: int) -> None:
    make_member("Ada Lind")
    public_id = id_of(post(rita_id))
    assert rita.get(f"/recruiting/updates/{public_id}/reach").path.endswith("/mail")


def test_interests_that_would_not_count_are_said_and_not_published_to_everybody(rita: Browser) -> None:
    page = begin(rita)
    wrong = rita.submit(page, having="revision", areas=["data"], expect=422)
    assert "You ticked interests." in wrong.text
    saved = rita.submit(wrong, having="revision", audience="areas", button="publish")
    assert "Members interested in Data" in saved.text


def test_a_time_is_asked_for_and_kept_in_the_zone_it_was_said_in(rita: Browser, rita_id: int) -> None:
    public_id = draft(content(), rita_id)
    page = rita.get(f"/recruiting/updates/{public_id}/publish")
    late = rita.submit(page, having="on", on="2026-03-01", at="09:00", expect=422)
    assert "This time has passed." in late.text
    assert rita.submit(page, having="on", on="", at="", expect=422).text.count("Please choose a") >= 2
    done = rita.submit(page, having="on", on="2026-03-10", at="09:00")
    assert "It goes out on Tuesday 10 March 2026, 09:00, on the clocks of Europe/Warsaw." in done.text
    assert "The time above is on your clocks." not in done.text
    assert "Take it off the schedule" in done.text
    sent = rita.get(f"/recruiting/updates/{public_id}/edit")
    assert sent.path == f"/recruiting/updates/{public_id}"
    assert "Take it off the schedule to change it." in sent.text
    assert "Only recruiters see it." in rita.submit(done, action="/unschedule").text


def test_a_time_can_be_said_on_the_clocks_of_the_readers(rita: Browser, rita_id: int) -> None:
    aiko = make_member("Aiko Mori")
    change_profile(aiko, name="Aiko Mori", locale="en", timezone="Asia/Tokyo", actor_id=aiko, now=clock.now())
    public_id = draft(content(), rita_id)
    page = rita.get(f"/recruiting/updates/{public_id}/publish")
    done = rita.submit(page, having="on", on="2026-03-10", at="09:00", zone="Asia/Tokyo")
    assert "It goes out by itself on Tuesday 10 March 2026, 01:00" in done.text
    assert "On those of Asia/Tokyo, as it was said, it is Tuesday 10 March 2026, 09:00." in done.text


def test_two_colleagues_on_one_draft_lose_nothing(app: Flask, rita: Browser, rita_id: int) -> None:
    public_id = draft(content(), rita_id)
    path = f"/recruiting/updates/{public_id}/edit"
    alma = signed_in(app, make_staff("Alma Reyes"))
    mine, theirs = rita.get(path), alma.get(path)
    alma.submit(theirs, body="Alma's text.", button="Save")
    both = rita.submit(mine, body="Rita's text.", button="Save", expect=409)
    assert "Alma Reyes saved this update while your page was open." in both.text
    assert "Alma's text." in both.text
    assert both.form(having="body").values["body"] == "Rita's text."
    rita.submit(both, having="body", button="Save")
    assert "Rita's text." in rita.get(f"/recruiting/updates/{public_id}").text


def test_a_draft_saves_itself_and_says_when_a_colleague_was_faster(app: Flask, rita: Browser, rita_id: int) -> None:
    public_id = draft(content(), rita_id)
    path = f"/recruiting/updates/{public_id}/edit"
    sent = rita.get(path).form(having="body").values

    def autosave(**values: str) -> Any:
        return rita.client.post(path, data={**sent, **values}, headers={"X-Requested-With": "autosave"})

    saved = autosave(body="So far.")
    assert (saved.status_code, saved.json["revision"], saved.json["saved_at"]) == (200, 3, "09:00")
    assert autosave(body="So far, and more.").status_code == 409
    assert autosave(body="So far, and more.", revision="3").json["revision"] == 4
    wrong = autosave(title="", revision="4")
    assert (wrong.status_code, wrong.json["errors"]) == (422, {"title": ["Please give it a title."]})


def test_a_copy_has_everything_but_its_days(rita: Browser, rita_id: int) -> None:
    slug = make_update(
        rita_id, "Open evening", kind=UpdateKind.EVENT, event_on=(START + timedelta(days=3)).date(), event_where="Here"
    )
    page = rita.get(f"/recruiting/updates/new?copy_of={id_of(slug)}")
    copy = rita.submit(page, title="Open evening again")
    values = copy.form(having="body").values
    assert (values["title"], values["event_where"], values["event_on"]) == ("Open evening again", "Here", "")
    assert values["kind"] == "event"


def test_page_and_mail_are_previewed_in_both_schemes_and_on_a_phone(rita: Browser, rita_id: int) -> None:
    public_id = draft(content(), rita_id)
    path = f"/recruiting/updates/{public_id}/preview"
    for query, width in (("", "100%"), ("?width=phone", "390")):
        body = rita.get(path + query).body
        for scheme in ("light", "dark"):
            for part in ("page", "mail"):
                assert f"{path}/{part}?as={scheme}" in body
        assert f'width="{width}"' in body
    page = rita.client.get(f"{path}/page?as=dark").text
    assert 'data-theme="dark"' in page
    assert "<script" not in page
    mail = rita.client.get(f"{path}/mail?as=dark").text
    assert "We publish <strong>what we pay</strong>." in mail
    assert "We publish what we pay." in rita.client.get(f"{path}/mail?as=text").text


def test_few_readers_are_not_counted_one_by_one(app: Flask, rita: Browser, rita_id: int) -> None:
    members = [make_member(f"Member {number}") for number in range(6)]
    slug = post(rita_id)
    public_id = id_of(slug)
    for seen, shown in ((1, "Read fewer than 5"), (5, "Read 5")):
        for person_id in members[:seen]:
            browser = signed_in(app, person_id)
            page = browser.get(f"/me/updates/{slug}")
            if "Mark as read" in page.text:
                browser.submit(page, action="/seen")
        assert shown in rita.get(f"/recruiting/updates/{public_id}").text
    assert "Helped 0" in rita.get(f"/recruiting/updates/{public_id}").text


def test_an_update_is_withdrawn_with_words_for_its_readers(app: Flask, rita: Browser, rita_id: int) -> None:
    slug = post(rita_id)
    page = rita.get(f"/recruiting/updates/{id_of(slug)}/withdraw")
    gone = rita.submit(page, words="The figures were wrong.")
    assert "It is withdrawn." in gone.text
    text = visitor(app).get(f"/updates/{slug}", expect=410).text
    assert "The figures were wrong." in text


def test_a_segment_reaches_exactly_its_people(app: Flask, rita: Browser, rita_id: int) -> None:
    ada, bob = make_member("Ada Lind", "data"), make_member("Bob Eriksen", "design")
    tree = _segment(rita_id, "data")
    slug = post(rita_id, "For the segment", audience=Audience.SEGMENT, segment=tree)
    signed_in(app, ada).get(f"/updates/{slug}")
    signed_in(app, bob).get(f"/updates/{slug}", expect=404)
    visitor(app).get(f"/updates/{slug}", expect=404)


def _segment(owner_id: int, area: str) -> str:
    tree = Group(Match.ALL, (Condition(Field.AREA, Operator.ANY_OF, (Chosen(area),)),))
    with transaction() as own:
        own.add(
            Segment(
                public_id="segmentabcde",
                name="Data people",
                tree=to_json(tree),
                owner_id=owner_id,
                is_shared=True,
                created_at=clock.now(),
                changed_at=clock.now(),
                changed_by_id=owner_id,
            )
        )
    return "segmentabcde"


@pytest.mark.only("sqlite")  # who may do what is asked before any database is
def test_hiring_managers_post_nothing(app: Flask, rita_id: int) -> None:
    public_id = draft(content(), rita_id)
    hugo = signed_in(app, make_staff("Hugo Berg", Role.HIRING_MANAGER))
    for path in ("", "/new", f"/{public_id}", f"/{public_id}/edit", f"/{public_id}/publish"):
        hugo.get(f"/recruiting/updates{path}", expect=404)


def test_the_list_is_narrowed_by_title_and_state(rita: Browser, rita_id: int) -> None:
    post(rita_id, "Out there")
    draft(content("Being written"), rita_id)
    assert "Being written" not in rita.get("/recruiting/updates?state=published").text
    assert "Out there" not in rita.get("/recruiting/updates?q=WRITTEN").text
    assert "No update fits" in rita.get("/recruiting/updates?q=nothing%25").text
