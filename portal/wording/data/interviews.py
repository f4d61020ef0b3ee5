"""The mails to the candidate that arrange an interview."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, Letter, Mail, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_AUTHOR = Word("author", _l("Who wrote it"), _l("Rita Sander"))
_FIRST_WORDS = Word("first_words", _l("How the message begins"), _l("Dear Ada, We would like to meet you."))


def _message(example: str) -> Letter:
    return Letter("message", _l("What a colleague has written to them"), example)


_TIME = Word(
    "time",
    _l("When it is and on whose clock; on both where they differ"),
    _l("Tuesday 3 March 2026, 14:00 (Warsaw time)"),
)
_TIMES = Facts(
    "times",
    _l("The times to choose from"),
    (
        (_l("Time 1"), _l("Tuesday 3 March 2026, 14:00 (Warsaw time)")),
        (_l("Time 2"), _l("Wednesday 4 March 2026, 10:00 (Warsaw time)")),
    ),
)
_WITHOUT_TIME: Final = (
    (_l("What"), _l("Talk with the team")),
    (_l("How long"), _l("45 minutes")),
    (_l("How"), _l("By video")),
    (_l("Where"), "https://meet.example/talk"),
    (_l("With whom"), _l("Hugo Berg and Rita Sander")),
    (_l("What it is about"), _l("Your work, and ours.")),
    (_l("How to prepare"), _l("Nothing to prepare.")),
    (_l("To call on the day"), "Rita Sander: +48 22 123 45 67"),
)
_LIKE = _l("What it is like: what, when, how long, where, with whom, how to prepare, whom to call")
_TO_COME = Facts("interview", _LIKE, _WITHOUT_TIME)
_INTERVIEW = Facts(
    "interview",
    _LIKE,
    (_WITHOUT_TIME[0], (_l("When"), _l("Tuesday 3 March 2026, 14:00 (Warsaw time)")), *_WITHOUT_TIME[1:]),
)
_CALLED_OFF = Facts(
    "interview",
    _l("What was called off, and when it was to be"),
    ((_l("Called off"), _l("Talk with the team, Tuesday 3 March 2026, 14:00 (Warsaw time)")),),
    is_needed=False,
)
_PROMISE = Facts(
    "our_promise",
    _l("By when they hear from us next"),
    ((_l("Our promise"), _l("You hear from us next by Tuesday 10 March 2026.")),),
    may_be_empty=True,
)
_CHOOSE = Button(
    "choose_button",
    _l("The link to the times"),
    _l("Choose a time"),
    "/interviews/",
    TokenKind.INTERVIEW,
)
_SHOW = Button(
    "interview_button",
    _l("The link to the interview"),
    _l("See your interview"),
    "/interviews/",
    TokenKind.INTERVIEW,
)
_APPLICATION = Button(
    "application_link",
    _l("The link to their application"),
    _l("See your application"),
    "/follow/",
    TokenKind.FOLLOW,
    is_quiet=True,
    is_needed=False,
)
_WHY = _l("You get this mail because you applied to {org}.")
_REPLY = _l("You can also answer this mail, and {author} reads it.")


def _written(example: str) -> tuple[Word | Letter, ...]:
    """What every mail has in which a colleague writes; `example`: what they could have written."""
    return (_OPENING, _AUTHOR, _FIRST_WORDS, _message(example))


INTERVIEWS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="interviews/proposal",
        title=_l("Times for an interview"),
        when=_l("When a colleague proposes times for an interview."),
        words=Words(
            subject=_l("Let us meet about {opening}: choose a time"),
            preheader="{first_words}",
            heading=_l("Choose a time for your interview"),
            body=_l("""\
{message}

{author}
{org}

{times}

{choose_button}

If none of these suits you, say so there: you can ask for another time, or decline.

{interview}

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(_l("Dear Ada,\n\nWe would like to meet you. The team is looking forward to it.\n\nKind regards")),
            _TIMES,
            _CHOOSE,
            _TO_COME,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/confirmed",
        title=_l("The time of an interview is set"),
        when=_l("At once, when a candidate has chosen a time; with an entry for their calendar."),
        words=Words(
            subject=_l("Your interview: {time}"),
            preheader=_l("For {opening}. Everything you need is in this mail."),
            heading=_l("Your interview: {time}"),
            body=_l("""\
{greeting}

You have chosen this time for your interview for {opening}, and {answers} knows of it.

{interview}

{interview_button}

There you can also ask for another time, say that you are running late, tell us what would make it easier for you, \
and send questions ahead.

{application_link}"""),
        ),
        why=_WHY,
        reply=_l("You can also answer this mail, and {answers} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("answers", _l("Who reads the answer"), _l("Rita Sander")),
            _TIME,
            _INTERVIEW,
            _SHOW,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/time_set",
        title=_l("A colleague has set the time of an interview"),
        when=_l("When a colleague sets the time, for example as agreed by telephone; with an entry for the calendar."),
        words=Words(
            subject=_l("Your interview: {time}"),
            preheader="{first_words}",
            heading=_l("Your interview: {time}"),
            body=_l("""\
{message}

{author}
{org}

{interview}

{interview_button}

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(_l("Dear Ada,\n\nAs we agreed on the telephone, here is our time.\n\nKind regards")),
            _TIME,
            _INTERVIEW,
            _SHOW,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/moved",
        title=_l("An interview has moved"),
        when=_l("When a colleague moves an interview to another time; the entry in the calendar moves with it."),
        words=Words(
            subject=_l("Your interview has moved: {time}"),
            preheader="{first_words}",
            heading=_l("Your interview is now: {time}"),
            body=_l("""\
{message}

{author}
{org}

{interview}

{interview_button}

If the new time does not suit you, say so there, and we find another.

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(_l("Dear Ada,\n\nHugo cannot be there on Tuesday, so I moved us by a day.\n\nKind regards")),
            _TIME,
            _INTERVIEW,
            _SHOW,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/choose_again",
        title=_l("Other times for an interview"),
        when=_l("When a colleague offers other times; an entry in the calendar for the old one goes."),
        words=Words(
            subject=_l("Other times for your interview for {opening}"),
            preheader="{first_words}",
            heading=_l("Choose a time for your interview"),
            body=_l("""\
{message}

{author}
{org}

These times take the place of those before.

{times}

{choose_button}

{interview}

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(
                _l("Dear Ada,\n\nThank you for saying that Tuesday does not suit you. Here are others.\n\nKind regards")
            ),
            _TIMES,
            _CHOOSE,
            _TO_COME,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/changed",
        title=_l("Something about an interview has changed"),
        when=_l("When a colleague changes the place or the length of an interview that has its time."),
        words=Words(
            subject=_l("Your interview for {opening}: please read what has changed"),
            preheader="{first_words}",
            heading=_l("Something about your interview has changed"),
            body=_l("""\
{message}

{author}
{org}

This is how it stands now:

{interview}

{interview_button}

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(_l("Dear Ada,\n\nWe moved house: please come to the new address.\n\nKind regards")),
            _INTERVIEW,
            _SHOW,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/called_off",
        title=_l("An interview does not take place"),
        when=_l("When a colleague calls an interview off; its entry in the calendar goes."),
        words=Words(
            subject=_l("Your interview for {opening} does not take place"),
            preheader="{first_words}",
            heading=_l("Your interview does not take place"),
            body=_l("""\
{message}

{author}
{org}

{interview}

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_written(_l("Dear Ada,\n\nWe saw enough in your task, and need no second talk.\n\nKind regards")),
            _CALLED_OFF,
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/missed_by_us",
        title=_l("We missed an interview"),
        when=_l("When a colleague notes that we were the ones who did not come."),
        words=Words(
            subject=_l("We were not there, and we are sorry"),
            preheader="{first_words}",
            heading=_l("We were not there, and we are sorry"),
            body=_l("""\
{message}

{author}
{org}

If you still want to meet us, answer this mail with times that suit you, and we keep to yours.

{our_promise}

{application_link}"""),
        ),
        why=_WHY,
        reply=_l("Answer this mail, and {author} reads it."),
        places=(
            *_written(
                _l("Dear Ada,\n\nWe had agreed to meet, and nobody of us was there. We are sorry.\n\nKind regards")
            ),
            _PROMISE,
            _APPLICATION,
        ),
    ),
    Mail(
        kind="interviews/ended",
        title=_l("An interview falls away with the application"),
        when=_l("When an application has ended before its interview took place; the entry in the calendar goes."),
        words=Words(
            subject=_l("Your interview for {opening} does not take place"),
            preheader=_l("It was planned for {time}."),
            heading=_l("Your interview does not take place"),
            body=_l("""\
{greeting}

Your application for {opening} has ended, so the interview planned for {time} does not take place. You need not do \
anything. If it stands in your calendar, this mail takes it out.

{application_link}"""),
        ),
        why=_WHY,
        places=(GREETING, NAME, _OPENING, _TIME, _APPLICATION),
    ),
)
