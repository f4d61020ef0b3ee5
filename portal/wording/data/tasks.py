"""The mails to the staff about what they owe."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GREETING, NAME_OR_WAIT, Button, GoesTo, Links, Mail, Word, Words

_HEADLINE = _l("The one thing itself, or how many; and since when the oldest is due")
_LATE = _l("2 letters did not arrive, since Monday 2 March 2026")

TASKS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="tasks/morning",
        title=_l("What is due this morning"),
        when=_l("At eight on working days, where a colleague is, if something is due; they can switch it off."),
        words=Words(
            subject="{headline}",
            preheader=_l("The oldest first, each with its link."),
            heading=_l("What is due today"),
            body=_l("""\
{greeting}

This is what waits for you, the oldest first. Each line leads to where it is done.

{due}

{today_button}

{switch_off_link}"""),
        ),
        why=_l("You get this mail because you work at {org} and something is due. When nothing is due, none comes."),
        goes_to=GoesTo.STAFF,
        places=(
            GREETING,
            NAME_OR_WAIT,
            Word("headline", _HEADLINE, _l("14 things are due, the oldest since Monday 2 March 2026")),
            Links(
                "due",
                _l("What is due: a line for what is alike, with its link"),
                (
                    (_LATE, "/recruiting/tasks?kind=dead_letter"),
                    (_l("12 people wait for a word, due today"), "/recruiting/?whose=mine"),
                ),
            ),
            Button("today_button", _l("A link to their page of today"), _l("See today"), "/recruiting/"),
            Button(
                "switch_off_link",
                _l("A link to where they switch this mail off"),
                _l("Switch this mail off"),
                "/recruiting/tasks#morning-mail",
                is_quiet=True,
            ),
        ),
    ),
    Mail(
        kind="tasks/escalated",
        title=_l("Something is too late in a team"),
        when=_l(
            "At once, in office hours, when tasks of a team are two working days late, feedback is owed that day, or a "
            "promise was missed."
        ),
        words=Words(
            subject="{headline}",
            preheader=_l("You are asked to see what holds it up."),
            heading=_l("This needs a hand"),
            body=_l("""\
{greeting}

This waits too long where it is, so it is your concern too.

It is with {owners}.

{late}

You need not do it yourself. See what holds it up, or hand it to somebody who has the time.

{tasks_button}"""),
        ),
        why=_l("You get this mail because you lead this team, or are an admin at {org}."),
        goes_to=GoesTo.STAFF,
        places=(
            GREETING,
            NAME_OR_WAIT,
            Word("headline", _HEADLINE, _l("Two days late: 2 letters did not arrive")),
            Word("owners", _l("The colleagues it is with"), _l("Rita Sander and Omar Haddad"), may_be_empty=True),
            Links(
                "late",
                _l("What is late: a line for what is alike, with its link"),
                ((_LATE, "/recruiting/tasks?kind=dead_letter"),),
            ),
            Button("tasks_button", _l("A link to their tasks"), _l("See all that is late"), "/recruiting/tasks"),
        ),
    ),
)
