"""The mails of applying here."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Code, Facts, GoesTo, Mail, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))

APPLYING: Final[tuple[Mail, ...]] = (
    Mail(
        kind="applications/confirm_application",
        title=_l("Please confirm your application"),
        when=_l("At once, when somebody applies who is not signed in."),
        words=Words(
            subject=_l("One tap to send your application: {opening}"),
            preheader=_l("Until then nobody reads it. Good for one hour."),
            heading=_l("One tap, and your application is with us"),
            body=_l("""\
{greeting}

Somebody, we hope you, wants to apply for {opening} at {org} with this address. Open the link and press the button on \
its page, and your application is with us.

{confirm_button}

Or type this code on the page where you applied:

{code}

Both are good for one hour, once. A newer mail replaces this one.

Was it not you? Then you need not do anything. Nobody reads what was typed, and after one hour we forget it."""),
        ),
        why=_l("You get this mail because somebody typed your address to apply to {org}."),
        goes_to=GoesTo.ADDRESS,
        places=(
            GREETING,
            NAME,
            _OPENING,
            Button(
                "confirm_button",
                _l("The link that sends their application"),
                _l("Yes, send my application"),
                "/apply/",
                TokenKind.APPLY,
            ),
            Code("code", _l("Six digits for the browser in which they applied"), TokenKind.APPLY),
        ),
    ),
    Mail(
        kind="applications/received",
        title=_l("We have your application"),
        when=_l("At once, when somebody has applied."),
        words=Words(
            subject=_l("We have your application: {opening}"),
            preheader=_l("You hear from us by {hears_by}."),
            heading=_l("Your application is with us"),
            body=_l("""\
{greeting}

Thank you for applying for {opening}. Your application has reached us, and {owner} looks after it.

You hear from us by {hears_by}.

{next_heading}
{what_happens_next}

{application_button}

That page says at any time where your application stands and whose turn it is. You can take it back there, too."""),
        ),
        why=_l("You get this mail because you applied to {org}."),
        reply=_l("Answer this mail and {owner} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("owner", _l("Who looks after the application"), _l("Rita Sander")),
            Word("hears_by", _l("By when they hear from us"), date(2026, 3, 25)),
            Word(
                "next_heading",
                _l("“What happens next:” where this opening has steps, else nothing"),
                _l("What happens next:"),
                may_be_empty=True,
            ),
            Facts(
                "what_happens_next",
                _l("The steps of this opening, and what happens in each"),
                (
                    (_l("First conversation"), _l("Half an hour by video about you and the work.")),
                    (_l("Meet the team"), _l("Two hours with those you would work with.")),
                ),
                is_needed=False,
                may_be_empty=True,
            ),
            Button(
                "application_button",
                _l("The link to their application"),
                _l("See your application"),
                "/follow/",
                TokenKind.FOLLOW,
            ),
        ),
    ),
)
