"""When somebody is asked again whether what they said still holds."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from portal.community.states import CAREER_STAGE_LABELS, CareerStage
from portal.company.rules import WorkCalendar
from portal.contact.rules import months_after

#: So long what people say of whether they look for work is taken as it was said.
STAGE_HOLDS_MONTHS: Final = 6
#: Working days before somebody must answer another offer on which whoever looks after their application is reminded.
REMINDED_BEFORE: Final = 2


def is_stage_asked_again(said_on: date | None, today: date) -> bool:
    """Whether to ask somebody who said on `said_on` whether they look; those who never said it are not pressed."""
    return said_on is not None and today >= months_after(said_on, STAGE_HOLDS_MONTHS)


@dataclass(frozen=True)
class StageQuestion:
    """Whether it still holds what somebody said of looking for work, and what they could say instead."""

    stage: CareerStage
    label: str
    said_on: date
    #: (value, label) of the other answers.
    others: tuple[tuple[str, str], ...]


def stage_question(stage: CareerStage | None, said_on: date | None, today: date) -> StageQuestion | None:
    """What to ask somebody who said `stage` on `said_on`; None while that is not long ago, or they never said it."""
    if stage is None or said_on is None or not is_stage_asked_again(said_on, today):
        return None
    others = tuple((str(one), str(label)) for one, label in CAREER_STAGE_LABELS.items() if one is not stage)
    return StageQuestion(stage, str(CAREER_STAGE_LABELS[stage]), said_on, others)


def reminded_on(decide_by: date, today: date, calendar: WorkCalendar) -> date:
    """By when to act on another offer: two working days before it must be answered, and no day that is over."""
    day, left = decide_by, REMINDED_BEFORE
    while left and day > today:
        day -= timedelta(days=1)
        left -= calendar.is_working_day(day)
    return max(day, today)
