"""The mail that invites somebody to apply, and what a colleague begins it with."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Facts, Letter, Links, Mail, Word, Words

_OPENING = Word("opening", _l("What they are invited to apply for"), _l("Data Analyst"))
_WHY = _l("You get this mail because you said yes to job alerts from {org}.")

FITTING: Final[tuple[Mail, ...]] = (
    Mail(
        kind="fitting/invitation",
        title=_l("An invitation to apply"),
        when=_l("When a colleague invites somebody to apply who may fit an opening and said yes to job alerts."),
        words=Words(
            subject=_l("{author} thought of you: {opening}"),
            preheader="{first_words}",
            heading="{opening}",
            body=_l("""\
{message}

{author}
{org}

{about}

{opening_link}

It is not for you just now? Say so here, without signing in. It changes nothing else, and you may still apply.

{not_now}"""),
        ),
        why=_WHY,
        reply=_l("Answer this mail and {author} reads it."),
        has_unsubscribe=True,
        places=(
            _OPENING,
            Word("author", _l("Who invites them"), _l("Rita Sander")),
            Word("first_words", _l("How the message begins"), _l("Hello Ada Lind, I look after this opening.")),
            Letter(
                "message",
                _l("What a colleague has written to them"),
                _l("Hello Ada Lind,\n\nI look after this opening and thought of you. Would you have a look?"),
            ),
            Facts(
                "about",
                _l("Why them, what the role is, its pay, what is hard about it, and by when to apply"),
                (
                    (_l("Why you"), _l("You told us that Data interests you.")),
                    (_l("The work"), _l("You find out what our numbers say.")),
                    (_l("Where"), _l("Warsaw, Poland")),
                    (_l("Pay"), _l("€60,000 to €75,000 a year")),
                    (_l("What is hard about it"), _l("Half of the numbers are wrong.")),
                    (_l("Apply by"), _l("Friday 29 May 2026")),
                ),
            ),
            Links(
                "opening_link",
                _l("The link to the opening"),
                ((_l("Read all about it"), "/openings/data-analyst"),),
            ),
            Button(
                "not_now",
                _l("The link to say “not now”"),
                _l("Not now"),
                "/not-now/",
                TokenKind.PREFERENCES,
                is_quiet=True,
            ),
        ),
    ),
    Mail(
        kind="fitting/invitation_draft",
        title=_l("Draft: an invitation to apply"),
        when=_l("A colleague begins with it who invites people to apply to an opening."),
        words=Words(
            subject=_l("A letter about {opening}"),
            preheader="",
            heading="{opening}",
            body=_l("""\
{greeting}

I look after this opening and thought of you. Below you find why, what the work is, what it pays and what is hard \
about it.

Would you have a look? If you want to ask something first, answer this mail."""),
        ),
        why=_WHY,
        places=(GREETING, NAME, _OPENING),
        is_draft=True,
    ),
)
