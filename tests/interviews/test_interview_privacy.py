"""What the people in interviews are shown, and what remains when they go, join their records or leave."""

from datetime import UTC, datetime

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.identifiers import new_public_id
from portal.core.permissions import Role
from portal.interviews import privacy
from portal.interviews.models import (
    GuideRead,
    Interview,
    InterviewNeed,
    InterviewTime,
    PanelMember,
    PanelNote,
    QuestionAhead,
)
from portal.interviews.states import InterviewState, Relationship
from tests.factories import Made, make_application, make_opening, make_person, make_staff
from tests.interviews.meeting import row_of
from tests.interviews.rows import make_interview

TUESDAY = datetime(2026, 3, 10, 13, tzinfo=UTC)


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander")


@pytest.fixture
def hugo(app: Flask) -> int:
    return make_staff("Hugo Berg", Role.HIRING_MANAGER)


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, person_id=make_person("Ada Lind"))


@pytest.fixture
def met(ada: Made, rita: int, hugo: int) -> str:
    public_id = make_interview(ada.id, rita, starts_at=TUESDAY, panel=[(hugo, Relationship.NONE)])
    one = row_of(public_id)
    with transaction() as own:
        own.add(InterviewNeed(interview_id=one.id, words="A chair with arms.", told_at=clock.now()))
        own.add(
            QuestionAhead(public_id=new_public_id(), interview_id=one.id, words="Who decides?", asked_at=clock.now())
        )
        own.add(
            PanelNote(
                interview_id=one.id, author_id=hugo, criterion="SQL", words="A secret note.", changed_at=clock.now()
            )
        )
    return public_id


def exported(person_id: int) -> str:
    end_reading()
    return "\n".join(
        f"{section.title} {section.rows} {section.seen_by} {section.empty}" for section in privacy.export(person_id)
    )


def seats(public_id: str) -> set[int]:
    end_reading()
    found = select(PanelMember.staff_id).join(Interview, Interview.id == PanelMember.interview_id)
    return set(session().scalars(found.where(Interview.public_id == public_id)))


def test_a_candidate_is_shown_their_interview_and_no_note_on_it(ada: Made, met: str) -> None:
    said = exported(ada.person_id)
    for words in ("Talk with the team, Data Analyst", "Hugo Berg", "A chair with arms.", "Who decides?", "keep notes"):
        assert words in said
    assert "secret" not in said


def test_somebody_without_one_reads_that_there_is_none(rita: int) -> None:
    assert "We know of no interview of yours." in exported(make_person("Bob Eriksen"))


def test_a_colleague_is_shown_how_much_they_took_part_in(hugo: int, met: str) -> None:
    said = exported(hugo)
    assert "('Interviews you took part in', '1'), ('Notes of yours', '1')" in said
    assert "secret" not in said


def test_nothing_of_an_erased_candidate_remains(ada: Made, met: str) -> None:
    privacy.erase(ada.person_id, clock.now())
    end_reading()
    for table in (Interview, InterviewTime, InterviewNeed, QuestionAhead, PanelNote, PanelMember):
        assert session().scalar(select(func.count()).select_from(table)) == 0


def test_an_erased_colleague_leaves_the_interview_and_their_notes(ada: Made, rita: int, hugo: int, met: str) -> None:
    privacy.erase(rita, clock.now())
    privacy.erase(hugo, clock.now())
    end_reading()
    one = row_of(met)
    assert (one.arranged_by_id, one.contact_id, one.contact_phone) == (None, None, "")
    assert seats(met) == set()
    assert session().scalar(select(func.count(PanelNote.id))) == 1


def test_who_takes_over_arranges_and_sits_where_the_other_did(rita: int, hugo: int, met: str) -> None:
    otto = make_staff("Otto Berg")
    privacy.hand_over(rita, otto, clock.now())
    privacy.hand_over(hugo, otto, clock.now())
    end_reading()
    assert (row_of(met).arranged_by_id, row_of(met).contact_id) == (otto, otto)
    assert seats(met) == {otto}
    assert session().scalars(select(PanelMember.relationship)).one() is None


def test_what_is_over_stays_with_whoever_was_there(ada: Made, rita: int, hugo: int) -> None:
    over = make_interview(ada.id, rita, starts_at=TUESDAY, state=InterviewState.DONE, panel=[(hugo, None)])
    privacy.hand_over(hugo, make_staff("Otto Berg"), clock.now())
    assert seats(over) == {hugo}


def test_nobody_takes_over_an_interview_about_themselves(rita: int, hugo: int) -> None:
    otto = make_staff("Otto Berg")
    theirs = make_application(make_opening("Lead"), rita, person_id=otto)
    met = make_interview(theirs.id, rita, starts_at=TUESDAY, panel=[(hugo, None)])
    privacy.hand_over(hugo, otto, clock.now())
    privacy.hand_over(rita, otto, clock.now())
    end_reading()
    assert seats(met) == set()
    assert row_of(met).arranged_by_id == rita


def test_two_records_of_a_colleague_become_one(ada: Made, rita: int, hugo: int, met: str) -> None:
    twin = make_staff("Hugo Berg", Role.HIRING_MANAGER)
    one = row_of(met)
    with transaction() as own:
        own.add(PanelMember(interview_id=one.id, staff_id=twin, added_at=clock.now()))
        own.add(
            PanelNote(interview_id=one.id, author_id=twin, criterion="SQL", words="Another.", changed_at=clock.now())
        )
        own.add(GuideRead(staff_id=twin, read_at=clock.now()))
    privacy.merge(hugo, twin, clock.now())
    end_reading()
    assert seats(met) == {hugo}
    assert session().scalars(select(PanelNote.words)).all() == ["A secret note.\n\nAnother."]
    assert session().scalars(select(GuideRead.staff_id)).all() == [hugo]
