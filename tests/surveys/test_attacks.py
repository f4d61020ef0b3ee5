"""Somebody who tries: other people's surveys, links of other kinds, answers that are none, and who wrote what."""

import csv
import io
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.models import DeviceSession, OneTimeToken
from portal.applications.models import Application
from portal.applications.states import ApplicationStatus
from portal.contact.actions.wishes import stop_surveys
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_secret
from portal.core.permissions import Role
from portal.core.tokens import TokenKind, token_hash
from portal.files.models import StoredFile
from portal.openings.models import Opening
from portal.people.actions import change_staff
from portal.privacy.actions import erase_person, hand_over, merge_people
from portal.surveys.jobs import see_to_low_scores
from portal.surveys.states import Touchpoint
from portal.tasks.models import Task
from portal.tasks.states import TaskKind
from tests.factories import (
    Made,
    make_application,
    make_opening,
    make_person,
    make_staff,
    primary_email,
    public_id_of,
    signed_in,
    visitor,
)
from tests.outbox.incoming import arrive, reachable, reply_address, written
from tests.pages import Browser, Page
from tests.surveys.answering import (
    Invited,
    answer,
    answer_all,
    ask_somebody,
    ballots,
    invitation,
    saved,
    send,
    signed_responses,
)
from tests.surveys.box import Asking, close, comments, release
from tests.surveys.box import answer as drop
from tests.surveys.results import address_of, count_on
from tests.surveys.rows import invite, make_survey

pytestmark = pytest.mark.both_in_soak

PAGES = ("", "/questions/q-recommend", "/all", "/finish", "/contact", "/thanks")
POSTS = ("/questions/q-recommend", "/all", "/send")
MARKUP = "</textarea><script>alert(1)</script>{{ 7 * 7 }}"
FORMULA = '=HYPERLINK("https://evil.example")'


@pytest.fixture
def asked(app: Flask) -> Invited:
    return ask_somebody()


def post_with_csrf(browser: Browser, at: str, to: str, **values: Any) -> Page:
    """Send fields that stand on no form."""
    token = browser.get(f"{at}/questions/q-recommend").form(having="csrf_token").values["csrf_token"]
    return browser.post(to, {"csrf_token": token, **values})


def stands_untouched(one: Invited) -> bool:
    row = invitation(one)
    return not row.is_opened and not row.is_answered and saved(one) is None and not ballots() + signed_responses()


@pytest.mark.parametrize("kind", [kind for kind in TokenKind if kind is not TokenKind.SURVEY])
def test_a_link_of_another_kind_opens_no_survey(app: Flask, asked: Invited, kind: TokenKind) -> None:
    token = new_secret()
    with transaction() as own:
        row = own.scalars(select(OneTimeToken).where(OneTimeToken.kind == TokenKind.SURVEY)).one()
        row.kind, row.token_hash = kind, token_hash(token, kind)
    browser = visitor(app)
    for page in PAGES:
        browser.get(f"/surveys/{token}{page}", expect=404)
        browser.get(f"{asked.link}{page}", expect=404)
    assert stands_untouched(asked)


@pytest.mark.parametrize("address", ["/follow/", "/sign-in/", "/confirm/", "/reset/", "/stay/", "/invitation/"])
def test_a_link_to_a_survey_opens_nothing_else(app: Flask, asked: Invited, address: str) -> None:
    page = visitor(app).client.get(f"{address}{asked.token}", follow_redirects=True)
    assert page.status_code in {200, 400, 404, 410}
    body = page.get_data(as_text=True)
    assert "Ada Lind" not in body
    assert "Data Analyst" not in body
    assert visitor(app).client.get("/me/surveys").status_code in {302, 303}


def test_the_link_signs_nobody_in(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    answer_all(browser, asked.link)
    for path in ("/me/surveys", asked.own, "/me/", "/me/privacy"):
        response = browser.client.get(path)
        assert response.status_code in {302, 303}
        assert "/sign-in" in response.headers["Location"]


def test_nobody_reaches_anothers_survey(app: Flask, asked: Invited) -> None:
    other = ask_somebody(survey_id=asked.survey_id)
    browser = signed_in(app, other.made.person_id)
    for page in PAGES:
        browser.get(f"{asked.own}{page}", expect=404)
    token = browser.get(f"{other.own}/all").form(having="csrf_token").values["csrf_token"]
    for page in POSTS:
        browser.post(f"{asked.own}{page}", {"csrf_token": token, "q-recommend": "0", "name": "with"}, expect=404)
    assert stands_untouched(asked)


def test_a_link_answers_for_whom_it_was_sent_to_whoever_is_signed_in(app: Flask, asked: Invited) -> None:
    other = ask_somebody(survey_id=asked.survey_id)
    browser = signed_in(app, other.made.person_id)
    send(browser, answer_all(browser, asked.link), name="with")
    assert [one.person_id for one in signed_responses()] == [asked.made.person_id]
    assert "Answered, thank you" not in browser.get("/me/surveys").text
    assert invitation(other).is_answered is False


def test_without_the_token_of_the_form_nothing_is_saved_or_sent(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    browser.get(asked.link)
    for page in POSTS:
        browser.post(f"{asked.link}{page}", {"q-recommend": "9"}, expect=400)
    assert stands_untouched(asked)


def test_a_form_that_has_expired_leaves_no_line_that_says_when_somebody_was_here(
    app: Flask, asked: Invited, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO")
    browser = visitor(app)
    for path in POSTS:
        browser.post(asked.link + path, {"q-recommend": "9"}, expect=400)
    assert caplog.messages == []
    browser.post("/join", {}, expect=400)
    assert any("CSRF" in message for message in caplog.messages)


def test_what_somebody_answers_who_was_signed_out_meanwhile_is_copied_nowhere(app: Flask, asked: Invited) -> None:
    person_id = asked.made.person_id
    browser = signed_in(app, person_id)
    with browser.client.session_transaction() as cookie:
        cookie["csrf_token"] = f"{public_id_of(person_id)}.abcdef"
    address = f"/me/surveys/{asked.public_id}/questions/q-long"
    token = browser.get(address).form(having="q-long").values["csrf_token"]
    with transaction() as own:
        own.execute(update(DeviceSession).values(ended_at=clock.now()))
    sent = {"csrf_token": token, "q-long": "A long word."}
    after = browser.client.post(address, data=sent, headers={"Sec-Fetch-Site": "same-origin"})
    assert after.location.startswith("/sign-in")
    end_reading()
    assert session().scalars(select(StoredFile)).all() == []
    assert stands_untouched(asked)


def test_a_second_tab_adds_nothing_once_it_was_sent(app: Flask, asked: Invited) -> None:
    first, second = visitor(app), visitor(app)
    page = answer_all(first, asked.link, q_word="kind")
    open_tabs = {
        "question": second.get(f"{asked.link}/questions/q-recommend"),
        "all": second.get(f"{asked.link}/all"),
        "contact": second.get(f"{asked.link}/contact?name=with"),
    }
    send(first, page)
    for tab in open_tabs.values():
        told = second.submit(tab, having="csrf_token")
        assert told.heading == "You have answered this one"
        assert "kind" not in told.text
    (ballot,) = ballots()
    assert ballot.answers == {"q-recommend": 9, "q-word": "kind"}
    assert signed_responses() == []
    assert saved(asked) is None


def test_what_was_open_when_the_survey_closed_is_not_taken(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    page = answer_all(browser, asked.link)
    last = browser.submit(page, name="without")
    close(asked.survey_id)
    response = browser.client.post(
        f"{asked.link}/send", data={"csrf_token": last.form(having="contact").values["csrf_token"]}
    )
    assert response.status_code == 303
    assert browser.get(asked.link, expect=410).heading == "This survey is closed"
    assert ballots() == []


def test_who_wants_no_more_surveys_can_still_answer_the_one_they_have(app: Flask, asked: Invited) -> None:
    stop_surveys(asked.made.person_id, clock.now())
    assert answer(app, asked).heading == "Thank you"


def test_who_was_erased_has_no_link_and_no_answers(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    last = browser.submit(answer_all(browser, asked.link), name="without")
    token = last.form(having="contact").values["csrf_token"]
    erase_person(asked.made.person_id, None, clock.now())
    browser.get(asked.link, expect=404)
    browser.post(f"{asked.link}/send", {"csrf_token": token}, expect=404)
    assert ballots() + signed_responses() == []


def test_fields_that_nobody_asked_for_change_nothing(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    post_with_csrf(
        browser,
        asked.link,
        f"{asked.link}/all",
        **{
            "q-recommend": "9",
            "q-nobody-asked": "x",
            "is_answered": "1",
            "person_id": "1",
            "invitation_id": "2",
            "outcome": "hired",
            "opening_id": "7",
            "answers": '{"q-fair": 0}',
            "__proto__": "x",
        },
    )
    assert saved(asked) == {"q-recommend": 9}
    post_with_csrf(browser, asked.link, f"{asked.link}/send", **{"q-fair": "0", "lot": "x", "version_number": "9"})
    (ballot,) = ballots()
    assert ballot.answers == {"q-recommend": 9}
    assert (ballot.version_number, ballot.outcome) == (1, None)


@pytest.mark.parametrize(
    ("question", "values"),
    [
        ("q-recommend", "11"),
        ("q-recommend", "-1"),
        ("q-recommend", "9.5"),
        ("q-recommend", "1e1"),
        ("q-recommend", "٩"),
        ("q-recommend", ["1", "9"]),
        ("q-who", "c"),
        ("q-who", ["a", "b"]),
        ("q-who", MARKUP),
        ("q-what", ["a", "zzz"]),
        ("q-what", "The guide"),
        ("q-word", "x" * 201),
        ("q-long", "x" * 4001),
    ],
)
def test_what_is_no_answer_is_refused_beside_its_question(
    app: Flask, asked: Invited, question: str, values: str | list[str]
) -> None:
    browser = visitor(app)
    token = browser.get(f"{asked.link}/all").form(having="csrf_token").values["csrf_token"]
    page = browser.post(f"{asked.link}/questions/{question}", {"csrf_token": token, question: values}, expect=422)
    assert "One thing needs another look" in page.text
    assert saved(asked) is None
    assert "<script>alert" not in page.body


@pytest.mark.parametrize("nothing", ["\u200b", "\u200b\u2060 \u00ad", " \t\r\n ", "\x07"])
def test_what_nobody_can_see_is_no_answer(app: Flask, asked: Invited, nothing: str) -> None:
    post_with_csrf(visitor(app), asked.link, f"{asked.link}/questions/q-long", **{"q-long": nothing})
    assert saved(asked) is None


def test_what_is_seen_only_with_joiners_stays_whole(app: Flask, asked: Invited) -> None:
    family = "👩\u200d👧 सम्\u200dमान"
    post_with_csrf(visitor(app), asked.link, f"{asked.link}/questions/q-long", **{"q-long": family})
    assert saved(asked) == {"q-long": family}


def test_a_text_of_megabytes_is_refused(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    token = browser.get(f"{asked.link}/all").form(having="csrf_token").values["csrf_token"]
    response = browser.client.post(
        f"{asked.link}/questions/q-long", data={"csrf_token": token, "q-long": "x" * 3_000_000}
    )
    assert response.status_code in {413, 422}
    assert saved(asked) is None


def test_no_copy_no_referrer_and_no_robot(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    own = signed_in(app, asked.made.person_id)
    for page in PAGES:
        for response in (browser.client.get(f"{asked.link}{page}"), own.client.get(f"{asked.own}{page}")):
            assert response.headers["Cache-Control"] == "no-store"
            if response.status_code == 200:
                assert '<meta name="robots" content="noindex">' in response.get_data(as_text=True)
        assert browser.client.get(f"{asked.link}{page}").headers["Referrer-Policy"] == "no-referrer"
    assert "Disallow: /surveys/" in visitor(app).get("/robots.txt").body


def test_the_page_behind_a_link_says_whose_it_is_to_read(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    answer_all(browser, asked.link, q_word="kind")
    words = "whoever has the link can read it"
    assert words in browser.get(asked.link).text
    assert words not in signed_in(app, asked.made.person_id).get(asked.own).text
    assert "Ada" not in browser.get(f"{asked.link}/all").text


def test_the_thanks_say_nothing_that_is_not_so(app: Flask, asked: Invited) -> None:
    browser = visitor(app)
    send(browser, answer_all(browser, asked.link), name="with")
    assert "without your name, and stay" not in browser.get(f"{asked.link}/thanks").text
    assert "without your name, and stay" not in browser.get(f"{asked.link}/thanks?sent=whatever").text


def test_what_somebody_signed_runs_on_no_page(app: Flask) -> None:
    rita, alma = make_staff("Rita Sander"), make_staff("Alma Reyes", Role.ADMIN)
    made = make_application(make_opening("Data Analyst"), rita, status=ApplicationStatus.NOT_SELECTED)
    survey_id = make_survey(Touchpoint.NOT_SELECTED)
    one = Invited(made, survey_id, *invite(survey_id, made.person_id, made.id))
    browser = visitor(app)
    send(browser, answer_all(browser, one.link, q_recommend="0", q_long=MARKUP, q_word=MARKUP), contact="yes")
    see_to_low_scores(clock.now())
    admin = signed_in(app, alma)
    (signed,) = signed_responses()
    paths = (f"{address_of(survey_id)}/signed", f"/recruiting/surveys/low-scores/{signed.public_id}")
    pages = [admin.get(path) for path in paths]
    pages.append(signed_in(app, made.person_id).get("/me/privacy"))
    for page in pages[:2]:
        assert MARKUP in page.text
    for page in pages:
        assert "<script>alert" not in page.body


def test_formulas_in_words_and_options_run_in_no_file(app: Flask) -> None:
    asking = Asking(make_survey(Touchpoint.NOT_SELECTED))
    for start in ("=", "+", "-", "@", "\t=", "\r\n=", " ="):
        asking.answered(words=f"{start}cmd|' /C calc'!A0")
    for _number in range(5):
        asking.answered(words=FORMULA)
    with transaction() as own:
        own.get_one(Opening, asking.openings["Analyst"]).title = FORMULA
    release()
    assert len(comments()) == 12
    browser = signed_in(app, asking.owner_id)
    for name in ("comments", "responses", "numbers"):
        body = browser.get(f"{address_of(asking.survey_id)}/{name}.csv").body.removeprefix("\ufeff")
        for line in csv.reader(io.StringIO(body)):
            for cell in line:
                is_number = cell.lstrip("-").replace(".", "").isdigit()
                assert is_number or not cell.lstrip().startswith(("=", "+", "-", "@")), cell


def crawl(browser: Browser, start: str = "/recruiting", most: int = 400) -> dict[str, str]:
    """What stands on every page that links lead to from `start`, by its address."""
    found: dict[str, str] = {}
    waiting = [start]
    while waiting and len(found) < most:
        path = waiting.pop(0)
        if path in found:
            continue
        response = browser.client.get(path, follow_redirects=True)
        if response.mimetype != "text/html":
            found[path] = response.get_data(as_text=True)
            continue
        page = Page.of(response)
        # The number of a request that failed is another each time.
        found[path] = page.text if response.status_code == 200 else str(response.status_code)
        links = [link.split("#")[0] for link in page.links if link.startswith("/recruiting")]
        waiting += [link for link in links if "sign-out" not in link]
    return found


@pytest.fixture
def team(app: Flask) -> dict[str, int]:
    people = {
        "rita": make_staff("Rita Sander"),
        "hugo": make_staff("Hugo Lind", Role.HIRING_MANAGER),
        "alma": make_staff("Alma Reyes", Role.ADMIN),
        "otto": make_staff("Otto Lang", Role.ADMIN),
    }
    with transaction():
        change_staff(people["alma"], role=Role.ADMIN, lead_id=people["otto"], is_active=True)
    return people


@pytest.fixture
def interviewed(team: dict[str, int]) -> Invited:
    """Somebody about whom nobody has decided yet."""
    opening_id = make_opening("Data Analyst", recruiter_id=team["rita"], manager_id=team["hugo"])
    made: Made = make_application(opening_id, team["rita"], status=ApplicationStatus.INTERVIEWING)
    survey_id = make_survey(Touchpoint.INTERVIEWED)
    return Invited(made, survey_id, *invite(survey_id, made.person_id, made.id))


def tasks_about_it() -> list[int]:
    end_reading()
    return list(session().scalars(select(Task.owner_id).where(Task.kind == TaskKind.LOW_SCORE)))


def differing(before: dict[str, str], after: dict[str, str]) -> set[str]:
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


@pytest.mark.parametrize("contact", ["no", "yes"])
def test_no_page_of_a_hiring_manager_changes_by_an_answer_before_the_decision(
    app: Flask, team: dict[str, int], interviewed: Invited, contact: str
) -> None:
    browser = signed_in(app, team["hugo"])
    before = crawl(browser)
    assert any(interviewed.made.public_id in path for path in before)
    person = visitor(app)
    send(person, answer_all(person, interviewed.link, q_recommend="0", q_long="Hugo was rude."), contact=contact)
    see_to_low_scores(clock.now())
    release()
    after = crawl(browser)
    assert differing(before, after) == set()
    assert all("survey" not in text.lower() for text in after.values())
    for page in ("", "/signed", "/comments", "/responses.csv", "/comments.csv", "/numbers.csv"):
        assert browser.client.get(f"{address_of(interviewed.survey_id)}{page}").status_code in {403, 404}


@pytest.mark.parametrize("contact", ["no", "yes"])
@pytest.mark.parametrize("reader", ["rita", "otto"])
def test_before_the_decision_colleagues_read_at_most_that_something_waits(
    app: Flask, team: dict[str, int], interviewed: Invited, contact: str, reader: str
) -> None:
    """Otto is the lead of whoever gets in touch, and an admin: he reads the audit log, and every list."""
    browser = signed_in(app, team[reader])
    before = crawl(browser)
    person = visitor(app)
    send(person, answer_all(person, interviewed.link, q_recommend="0", q_long="Hugo was rude."), contact=contact)
    see_to_low_scores(clock.now())
    release()
    assert tasks_about_it() == ([team["alma"]] if contact == "yes" else [])
    after = crawl(browser)
    of_surveys = {"/recruiting/surveys", address_of(interviewed.survey_id)}
    changed = {path.split("?")[0] for path in differing(before, after)}
    assert changed <= of_surveys
    assert all("rude" not in text for text in after.values())


@pytest.mark.parametrize("is_done", [False, True])
def test_whoever_takes_over_from_a_colleague_takes_no_low_score(
    app: Flask, team: dict[str, int], interviewed: Invited, is_done: bool
) -> None:
    """Else an admin who ends an account chooses who reads it: somebody of the hiring team, before the decision."""
    person = visitor(app)
    send(person, answer_all(person, interviewed.link, q_recommend="0", q_long="Hugo was rude."), contact="yes")
    see_to_low_scores(clock.now())
    (signed,) = signed_responses()
    at = f"/recruiting/surveys/low-scores/{signed.public_id}"
    if is_done:
        owner = signed_in(app, team["alma"])
        owner.submit(owner.get(at), words="We spoke.")
    hand_over(team["alma"], team["rita"], team["otto"], clock.now())
    with transaction():
        change_staff(team["alma"], role=Role.ADMIN, lead_id=None, is_active=False)
    heir = signed_in(app, team["rita"])
    for text in crawl(heir).values():
        assert "went badly" not in text
    heir.get(at, expect=404)
    see_to_low_scores(clock.now())
    assert tasks_about_it() == [team["alma"] if is_done else team["otto"]]


def test_after_the_decision_no_page_of_a_person_says_whether_they_answered(app: Flask, team: dict[str, int]) -> None:
    asking = Asking(make_survey(Touchpoint.NOT_SELECTED), team["rita"])
    people = [asking.ask("Analyst") for _number in range(6)]
    browser = signed_in(app, team["rita"])
    before = crawl(browser)
    for _made, invitation_id in people[:5]:
        drop(invitation_id, score=1, words="Nobody wrote to me.")
    release()
    after = crawl(browser)
    changed = {path.split("?")[0] for path in differing(before, after)}
    at = address_of(asking.survey_id)
    assert {path for path in changed if not path.startswith((at, "/recruiting/surveys"))} == set()
    assert all("Nobody wrote to me" not in text for text in after.values())


def test_words_that_wait_are_found_by_no_search(app: Flask, team: dict[str, int]) -> None:
    asking = Asking(make_survey(Touchpoint.NOT_SELECTED), team["rita"])
    for number in range(9):
        asking.answered(words=f"unmistakable {number}")
    release()
    browser = signed_in(app, team["rita"])
    at = f"{address_of(asking.survey_id)}/comments"
    found, missed = (browser.get(f"{at}?q={word}").text.replace(word, "") for word in ("unmistakable", "nowhere"))
    assert found == missed
    for path in ("/recruiting/search?q=unmistakable", "/recruiting/candidates?q=unmistakable"):
        assert "unmistakable 1" not in browser.client.get(path, follow_redirects=True).get_data(as_text=True)


@pytest.mark.parametrize("page", ["", "/comments", "/responses.csv", "/comments.csv", "/numbers.csv"])
def test_what_was_not_released_by_itself_is_not_shown_by_writing_its_address(
    app: Flask, team: dict[str, int], page: str
) -> None:
    """Four of one opening and one of another in its area: only the area is known of them."""
    asking = Asking(make_survey(Touchpoint.NOT_SELECTED), team["rita"])
    for number in range(12):
        asking.answered("Analyst" if number % 3 else "Engineer", words=f"Nothing {number}.")
    few = asking.opening("Writer")
    for _number in range(4):
        asking.answered("Writer", "press", words="Alone.")
    release()
    browser = signed_in(app, team["rita"])
    at = f"{address_of(asking.survey_id)}{page}"
    with transaction() as own:
        public_id = own.get_one(Opening, few).public_id
    all_of_it = browser.get(at).body
    for query in (
        f"where=opening:{public_id}",
        f"where=opening:{few}",
        "where=area:press",
        "where=area:press|outcome:not_selected",
        "where=opening:",
        "where=opening:1 OR 1=1",
        "outcome=hired",
        "outcome=withdrawn",
        "outcome=nothing",
        "question=q-nobody&where=x",
        "page=-1",
        "page=99999999999999999999",
    ):
        response = browser.client.get(f"{at}?{query}", follow_redirects=True)
        assert response.status_code in {200, 404}, query
        body = response.get_data(as_text=True)
        if page.endswith(".csv"):
            assert body == all_of_it, query
        elif not page:
            assert count_on(Page.of(response)) == 16, query


def test_two_records_that_become_one_keep_the_link(app: Flask, asked: Invited) -> None:
    kept = make_person("Ada M. Lind")
    merge_people(kept, asked.made.person_id, actor_id=None, now=clock.now())
    browser = visitor(app)
    send(browser, answer_all(browser, asked.link), name="with")
    assert [one.person_id for one in signed_responses()] == [kept]


@pytest.mark.parametrize("is_html", [False, True])
def test_who_answers_the_mail_gives_their_link_to_nobody(app: Flask, asked: Invited, is_html: bool) -> None:
    """Their program repeats our mail below, and colleagues read it: the link would be theirs to answer with."""
    with transaction() as own:
        staff_id = own.get_one(Application, asked.made.id).owner_id
    address = f"https://kindred.example{asked.link}"
    repeated = f"On Wed, 4 Mar 2026 at 09:00, Rita wrote:\n> Answer the survey:\n> {address}\n"
    html = f'<p>The link is broken: <a href="{address}">{address}</a></p><blockquote>{address}</blockquote>'
    with reachable():
        text = f"I would rather tell you: {address}\n\n{repeated}"
        to = reply_address(asked.made.person_id)
        arrive(written(text, sender=primary_email(asked.made.person_id), to=to, html=html if is_html else ""))
    page = signed_in(app, staff_id).get(f"/recruiting/conversations/{public_id_of(asked.made.person_id)}")
    assert "kindred.example/surveys/" in page.text
    assert asked.token not in page.body


def test_a_link_of_somebody_else_stays_whole(app: Flask, asked: Invited) -> None:
    address = "https://docs.example/d/1A2b3C4d5E6f7G8h9I0j1K2l3M4n5O6p7Q8r9S0t1U2v/edit"
    with reachable():
        arrive(
            written(
                f"My work: {address}",
                sender=primary_email(asked.made.person_id),
                to=reply_address(asked.made.person_id),
            )
        )
    assert address in signed_in(app, asked.made.person_id).get("/me/conversation").text


def test_what_they_signed_is_where_we_say_it_is(app: Flask, asked: Invited) -> None:
    browser = signed_in(app, asked.made.person_id)
    send(browser, answer_all(browser, asked.own, q_long="Six weeks of silence."), name="with")
    for path in ("/me/surveys", asked.own):
        page = browser.get(path)
        assert "Six weeks" not in page.text
        assert "/me/privacy" in page.links
    assert "Six weeks of silence." in browser.get("/me/privacy").text
