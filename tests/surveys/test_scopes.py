"""Whatever is selected, compared and subtracted, at whatever moments: nobody stands alone, and no answer is lost."""

import random
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations
from typing import Any

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import end_reading, session
from portal.privacy.actions import erase_person
from portal.surveys.models import Ballot, SurveyComment, SurveyPart, SurveyResponse, SurveyTally, WaitingComment
from portal.surveys.rules.questions import Question
from portal.surveys.rules.releasing import (
    FEWEST,
    FEWEST_COMMENTS,
    Cut,
    Part,
    Waiting,
    counted_beside,
    last_part_of,
    parts_of,
)
from portal.surveys.rules.scopes import ANSWERED, ASKED, EVERYTHING, RESPONSES, SIGNED, scope_of, scopes_of, tally_of
from portal.surveys.states import QuestionKind, Touchpoint
from tests.conftest import Time
from tests.factories import Made
from tests.surveys.box import Asking, answer, close, release, tell
from tests.surveys.rows import make_survey

#: Openings with their areas; one came with an import and has none.
AREAS = {1: "data", 2: "data", 3: "kitchen", 4: ""}
OUTCOMES = (ApplicationStatus.NOT_SELECTED, ApplicationStatus.WITHDRAWN)
CUTS = [Cut(opening, AREAS[opening], outcome) for opening in AREAS for outcome in (*OUTCOMES, None)]
SCOPES = sorted({scope for cut in CUTS for scope in scopes_of(cut)})
#: Somebody answers (with a name or without, one of two questionnaires), or the worker comes by.
STEPS = st.lists(
    st.one_of(
        st.tuples(st.sampled_from(CUTS), st.sampled_from("12"), st.booleans()),
        st.tuples(st.sampled_from(CUTS[:3]), st.just("1"), st.just(False)),
        st.just("release"),
    ),
    max_size=120,
)


@dataclass
class History:
    """Who could be told apart by whoever looks at every scope at every moment."""

    box: dict[str, Waiting] = field(default_factory=dict)
    signed: dict[str, Waiting] = field(default_factory=dict)
    #: What was released together by the same cut; a moment each, signed answers among them.
    groups: list[tuple[int, Cut, frozenset[str]]] = field(default_factory=list)
    moment: int = 0

    def run(self, steps: list[Any]) -> None:
        for number, step in enumerate(steps):
            if step == "release":
                self.release()
                continue
            cut, apart, is_signed = step
            key = f"{'signed' if is_signed else 'ballot'} {number}"
            (self.signed if is_signed else self.box)[key] = Waiting(key, apart, cut)
        self.release()

    def release(self) -> None:
        self.moment += 1
        parts = parts_of(self.box.values())
        cuts = counted_beside(self.signed.values(), parts)
        found: dict[tuple[Cut, str], set[str]] = {}
        for part in parts:
            found.setdefault((part.cut, part.apart), set()).update(part.keys)
        for key, cut in cuts.items():
            found.setdefault((cut, self.signed[key].apart), set()).add(key)
        self.groups += [(self.moment, cut, frozenset(keys)) for (cut, _apart), keys in found.items()]
        for part in parts:
            for key in part.keys:
                del self.box[key]
        for key in cuts:
            del self.signed[key]

    def selected(self, scope: str, since: int, until: int) -> frozenset[str]:
        """Whose answers a page shows that is narrowed to `scope`, less what it showed at `since`."""
        shown = [keys for at, cut, keys in self.groups if since < at <= until and scope in scopes_of(cut)]
        return frozenset().union(*shown)

    def selections(self) -> Iterator[frozenset[str]]:
        for scope in SCOPES:
            for since in range(self.moment):
                for until in range(since + 1, self.moment + 1):
                    yield self.selected(scope, since, until)


@given(STEPS)
def test_no_two_selections_of_any_moments_tell_fewer_than_five_apart(steps: list[Any]) -> None:
    history = History()
    history.run(steps)
    for one, other in combinations(set(history.selections()), 2):
        for rest in (one - other, other - one, one & other, one):
            unsigned = [key for key in rest if key.startswith("ballot")]
            assert not rest or len(rest) >= FEWEST
            assert not unsigned or len(unsigned) >= FEWEST


@given(STEPS)
def test_every_ballot_is_in_one_part_or_waits(steps: list[Any]) -> None:
    history = History()
    history.run(steps)
    answered = [
        f"{'signed' if step[2] else 'ballot'} {number}" for number, step in enumerate(steps) if step != "release"
    ]
    released = [key for _at, _cut, keys in history.groups for key in keys]
    assert sorted([*released, *history.box, *history.signed]) == sorted(answered)


@given(st.lists(st.tuples(st.sampled_from(CUTS), st.sampled_from("12")), max_size=60), st.randoms())
def test_nothing_but_what_it_can_be_shown_by_decides_where_a_ballot_goes(
    given: list[tuple[Cut, str]], chance: random.Random
) -> None:
    box = [Waiting(str(number), apart, cut) for number, (cut, apart) in enumerate(given)]
    keys = [one.key for one in box]
    chance.shuffle(keys)
    other = [Waiting(key, one.apart, one.cut) for key, one in zip(keys, box, strict=True)]
    assert _sizes(parts_of(box)) == _sizes(parts_of(other))
    place = {key: (part.apart, part.cut) for part in parts_of(box) for key in part.keys}
    for one in box:
        alike = [it.key for it in box if (it.apart, it.cut) == (one.apart, one.cut)]
        assert len({place.get(key) for key in alike}) == 1, "two that are alike went different ways"


@given(st.lists(st.tuples(st.sampled_from(CUTS), st.sampled_from("12")), max_size=60))
def test_what_goes_on_waiting_could_not_be_shown_at_all(given: list[tuple[Cut, str]]) -> None:
    box = [Waiting(str(number), apart, cut) for number, (cut, apart) in enumerate(given)]
    released = {key for part in parts_of(box) for key in part.keys}
    left = Counter(one.apart for one in box if one.key not in released)
    assert all(count < FEWEST for count in left.values())
    last = last_part_of(one for one in box if one.key not in released)
    assert (last is None) == (sum(left.values()) < FEWEST)
    assert last is None or last.cut == Cut()


def _sizes(parts: list[Part]) -> Counter[tuple[str, Cut, int]]:
    return Counter((part.apart, part.cut, len(part.keys)) for part in parts)


def test_something_counts_wherever_it_may_be_shown() -> None:
    assert scopes_of(Cut()) == (EVERYTHING,)
    assert set(scopes_of(Cut(7, "data", ApplicationStatus.HIRED))) == {
        EVERYTHING,
        "area:data",
        "opening:7",
        "outcome:hired",
        "area:data|outcome:hired",
        "opening:7|outcome:hired",
    }
    assert scope_of(opening_id=7, area="data") == "opening:7"


def test_a_tally_counts_answers_and_not_words() -> None:
    questions = [
        Question("score", QuestionKind.RECOMMEND),
        Question("some", QuestionKind.SOME_OF),
        Question("words", QuestionKind.LONG_TEXT),
    ]
    counts = tally_of(questions, [{"score": 9, "some": ["a", "b"], "words": "Thanks"}, {"some": ["a"], "gone": 1}])
    assert counts == {
        ("", RESPONSES): 2,
        ("score", ASKED): 2,
        ("score", ANSWERED): 1,
        ("score", "9"): 1,
        ("some", ASKED): 2,
        ("some", ANSWERED): 2,
        ("some", "a"): 2,
        ("some", "b"): 1,
        ("words", ASKED): 2,
        ("words", ANSWERED): 1,
    }


@dataclass
class Seen:
    """What whoever looks at all pages after each release has seen."""

    totals: list[Counter[str]] = field(default_factory=list)
    signed: list[Counter[str]] = field(default_factory=list)
    words: list[Counter[tuple[str, str]]] = field(default_factory=list)

    def look(self) -> None:
        end_reading()
        rows = session().execute(select(SurveyTally.scope, SurveyTally.value, SurveyTally.count)).all()
        for seen, value in ((self.totals, RESPONSES), (self.signed, SIGNED)):
            found: Counter[str] = Counter()
            for scope, kind, count in rows:
                found[scope] += count if kind == value else 0
            seen.append(found)
        written = select(SurveyComment.question_id, SurveyComment.opening_id, SurveyComment.area, SurveyComment.outcome)
        words: Counter[tuple[str, str]] = Counter()
        for row in session().execute(written):
            for scope in scopes_of(Cut(row.opening_id, row.area, row.outcome)):
                words[scope, row.question_id] += 1
        self.words.append(words)

    def check(self) -> None:
        """No difference of two moments or of a scope and a narrower one is about fewer than five, or ten comments."""
        for (old, old_signed, old_words), (new, new_signed, new_words) in combinations(
            zip(self.totals, self.signed, self.words, strict=True), 2
        ):
            for scope in new:
                more, more_signed = new[scope] - old[scope], new_signed[scope] - old_signed[scope]
                _enough(more)
                _enough(more - more_signed)
            for place in new_words:
                _enough(new_words[place] - old_words[place], FEWEST_COMMENTS)
        for shown, fewest in [*((one, FEWEST) for one in self.totals), *((one, FEWEST_COMMENTS) for one in self.words)]:
            for inner, outer in _nested(shown):
                _enough(shown[outer] - shown[inner], fewest)


def _nested(shown: Counter[Any]) -> Iterator[tuple[Any, Any]]:
    """Pairs of which the first is a part of the second."""
    for inner in shown:
        for outer in shown:
            narrow, wide = (one if isinstance(one, str) else one[0] for one in (inner, outer))
            same = isinstance(inner, str) or inner[1] == outer[1]
            if same and inner != outer and set(wide.split("|")) - {""} < set(narrow.split("|")):
                yield inner, outer


def _enough(count: int, fewest: int = FEWEST) -> None:
    assert count == 0 or count >= fewest, count


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize("touchpoint", [Touchpoint.INTERVIEWED, Touchpoint.NOT_SELECTED])
def test_whatever_candidates_recruiters_and_workers_do(
    app: Flask, time: Time, touchpoint: Touchpoint, seed: int
) -> None:
    chance = random.Random(f"{touchpoint} {seed}")
    asking, seen = Asking(make_survey(touchpoint)), Seen()
    places = (("Analyst", "data"), ("Modeller", "data"), ("Cook", "kitchen"), ("Import", ""))
    sent: Counter[int] = Counter()
    undecided: list[Made] = []
    for turn in range(60):
        time.pass_by(hours=chance.choice([1, 30, 200]))
        title, area = chance.choice(places[: chance.choice([1, 2, 4])])
        is_open = touchpoint is Touchpoint.INTERVIEWED
        status = ApplicationStatus.INTERVIEWING if is_open else chance.choice(OUTCOMES)
        made, invitation_id = asking.ask(title, area, status)
        is_signed = chance.random() < 0.25
        answer(invitation_id, score=turn % 11, words=chance.choice(["", "Words", "Words"]), is_signed=is_signed)
        sent[turn % 11] += not is_signed
        undecided += [made] * is_open
        while undecided and chance.random() < 0.6:
            tell(undecided.pop(chance.randrange(len(undecided))), chance.choice(OUTCOMES))
        if chance.random() < 0.1:
            erase_person(made.person_id, None, clock.now())
            undecided = [one for one in undecided if one is not made]
        if chance.random() < 0.5:
            release()
            seen.look()
    for one in undecided:
        tell(one)
    release()
    seen.look()
    _all_are_there(sent)
    close(asking.survey_id)
    release()
    seen.look()
    seen.check()
    _rows_and_totals_agree()
    assert seen.totals[-1][EVERYTHING] >= 40
    assert session().scalars(select(Ballot.key)).all() == session().scalars(select(WaitingComment.key)).all() == []


def _all_are_there(sent: Counter[int]) -> None:
    end_reading()
    found = [*session().scalars(select(SurveyResponse.answers)), *session().scalars(select(Ballot.answers))]
    assert Counter(one["q-recommend"] for one in found) == +sent


def _rows_and_totals_agree() -> None:
    end_reading()
    counted: Counter[str] = Counter()
    for part in session().scalars(select(SurveyPart)):
        rows = session().scalars(select(SurveyResponse.key).where(SurveyResponse.part_key == part.key)).all()
        assert len(rows) == part.response_count >= FEWEST
        for scope in scopes_of(Cut(part.opening_id, part.area, part.outcome)):
            counted[scope] += len(rows)
    seen = Seen()
    seen.look()
    assert seen.totals[-1] - seen.signed[-1] == counted
