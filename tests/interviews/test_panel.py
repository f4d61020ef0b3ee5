"""The page of one interview: what the panel reads of it, and who reads nothing."""

from datetime import date, timedelta

import pytest
from flask import Flask
from sqlalchemy import select

from portal.community.models import Preferences
from portal.company.actions import change_settings
from portal.company.queries import company_settings
from portal.company.rules import version_of
from portal.company.states import Setting
from portal.core import clock
from portal.core.db import transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.interviews.models import Interview, InterviewNeed, InterviewWish, QuestionAhead
from portal.interviews.queries.panel import is_close
from portal.interviews.rules.panel import minutes_plan
from portal.interviews.states import InterviewState, Relationship, WishKind
from portal.people.models import Person
from tests.conftest import START, Time, counted_statements
from tests.factories import Made, make_application, make_opening, make_staff, make_submission, public_id_of, signed_in
from tests.interviews.rows import make_interview
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
AT = START + timedelta(days=2)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def lena(app: Flask) -> int:
    return make_staff("Lena Walczak", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int, hugo: int) -> Made:
    opening = make_opening("Data Analyst", recruiter_id=rita, manager_id=hugo)
    made = make_application(opening, rita, name="Ada Lind", promised=date(2026, 3, 10))
    make_submission(made.public_id, made.person_id)
    return made


@pytest.fixture
def interview(ada: Made, rita: int, lena: int) -> str:
    """Lena is on the panel, and the opening is not hers."""
    public_id = make_interview(ada.id, rita, starts_at=AT, panel=[(lena, None)], criteria="SQL\n- Patience")
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == public_id)).one()
        own.add(
            QuestionAhead(
                public_id=new_public_id(), interview_id=row.id, words="Is there a lift?", asked_at=clock.now()
            )
        )
        own.add(InterviewNeed(interview_id=row.id, words="I read lips", told_at=clock.now()))
        own.add(
            Preferences(
                person_id=ada.person_id, work_modes=[], three_years="Leading a small team", changed_at=clock.now()
            )
        )
    return public_id


def path(interview: str) -> str:
    return f"/recruiting/interviews/{interview}"


@pytest.fixture
def panel(app: Flask, lena: int) -> Browser:
    return signed_in(app, lena)


def test_the_panel_reads_all_that_prepares_them(panel: Browser, interview: str, ada: Made) -> None:
    text = panel.get(path(interview)).text
    for words in (
        "Interview with Ada Lind",
        "Friday 6 March 2026, 09:00",
        "45 minutes. By video",
        "Is there a lift?",
        "Leading a small team",
        f"A note of {ada.public_id}",
        "They hear from us by Tuesday 10 March 2026",
        "SQL",
        "Patience",
        "Their questions 10 minutes",
        "+48 22 123 45 67",
    ):
        assert words in text, words


def test_a_panel_member_sees_this_page_and_nothing_else(panel: Browser, interview: str, ada: Made) -> None:
    page = panel.get(path(interview))
    assert f"/recruiting/applications/{ada.public_id}" not in page.links
    person = public_id_of(ada.person_id)
    for elsewhere in (
        f"applications/{ada.public_id}",
        f"applications/{ada.public_id}/cv",
        f"applications/{ada.public_id}/read",
        f"candidates/{person}",
        f"conversations/{person}",
    ):
        panel.get(f"/recruiting/{elsewhere}", expect=404)


def test_the_panel_reads_the_cv_from_here(panel: Browser, interview: str, ada: Made) -> None:
    assert panel.client.get(f"{path(interview)}/cv").data.startswith(b"%PDF-1.4")
    assert "sandbox" in panel.client.get(f"{path(interview)}/cv").headers["Content-Security-Policy"]


def test_what_makes_it_accessible_is_for_those_who_arrange_it(
    app: Flask, panel: Browser, interview: str, rita: int, hugo: int
) -> None:
    assert "I read lips" not in panel.get(path(interview)).text
    # Hugo leads the opening and does not arrange it.
    assert "I read lips" not in signed_in(app, hugo).get(path(interview)).text
    assert "I read lips" not in signed_in(app, make_staff("Omar Reyes")).get(path(interview)).text
    assert "I read lips" in signed_in(app, rita).get(path(interview)).text
    assert "I read lips" in signed_in(app, make_staff("Alma Reyes", Role.ADMIN)).get(path(interview)).text


def test_who_does_not_take_part_finds_nothing(app: Flask, interview: str, ada: Made, hugo: int) -> None:
    outsider = signed_in(app, make_staff("Olga Nowak", Role.HIRING_MANAGER))
    for part in ("", "/cv"):
        outsider.get(path(interview) + part, expect=404)
    signed_in(app, hugo).get(path(interview))
    signed_in(app, ada.person_id).get(path(interview), expect=404)


def test_who_applied_here_and_works_here_does_not_read_their_own(app: Flask, rita: int) -> None:
    own = make_application(make_opening(), rita, person_id=make_staff("Otto Own"))
    public_id = make_interview(own.id, rita, starts_at=AT, panel=[(own.person_id, None)])
    signed_in(app, own.person_id).get(path(public_id), expect=404)


def test_without_questions_or_a_submission_the_page_says_what_to_do(app: Flask, rita: int, hugo: int) -> None:
    imported = make_application(make_opening(manager_id=hugo), rita, name="Bo Ek")
    text = signed_in(app, hugo).get(path(make_interview(imported.id, rita, starts_at=AT))).text
    assert "They have sent no questions ahead" in text
    assert "Their application came with an import" in text


def test_once_it_is_over_the_notes_come_first(
    panel: Browser, app: Flask, interview: str, lena: int, time: Time
) -> None:
    text = panel.get(path(interview)).text
    assert text.index("Their questions 10 minutes") < text.index("Your notes")
    time.at = AT + timedelta(hours=1)
    text = signed_in(app, lena).get(path(interview)).text
    assert text.index("Your notes") < text.index("Leading a small team")
    assert "Their questions 10 minutes" not in text
    assert "Say exactly this date" not in text


def test_while_no_time_is_chosen_the_page_says_which_there_are(app: Flask, ada: Made, rita: int, hugo: int) -> None:
    times = [START + timedelta(days=days) for days in (3, 4)]
    public_id = make_interview(ada.id, rita, state=InterviewState.PROPOSED, times=times, panel=[(hugo, None)])
    text = signed_in(app, hugo).get(path(public_id)).text
    assert "Ada Lind has not chosen a time yet." in text
    assert "Saturday 7 March 2026, 09:00" in text
    assert "Sunday 8 March 2026, 09:00" in text


def test_it_says_which_feedback_they_were_promised(app: Flask, panel: Browser, interview: str) -> None:
    assert "they are owed feedback in writing within 7 days" in panel.get(path(interview)).text
    admin = make_staff("Alma Reyes", Role.ADMIN)
    seen = version_of({Setting.FEEDBACK: company_settings()[Setting.FEEDBACK]})
    values = {Setting.FEEDBACK: {"way": "none", "countries": {}}}
    change_settings(values, seen, actor_id=admin, now=clock.now())
    assert "we give no feedback for this opening" in panel.get(path(interview)).text


def test_both_clocks_are_shown_where_they_differ(app: Flask, ada: Made, rita: int, interview: str) -> None:
    with transaction() as own:
        own.get_one(Person, ada.person_id).timezone = "America/New_York"
    assert "03:00 in New York" in signed_in(app, rita).get(path(interview)).text


def test_the_relationship_is_said_in_one_tap_and_a_close_one_is_named(
    app: Flask, panel: Browser, interview: str, ada: Made, rita: int, lena: int
) -> None:
    page = panel.get(path(interview))
    assert "How do you know Ada Lind?" in page.text
    assert "Has not said how they know the candidate" in signed_in(app, rita).get(path(interview)).text
    panel.submit(page, action="relationship", button="We are friends or family")
    assert "How do you know" not in panel.get(path(interview)).text
    seen = signed_in(app, rita).get(path(interview)).text
    assert "We are friends or family" in seen
    assert "Approves no feedback to them" in seen
    assert is_close(lena, ada.id)
    assert not is_close(rita, ada.id)


def test_what_they_told_us_is_read_by_the_panel_and_their_words_by_who_arranges_it(
    app: Flask, panel: Browser, interview: str, rita: int
) -> None:
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == interview)).one()
        own.add(
            InterviewWish(
                public_id=new_public_id(),
                interview_id=row.id,
                kind=WishKind.ANOTHER_TIME,
                words="I am in hospital on Friday",
                created_at=clock.now(),
            )
        )
    for browser, reads in ((panel, False), (signed_in(app, rita), True)):
        text = browser.get(path(interview)).text
        assert "They ask for another time Not answered yet" in text
        assert ("I am in hospital on Friday" in text) == reads
        # A relationship is asked for below it: what a candidate waits for comes first.
        known = text.find("How do you know")
        assert known < 0 or text.index("What they told us") < known


def test_while_the_candidate_waits_for_an_answer_the_page_does_not_say_that_we_wait_for_them(
    app: Flask, interview: str, rita: int
) -> None:
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == interview)).one()
        row.state, row.starts_at = InterviewState.PROPOSED, None
    assert "Waits for the candidate to choose" in signed_in(app, rita).get(path(interview)).text
    with transaction() as own:
        row = own.scalars(select(Interview).where(Interview.public_id == interview)).one()
        wish = InterviewWish(public_id=new_public_id(), interview_id=row.id, kind=WishKind.ANOTHER_TIME, words="Monday")
        wish.created_at = clock.now()
        own.add(wish)
    text = signed_in(app, rita).get(path(interview)).text
    assert "Waits for us" in text
    assert "Waits for the candidate to choose" not in text


def test_what_is_needed_most_stands_before_what_is_long(panel: Browser, interview: str) -> None:
    text = panel.get(path(interview)).text
    words = (
        "How do you know",
        "What they were promised",
        "wants to ask",
        "Who they are",
        "Your notes",
        "Who takes part",
    )
    places = [text.index(word) for word in words]
    assert places == sorted(places)


def test_a_relationship_can_be_put_right(panel: Browser, interview: str, ada: Made, lena: int) -> None:
    for label in ("I was their manager, or they were mine", "I do not know them"):
        panel.submit(panel.get(path(interview)), action="relationship", button=label)
    assert not is_close(lena, ada.id)


def test_only_who_takes_part_says_a_relationship(app: Flask, interview: str, rita: int) -> None:
    desk = signed_in(app, rita)
    token = desk.get(path(interview)).form(action="sign-out").values["csrf_token"]
    said = {"csrf_token": token, "relationship": str(Relationship.FRIEND)}
    assert desk.client.post(f"{path(interview)}/relationship", data=said).status_code == 404
    assert desk.client.post(f"{path(interview)}/notes", data=said).status_code == 404


def test_what_is_no_relationship_changes_nothing(panel: Browser, interview: str, lena: int, ada: Made) -> None:
    token = panel.get(path(interview)).form(action="relationship").values["csrf_token"]
    answer = panel.client.post(f"{path(interview)}/relationship", data={"csrf_token": token, "relationship": "boss"})
    assert answer.status_code == 303
    assert "How do you know" in panel.get(path(interview)).text


def test_the_page_costs_a_dozen_statements_at_most(panel: Browser, interview: str) -> None:
    with counted_statements() as statements:
        panel.get(path(interview))
    assert len(statements) <= 12


def test_the_minutes_add_up_and_leave_time_for_their_questions() -> None:
    for minutes in range(5, 481):
        plan = minutes_plan(minutes)
        assert sum(part.minutes for part in plan) == minutes
        assert all(part.minutes > 0 for part in plan)
        theirs = next((part.minutes for part in plan if str(part.words) == "Their questions"), 0)
        assert theirs >= minutes // 5
        assert minutes < 30 or theirs >= 10
