"""What people type about themselves is understood or asked about; days, words and marks hold whatever was typed."""

from datetime import date, timedelta
from urllib.parse import urlsplit

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.community.rules import (
    MAX_LINKS,
    Availability,
    Birthday,
    Choices,
    ChosenElsewhere,
    Folded,
    NoSuchDay,
    NotALink,
    NotAnAmount,
    OtherOffers,
    PayWish,
    Profile,
    TooManyLinks,
    Wishes,
    amount_from,
    birthday_from,
    days_said,
    is_stage_asked_again,
    links_from,
    marks_after,
    marks_of,
    moved_parts,
    parts_of,
    reminded_on,
    settled,
    stage_question,
    told_of,
    wish_parts_of,
    words_from,
)
from portal.community.states import CareerStage, Industry, Notice, PayPeriod, Seniority, WhenFree, WorkMode
from portal.company.rules import WorkCalendar
from portal.contact.rules import Preferences

TODAY = date(2026, 3, 4)
FULL = Profile(
    seniority=Seniority.SENIOR,
    industries=(Industry.HEALTH, Industry.RESEARCH),
    availability=Availability(WhenFree.AFTER_NOTICE, notice=Notice.THREE_MONTHS),
    pay=PayWish(60000, "EUR", PayPeriod.YEAR),
    three_years="Leading a small team.",
    proud_of="The night shift rota.",
    links=("https://example.org/rota",),
    education="Nursing school.",
    motivates="Calm mornings.",
    worries="A long way to work.",
    birthday=Birthday(29, 2),
)
EMPTY = Wishes((), (), (), None, ())
WISHES = Wishes(("data",), (Folded("sql", "SQL"),), (), CareerStage.OPEN_TO_IT, (WorkMode.REMOTE,), FULL)


@pytest.mark.parametrize(
    ("typed", "amount"),
    [("60000", 60000), (" 60,000 ", 60000), ("60.000", 60000), ("60 000", 60000), ("1'250'000", 1250000), ("45", 45)],
)
def test_an_amount_is_read_with_whatever_separator(typed: str, amount: int) -> None:
    assert amount_from(typed) == amount


@pytest.mark.parametrize("typed", ["a lot", "60k", "-5", "0", "12.50", "1,00,000", "60,000.000", "9" * 40, ""])
def test_what_is_no_amount_is_asked_about(typed: str) -> None:
    with pytest.raises(NotAnAmount):
        amount_from(typed)


@pytest.mark.parametrize(
    ("typed", "links"),
    [
        ("https://example.org/a\n\n  http://example.org/b ", ("https://example.org/a", "http://example.org/b")),
        ("example.org/talks", ("https://example.org/talks",)),
        ("https://example.org\nhttps://example.org", ("https://example.org",)),
        ("", ()),
    ],
)
def test_links_are_read_one_a_line(typed: str, links: tuple[str, ...]) -> None:
    assert links_from(typed) == links


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//https://example.org",
        "data:text/html,x",
        "ftp://example.org",
        "mailto:ada@example.org",
        "//example.org",
        "https://",
        "https://user:secret@example.org",
        "https://example.org:99999/",
        "https://[::1",
        "https://example.org/a b",
        "https://example.org/\u202egpj.exe",
        "https://example.org/" + "x" * 400,
        "see my page",
    ],
)
def test_what_is_no_page_is_asked_about(typed: str) -> None:
    with pytest.raises(NotALink):
        links_from(typed)


def test_links_have_an_end() -> None:
    with pytest.raises(TooManyLinks) as told:
        links_from("\n".join(f"https://example.org/{number}" for number in range(MAX_LINKS + 1)))
    assert "8 links at most" in told.value.message


@given(st.text(max_size=400))
def test_whatever_is_typed_as_a_link_leads_to_a_page_or_is_refused(typed: str) -> None:
    try:
        found = links_from(typed)
    except (NotALink, TooManyLinks):
        return
    for link in found:
        assert urlsplit(link).scheme in {"http", "https"}
        assert not set(link) & set(" \n\r\t\x00")
    assert links_from("\n".join(found)) == found


@given(st.text(max_size=300))
def test_words_that_are_kept_are_read_again_as_they_are(typed: str) -> None:
    kept = words_from(typed)
    assert words_from(kept) == kept
    assert words_from(kept.replace("\n", "\r\n")) == kept
    kept.encode()
    assert "\x00" not in kept


def test_a_birthday_is_a_day_that_there_is() -> None:
    assert birthday_from(29, 2) == Birthday(29, 2)
    for day, month in ((30, 2), (31, 4), (0, 1), (1, 13), (32, 1)):
        with pytest.raises(NoSuchDay):
            birthday_from(day, month)


@pytest.mark.parametrize(
    ("said", "today", "is_asked"),
    [
        (date(2025, 9, 4), TODAY, True),
        (date(2025, 9, 5), TODAY, False),
        (date(2025, 8, 31), date(2026, 2, 27), False),
        (date(2025, 8, 31), date(2026, 2, 28), True),
        (None, TODAY, False),
    ],
)
def test_the_stage_is_asked_again_after_six_months(said: date | None, today: date, is_asked: bool) -> None:
    assert is_stage_asked_again(said, today) is is_asked
    assert (stage_question(CareerStage.OPEN_TO_IT, said, today) is not None) is is_asked


def test_the_question_offers_the_other_answers() -> None:
    asked = stage_question(CareerStage.OPEN_TO_IT, date(2025, 1, 1), TODAY)
    assert asked is not None
    assert [str(label) for _value, label in asked.others] == ["Actively looking", "Not looking now"]


def test_everything_somebody_said_is_told_in_words_with_its_day() -> None:
    told = {one.part: one for one in told_of(WISHES, {"data": "Data"}, dict.fromkeys(wish_parts_of(WISHES), TODAY))}
    assert set(told) == set(wish_parts_of(WISHES)) - {"places"}, "a new part needs an answer in FULL and its words"
    assert told["pay"].words == "€60,000 a year"
    assert told["availability"].words == "After my notice period: Three months"
    assert told["birthday"].words == "29 February"
    assert told["links"].links == ["https://example.org/rota"]
    assert {one.said_on for one in told.values()} == {TODAY}
    assert told_of(EMPTY, {}, {}) == []


def test_what_was_moved_was_said_today_and_what_was_emptied_was_not_said() -> None:
    before = {"pay": date(2025, 1, 1), "worries": date(2025, 1, 1), "areas": date(2025, 1, 1)}
    wanted = Wishes(("data",), (), (), None, (), Profile(pay=PayWish(70000, "EUR", PayPeriod.YEAR), motivates="Tea."))
    days = days_said(before, Wishes(("data",), (), (), None, (), FULL), wanted, TODAY)
    assert days == {"pay": TODAY, "motivates": TODAY, "areas": date(2025, 1, 1)}


@given(st.dates(TODAY, date(2027, 3, 4)), st.dates(TODAY, date(2027, 3, 4)))
def test_a_reminder_is_in_time_and_never_for_a_day_that_is_over(decide_by: date, today: date) -> None:
    day = reminded_on(decide_by, today, WorkCalendar())
    assert day >= today
    if day > today:
        ahead = [day + timedelta(days=n) for n in range((decide_by - day).days)]
        assert sum(one.weekday() < 5 for one in ahead) == 2


PROFILES = st.builds(
    Profile,
    seniority=st.sampled_from([None, *Seniority]),
    industries=st.lists(st.sampled_from(list(Industry)), unique=True, max_size=3).map(tuple),
    pay=st.sampled_from([None, PayWish(60000, "EUR", PayPeriod.YEAR), PayWish(60000, "PLN", PayPeriod.YEAR)]),
    worries=st.sampled_from(["", "The way."]),
    links=st.sampled_from([(), ("https://example.org",)]),
    birthday=st.sampled_from([None, Birthday(4, 3)]),
)
CHOICES = st.builds(
    lambda profile, offers: Choices(Wishes((), (), (), None, (), profile), Preferences(), offers),
    PROFILES,
    st.sampled_from([None, OtherOffers("A bakery."), OtherOffers("A bakery.", TODAY)]),
)


@given(CHOICES, CHOICES)
def test_days_are_noted_for_what_is_said_and_nothing_else(one: Choices, other: Choices) -> None:
    days = days_said({}, one.wishes, other.wishes, TODAY)
    parts = wish_parts_of(other.wishes)
    assert set(days) == {part for part in moved_parts(one.wishes, other.wishes) if parts[part]}


@given(CHOICES, CHOICES, CHOICES, CHOICES)
def test_a_page_that_saves_by_itself_reverts_nothing_that_was_changed_elsewhere(
    first: Choices, typed: Choices, elsewhere: Choices, later: Choices
) -> None:
    """A window saves `typed`, another one then saves `elsewhere` over it, and the first goes on to say `later`."""
    seen = marks_after(parts_of(typed), marks_of(first))
    assert seen == marks_of(typed)
    moved = {part for part, value in parts_of(elsewhere).items() if value != parts_of(typed)[part]}
    try:
        after = parts_of(settled(elsewhere, parts_of(later), seen))
    except ChosenElsewhere as told:
        disputed = set(told.parts)
    else:
        disputed = set()
        assert all(after[part] == parts_of(elsewhere)[part] for part in moved)
    assert disputed <= moved
