"""The way of an application, as steps that a candidate can see themselves on."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from portal.applications.states import ENDINGS, STATUS_LABELS, STEPS, ApplicationStatus
from portal.core.i18n import join_words


@dataclass(frozen=True)
class Step:
    """One step of the way: passed, current, to come, or the end."""

    title: str
    state: str
    reached_on: date | None


@dataclass(frozen=True)
class Happened:
    """The part of an event that the steps need; no day where an import does not say when it came to that."""

    status: ApplicationStatus
    on: date | None


#: A stage of the opening as its page names it, and what a candidate's page says meanwhile.
NamedStage = tuple[str, ApplicationStatus]


def steps(
    status: ApplicationStatus,
    happened: Iterable[Happened],
    applied_on: date | None,
    stages: Sequence[NamedStage] = (),
) -> list[Step]:
    """The way of an application: passed, current and to come; an ending closes the row.

    A step that came before the current one counts as passed although we may not know when. One that began twice
    shows when it began last. `stages` are those of the opening; several that read alike are one step, as we cannot
    say which of them it is.
    """
    reached = _reached(happened, applied_on)
    titles = _titles(stages)
    if status in ENDINGS:
        done = [Step(titles[step], "done", reached[step]) for step in STEPS if step in reached]
        is_good = status is ApplicationStatus.HIRED
        return [*done, Step(str(STATUS_LABELS[status]), "done" if is_good else "ended", reached.get(status))]
    here = STEPS.index(status)
    return [
        Step(
            titles[step],
            "done" if place < here else "current" if place == here else "ahead",
            reached.get(step) if place <= here else None,
        )
        for place, step in enumerate(STEPS)
        if _is_on_the_way(step, status, reached, stages)
    ]


def _reached(happened: Iterable[Happened], applied_on: date | None) -> dict[ApplicationStatus, date | None]:
    reached: dict[ApplicationStatus, date | None] = {}
    before: ApplicationStatus | None = None
    for event in happened:
        if event.status is not before:
            reached[event.status] = event.on
        before = event.status
    if applied_on is not None:
        reached[ApplicationStatus.RECEIVED] = applied_on
    return reached


def _titles(stages: Sequence[NamedStage]) -> dict[ApplicationStatus, str]:
    named = {step: [name for name, status in stages if status is step] for step in STEPS}
    return {step: join_words(names) if names else str(STATUS_LABELS[step]) for step, names in named.items()}


def _is_on_the_way(
    step: ApplicationStatus,
    status: ApplicationStatus,
    reached: dict[ApplicationStatus, date | None],
    stages: Sequence[NamedStage],
) -> bool:
    """Every status where the opening names no stages; else its own, the first, where it stands and where it was."""
    if not stages or step in {ApplicationStatus.RECEIVED, status} or any(one is step for _name, one in stages):
        return True
    return step in reached and STEPS.index(step) < STEPS.index(status)
