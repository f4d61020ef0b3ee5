"""Whoever has the whole database after the release cannot say whose answers are whose; see `tests.surveys.dump`."""

import json
import random
from collections import defaultdict
from typing import Any

import pytest
from flask import Flask

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.surveys.actions.answering import answer_survey, save_answers
from portal.surveys.states import Touchpoint
from tests.conftest import Time
from tests.factories import settle_mail, signed_in
from tests.outbox.letters import put
from tests.surveys.box import Asking, release, tell, waiting
from tests.surveys.dump import ONCE_IN, Row, Walk, dump, raw_bytes, traces_of
from tests.surveys.rows import make_survey

PEOPLE = 42


class Crowd:
    """People whose answers we know by heart: no two give the same two numbers, and each writes their own word."""

    def __init__(self, app: Flask, time: Time, touchpoint: Touchpoint) -> None:
        self._chance = random.Random(f"crowd {touchpoint}")
        self._app, self._time, self._touchpoint = app, time, touchpoint
        self.asking = Asking(make_survey(touchpoint))
        #: Numbers and word of each person, by the row of the person; drawn, so that they follow nothing.
        self.numbers: dict[int, tuple[int, int]] = {}
        self.signers: dict[int, tuple[int, int]] = {}
        self._drawn = [(one, other) for one in range(11) for other in range(11)]
        self._chance.shuffle(self._drawn)

    def word(self, person_id: int) -> str:
        return "Word {} of {}".format(*self.numbers[person_id])

    def come_by(self, count: int, *, signs_each: int = 6) -> None:
        """So many are asked, by mail or not, and answer in another order, each on a way of their own."""
        is_open = self._touchpoint is Touchpoint.INTERVIEWED
        status = ApplicationStatus.INTERVIEWING if is_open else ApplicationStatus.NOT_SELECTED
        asked = [self.asking.ask(f"Opening {number % 3}", "data", status) for number in range(count)]
        for made, _invitation_id in asked:
            put(made.person_id, to=f"crowd{made.person_id}@example.org", person_id=made.person_id)
        settle_mail()
        self._chance.shuffle(asked)
        for number, (made, invitation_id) in enumerate(asked):
            self._time.pass_by(minutes=self._chance.randrange(1, 300))
            self._answer(made.person_id, invitation_id, number, is_signed=number % signs_each == signs_each - 1)
        for made, _invitation_id in asked if is_open else ():
            self._time.pass_by(hours=self._chance.randrange(1, 30))
            tell(made)

    def _answer(self, person_id: int, invitation_id: int, number: int, *, is_signed: bool) -> None:
        drawn = self._drawn.pop()
        (self.signers if is_signed else self.numbers)[person_id] = drawn
        if number % 3 == 0:
            signed_in(self._app, person_id).get("/me")
        given = {"q-recommend": [str(drawn[0])], "q-fair": [str(drawn[1])]}
        if not is_signed:
            given["q-long"] = [self.word(person_id)]
        for question in given if number % 2 else ():
            save_answers(invitation_id, {question: given[question]}, now=clock.now())
        answer_survey(invitation_id, is_signed=is_signed, given=given, now=clock.now())

    def author_of(self, answers: Any) -> int:
        """Whose a released row truly is."""
        said = json.loads(answers) if isinstance(answers, str) else answers
        numbers = (said["q-recommend"], said["q-fair"])
        return next(one for one, theirs in {**self.numbers, **self.signers}.items() if theirs == numbers)


@pytest.fixture(params=[Touchpoint.INTERVIEWED, Touchpoint.NOT_SELECTED])
def crowd(app: Flask, time: Time, request: pytest.FixtureRequest) -> Crowd:
    return Crowd(app, time, request.param)


def test_nobody_is_named_by_a_dump_after_the_release(crowd: Crowd, time: Time) -> None:
    for _ in range(3):
        crowd.come_by(PEOPLE // 3)
        release()
        time.pass_by(days=8)
    tables = dump()
    traces = traces_of(tables, crowd.numbers)
    assert "survey_invitation.id, first" in traces
    assert any("last_seen" in name for name in traces)
    released = Walk(list(_in_parts(crowd, tables).values()), traces)
    assert sum(map(len, released.groups)) == len(crowd.numbers) - waiting() > 25
    assert released.go() == []
    written = Walk(list(_words_in_parts(crowd, tables).values()), traces)
    assert sum(map(len, written.groups)) > 20
    assert written.go() == []
    assert min(released.comparisons, written.comparisons) > 100, "hardly anything was compared"


def test_nothing_that_was_deleted_stands_in_the_files(crowd: Crowd) -> None:
    others = Asking(make_survey(Touchpoint.HIRED))
    for number in range(4):
        others.answered(words=f"Still waiting {number}")
    crowd.come_by(30)
    assert all(_in_a_box(crowd.word(one)) in raw_bytes() for one in list(crowd.numbers)[:3])
    release()
    after = raw_bytes()
    assert [one for one in crowd.numbers if _in_a_box(crowd.word(one)) in after] == []
    assert all(crowd.word(one).encode() in after for one in crowd.numbers), "words that wait or are shown"
    assert all(_in_a_box(f"Still waiting {number}") in after for number in range(4))


def test_the_walk_finds_names_where_there_are_some(crowd: Crowd) -> None:
    crowd.come_by(PEOPLE // 2, signs_each=1)
    tables = dump()
    signed = [(crowd.author_of(row["answers"]), row) for row in tables["signed_response"]]
    found = Walk([signed], traces_of(tables, crowd.signers)).go()
    # What says the same twice is named once: by either, where people and applications have the same numbers.
    naming = (" - person_id", " - application_id")
    assert any(one.startswith("equal: ") and one.endswith(naming) for one in found)
    assert any(one.startswith("same order: ") and one.endswith(naming) for one in found)


@pytest.mark.only("postgresql")
def test_the_walk_finds_what_two_rows_written_together_say(crowd: Crowd) -> None:
    """What the box is for: before its release a ballot shares its writer with the invitation."""
    crowd.come_by(PEOPLE // 2)
    tables = dump()
    ballots = [(crowd.author_of(row["answers"]), row) for row in tables["ballot"]]
    found = Walk([ballots], traces_of(tables, crowd.numbers)).go()
    assert any(one.startswith("equal: survey_invitation._writer") for one in found)


def test_the_measure_lets_chance_be_chance_and_nothing_else() -> None:
    chance = random.Random("measure")
    people = range(40)
    traces = {"when": {one: one for one in people}}
    groups = [[(one, {"at": chance.random()}) for one in people[first : first + 5]] for first in range(0, 40, 5)]
    assert Walk(groups, traces).go() == []
    in_order = [[(one, {"at": one * 3}) for one, _row in group] for group in groups]
    assert Walk(in_order, traces).go() == ["follows: when - at", "same order: when - at"]
    assert ONCE_IN < 1


def _in_parts(crowd: Crowd, tables: dict[str, list[Row]]) -> dict[str, list[tuple[int, Row]]]:
    """The released rows of each part with whose they are; each number of an answer is a column, too."""
    parts = {row["key"]: row for row in tables["survey_part"]}
    groups = defaultdict(list)
    for row in tables["survey_response"]:
        said = json.loads(row["answers"]) if isinstance(row["answers"], str) else row["answers"]
        numbers = {f"answer {name}": value for name, value in said.items()}
        part = {f"part {name}": value for name, value in parts[row["part_key"]].items()}
        groups[row["part_key"]].append((crowd.author_of(said), {**row, **numbers, **part}))
    return groups


def _words_in_parts(crowd: Crowd, tables: dict[str, list[Row]]) -> dict[Any, list[tuple[int, Row]]]:
    authors = {crowd.word(one): one for one in crowd.numbers}
    groups = defaultdict(list)
    for table in ("waiting_comment", "survey_comment"):
        for row in tables[table]:
            together = (table, row["question_id"], row["opening_id"], row["area"], row["outcome"], row.get("week_on"))
            groups[together].append((authors[row["words"]], row))
    return groups


def _in_a_box(words: str) -> bytes:
    """An answer in words as it is saved and lies in the box, beside the numbers, and nowhere else."""
    return f'"q-long": "{words}'.encode()
