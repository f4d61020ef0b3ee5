"""The mails that nobody writes: a promised day passed without a word from a person."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, Mail, Place, Word, Words

_WHY: Final = _l("You get this mail because you applied to {org} and we promised you word by a day.")
_REPLY: Final = _l("Answer this mail and {owner} reads it.")


def _places(*rows: tuple[str, str]) -> tuple[Place, ...]:
    return (
        GREETING,
        NAME,
        Word("opening", _l("What they applied for"), _l("Data Analyst")),
        Word("owner", _l("Who looks after the application"), _l("Rita Sander")),
        Word("promised_day", _l("The day that passed without a word"), date(2026, 3, 4), is_needed=True),
        Facts(
            "where_it_stands",
            _l("Where the application stands, and who looks after it"),
            ((_l("Where it stands"), _l("In review")), (_l("Who looks after it"), _l("Rita Sander")), *rows),
        ),
        Button(
            "application_button",
            _l("The link to their application"),
            _l("See your application"),
            "/follow/",
            TokenKind.FOLLOW,
        ),
    )


PROMISES: Final[tuple[Mail, ...]] = (
    Mail(
        kind="applications/holding_note",
        title=_l("No news by the promised day"),
        when=_l("Automatic: when the promised day ends and nobody has written, at most twice in a row."),
        words=Words(
            subject=_l("No news yet: your application for {opening}"),
            preheader=_l("You hear from us next by {next_day}."),
            heading="{opening}",
            body=_l("""\
{greeting}

We promised you word about your application by {promised_day}, and we did not keep that promise. That is our mistake \
and says nothing about your application. There is no news yet.

{second_note}

Nobody wrote this message: it goes automatically, so that you need not guess.

{where_it_stands}

{what_to_do}

{application_button}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            *_places((_l("Our promise"), _l("You hear from us next by Wednesday 11 March 2026."))),
            Word("next_day", _l("By when they hear from us now"), date(2026, 3, 11)),
            Word(
                "second_note",
                _l("That it is the second in a row, and what happens if nobody writes"),
                _l(
                    "This is the second such message in a row. If nobody writes to you by Wednesday 11 March 2026, no "
                    "third one comes: we tell you that we have not kept our promise, and somebody else is asked to "
                    "write to you."
                ),
                may_be_empty=True,
            ),
            Word(
                "what_to_do",
                _l("That they may ask, or that their question waits for an answer"),
                _l("You need not do anything. If you want to ask something, answer this mail."),
            ),
        ),
    ),
    Mail(
        kind="applications/escalated",
        title=_l("A promise we have not kept"),
        when=_l("Automatic, once: when two messages without news in a row brought no word from a person either."),
        words=Words(
            subject=_l("We have not kept our promise: your application for {opening}"),
            preheader=_l("This says nothing about your application."),
            heading="{opening}",
            body=_l("""\
{greeting}

We have not kept our promise. You were to hear from us about your application, last by {promised_day}, and \
nobody has written to you.

This says nothing about your application. It stands where it stood:

{where_it_stands}

The person we have asked to write to you is {asked}. Until somebody has, no more automatic messages come about it.

{application_button}"""),
        ),
        why=_WHY,
        reply=_l("Answer this mail and {asked_name} reads it."),
        places=(
            *_places(),
            Word("asked_name", _l("The name of who was asked"), _l("Lena Vogel")),
            Word("asked", _l("Who was asked to write to them"), _l("Lena Vogel, who leads the recruiting team")),
        ),
    ),
)
