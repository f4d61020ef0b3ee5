"""What an opening must say, its address, and from when who sees it."""

from contextlib import suppress
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from werkzeug.datastructures import MultiDict

from portal.community.states import WorkMode
from portal.core.errors import PortalError
from portal.openings.forms import changed_groups
from portal.openings.rules import (
    InvalidAmount,
    InvalidCurrency,
    InvalidQuestion,
    Missing,
    MoveRefused,
    OpeningContent,
    Pay,
    Place,
    Question,
    ReasonTooShort,
    Stage,
    amount_from,
    as_json,
    check_move,
    check_question,
    check_reason,
    clean_currency,
    content_in_words,
    differences,
    early_days,
    from_json,
    missing,
    moved_public_at,
    public_from,
    slug_of,
)
from portal.openings.states import Employment, OpeningState, PayPeriod, QuestionKind, Seniority
from tests.factories import published_content

TODAY = date(2026, 3, 2)
NOW = datetime(2026, 3, 2, 9, 30, tzinfo=UTC)
ZONES = st.sampled_from(["Europe/Warsaw", "America/New_York", "Asia/Kolkata", "Pacific/Apia", "UTC"])
INSTANTS = st.integers(0, 2 * 365 * 24 * 60).map(
    lambda minutes: datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
TEXTS = st.text(max_size=40)
AMOUNTS = st.none() | st.decimals(0, 1_000_000, places=2)
STAGES = st.builds(Stage, name=TEXTS, what_happens=TEXTS, with_whom=TEXTS, how_long=TEXTS)
QUESTIONS = st.builds(
    Question,
    id=TEXTS,
    words=TEXTS,
    help=TEXTS,
    kind=st.sampled_from(QuestionKind),
    choices=st.lists(TEXTS, max_size=3).map(tuple),
    is_required=st.booleans(),
)
CONTENTS = st.builds(
    OpeningContent,
    title=TEXTS,
    summary=TEXTS,
    area=TEXTS,
    seniority=st.none() | st.sampled_from(Seniority),
    employment=st.none() | st.sampled_from(Employment),
    places=st.lists(st.builds(Place, key=TEXTS, label=TEXTS), max_size=3).map(tuple),
    work_modes=st.lists(st.sampled_from(WorkMode), unique=True).map(tuple),
    work=TEXTS,
    needed=TEXTS,
    team=TEXTS,
    hard=TEXTS,
    offered=TEXTS,
    pay=st.builds(
        Pay,
        lowest=AMOUNTS,
        highest=AMOUNTS,
        currency=st.sampled_from(["", "EUR", "PLN"]),
        period=st.sampled_from(PayPeriod),
        note=TEXTS,
    ),
    is_pool=st.none() | st.booleans(),
    is_ai_used=st.none() | st.booleans(),
    ai_words=TEXTS,
    stages=st.lists(STAGES, max_size=3).map(tuple),
    decision_by=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    closes_on=st.none() | st.dates(date(2026, 1, 1), date(2027, 1, 1)),
    questions=st.lists(QUESTIONS, max_size=3).map(tuple),
    is_cv_asked=st.booleans(),
)


def lacks(**facts: object) -> list[Missing]:
    return missing(replace(published_content(), **facts), True, True, TODAY)  # type: ignore[arg-type]  # by name


def test_nothing_is_missing_where_all_is_said() -> None:
    assert lacks() == []


@pytest.mark.parametrize(
    ("facts", "expected"),
    [
        ({"title": " "}, Missing.TITLE),
        ({"summary": ""}, Missing.SUMMARY),
        ({"area": ""}, Missing.AREA),
        ({"places": ()}, Missing.PLACE),
        ({"work": "\u200b"}, Missing.WORK),
        ({"team": ""}, Missing.TEAM),
        ({"hard": "\n"}, Missing.HARD),
        ({"pay": Pay()}, Missing.PAY),
        ({"pay": Pay(Decimal(2), Decimal(1), "EUR")}, Missing.PAY),
        ({"pay": Pay(Decimal(1), Decimal(2), "")}, Missing.PAY),
        ({"is_pool": None}, Missing.VACANCY),
        ({"is_ai_used": None}, Missing.AI),
        ({"is_ai_used": True}, Missing.AI),
        ({"stages": ()}, Missing.STAGES),
        ({"stages": (Stage("A talk", "We talk.", "", "an hour"),)}, Missing.STAGES),
        ({"decision_by": None}, Missing.DECISION),
        ({"decision_by": TODAY}, Missing.DECISION),
        ({"closes_on": TODAY - timedelta(days=1)}, Missing.LAST_DAY),
    ],
)
def test_each_part_is_missed_by_itself(facts: dict[str, object], expected: Missing) -> None:
    assert lacks(**facts) == [expected]


def test_work_that_is_only_remote_needs_no_place() -> None:
    assert lacks(places=(), work_modes=(WorkMode.REMOTE,)) == []


def test_the_last_day_itself_is_in_time() -> None:
    assert lacks(closes_on=TODAY) == []


def test_people_are_missed_as_well() -> None:
    assert missing(published_content(), False, False, TODAY) == [Missing.RECRUITER, Missing.MANAGER]


@given(CONTENTS, st.booleans(), st.booleans())
def test_nothing_is_missing_exactly_when_every_rule_of_the_list_holds(
    content: OpeningContent, has_recruiter: bool, has_manager: bool
) -> None:
    pay = content.pay
    texts = (content.title, content.summary, content.area, content.work, content.team, content.hard)
    of_stages = [(s.name, s.what_happens, s.with_whom, s.how_long) for s in content.stages]

    def is_visible(text: str) -> bool:
        return any(c.isprintable() and not c.isspace() for c in text)

    is_publishable = (
        all(map(is_visible, texts))
        and (bool(content.places) or WorkMode.REMOTE in content.work_modes)
        and (pay.lowest is not None and pay.highest is not None and pay.lowest <= pay.highest and pay.currency != "")
        and content.is_pool is not None
        and (content.is_ai_used is False or bool(content.is_ai_used and is_visible(content.ai_words)))
        and (bool(of_stages) and all(is_visible(text) for stage in of_stages for text in stage))
        and (content.decision_by is not None and content.decision_by > TODAY)
        and (content.closes_on is None or content.closes_on >= TODAY)
        and has_recruiter
        and has_manager
    )
    assert (missing(content, has_recruiter, has_manager, TODAY) == []) == is_publishable


@given(CONTENTS)
def test_what_is_stored_is_read_back_as_it_was(content: OpeningContent) -> None:
    assert from_json(as_json(content)) == content


@given(CONTENTS)
def test_every_content_can_be_shown_and_differs_from_itself_in_nothing(content: OpeningContent) -> None:
    assert content_in_words(content, []).stages == content.stages
    assert differences(content, content, []) == []


def test_a_difference_says_both_sides_in_words() -> None:
    (one,) = differences(published_content(), published_content(pay=Pay(Decimal(1), Decimal(2), "PLN")), [])
    assert (one.part, one.before, one.after) == ("pay", "60000 to 75000 EUR a year", "1 to 2 PLN a year")


@given(st.text(max_size=200), st.lists(st.text(max_size=60)))
def test_an_address_is_plain_and_nobody_elses(title: str, others: list[str]) -> None:
    taken: set[str] = set()
    for number, other in enumerate([title, *others, title]):
        slug = slug_of(other, taken, f"zzzz{number:04}")
        assert slug not in taken
        assert slug.isascii()
        assert set(slug) <= set("abcdefghijklmnopqrstuvwxyz0123456789-")
        assert len(slug) <= 120
        taken.add(slug)


def test_an_address_reads_as_the_title() -> None:
    assert slug_of("Starszy inżynier, Łódź (C++)") == "starszy-inzynier-lodz-c"
    assert slug_of("データ") == "opening"
    assert slug_of("Nurse", {"nurse"}, "kq7x2mza") == "nurse-kq7x2mza"


@given(INSTANTS, st.integers(0, 30), ZONES)
def test_early_access_lasts_whole_days_on_the_clocks_of_the_company(start: datetime, days: int, zone: str) -> None:
    public_at = public_from(start, days, zone)
    before, after = start.astimezone(ZoneInfo(zone)), public_at.astimezone(ZoneInfo(zone))
    assert public_at >= start
    assert early_days(start, public_at, zone) == days
    assert abs(after.replace(tzinfo=None) - before.replace(tzinfo=None) - timedelta(days=days)) <= timedelta(hours=1)


def test_summer_time_does_not_move_the_hour() -> None:
    start = datetime(2026, 3, 28, 8, 0, tzinfo=UTC)
    assert public_from(start, 1, "Europe/Warsaw") == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


@given(INSTANTS, st.integers(0, 30), st.integers(0, 30), st.integers(0, 60 * 24 * 40), ZONES)
def test_what_is_public_stays_public_and_nothing_becomes_public_in_the_past(
    start: datetime, before: int, after: int, minutes: int, zone: str
) -> None:
    now, public_at = start + timedelta(minutes=minutes), public_from(start, before, zone)
    moved = moved_public_at(start, public_at, after, zone, now)
    assert moved >= start
    if public_at <= now:
        assert moved == public_at
    else:
        assert moved >= now
        assert moved_public_at(start, public_at, before, zone, now) == public_at


@pytest.mark.parametrize(
    ("typed", "amount"),
    [
        ("60000", "60000"),
        ("60,000", "60000"),
        ("60.000", "60000"),
        (" 60 000 ", "60000"),
        ("1\u202f200\u202f000", "1200000"),
        ("25.50", "25.50"),
        ("25,5", "25.5"),
        ("60'000", "60000"),
    ],
)
def test_amounts_are_read_as_people_type_them(typed: str, amount: str) -> None:
    assert amount_from(typed) == Decimal(amount)


@pytest.mark.parametrize("typed", ["about 60k", "-5", "1e5", "60.00.00", "٦٠x", "9" * 40, "NaN", "1,23,456"])
def test_what_is_no_amount_is_refused(typed: str) -> None:
    with pytest.raises(InvalidAmount):
        amount_from(typed)


@given(st.text(max_size=30))
def test_no_typed_amount_or_currency_breaks_anything(typed: str) -> None:
    for read in (amount_from, clean_currency):
        with suppress(PortalError):
            assert read(typed) is not None


def test_currencies_have_three_letters_that_somebody_knows() -> None:
    assert clean_currency(" pln ") == "PLN"
    for wrong in ("zł", "EURO", "QQQ"):
        with pytest.raises(InvalidCurrency):
            clean_currency(wrong)


def test_an_override_needs_ten_visible_characters() -> None:
    assert check_reason("  the board\nasked ") == "the board asked"
    for short in ("because", "a         b", "\u200b" * 20):
        with pytest.raises(ReasonTooShort):
            check_reason(short)


@pytest.mark.parametrize("choices", [(), ("yes",), tuple(str(number) for number in range(13))])
def test_one_of_several_answers_needs_several_and_not_too_many(choices: tuple[str, ...]) -> None:
    with pytest.raises(InvalidQuestion) as refused:
        check_question(Question("q", "Which?", kind=QuestionKind.SINGLE_CHOICE, choices=choices))
    assert refused.value.part == "choices"


def test_a_question_without_words_is_refused() -> None:
    with pytest.raises(InvalidQuestion) as refused:
        check_question(Question("q", "", help="a hint"))
    assert refused.value.part == "words"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OpeningState.DRAFT, OpeningState.STOPPED),
        (OpeningState.STOPPED, OpeningState.STOPPED),
        (OpeningState.PUBLISHED, OpeningState.FINISHED),
        (OpeningState.FINISHED, OpeningState.PUBLISHED),
    ],
)
def test_moves_that_make_no_sense_are_refused(before: OpeningState, after: OpeningState) -> None:
    with pytest.raises(MoveRefused):
        check_move(before, after)


def test_a_draft_of_our_own_is_not_finished_and_an_imported_one_is() -> None:
    with pytest.raises(MoveRefused):
        check_move(OpeningState.DRAFT, OpeningState.FINISHED, is_own_draft=True)
    check_move(OpeningState.DRAFT, OpeningState.FINISHED)


def sent(*names: str) -> "MultiDict[str, str]":
    pairs = [("title", "Baker")]
    pairs += [(f"stages-{place}-name", name) for place, name in enumerate(names)]
    return MultiDict(pairs)


def names_in(changed: "MultiDict[str, str] | None") -> list[str]:
    assert changed is not None
    count = len({key.split("-")[1] for key in changed if key.startswith("stages-")})
    return [changed.get(f"stages-{place}-name", "") for place in range(count)]


@pytest.mark.parametrize(
    ("do", "expected"),
    [
        ("stages:add", ["a", "b", "c", ""]),
        ("stages:up:1", ["b", "a", "c"]),
        ("stages:up:0", ["a", "b", "c"]),
        ("stages:down:1", ["a", "c", "b"]),
        ("stages:down:2", ["a", "b", "c"]),
        ("stages:remove:1", ["a", "c"]),
        ("stages:remove:9", ["a", "b", "c"]),
    ],
)
def test_groups_are_added_moved_and_removed(do: str, expected: list[str]) -> None:
    assert names_in(changed_groups(sent("a", "b", "c"), do)) == expected


def test_no_more_groups_than_there_may_be() -> None:
    assert len(names_in(changed_groups(sent(*"abcdefghijkl"), "stages:add"))) == 12


@pytest.mark.parametrize("do", ["", "save", "preview", "stages", "stages:burn:1", "other:add", "stages:up:-1"])
def test_other_buttons_change_no_groups(do: str) -> None:
    assert changed_groups(sent("a"), do) is None


@given(st.lists(TEXTS, max_size=12), st.sampled_from(["up", "down", "add"]), st.integers(0, 15))
def test_moving_loses_nothing_that_was_typed(typed: list[str], verb: str, number: int) -> None:
    do = "stages:add" if verb == "add" else f"stages:{verb}:{number}"
    after = names_in(changed_groups(sent(*typed), do))
    assert sorted(name for name in after if name) == sorted(name for name in typed if name)
