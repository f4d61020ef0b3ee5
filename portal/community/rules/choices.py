"""What a person chose on one page, part by part, and what holds when it was changed elsewhere meanwhile."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from typing import Any, Final

from portal.community.rules.profile import OtherOffers, Profile
from portal.community.rules.taxonomies import Folded
from portal.community.states import CareerStage, WorkMode
from portal.contact.rules import TOPICS_WITH_RHYTHM, Preferences
from portal.core.errors import PortalError
from portal.core.i18n import gettext as _

_MARK_LENGTH: Final = 10
#: What a profile is made of, each a part of its own.
PROFILE_PARTS: Final = tuple(part.name for part in fields(Profile))
_LISTS: Final = frozenset({"areas", "work_modes", "industries"})


@dataclass(frozen=True)
class Wishes:
    """What a person says they look for."""

    areas: Sequence[str]
    skills: Sequence[Folded]
    places: Sequence[Folded]
    career_stage: CareerStage | None
    work_modes: Sequence[WorkMode]
    profile: Profile = field(default_factory=Profile)


@dataclass(frozen=True)
class Choices:
    """All that stands on the page of preferences but the ledger.

    What somebody looks for, how mail may come, and what only whoever looks after their application sees.
    """

    wishes: Wishes
    mail: Preferences
    offers: OtherOffers | None = None


class ChosenElsewhere(PortalError):
    """What is saved has changed since the page was made, and the page says something else of the same `parts`."""

    def __init__(self, parts: Sequence[str]) -> None:
        self.parts = tuple(parts)
        super().__init__(
            _(
                "While this page was open you changed your preferences elsewhere, in another window or by a link from "
                "a mail. Nothing of this page is saved yet. Look at what it says, and save once more."
            )
        )


def wish_parts_of(wishes: Wishes) -> dict[str, Any]:
    """What somebody looks for and says of themselves, one value for each question of the page."""
    return {
        "career_stage": wishes.career_stage,
        "areas": tuple(wishes.areas),
        "skills": tuple(wishes.skills),
        "places": tuple(wishes.places),
        "work_modes": tuple(wishes.work_modes),
        **{name: getattr(wishes.profile, name) for name in PROFILE_PARTS},
    }


def parts_of(choices: Choices) -> dict[str, Any]:
    """What was chosen, one value for each question of the page."""
    mail = choices.mail
    return {
        **wish_parts_of(choices.wishes),
        "offers": choices.offers,
        **{f"rhythm_{purpose}": mail.rhythms.get(purpose) for purpose in TOPICS_WITH_RHYTHM},
        "pause": (mail.is_paused, mail.paused_until_on),
        "quiet": mail.quiet,
        "surveys": not mail.is_without_surveys,
    }


def marks_of(choices: Choices) -> str:
    """Goes along with the page, so that it is known what its reader has seen: a short mark for each part."""
    return " ".join(f"{name}:{_mark(name, value)}" for name, value in parts_of(choices).items())


def marks_after(said: Mapping[str, Any], seen: str) -> str:
    """What the reader of a page has seen once what it says, `said`, is saved, and it was made when `seen` stood there.

    Not what is saved of the rest: of that the page still shows what it showed.
    """
    return " ".join(
        f"{name}:{mark}" for name, mark in (_marks(seen) | {n: _mark(n, v) for n, v in said.items()}).items()
    )


def settled(kept: Choices, said: Mapping[str, Any], seen: str) -> Choices:
    """What holds after a page that was made when `seen` (by `marks_of`) stood there says `said`, part by part.

    Only what was moved on the page counts, so a page that stood open for long takes nothing back. Raises
    ChosenElsewhere for parts that were moved here and elsewhere, to different answers.
    """
    before = _marks(seen)
    parts, disputed = parts_of(kept), []
    for name, value in said.items():
        here, now = _mark(name, value), _mark(name, parts[name])
        if here in (now, before.get(name)):
            continue
        if now != before.get(name):
            disputed.append(name)
        parts[name] = value
    if disputed:
        raise ChosenElsewhere(disputed)
    return _choices(kept, parts)


def moved_parts(one: Wishes, other: Wishes) -> list[str]:
    """The questions to which two say something else; order and the language of a town do not count."""
    before, after = wish_parts_of(one), wish_parts_of(other)
    return [name for name in before if _mark(name, before[name]) != _mark(name, after[name])]


def days_said(said_on: Mapping[str, date], kept: Wishes, wanted: Wishes, today: date) -> dict[str, date]:
    """When each part of `wanted` was said: what was moved today, the rest as before; what is empty has no day."""
    moved, parts = moved_parts(kept, wanted), wish_parts_of(wanted)
    days = {name: day for name, day in said_on.items() if name in parts} | dict.fromkeys(moved, today)
    return {name: day for name, day in days.items() if parts[name]}


def _choices(kept: Choices, parts: Mapping[str, Any]) -> Choices:
    rhythms = dict(kept.mail.rhythms)
    for purpose in TOPICS_WITH_RHYTHM:
        rhythms.pop(purpose, None)
        if parts[f"rhythm_{purpose}"] is not None:
            rhythms[purpose] = parts[f"rhythm_{purpose}"]
    is_paused, until = parts["pause"]
    profile = Profile(**{name: parts[name] for name in PROFILE_PARTS})
    wishes = Wishes(
        parts["areas"], parts["skills"], parts["places"], parts["career_stage"], parts["work_modes"], profile
    )
    mail = replace(
        kept.mail,
        rhythms=rhythms,
        is_paused=is_paused,
        paused_until_on=until,
        quiet=parts["quiet"],
        is_without_surveys=not parts["surveys"],
    )
    return Choices(wishes, mail, parts["offers"])


def _marks(seen: str) -> dict[str, str]:
    return dict(pair.split(":", 1) for pair in seen.split() if ":" in pair)


def _mark(name: str, value: Any) -> str:
    """The same for the same meaning: order does not count, nor in which language a town is called."""
    if name in {"skills", "places"}:
        value = sorted({entry.key for entry in value})
    elif name in _LISTS:
        value = sorted({str(one) for one in value})
    return hashlib.sha256(repr(value).encode()).hexdigest()[:_MARK_LENGTH]
