"""By when somebody hears next when they are moved: never in the past, never on a day off, never later in silence."""

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from portal.applications.rules import Proposal, ProposalRefused, Standing
from portal.applications.rules.pipeline import Change, OneOfMany, StageOf, outcome_of, stage_for
from portal.applications.states import ENDINGS, STEPS, ApplicationStatus, ManyKind
from portal.company.rules import WorkCalendar

TODAY = date(2026, 3, 4)
DAYS = st.integers(-20, 120).map(lambda count: TODAY + timedelta(days=count))
STATUSES = st.sampled_from(STEPS)
STAGES = st.lists(st.builds(StageOf, st.sampled_from(("Reading", "Talk", "Team", "Offer")), STATUSES), max_size=5)


def told(change: Change, standing: ApplicationStatus, promised: date | None, calendar: WorkCalendar) -> Proposal | None:
    """What somebody reads who stands so and is moved; None when nothing is told."""
    delay = Standing(standing, promised, False, True, False, None)
    one = OneOfMany("Ada", "Reading", standing, standing, promised, delay, has_changed=False)
    try:
        return outcome_of(change, one, TODAY, calendar).proposal
    except ProposalRefused:
        return None


@given(STATUSES, STATUSES, st.none() | DAYS, st.none() | DAYS, st.sampled_from(["", "  ", "Hugo is away."]), st.data())
def test_a_move_never_puts_the_day_into_the_past_on_a_day_off_or_later_in_silence(
    standing: ApplicationStatus,
    to: ApplicationStatus,
    promised: date | None,
    day: date | None,
    reason: str,
    data: st.DataObject,
) -> None:
    off = data.draw(st.frozensets(DAYS, max_size=5))
    calendar = WorkCalendar(off)
    change = Change(ManyKind.MOVE, StageOf("Talk", to), day=day, date_reason=reason)
    said = told(change, standing, promised, calendar)
    if said is None:
        return
    assert said.next_update_by is not None
    assert said.next_update_by >= TODAY
    assert said.next_update_by == promised or calendar.is_working_day(said.next_update_by)
    if promised is not None and said.next_update_by > promised:
        assert said.date_reason.strip()
    if day is None:
        assert said.next_update_by == promised


@given(st.sampled_from(("", "Reading", "Talk", "Gone")), st.sampled_from(ApplicationStatus), STAGES)
def test_a_stage_never_contradicts_an_open_status(stage: str, status: ApplicationStatus, stages: list[StageOf]) -> None:
    after = stage_for(stage, status, stages)
    if status in ENDINGS or not stage:
        assert after == stage
    else:
        assert after == "" or StageOf(after, status) in stages
