"""What reminds of an interview, a day and an hour before: the candidate, and those who take part."""

from collections.abc import Sequence
from typing import Final

from portal.core.i18n import gettext as _
from portal.core.i18n import join_words, ngettext, reading_as
from portal.core.mail import RenderedMail
from portal.interviews.queries.arranged import Arranged
from portal.interviews.rules.reminding import Ahead
from portal.interviews.rules.times import moment_in_both
from portal.interviews.states import FORMAT_LABELS
from portal.people.queries import Recipient
from portal.wording.queries import render

_TO_CANDIDATE: Final[dict[Ahead, str]] = {
    Ahead.DAY: "interviews/reminder",
    Ahead.HOUR: "interviews/reminder_hour",
}


def to_candidate(to: Recipient, one: Arranged, ahead: Ahead, answers_name: str, panel: Sequence[str]) -> RenderedMail:
    """To the candidate: when and where their interview is, with whom, and whom to call; automatic."""
    with reading_as(to.locale, to.timezone):
        rows = (
            *_rows(one),
            (_("With whom"), join_words([name for name in panel if name])),
            (_("To call on the day"), _call(one)),
        )
        facts = tuple((label, words) for label, words in rows if words)
        time = _time(one)
    return render(
        _TO_CANDIDATE[ahead],
        to.locale,
        to.timezone,
        name=to.name,
        opening=one.opening_title,
        answers=answers_name,
        time=time,
        interview=facts,
    )


def to_member(to: Recipient, one: Arranged) -> RenderedMail:
    """To a colleague who takes part; it does not name the candidate, who may be erased one day."""
    with reading_as(to.locale, to.timezone):
        facts = tuple((label, words) for label, words in _rows(one) if words)
        time = _time(one)
        page = ((_("Open the page of this interview"), f"/recruiting/interviews/{one.public_id}"),)
    return render(
        "interviews/panel_reminder",
        to.locale,
        to.timezone,
        title=one.title,
        opening=one.opening_title,
        time=time,
        interview=facts,
        page=page,
    )


def _time(one: Arranged) -> str:
    return moment_in_both(one.starts_at, one.zone) if one.starts_at else ""


def _rows(one: Arranged) -> tuple[tuple[str, str], ...]:
    return (
        (_("What"), one.title),
        (_("When"), _time(one)),
        (_("How long"), ngettext("%(count)s minute", "%(count)s minutes", one.minutes)),
        (_("How"), str(FORMAT_LABELS[one.format])),
        (_("Where"), one.place),
    )


def _call(one: Arranged) -> str:
    if not one.contact_name or not one.contact_phone:
        return one.contact_phone
    return _("%(name)s: %(number)s", name=one.contact_name, number=one.contact_phone)
