"""Which openings are of a kind, which words name a skill, what a mail says, and what came of an invitation."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.community.adapters import skills
from portal.community.rules import fold
from portal.core.i18n import reading_as
from portal.fitting.rules import (
    IllegalMove,
    InvitationRefused,
    OpeningFacts,
    Outcome,
    Standing,
    Told,
    check_move,
    checked_why,
    checked_words,
    expires_at,
    facts_for_person,
    is_kin,
    named_skills,
    outcome_of,
    why_for_person,
    why_for_staff,
    why_not,
)
from portal.fitting.states import LEFT_OUT_WORDS, MOVES, WHY_LABELS, InvitationState, LeftOut, Why
from portal.openings.rules import OpeningContent
from portal.openings.states import OpeningState
from portal.outbox.states import DeliveryState
from tests.factories import published_content

NOW = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Platform Engineer", "Senior Platform Engineer (m/f/d)"),
        ("Data Analyst", "data analyst"),
        ("Nurse", "Nurse, part time"),
        ("Backend Engineer", "Backend Engineer, Payments"),
    ],
)
def test_titles_of_one_family_are_kin(one: str, other: str) -> None:
    assert is_kin("", one, "", other)
    assert is_kin("", other, "", one)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Platform Engineer", "Engineer"), ("Sales Manager", "Product Manager"), ("Nurse", "Baker"), ("Senior", "Senior")],
)
def test_titles_that_share_a_word_are_no_family(one: str, other: str) -> None:
    assert not is_kin("data", one, "design", other)


def test_one_area_is_enough_and_no_area_is_none() -> None:
    assert is_kin("data", "Nurse", "data", "Baker")
    assert not is_kin("", "Nurse", "", "Baker")


def test_skills_are_found_in_bullets_and_sentences_with_their_signs() -> None:
    content = OpeningContent(
        title="Developer",
        needed="- Python, SQL\n- **C++** or Node.js\n- Project management",
        work="You write code in Go. You go home at five, and R is welcome.",
    )
    found = set(named_skills(content, skills()))
    assert {"python", "sql", "c++", "node.js", "project management", "go", "r"} <= found


def test_a_short_word_in_small_letters_names_no_skill() -> None:
    assert "go" not in named_skills(OpeningContent(title="Baker", work="We go home early, c or r."), skills())


@pytest.mark.parametrize(
    ("needed", "key"),
    [
        ("You know K8s well.", "kubernetes"),
        ("We run on postgres.", "postgresql"),
        ("- Excel\n- Word", "microsoft word"),
        ("Apps in Spring, mostly.", "spring boot"),
    ],
)
def test_another_name_of_a_skill_names_it(needed: str, key: str) -> None:
    assert key in named_skills(OpeningContent(title="Somebody", needed=needed), skills())


@pytest.mark.parametrize(
    ("needed", "key"),
    [
        ("A word with the rest of us in spring.", "microsoft word"),
        ("Events are fun. Rest is fine.", "event management"),
        ("We are hiring.", "recruiting"),
    ],
)
def test_an_ordinary_word_names_no_skill(needed: str, key: str) -> None:
    assert key not in named_skills(OpeningContent(title="Somebody", needed=needed), skills())


@given(st.lists(st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=30), max_size=6))
def test_whatever_is_written_gives_keys_that_are_folded(lines: list[str]) -> None:
    found = named_skills(OpeningContent(title="T", needed="\n".join(lines)), skills())
    assert all(key == fold(key) for key in found)


def test_colleagues_read_of_marks_and_candidates_do_not() -> None:
    told = [
        Told(Why.SILVER_MEDAL, "Platform Engineer", date(2026, 3, 4)),
        Told(Why.NEAR_FIT, "Baker", date(2025, 12, 1)),
        Told(Why.AREA, "Software engineering"),
        Told(Why.SKILL, "Python"),
        Told(Why.SKILL, "SQL"),
        Told(None, "Warsaw, Poland"),
        Told(None),
    ]
    with reading_as("en", "Europe/Warsaw"):
        assert why_for_staff(told) == [
            "Silver medal for Platform Engineer, March 2026",
            "Near-fit for Baker, December 2025",
            "Interested in Software engineering",
            "Knows Python and SQL",
            "Would work in Warsaw, Poland",
            "Open to remote work",
        ]
        words = why_for_person(told)
    assert words.startswith("You applied to us for Platform Engineer and Baker.")
    assert not {"medal", "near", "mark"} & set(words.lower().split())


def facts(**changed: object) -> OpeningFacts:
    content = published_content(closes_on=date(2026, 3, 31))
    known = OpeningFacts(
        id=1,
        public_id="x",
        title="Data Analyst",
        slug="data-analyst",
        version=1,
        state=OpeningState.PUBLISHED,
        published_at=NOW,
        public_at=NOW,
        closes_on=date(2026, 3, 31),
        area="data",
        content=content,
    )
    return replace(known, **changed)  # type: ignore[arg-type]  # fields of OpeningFacts


def test_a_mail_says_pay_what_is_hard_and_by_when() -> None:
    with reading_as("en", "Europe/Warsaw"):
        said = dict(facts_for_person(facts(), "You told us.", NOW))
        early = dict(facts_for_person(facts(public_at=NOW + timedelta(days=3)), "You told us.", NOW))
    assert said["Why you"] == "You told us."
    assert said["Pay"] == "€60,000 to €75,000 a year"
    assert said["What is hard about it"] == "Half of the numbers are wrong."
    assert said["Apply by"] == "Tuesday 31 March 2026"
    assert said["Who sees it"] == ""
    assert "Saturday 7 March 2026" in early["Who sees it"]


def test_what_is_hard_is_cut_at_a_word() -> None:
    long = published_content(hard="- Half of it is waiting\n" * 60)
    with reading_as("en", "Europe/Warsaw"):
        said = dict(facts_for_person(facts(content=long), "Why", NOW))["What is hard about it"]
    assert said.startswith("Half of it is waiting Half")
    assert len(said) <= 401
    assert said.endswith("…")


@pytest.mark.parametrize("words", ["", "  ", "Hello {why}", "x" * 4001])
def test_words_that_nobody_can_read_are_refused(words: str) -> None:
    with pytest.raises(InvitationRefused):
        checked_words(words)


@pytest.mark.parametrize("why", ["", " \n ", "x" * 501])
def test_nobody_is_invited_without_a_why(why: str) -> None:
    with pytest.raises(InvitationRefused):
        checked_why(why)


_GOOD = Standing(
    has_address=True,
    is_suppressed=False,
    has_said_yes=True,
    has_applied=False,
    is_invited=False,
    is_hired=False,
    may_see=True,
)


@given(st.builds(Standing, *[st.booleans() for _ in range(7)]))
def test_only_whom_nothing_speaks_against_is_invited(standing: Standing) -> None:
    assert (why_not(standing) is None) == (standing == _GOOD)


def test_an_invitation_ends_with_the_last_day_and_after_a_month() -> None:
    assert expires_at(date(2026, 3, 6), "Europe/Warsaw", NOW) == datetime(2026, 3, 6, 23, 0, tzinfo=UTC)
    assert expires_at(None, "Europe/Warsaw", NOW) == NOW + timedelta(days=30)
    assert expires_at(date(2027, 1, 1), "Europe/Warsaw", NOW) == NOW + timedelta(days=30)


@pytest.mark.parametrize("before", InvitationState)
def test_only_the_legal_moves_are_made(before: InvitationState) -> None:
    for after in InvitationState:
        if after in MOVES[before]:
            check_move(before, after)
        else:
            with pytest.raises(IllegalMove):
                check_move(before, after)


def test_what_they_did_counts_before_how_their_mail_stands() -> None:
    written = InvitationState.WRITTEN
    assert outcome_of(written, DeliveryState.DEAD, NOW, NOW) is Outcome.APPLIED
    assert outcome_of(written, DeliveryState.SENT, None, NOW) is Outcome.NOT_NOW
    assert outcome_of(written, DeliveryState.SENT, None, None) is Outcome.NOTHING_YET
    assert outcome_of(written, DeliveryState.QUEUED, None, None) is Outcome.ON_ITS_WAY
    assert outcome_of(written, DeliveryState.CANCELLED, None, None) is Outcome.LOST
    assert outcome_of(InvitationState.WAITING, None, None, None) is Outcome.ON_ITS_WAY
    assert outcome_of(InvitationState.LEFT_OUT, None, None, None) is Outcome.NOT_WRITTEN
    assert outcome_of(InvitationState.TAKEN_BACK, DeliveryState.CANCELLED, None, None) is Outcome.TAKEN_BACK


def test_every_word_has_its_words() -> None:
    assert set(LEFT_OUT_WORDS) == set(LeftOut)
    assert set(WHY_LABELS) == set(Why)
