"""The mails around the day of an interview: the reminders, and the thanks afterwards."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, GoesTo, Links, Mail, Place, Word, Words

_WHY: Final = _l("You get this mail because you have an interview with {org}.")
_REPLY: Final = _l("Answer this mail and {answers} reads it.")
_OPENING: Final = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_TIME: Final = Word(
    "time",
    _l("When it begins and on whose clock; on both where they differ"),
    _l("Tuesday 3 March 2026, 14:00 (Warsaw time)"),
)
_ROWS: Final = (
    (_l("What"), _l("Talk with the team")),
    (_l("When"), _l("Tuesday 3 March 2026, 14:00 (Warsaw time)")),
    (_l("How long"), _l("45 minutes")),
    (_l("How"), _l("By video")),
    (_l("Where"), "https://meet.example/talk"),
)
_INTERVIEW: Final = Facts(
    "interview",
    _l("When and where it is, with whom, and whom to call"),
    (
        *_ROWS,
        (_l("With whom"), _l("Hugo Berg and Lena Walczak")),
        (_l("To call on the day"), _l("Rita Sander: +48 22 555 01 00")),
    ),
)
_PLACES: Final[tuple[Place, ...]] = (
    GREETING,
    NAME,
    _OPENING,
    Word("answers", _l("Who arranges the interview"), _l("Rita Sander")),
    _TIME,
    _INTERVIEW,
    Button(
        "interview_button",
        _l("The link to their interview"),
        _l("See it, or tell us that you are late"),
        "/interviews/",
        TokenKind.INTERVIEW,
    ),
)

INTERVIEWS_AFTER: Final[tuple[Mail, ...]] = (
    Mail(
        kind="interviews/reminder",
        title=_l("Your interview is tomorrow"),
        when=_l("Automatic: 24 hours before an interview, to the candidate."),
        words=Words(
            subject=_l("Your interview on {time}"),
            preheader=_l("{opening}: when, where and with whom."),
            heading=_l("Your interview on {time}"),
            body=_l("""\
{greeting}

This is an automatic reminder of your interview for {opening}.

{interview}

If you are late or cannot come, one tap tells us. You can also send us your questions ahead.

{interview_button}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=_PLACES,
    ),
    Mail(
        kind="interviews/reminder_hour",
        title=_l("Your interview begins soon"),
        when=_l("Automatic: one hour before an interview, to the candidate."),
        words=Words(
            subject=_l("Soon: your interview on {time}"),
            preheader=_l("{opening}: where, and whom to call."),
            heading=_l("Your interview begins soon"),
            body=_l("""\
{greeting}

Your interview for {opening} begins on {time}. This is an automatic reminder.

{interview}

If something comes in between, one tap tells us.

{interview_button}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=_PLACES,
    ),
    Mail(
        kind="interviews/panel_reminder",
        title=_l("An interview you take part in is near"),
        when=_l("Automatic: 24 hours and one hour before an interview, to each colleague who takes part."),
        words=Words(
            subject=_l("Interview on {time}: {opening}"),
            preheader=_l("{title}. Their questions and the criteria stand on its page."),
            heading=_l("You take part in an interview on {time}"),
            body=_l("""\
It is about: {opening}.

{interview}

Who comes, what they sent and what they want to ask stands on the page of the interview. Ten minutes with it are enough.

{page}"""),
        ),
        why=_l("You get this mail because you take part in an interview at {org}."),
        goes_to=GoesTo.STAFF,
        places=(
            Word("title", _l("What the interview is called"), _l("Talk with the team")),
            _OPENING,
            _TIME,
            Facts("interview", _l("When and where it is"), _ROWS),
            Links(
                "page",
                _l("The link to the page of the interview"),
                ((_l("Open the page of this interview"), "/recruiting/interviews/example"),),
            ),
        ),
    ),
    Mail(
        kind="interviews/thanks",
        title=_l("Thanks after an interview"),
        when=_l(
            "Automatic: on the day of an interview, once it took place, and at the latest in the evening; one a day."
        ),
        words=Words(
            subject=_l("Thank you for your time: {opening}"),
            preheader=_l("From {panel}."),
            heading=_l("Thank you for your time"),
            body=_l("""\
{greeting}

You have put time and thought into talking with us on {day} about {opening}. Thank you for that.

This is an automatic mail in the name of {panel}, so that you have our thanks on the same day. What they made of it is \
not in it: that you hear from a person.

You hear from us next by {next_day}.

May we ask one thing? Did it begin on time, and did you have time to ask? One tap answers both. We count the answers \
and keep no name beside them.

{began_button}

{application_link}"""),
        ),
        why=_l("You get this mail because you had an interview with {org}."),
        reply=_l("Answer this mail and {owner} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("day", _l("The day of the interview"), date(2026, 3, 3), is_needed=True),
            Word("panel", _l("Who took part"), _l("Hugo Berg and Lena Walczak")),
            Word("owner", _l("Who looks after the application"), _l("Rita Sander")),
            Word("next_day", _l("By when they hear from us"), date(2026, 3, 6), may_be_empty=True),
            Button(
                "began_button",
                _l("The link to the one tap: did it begin on time, was there time to ask"),
                _l("Tell us how it began"),
                "/interviews/began/",
                TokenKind.INTERVIEW,
            ),
            Button(
                "application_link",
                _l("The link to their application"),
                _l("See your application"),
                "/follow/",
                TokenKind.FOLLOW,
                is_quiet=True,
            ),
        ),
    ),
)
