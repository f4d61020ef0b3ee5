"""What is counted of somebody who came past a touchpoint: each thing once, and it stays when they are erased."""

from typing import Final

from portal.surveys.states import CountedAs, WhyNotAsked

ASKED: Final = "asked"
BEGAN: Final = "began"
_NOT_ASKED: Final = "not_asked:"
_WHATS: Final[dict[CountedAs | None, tuple[str, ...]]] = {
    None: (),
    CountedAs.ASKED: (ASKED,),
    CountedAs.BEGAN: (ASKED, BEGAN),
}


def counts_as(why_not: WhyNotAsked | None, *, is_opened: bool) -> CountedAs:
    """As what somebody is counted who stands like this."""
    if why_not is not None:
        return CountedAs.NOT_ASKED
    return CountedAs.BEGAN if is_opened else CountedAs.ASKED


def adds(was: CountedAs | None, becomes: CountedAs, why_not: WhyNotAsked | None) -> tuple[str, ...]:
    """Which counts go up by one when somebody who was counted as `was` is counted as `becomes`."""
    if why_not is not None:
        return (what_of(why_not),) if was is None else ()
    return tuple(what for what in _WHATS[becomes] if what not in _WHATS[was])


def what_of(why_not: WhyNotAsked) -> str:
    """The count of those who were not asked because of this."""
    return _NOT_ASKED + why_not.value


def why_of(what: str) -> WhyNotAsked | None:
    """Why those in this count were not asked; None for a count of those who were."""
    return WhyNotAsked(what.removeprefix(_NOT_ASKED)) if what.startswith(_NOT_ASKED) else None
