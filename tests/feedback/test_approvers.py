"""Who may approve feedback, and who is asked."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.core.permissions import Role
from portal.feedback.rules.writing import Circle, Colleague, choose_approver, may_approve

pytestmark = pytest.mark.only("sqlite", reason="nothing here reads the database")


def test_nobody_approves_what_they_wrote_or_for_whom_they_know_well() -> None:
    circle = Circle(candidate_id=9, owner_id=1, manager_id=3, close=frozenset({4}))
    recruiter = Colleague(1, Role.RECRUITER)
    assert may_approve(recruiter, 2, circle)
    assert not may_approve(recruiter, 1, circle)
    assert not may_approve(Colleague(4, Role.ADMIN), 1, circle)
    assert not may_approve(Colleague(9, Role.RECRUITER), 1, circle)
    assert may_approve(Colleague(3, Role.HIRING_MANAGER), 1, circle)
    assert not may_approve(Colleague(5, Role.HIRING_MANAGER), 1, circle)


def test_the_owner_approves_else_their_lead_else_another_recruiter_else_whoever_is_left() -> None:
    owner, lead = Colleague(1, Role.RECRUITER, lead_id=2), Colleague(2, Role.ADMIN)
    other, manager = Colleague(5, Role.RECRUITER), Colleague(3, Role.HIRING_MANAGER)
    circle = Circle(candidate_id=9, owner_id=1, manager_id=3, close=frozenset())
    everybody = [manager, other, lead, owner]
    assert choose_approver(everybody, 3, circle) == 1
    assert choose_approver(everybody, 1, circle) == 2
    assert choose_approver([manager, other, owner], 1, circle) == 5
    assert choose_approver([manager, owner], 1, circle) == 3
    assert choose_approver([owner], 1, circle) is None


_COLLEAGUES = st.lists(
    st.builds(
        Colleague,
        st.integers(1, 6),
        st.sampled_from([Role.RECRUITER, Role.ADMIN, Role.HIRING_MANAGER]),
        st.none() | st.integers(1, 6),
    ),
    max_size=6,
    unique_by=lambda one: one.person_id,
)


@given(
    _COLLEAGUES, st.integers(1, 6), st.integers(1, 6), st.integers(1, 6), st.frozensets(st.integers(1, 6), max_size=3)
)
def test_whoever_is_asked_may_and_nobody_is_asked_only_where_nobody_may(
    colleagues: list[Colleague], author: int, owner: int, candidate: int, close: frozenset[int]
) -> None:
    circle = Circle(candidate, owner, 2, close)
    chosen = choose_approver(colleagues, author, circle)
    able = {one.person_id for one in colleagues if may_approve(one, author, circle)}
    assert (chosen in able) if able else chosen is None
    assert chosen not in {author, candidate} | close
