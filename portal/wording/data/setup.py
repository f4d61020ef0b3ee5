"""The mail that shows whether mail works."""

from datetime import UTC, datetime
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GREETING, NAME, Button, GoesTo, Mail, Word, Words

SETUP: Final[tuple[Mail, ...]] = (
    Mail(
        kind="setup/test_mail",
        title=_l("A test of your mail"),
        when=_l("When an admin asks for it on the page for admins."),
        words=Words(
            subject=_l("Your mail works: a test from {org}"),
            preheader=_l("It was sent on {asked_at}."),
            heading=_l("Your mail works"),
            body=_l("""\
{greeting}

You asked for this test on {asked_at}. As you can read it, mail from the talent community of {org} reaches you.

If it was in your spam folder, set the records of your domain.

{records_button}"""),
        ),
        why=_l("You get this mail because you asked for it on the page for admins."),
        goes_to=GoesTo.STAFF,
        places=(
            GREETING,
            NAME,
            Word("asked_at", _l("When they asked for it"), datetime(2026, 3, 4, 8, 0, tzinfo=UTC)),
            Button(
                "records_button",
                _l("A link to the records that your domain needs"),
                _l("See the records"),
                "/recruiting/admin/sender",
            ),
        ),
    ),
)
