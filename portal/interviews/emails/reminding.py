"""What reminds of an interview, a day and an hour before: the candidate, and those who take part."""

from collections.abc import Sequence
from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import reading_as
from portal.core.mail import RenderedMail
from portal.interviews.emails import facts
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.reminding import Ahead
from portal.people.queries import Recipient
from portal.wording.queries import render

_TO_CANDIDATE: Final[dict[Ahead, str]] = {
    Ahead.DAY: "interviews/reminder",
    Ahead.HOUR: "interviews/reminder_hour",
}


def to_candidate(to: Recipient, one: Arranged, ahead: Ahead, answers_name: str, panel: Sequence[str]) -> RenderedMail:
    """To the candidate: when and where their interview is, with whom, and whom to call; automatic."""
    with reading_as(to.locale, to.timezone):
        said = facts.filled(
            (
                (_("What"), one.title),
                *facts.time_and_place(one),
                (_("With whom"), facts.with_whom(panel)),
                (_("To call on the day"), facts.to_call(one)),
            )
        )
        time = facts.time_of(one)
    return render(
        _TO_CANDIDATE[ahead],
        to.locale,
        to.timezone,
        name=to.name,
        opening=one.opening_title,
        answers=answers_name,
        time=time,
        interview=said,
    )


def to_member(to: Recipient, one: Arranged) -> RenderedMail:
    """To a colleague who takes part; it does not name the candidate, who may be erased one day."""
    with reading_as(to.locale, to.timezone):
        said = facts.filled(((_("What"), one.title), *facts.time_and_place(one)))
        time, page = facts.time_of(one), facts.way_to_its_page(one)
    return render(
        "interviews/panel_reminder",
        to.locale,
        to.timezone,
        title=one.title,
        opening=one.opening_title,
        time=time,
        interview=said,
        page=page,
    )
