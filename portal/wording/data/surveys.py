"""The mails that ask how it was, and remind once. None says what was decided, and none asks for a kind answer."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Mail, Place, Word, Words

_OPENING: Final = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_COMMON: Final[tuple[Place, ...]] = (
    GREETING,
    NAME,
    Word("answers", _l("Who reads an answer to this mail"), _l("Rita Sander")),
    Word("minutes", _l("How long it takes"), _l("2 minutes")),
    Word("closes_on", _l("The last day on which they can answer"), date(2026, 4, 2), is_needed=True),
    Button("survey_button", _l("The link to the survey"), _l("Answer the survey"), "/surveys/", TokenKind.SURVEY),
)
_ABOUT_APPLICATION: Final = (*_COMMON, _OPENING)
_REPLY: Final = _l("Would you rather write to a person? Answer this mail, and {answers} reads it: with your name.")

SURVEYS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="surveys/interviewed",
        title=_l("How was your interview?"),
        when=_l("Automatic: four hours after the first interview that took place, in waking hours."),
        words=Words(
            subject=_l("How was your interview? {opening}"),
            preheader=_l("{minutes}, without your name."),
            heading=_l("How was your interview?"),
            body=_l("""\
{greeting}

You have talked with us about {opening}. We would like to know how it was for you: what was good, and what we should \
do better.

It takes about {minutes}, and you need not give your name. Nobody sees your answers before the decision about your \
application is made. After it they are read only together with those of at least four others, unless you sign them. \
Whether you answer has no part in the decision.

{survey_button}

You need no password, so please keep this mail to yourself. You can stop and go on later. The survey is open \
until {closes_on}."""),
        ),
        why=_l(
            "You get this mail because you had an interview with {org}. If you do not want such mails, one click ends "
            "them."
        ),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_ABOUT_APPLICATION,
    ),
    Mail(
        kind="surveys/not_selected",
        title=_l("How did we treat you?"),
        when=_l(
            "Automatic: to somebody who was not selected, the day after their feedback, else seven days after the "
            "letter. There is no reminder."
        ),
        words=Words(
            subject=_l("How did we treat you? {opening}"),
            preheader=_l("{minutes}, without your name, and only if you like."),
            heading=_l("How did we treat you?"),
            body=_l("""\
{greeting}

You gave us your time when you applied for {opening}. Would you tell us how we treated you on the way? We ask so that \
we can do better by those who come after you.

It takes about {minutes}, and you need not give your name. Your answers are read only together with those of at least \
four others, unless you sign them. Nothing depends on whether or what you answer, now or in another application.

{survey_button}

You need no password, so please keep this mail to yourself. You can stop and go on later. The survey is open \
until {closes_on}. If you would rather not, \
there is nothing to do, and no reminder comes."""),
        ),
        why=_l("You get this mail because you applied to {org}. If you do not want such mails, one click ends them."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_ABOUT_APPLICATION,
    ),
    Mail(
        kind="surveys/left",
        title=_l("What decided it for you?"),
        when=_l(
            "Automatic: the day after somebody took their application back or declined our offer, in waking hours."
        ),
        words=Words(
            subject=_l("What decided it for you? {opening}"),
            preheader=_l("{minutes}, without your name."),
            heading=_l("What decided it for you?"),
            body=_l("""\
{greeting}

You decided not to go on with us about {opening}. That was yours to decide, and we do not want to change your mind. We \
would like to learn from it.

It takes about {minutes}, and you need not give your name. Your answers are read only together with those of at least \
four others, unless you sign them.

{survey_button}

You need no password, so please keep this mail to yourself. You can stop and go on later. The survey is open \
until {closes_on}."""),
        ),
        why=_l("You get this mail because you applied to {org}. If you do not want such mails, one click ends them."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_ABOUT_APPLICATION,
    ),
    Mail(
        kind="surveys/hired",
        title=_l("How was the way to us?"),
        when=_l("Automatic: fourteen days after somebody was hired, in waking hours."),
        words=Words(
            subject=_l("How was the way to us? {opening}"),
            preheader=_l("{minutes}, without your name."),
            heading=_l("How was the way to us?"),
            body=_l("""\
{greeting}

You said yes to {opening}, and we are glad of it. While you still remember it: how was the way from your application \
to our offer?

It takes about {minutes}, and you need not give your name. Your answers are read only together with those of at least \
four others, unless you sign them: nobody you work with can tell which are yours.

{survey_button}

You need no password, so please keep this mail to yourself. You can stop and go on later. The survey is open \
until {closes_on}."""),
        ),
        why=_l("You get this mail because you applied to {org}. If you do not want such mails, one click ends them."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_ABOUT_APPLICATION,
    ),
    Mail(
        kind="surveys/community",
        title=_l("The yearly community pulse"),
        when=_l("Automatic: once a year, to members who agreed to it, in waking hours."),
        words=Words(
            subject=_l("How are we doing as a community?"),
            preheader=_l("{minutes}, once a year, without your name."),
            heading=_l("How are we doing?"),
            body=_l("""\
{greeting}

You said that we may ask you once a year what you think of our community. This is the day.

It takes about {minutes}, and you need not give your name. Your answers are read only together with those of at least \
four others, unless you sign them.

{survey_button}

You need no password, so please keep this mail to yourself. You can stop and go on later. The survey is open \
until {closes_on}."""),
        ),
        why=_l("You get this mail because you agreed that {org} asks you once a year what you think of its community."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_COMMON,
    ),
    Mail(
        kind="surveys/reminder",
        title=_l("Reminder of a survey about an application"),
        when=_l(
            "Automatic: once, three days after the survey, to who has not answered. Never after somebody was not "
            "selected."
        ),
        words=Words(
            subject=_l("Still time to tell us how it was: {opening}"),
            preheader=_l("The survey is open until {closes_on}. This is the only reminder."),
            heading=_l("A survey still waits for you"),
            body=_l("""\
{greeting}

A few days ago we asked you how it was with us, about {opening}. You have not sent an answer yet. If you like, it \
takes about {minutes}, and you need not give your name. What you have filled in so far is still there.

{survey_button}

The survey is open until {closes_on}. If you would rather not, there is nothing to do: we do not remind you again."""),
        ),
        why=_l("You get this mail because you applied to {org}. If you do not want such mails, one click ends them."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_ABOUT_APPLICATION,
    ),
    Mail(
        kind="surveys/community_reminder",
        title=_l("Reminder of the community pulse"),
        when=_l("Automatic: once, three days after the pulse, to members who have not answered."),
        words=Words(
            subject=_l("Still time to tell us how we are doing"),
            preheader=_l("It is open until {closes_on}. This is the only reminder."),
            heading=_l("Our yearly question still waits for you"),
            body=_l("""\
{greeting}

A few days ago we asked what you think of our community, as we do once a year. You have not sent an answer yet. If you \
like, it takes about {minutes}, and you need not give your name. What you have filled in so far is still there.

{survey_button}

It is open until {closes_on}. If you would rather not, there is nothing to do: we do not remind you again."""),
        ),
        why=_l("You get this mail because you agreed that {org} asks you once a year what you think of its community."),
        reply=_REPLY,
        has_unsubscribe=True,
        places=_COMMON,
    ),
)
