"""Tables that are written anew hold what they held, and say so when somebody is in the way."""

from collections.abc import Iterator
from contextlib import contextmanager

from flask import Flask
from sqlalchemy import select

from portal.backup.queries import snapshot
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.rewriting import write_anew
from portal.surveys.actions.answering import save_answers
from portal.surveys.models import Ballot, PartialAnswers
from portal.surveys.states import Touchpoint
from tests.surveys.box import Asking
from tests.surveys.rows import make_survey


def test_rows_stay_as_they_are(app: Flask) -> None:
    asking = _answered()
    before = _rows()
    assert write_anew(Ballot, PartialAnswers)
    assert _rows() == before
    assert len(before) == 2
    asking.answered()
    assert len(_rows()) == 3


def test_whoever_works_with_a_table_is_not_kept_waiting_for_long(app: Flask) -> None:
    _answered()
    with _somebody_reading():
        _answered()
        assert not write_anew(Ballot, PartialAnswers)
        assert len(_rows()) == 4
    assert write_anew(Ballot, PartialAnswers)


def _answered() -> Asking:
    asking = Asking(make_survey(Touchpoint.HIRED if _rows() else Touchpoint.NOT_SELECTED))
    asking.answered(words="Words")
    _made, invitation_id = asking.ask()
    save_answers(invitation_id, {"q-word": ["Saved"]}, now=clock.now())
    return asking


def _rows() -> list[str]:
    end_reading()
    tables = (Ballot.__table__, PartialAnswers.__table__)
    found = [str(row) for table in tables for row in session().execute(select(table))]
    end_reading()
    return sorted(found)


@contextmanager
def _somebody_reading() -> Iterator[None]:
    """Another process reads from the box as it is at one moment, as a backup does, and has not finished."""
    with snapshot() as connection:
        connection.execute(select(Ballot.key)).all()
        yield
