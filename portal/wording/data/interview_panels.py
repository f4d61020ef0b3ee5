"""The mails about an interview to those who take part in it or arrange it; none of them names the candidate."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import Facts, GoesTo, Links, Mail, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_TIME = Word(
    "time",
    _l("When it is and on whose clock; on both where they differ"),
    _l("Tuesday 3 March 2026, 14:00 (Warsaw time)"),
)
_TITLE = Word("title", _l("What the interview is called"), _l("Talk with the team"))
_SHORT = Facts(
    "interview",
    _l("When, how long, how and where"),
    (
        (_l("When"), _l("Tuesday 3 March 2026, 14:00 (Warsaw time)")),
        (_l("How long"), _l("45 minutes")),
        (_l("How"), _l("By video")),
        (_l("Where"), "https://meet.example/talk"),
    ),
)
_PAGE = Links(
    "page",
    _l("The link to the page of the interview"),
    ((_l("Open the page of this interview"), "/recruiting/interviews/x7Kp2mQ9vTzR"),),
)
_PANEL_WHY = _l("You get this mail because you take part in this interview at {org}, or arrange it.")
_PANEL = (_TITLE, _OPENING, _TIME, _SHORT, _PAGE)

INTERVIEW_PANELS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="interviews/panel_confirmed",
        title=_l("To those who take part: an interview has its time"),
        when=_l("When the time of an interview is set; with an entry for the calendar."),
        words=Words(
            subject=_l("Interview for {opening}: {time}"),
            preheader=_l("{title}. Read the page before you go in."),
            heading="{title}: {opening}",
            body=_l("""\
The time is set: {time}.

{interview}

{page}

Who you meet, their questions and the criteria stand on that page. It asks how you know the candidate, too."""),
        ),
        why=_PANEL_WHY,
        goes_to=GoesTo.STAFF,
        places=_PANEL,
    ),
    Mail(
        kind="interviews/panel_moved",
        title=_l("To those who take part: an interview has changed"),
        when=_l("When an interview moves, or its place or length changes; the entry in the calendar changes with it."),
        words=Words(
            subject=_l("Changed: interview for {opening}, {time}"),
            preheader=_l("{title}. Your calendar changes with this mail."),
            heading="{title}: {opening}",
            body=_l("""\
This interview has changed. It is now: {time}.

{interview}

{page}"""),
        ),
        why=_PANEL_WHY,
        goes_to=GoesTo.STAFF,
        places=_PANEL,
    ),
    Mail(
        kind="interviews/panel_cancelled",
        title=_l("To those who take part: an interview does not take place"),
        when=_l("When an interview is called off, gets other times to choose from, or goes on without them."),
        words=Words(
            subject=_l("Not at this time: interview for {opening}, {time}"),
            preheader=_l("{title}. Your calendar changes with this mail."),
            heading="{title}: {opening}",
            body=_l("""\
You need not keep this time free any more: {time}. The interview was called off, gets another time, or goes on \
without you.

{page}"""),
        ),
        why=_PANEL_WHY,
        goes_to=GoesTo.STAFF,
        places=(_TITLE, _OPENING, _TIME, _PAGE),
    ),
)
