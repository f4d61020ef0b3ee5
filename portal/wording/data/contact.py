"""The mail that asks somebody we have not heard from for long whether we may go on writing."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME_OR_WAIT, Button, Mail, Word, Words

CONTACT: Final[tuple[Mail, ...]] = (
    Mail(
        kind="contact/keep_me",
        title=_l("Shall we stay in touch?"),
        when=_l("30, 7 and 2 days before a yes runs out, because we have not heard from somebody for long."),
        words=Words(
            subject=_l("Would you like to keep hearing from {org}?"),
            preheader=_l("One tap keeps everything as it is. Without it we stop on {ends_on}."),
            heading=_l("Shall we stay in touch?"),
            body=_l("""\
{greeting}

We have not heard from you for a long time, and we would rather not write to somebody who no longer wants it.

You once said yes to this: {topics}. Shall it go on? One tap, and everything stays as it is.

{stay_button}

If we hear nothing, we stop on {ends_on}. You need not do anything for that. Only these mails end: your account and \
your applications stay, and mail about them comes in any case. You can have all of it erased whenever you ask."""),
        ),
        why=_l("You get this mail because you agreed to hear from {org}, and a yes does not hold for ever."),
        places=(
            GREETING,
            NAME_OR_WAIT,
            Word("topics", _l("What they said yes to"), _l("insider updates and job alerts")),
            Word("ends_on", _l("The day on which we stop"), date(2026, 4, 3), is_needed=True),
            Button("stay_button", _l("The link that keeps them"), _l("Yes, keep me"), "/stay/", TokenKind.PREFERENCES),
        ),
    ),
)
