"""The mails about an application."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, Letter, Mail, Place, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_BUTTON = Button(
    "application_button", _l("The link to their application"), _l("See your application"), "/follow/", TokenKind.FOLLOW
)
_APPLIED = _l("You get this mail because you applied to {org}.")
_REPLY = _l("Answer this mail and {author} reads it.")
_BODY = _l("""\
{message}

{author}
{org}

{where_it_stands}

{application_button}""")


def _letter(
    first_words: str, message: str, status: str, turn: str = "", promise: str = "", feedback: str = ""
) -> tuple[Place, ...]:
    return (
        _OPENING,
        Word("author", _l("Who wrote it"), _l("Rita Sander")),
        Word("status", _l("Where the application stands"), status),
        Word("first_words", _l("How the message begins"), first_words),
        Letter("message", _l("What a colleague has written to them"), message),
        Facts(
            "where_it_stands",
            _l("Where the application stands, whose turn it is, and by when they hear from us"),
            (
                (_l("Where it stands"), status),
                (_l("Whose turn"), turn),
                (_l("Our promise"), promise),
                (_l("Feedback"), feedback),
            ),
            may_be_empty=True,
        ),
        _BUTTON,
    )


_OPEN = _letter(
    _l("Dear Ada, Thank you for the conversation on Monday."),
    _l(
        "Dear Ada,\n\nThank you for the conversation on Monday. We would like you to meet the team next week.\n\n"
        "Kind regards"
    ),
    _l("Interviewing"),
    _l("Ours. We talk to the team and come back to you."),
    _l("You hear from us next by Tuesday 10 March 2026."),
)

APPLICATIONS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="applications/message",
        title=_l("A message about an application"),
        when=_l("When a colleague writes to a candidate and the application stands where it stood."),
        words=Words(
            subject=_l("{author} wrote to you about {opening}"),
            preheader="{first_words}",
            heading="{opening}",
            body=_BODY,
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=_OPEN,
    ),
    Mail(
        kind="applications/new_status",
        title=_l("An application has moved on"),
        when=_l("When a colleague writes to a candidate and moves the application to another status."),
        words=Words(
            subject=_l("{status}: your application for {opening}"),
            preheader="{first_words}",
            heading="{opening}",
            body=_BODY,
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=_OPEN,
    ),
    Mail(
        kind="applications/moved",
        title=_l("An application has moved on, without a letter"),
        when=_l("When a colleague moves an application to another status and writes nothing of their own."),
        words=Words(
            subject=_l("{status}: your application for {opening}"),
            preheader=_l("You hear from us next by {next_day}."),
            heading="{opening}",
            body=_l("""\
{greeting}

This is where your application for {opening} stands now: {status}. You hear from us next by {next_day}.

{author}
{org}

{where_it_stands}

{application_button}"""),
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("author", _l("Who moved it"), _l("Rita Sander")),
            Word("status", _l("Where the application stands"), _l("Interviewing")),
            Word("next_day", _l("By when they hear from us next"), date(2026, 3, 10)),
            Facts(
                "where_it_stands",
                _l("Where the application stands, whose turn it is, and by when they hear from us"),
                (
                    (_l("Where it stands"), _l("Interviewing")),
                    (_l("Whose turn"), _l("Ours. We talk to the team and come back to you.")),
                    (_l("Our promise"), _l("You hear from us next by Tuesday 10 March 2026.")),
                ),
            ),
            _BUTTON,
        ),
    ),
    Mail(
        kind="applications/delayed",
        title=_l("It takes longer than we said"),
        when=_l("When a colleague tells one candidate, or many at once, that the promised day moves later, and why."),
        words=Words(
            subject=_l("It takes longer than we said: {opening}"),
            preheader=_l("You hear from us by {next_day}."),
            heading="{opening}",
            body=_l("""\
{greeting}

We promised to write to you about your application for {opening} by {promised_day}. It takes longer: you hear from us \
by {next_day}. This is why:

{reason}

The delay is ours. It says nothing about your application.

{author}
{org}

{where_it_stands}

{application_button}"""),
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("author", _l("Who tells them"), _l("Rita Sander")),
            Word("promised_day", _l("The day they were promised"), date(2026, 3, 4)),
            Word("next_day", _l("By when they hear from us now"), date(2026, 3, 10)),
            Letter(
                "reason",
                _l("Why, in the words of the colleague"),
                _l("Hugo is away this week and wants to read every application himself."),
            ),
            Facts(
                "where_it_stands",
                _l("Where the application stands, whose turn it is, and by when they hear from us"),
                (
                    (_l("Where it stands"), _l("In review")),
                    (_l("Whose turn"), _l("Ours. You need not do anything now.")),
                    (_l("Our promise"), _l("You hear from us next by Tuesday 10 March 2026.")),
                ),
            ),
            _BUTTON,
        ),
    ),
    Mail(
        kind="applications/ending",
        title=_l("The answer to an application"),
        when=_l("When a colleague tells a candidate how the application has ended."),
        words=Words(
            subject=_l("An answer about your application: {opening}"),
            preheader="{first_words}",
            heading="{opening}",
            body=_BODY,
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=_letter(
            _l("Dear Ada, We have chosen somebody else for this role."),
            _l(
                "Dear Ada,\n\nWe have chosen somebody else for this role. You were strong in statistics; what was "
                "missing was work with streaming data, which this team needs from the first day.\n\n"
                "Thank you for your time."
            ),
            _l("Not selected"),
            feedback=_l(
                "If we met you for an interview, you have our feedback in writing within 7 days of this letter."
            ),
        ),
    ),
    Mail(
        kind="applications/ended_as_told",
        title=_l("An application has ended, as they told us"),
        when=_l("When a candidate tells a colleague that they withdraw, and the colleague writes it down."),
        words=Words(
            subject=_l("As you told us: your application for {opening} has ended"),
            preheader="{first_words}",
            heading="{opening}",
            body=_BODY,
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=_letter(
            _l("Thank you for telling us."),
            _l("Thank you for telling us. Your application has ended, as you wished, and we wish you well."),
            _l("Withdrawn"),
        ),
    ),
    Mail(
        kind="applications/reverted",
        title=_l("An ending was a mistake"),
        when=_l("When a colleague takes back an ending that a candidate had been told of."),
        words=Words(
            subject=_l("Your application is open again: {opening}"),
            preheader=_l("You hear from us next by {next_day}."),
            heading="{opening}",
            body=_l("""\
{greeting}

This is about your application for {opening}. {what_was_wrong}

{message}

{author}
{org}

{where_it_stands}

{application_button}"""),
        ),
        why=_APPLIED,
        reply=_REPLY,
        places=(
            GREETING,
            NAME,
            Word(
                "what_was_wrong",
                _l("What we had said, and that it was a mistake"),
                _l(
                    "We told you that it had ended: Not selected. That was our mistake, and we are sorry. "
                    "It is open again."
                ),
            ),
            Word("next_day", _l("By when they hear from us next"), date(2026, 3, 10)),
            *(place for place in _OPEN if place.name not in {"status", "first_words"}),
        ),
    ),
    Mail(
        kind="applications/withdrawn",
        title=_l("An application was withdrawn"),
        when=_l("At once, when a candidate withdraws an application."),
        words=Words(
            subject=_l("You withdrew your application for {opening}"),
            preheader=_l("It has ended, and nothing else of yours has changed."),
            heading=_l("You withdrew your application"),
            body=_l("""\
{greeting}

You withdrew your application for {opening}, and it has ended. Nobody reads it any more, and you hear nothing more \
about it. A letter that was on its way to you already may still arrive.

Nothing else of yours has changed: not your account, not your membership if you have joined, not your other \
applications. You may apply again at any time.

{application_button}

If you did not mean to, answer this mail, and {owner} sees what can still be done."""),
        ),
        why=_l("You get this mail because you withdrew an application to {org}."),
        reply=_l("Answer this mail and {owner} reads it."),
        places=(GREETING, NAME, _OPENING, Word("owner", _l("Who looked after it"), _l("Rita Sander")), _BUTTON),
    ),
    Mail(
        kind="applications/follow",
        title=_l("A fresh link to an application"),
        when=_l("At once, when somebody opens a link to their application that is too old and asks for a fresh one."),
        words=Words(
            subject=_l("A fresh link to your application for {opening}"),
            preheader=_l("Good until {valid_until}."),
            heading="{opening}",
            body=_l("""\
Hello,

Here is a fresh link to your application for {opening}. It is good until {valid_until}.

{application_button}

If you did not ask for it, you need not do anything."""),
        ),
        why=_l(
            "You get this mail because somebody opened an old link to your application to {org} and asked for a fresh "
            "one."
        ),
        places=(_OPENING, Word("valid_until", _l("The last day on which the link works"), date(2026, 4, 3)), _BUTTON),
    ),
)
