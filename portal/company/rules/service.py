"""What is promised to those who apply, made of the company's settings, and how feedback is given."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from portal.company.states import (
    DAYS_TO_ANSWER,
    DEFAULTS,
    FEEDBACK_DAYS,
    NOTES_IN_A_ROW,
    WEEKDAYS,
    FeedbackWay,
    Setting,
)
from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext

#: What serves a candidate best comes first.
_BEST_FIRST: Final = (FeedbackWay.WRITTEN, FeedbackWay.TELEPHONE, FeedbackWay.NONE)


@dataclass(frozen=True)
class Promised:
    """One version of the promises, as its page and those who keep it read it."""

    #: Working days until the next word, by the open status that a candidate reads.
    pace: dict[str, int]
    #: As `date.weekday()` counts.
    working_week: tuple[int, ...]
    #: ISO 3166-1 and a part of it, whose public holidays are days off; empty: none are known.
    country: str
    region: str
    #: Local time of the company, HH:MM; endings and feedback go out between the two.
    office_start: str
    office_end: str
    #: How feedback is given unless an opening or a country says otherwise, and the ways by country.
    way: FeedbackWay
    ways: dict[str, FeedbackWay]
    #: Calendar days from the ending to the feedback.
    feedback_days: int
    #: Automatic notes in a row; then somebody else is asked, who has so many working days.
    notes: int
    answer_days: int
    #: Months without a sign of life after which a member is asked whether to stay.
    member_months: int
    #: Of the company itself, as `rules.blocks_of` reads it.
    words: str

    def way_in(self, countries: Collection[str]) -> FeedbackWay:
        """How feedback is given for an opening with places in these countries ("" for one that is not known).

        Where they differ, what serves the candidate best; without any place, the company's own way.
        """
        found = {self.ways.get(country, self.way) for country in countries} or {self.way}
        return next(way for way in _BEST_FIRST if way in found)


def content_of(stored: Mapping[Setting, Any]) -> dict[str, Any]:
    """What the settings promise today, as a version keeps it; `promised_in` reads it back.

    The company's days off of its own are not part of it: they are what happens in a year, not how it is done.
    """
    return {
        "pace": stored[Setting.PACE],
        "working_week": stored[Setting.WORKING_WEEK],
        "holidays": stored[Setting.HOLIDAYS],
        "office_hours": stored[Setting.OFFICE_HOURS],
        "feedback": stored[Setting.FEEDBACK],
        "feedback_days": FEEDBACK_DAYS,
        "notes": NOTES_IN_A_ROW,
        "answer_days": DAYS_TO_ANSWER,
        "member_months": stored[Setting.RETENTION]["community_months"],
        "words": stored[Setting.PROMISE_WORDS],
    }


def promised_in(content: Mapping[str, Any]) -> Promised:
    """What `content_of` made; what did not exist then is as a new company begins."""
    said = content_of(DEFAULTS) | dict(content)
    return Promised(
        pace=dict(said["pace"]),
        working_week=tuple(said["working_week"]),
        country=said["holidays"]["country"],
        region=said["holidays"]["region"],
        office_start=said["office_hours"]["start"],
        office_end=said["office_hours"]["end"],
        way=FeedbackWay(said["feedback"]["way"]),
        ways={code: FeedbackWay(way) for code, way in said["feedback"]["countries"].items()},
        feedback_days=said["feedback_days"],
        notes=said["notes"],
        answer_days=said["answer_days"],
        member_months=said["member_months"],
        words=said["words"],
    )


def week_in_words(days: Sequence[int]) -> str:
    """A working week as people say it, Monday to Friday; `days` as `date.weekday()` counts, in their order."""
    names = [str(WEEKDAYS[number]) for number in days]
    if len(days) > 2 and list(days) == list(range(days[0], days[-1] + 1)):
        return _("%(first)s to %(last)s", first=names[0], last=names[-1])
    return join_words(names)


def feedback_in_words(way: FeedbackWay, days: int) -> str:
    """What a candidate can expect after an interview, as a sentence; `days` are calendar days."""
    if way is FeedbackWay.NONE:
        return _("We give no feedback after interviews. You get an answer in words, and you can ask us questions.")
    if way is FeedbackWay.TELEPHONE:
        return ngettext(
            "If you had an interview and we choose somebody else, we call you within %(count)s day and give you "
            "feedback.",
            "If you had an interview and we choose somebody else, we call you within %(count)s days and give you "
            "feedback.",
            days,
        )
    return ngettext(
        "If you had an interview and we choose somebody else, you get feedback in writing within %(count)s day.",
        "If you had an interview and we choose somebody else, you get feedback in writing within %(count)s days.",
        days,
    )
