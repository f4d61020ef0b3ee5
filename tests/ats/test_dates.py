"""Dates are read as written, and never guessed."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.ats.rules import DateEvidence, UnreadableDate, read_date
from portal.ats.states import DateOrder

DAY = date(2026, 3, 14)
ANY_ORDER = list(DateOrder)


def conclusion(*cells: str) -> DateOrder:
    evidence = DateEvidence()
    for cell in cells:
        evidence.add(cell)
    return evidence.conclude()


@pytest.mark.parametrize("order", ANY_ORDER)
@pytest.mark.parametrize(
    "cell",
    [
        "2026-03-14",
        " 2026-03-14 ",
        "2026-3-14",
        "2026/03/14",
        "2026.03.14",
        "20260314",
        "20260314T100000Z",
        "2026-03-14T10:00:00Z",
        "2026-03-14T23:59:59.123456+02:00",
        "2026-03-14 10:00",
        "2026-03-14 10:00:00 +0000 UTC",
        "2026-03-14 00:00:00",
        "Mar 14, 2026",
        "Mar. 14, 2026",
        "mar 14 2026",
        "March 14, 2026",
        "March 14th, 2026",
        "Saturday, March 14, 2026",
        "Sat Mar 14 2026 10:00:00 GMT+0100 (CET)",
        "Mar 14, 2026, 10:32 AM",
        "March 14, 2026 at 10:32 AM UTC",
        "14 March 2026",
        "14 Mar 2026 10:00",
        "14-Mar-2026",
        "14-Mar-26",
        "14 Mar '26",
        "14th of March 2026",
        "Sat, 14 Mar 2026 10:00:00 +0100",
        "14. März 2026",
        "14 mars 2026",
        "14 de marzo de 2026",
        "14 de março de 2026",
        "14 marzo 2026",
        "14 maart 2026",
        "14 marca 2026",
        "2026-Mar-14",
        "２０２６-03-14",
        "2026\u00a003\u00a014".replace("\u00a0", "-"),
    ],
)
def test_dates_that_need_no_order(cell: str, order: DateOrder) -> None:
    assert read_date(cell, order) == DAY
    assert conclusion(cell) is DateOrder.NONE_NEEDED


@pytest.mark.parametrize("separator", ["/", ".", "-"])
@pytest.mark.parametrize("tail", ["", " 10:00", " 10:00:00 PM", "T10:00:00Z", ", 10:00"])
def test_numeric_dates_follow_the_order(separator: str, tail: str) -> None:
    cell = separator.join(["03", "04", "2026"]) + tail
    assert read_date(cell, DateOrder.DMY) == date(2026, 4, 3)
    assert read_date(cell, DateOrder.MDY) == date(2026, 3, 4)
    assert conclusion(cell) is DateOrder.AMBIGUOUS
    for unknown in (DateOrder.AMBIGUOUS, DateOrder.NONE_NEEDED):
        with pytest.raises(UnreadableDate, match="day or the month"):
            read_date(cell, unknown)


@pytest.mark.parametrize(
    ("cell", "year"), [("1/2/26", 2026), ("1/2/00", 2000), ("1/2/69", 2069), ("1/2/70", 1970), ("1/2/99", 1999)]
)
def test_years_of_two_digits(cell: str, year: int) -> None:
    assert read_date(cell, DateOrder.DMY) == date(year, 2, 1)


@pytest.mark.parametrize("order", ANY_ORDER)
@pytest.mark.parametrize(
    "cell",
    [
        "",
        "soon",
        "2026-02-30",
        "2026-13-01",
        "2026-00-10",
        "31/02/2026",
        "32/01/2026",
        "13/13/2026",
        "00/01/2026",
        "14/03",
        "March 2026",
        "2026",
        "46095",
        "46095.5",
        "14/03-2026",
        "Foo 14, 2026",
        "14 Brumaire 2026",
        "0026-03-14",
        "9999-12-31",
        "1969-12-31",
        "2026-03-14 and later",
        "2026-03-14; 2026-03-15",
        "=TODAY()",
        "1" * 5000,
        "2026-03-14" + " " * 200 + "x",
        "Mar 14, 2026" * 20,
        "²026-03-14\x00",
    ],
)
def test_everything_else_is_refused_and_shown(cell: str, order: DateOrder) -> None:
    with pytest.raises(UnreadableDate, match="cannot be read as a date") as refusal:
        read_date(cell, order)
    assert len(refusal.value.message) < 250


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        ([], DateOrder.NONE_NEEDED),
        (["", "n/a", "soon"], DateOrder.NONE_NEEDED),
        (["2026-03-04", "Mar 4, 2026"], DateOrder.NONE_NEEDED),
        (["03/03/2026", "04/04/2026"], DateOrder.NONE_NEEDED),
        (["03/04/2026"], DateOrder.AMBIGUOUS),
        (["03/03/2026", "03/04/2026", "2026-03-04"], DateOrder.AMBIGUOUS),
        (["03/04/2026", "13/04/2026"], DateOrder.DMY),
        (["13/04/2026", "03/04/2026", "05/04/2026"], DateOrder.DMY),
        (["03/04/2026", "04/13/2026"], DateOrder.MDY),
        (["03.04.26", "25.12.26"], DateOrder.DMY),
        (["13/13/2026", "99/01/2026", "03/04/2026"], DateOrder.AMBIGUOUS),
        (["13/04/2026", "14/04/2026", "04/13/2026"], DateOrder.DMY),
        (["13/04/2026", "04/13/2026"], DateOrder.AMBIGUOUS),
        (["13/04/2026", "04/13/2026", "05/13/2026", "03/04/2026"], DateOrder.MDY),
    ],
)
def test_one_number_above_twelve_decides_for_the_file(cells: list[str], order: DateOrder) -> None:
    assert conclusion(*cells) is order


@pytest.mark.parametrize(
    ("cells", "order"),
    [
        (["01.11.2026"], DateOrder.DMY),
        (["01.11.2026 10:00", "02.03.26", "2026-03-04"], DateOrder.DMY),
        (["01/11/2026"], DateOrder.AMBIGUOUS),
        (["01-11-2026"], DateOrder.AMBIGUOUS),
        (["01.11.2026", "01/11/2026"], DateOrder.AMBIGUOUS),
        (["01.11.2026", "24.11.2026", "11.24.2026"], DateOrder.AMBIGUOUS),
        ([], DateOrder.AMBIGUOUS),
    ],
)
def test_with_dots_alone_the_day_is_first_unless_a_date_contradicts(cells: list[str], order: DateOrder) -> None:
    evidence = DateEvidence()
    for cell in cells:
        evidence.add(cell)
    assert evidence.usual() is order


def test_a_dotted_date_that_can_only_begin_with_the_month_decides() -> None:
    assert conclusion("01.11.2026", "11.24.2026") is DateOrder.MDY


def test_the_question_shows_a_date_that_reads_both_ways() -> None:
    evidence = DateEvidence()
    for cell in ("2026-01-02", "03/03/2026", "03/04/2026", "05/06/2026"):
        evidence.add(cell)
    assert evidence.example == "03/04/2026"


@pytest.mark.parametrize(("cell", "order"), [("04/13/2026", DateOrder.DMY), ("13/04/2026", DateOrder.MDY)])
def test_a_date_against_the_order_of_the_file_is_refused_with_the_reason(cell: str, order: DateOrder) -> None:
    with pytest.raises(UnreadableDate, match="other dates begin with"):
        read_date(cell, order)


def test_every_english_abbreviation_is_its_month() -> None:
    names = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
    months = [read_date(f"{name} 1, 2026", DateOrder.NONE_NEEDED).month for name in names.split()]
    assert months == list(range(1, 13))


_days = st.dates(min_value=date(1970, 1, 1), max_value=date(2100, 12, 31))


@given(_days)
def test_every_day_survives_every_way_of_writing(day: date) -> None:
    any_order = DateOrder.AMBIGUOUS
    assert read_date(day.isoformat(), any_order) == day
    assert read_date(f"{day:%b} {day.day}, {day.year}", any_order) == day
    assert read_date(f"{day.day} {day:%B} {day.year}", any_order) == day
    assert read_date(f"{day:%d/%m/%Y}", DateOrder.DMY) == day
    assert read_date(f"{day:%m/%d/%Y}", DateOrder.MDY) == day
    assert read_date(f"{day:%d.%m.%Y} 10:00", DateOrder.DMY) == day


@given(st.lists(_days, max_size=8), st.sampled_from([("%d/%m/%Y", DateOrder.DMY), ("%m-%d-%Y", DateOrder.MDY)]))
def test_a_file_in_one_order_is_read_right_or_asked_about(days: list[date], way: tuple[str, DateOrder]) -> None:
    pattern, truth = way
    cells = [day.strftime(pattern) for day in days]
    order = conclusion(*cells)
    if order is DateOrder.AMBIGUOUS:
        order = truth
    assert [read_date(cell, order) for cell in cells] == days


@given(st.text(max_size=120) | st.from_regex(r"[\d/.\- ]{0,14}[A-Za-z,.' ]{0,10}[\d ,:TZ]{0,12}"))
def test_any_cell_is_a_date_or_a_named_refusal(cell: str) -> None:
    evidence = DateEvidence()
    evidence.add(cell)
    for order in DateOrder:
        try:
            day = read_date(cell, order)
        except UnreadableDate:
            continue
        assert date(1970, 1, 1) <= day < date(2101, 1, 1) + timedelta(1)
