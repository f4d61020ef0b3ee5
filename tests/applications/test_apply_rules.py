"""What a CV may be, who looks after an application, and how much of an answer is shown."""

import zipfile
from datetime import UTC, date, datetime, timedelta
from io import BytesIO

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from portal.applications.rules.applying import (
    MOST_TAKEN_BACK,
    OWN_CHANNEL,
    AlreadyApplied,
    Answer,
    Earlier,
    Reader,
    WithdrawnOften,
    answers_as_json,
    answers_from,
    answers_from_json,
    check_earlier,
    clean_channel,
    owner_of,
    week_of,
)
from portal.applications.rules.documents import (
    MAX_CV,
    DocumentKind,
    DocumentRefused,
    check_document,
    document_name,
    kind_of_name,
)
from portal.applications.states import ENDINGS, OPEN_STATUSES, ApplicationStatus
from portal.openings.rules import Question
from portal.openings.states import QuestionKind
from tests.applications.cvs import PDF, docx

AT = datetime(2026, 3, 4, 8, 0, tzinfo=UTC)


def test_pdf_and_word_files_are_known_by_their_bytes() -> None:
    assert check_document(PDF) is DocumentKind.PDF
    assert check_document(b"\xef\xbb\xbf junk before\n" + PDF) is DocumentKind.PDF
    assert check_document(docx()) is DocumentKind.DOCX


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"just text",
        b"<html><script>alert(1)</script>",
        b"x" * 1100 + PDF,
        b"PK\x03\x04 broken",
        docx({"word/document.xml": b"<x/>"}, types=False),
        docx({"xl/workbook.xml": b"<x/>"}),
        docx({"word/document.xml": b"<x/>", "word/vbaProject.bin": b"macro"}),
    ],
)
def test_anything_else_is_refused(content: bytes) -> None:
    with pytest.raises(DocumentRefused):
        check_document(content)


def test_a_word_file_that_unpacks_to_fill_a_disk_is_refused() -> None:
    bomb = docx({"word/document.xml": b"\0" * (101 * 1024 * 1024)})
    assert len(bomb) < MAX_CV
    with pytest.raises(DocumentRefused):
        check_document(bomb)
    with pytest.raises(DocumentRefused):
        check_document(docx({"word/document.xml": b"", **{f"word/{number}.xml": b"" for number in range(2_001)}}))


def test_a_file_of_more_than_five_megabytes_is_refused_in_so_many_words() -> None:
    check_document(PDF.ljust(MAX_CV, b"\0"))
    with pytest.raises(DocumentRefused, match="at most 5 MB"):
        check_document(PDF.ljust(MAX_CV + 1, b"\0"))


@given(st.binary(max_size=3_000), st.integers(0, 200), st.booleans())
@example(b"", 0, False)
def test_no_bytes_whatever_break_the_check(noise: bytes, at: int, is_archive: bool) -> None:
    whole = docx()
    content = whole[:at] + noise + whole[at + len(noise) :] if is_archive else noise
    refused = ""
    try:
        kind = check_document(content)
    except DocumentRefused as error:
        refused = error.message
    assert refused or kind in DocumentKind


@given(st.text(max_size=300), st.sampled_from(DocumentKind))
@example("../../etc/passwd", DocumentKind.PDF)
@example("cv.pdf\r\nSet-Cookie: x=1", DocumentKind.DOCX)
@example('"><script>.PDF', DocumentKind.PDF)
@example("C:\\Users\\ada\\CV.docx", DocumentKind.DOCX)
def test_a_name_never_leads_anywhere_and_ends_as_its_kind(name: str, kind: DocumentKind) -> None:
    shown = document_name(name, kind)
    assert shown.endswith(f".{kind}")
    assert len(shown) <= 130
    assert not set(shown) & set("/\\\r\n\0")
    assert kind_of_name(shown) is kind


def test_an_ordinary_name_stays_as_it_is() -> None:
    assert document_name("Ada Lind, CV 2026.PDF", DocumentKind.PDF) == "Ada Lind, CV 2026.pdf"
    assert document_name("Życiorys.docx", DocumentKind.DOCX) == "Życiorys.docx"
    assert document_name("...", DocumentKind.PDF) == "cv.pdf"


QUESTIONS = (
    Question("a", "Why this work?", is_required=True),
    Question("b", "May you work in Poland?", kind=QuestionKind.YES_NO),
    Question("c", "Which shift?", kind=QuestionKind.SINGLE_CHOICE, choices=("Day", "Night")),
)


@given(st.dictionaries(st.sampled_from("abcx"), st.text(max_size=40)))
def test_answers_come_back_as_they_were_given_with_the_words_of_their_questions(given_: dict[str, str]) -> None:
    answers = answers_from(QUESTIONS, given_)
    assert answers_from_json(answers_as_json(answers)) == answers
    assert {one.question_id for one in answers} == {key for key in "abc" if given_.get(key, "").strip()}


def test_yes_and_no_are_read_as_words() -> None:
    assert [Answer("b", "Well?", QuestionKind.YES_NO, one).shown for one in ("yes", "no")] == ["Yes", "No"]


@given(st.lists(st.sampled_from(ApplicationStatus), max_size=4))
def test_an_open_one_stands_in_the_way_and_so_do_three_taken_back(statuses: list[ApplicationStatus]) -> None:
    earlier = [Earlier(f"id{number}", status, AT - timedelta(days=3)) for number, status in enumerate(statuses)]
    if set(statuses) <= ENDINGS:
        if statuses.count(ApplicationStatus.WITHDRAWN) < MOST_TAKEN_BACK:
            check_earlier(earlier, AT)
            return
        with pytest.raises(WithdrawnOften) as often:
            check_earlier(earlier, AT)
        assert int(often.value.public_id[2:]) == statuses.index(ApplicationStatus.WITHDRAWN)
        return
    with pytest.raises(AlreadyApplied) as caught:
        check_earlier(earlier, AT)
    assert statuses[int(caught.value.public_id[2:])] in OPEN_STATUSES
    assert not caught.value.is_same


def test_what_comes_twice_within_minutes_was_sent_once() -> None:
    with pytest.raises(AlreadyApplied) as caught:
        check_earlier([Earlier("one", ApplicationStatus.RECEIVED, AT - timedelta(seconds=2))], AT)
    assert caught.value.is_same


ALMA = Reader(1, None, True, True)
RITA = Reader(2, 1, True, True)
HUGO = Reader(3, 2, True, False)
GONE = Reader(4, 1, False, True)


@pytest.mark.parametrize(
    ("recruiter", "manager", "owner"),
    [(2, 3, 2), (4, 3, 2), (None, 3, 2), (None, None, 1), (4, None, 1), (3, None, 1), (99, 98, 1)],
)
def test_the_recruiter_looks_after_it_else_the_managers_lead_else_an_admin(
    recruiter: int | None, manager: int | None, owner: int
) -> None:
    assert owner_of(recruiter, manager, (ALMA, RITA, HUGO, GONE)) == owner


def test_nobody_looks_after_it_where_nobody_is() -> None:
    assert owner_of(4, 3, (HUGO, GONE)) is None


def test_a_channel_is_a_short_line_without_anything_invisible() -> None:
    assert clean_channel("") == OWN_CHANNEL
    assert clean_channel("  news\r\nletter\u200b ") == "news letter"
    assert len(clean_channel("x" * 500)) == 60


@given(st.dates(date(2020, 1, 1), date(2030, 1, 1)))
def test_a_week_begins_on_monday(day: date) -> None:
    assert week_of(day).weekday() == 0
    assert timedelta() <= day - week_of(day) < timedelta(days=7)


def test_an_archive_that_needs_a_password_or_is_cut_short_does_not_break_the_check() -> None:
    made = BytesIO()
    with zipfile.ZipFile(made, "w") as packed:
        packed.writestr("a", b"b" * 100)
    for cut in range(0, len(made.getvalue()), 7):
        with pytest.raises(DocumentRefused):
            check_document(made.getvalue()[:cut])
