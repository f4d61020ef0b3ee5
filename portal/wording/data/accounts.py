"""The mails about signing in."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Code, GoesTo, Mail, Word, Words

_ASKED_TO_SIGN_IN = _l("You get this mail because somebody asked to sign in at {org} with your address.")

ACCOUNTS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="accounts/sign_in",
        title=_l("Your sign-in link"),
        when=_l("At once, when somebody we know asks for a link to sign in."),
        words=Words(
            subject=_l("Your sign-in link for {org}"),
            preheader=_l("One tap and you are in. Good for one hour."),
            heading=_l("Your way in"),
            body=_l("""\
{greeting}

Here is your way in. Open the link and press the button on its page.

{sign_in_button}

Or type this code where you asked for it:

{code}

Both are good for one hour, once. A newer mail replaces this one.

If you did not ask for this, you need not do anything."""),
        ),
        why=_ASKED_TO_SIGN_IN,
        places=(
            GREETING,
            NAME,
            Button("sign_in_button", _l("The link that signs them in"), _l("Sign in"), "/sign-in/", TokenKind.SIGN_IN),
            Code("code", _l("Six digits for the browser that asked"), TokenKind.SIGN_IN),
        ),
    ),
    Mail(
        kind="accounts/unknown_address",
        title=_l("We do not know this address"),
        when=_l("At once, when somebody asks for a link with an address that we do not know."),
        words=Words(
            subject=_l("We do not know this address at {org}"),
            preheader=_l("Perhaps we know you by another address."),
            heading=_l("We do not know this address"),
            body=_l("""\
Hello,

Somebody asked to sign in at {org} with {email}. We do not know this address, so there is no link in this mail.

Was it you? Perhaps we know you by another address: the one you applied with, or the one our mails go to.

{try_again_button}

New to us? You can join in a minute.

{join_link}

If you did not ask for this, you need not do anything."""),
        ),
        why=_ASKED_TO_SIGN_IN,
        goes_to=GoesTo.ADDRESS,
        places=(
            Word("email", _l("The address that was typed"), _l("nora@example.org")),
            Button("try_again_button", _l("A link to the sign-in page"), _l("Try another address"), "/sign-in"),
            Button("join_link", _l("A link to the page to join"), _l("Join in a minute"), "/join", is_quiet=True),
        ),
    ),
    Mail(
        kind="accounts/reset",
        title=_l("Choose a new password"),
        when=_l("At once, when somebody we know has forgotten their password."),
        words=Words(
            subject=_l("Choose a new password for {org}"),
            preheader=_l("Your link and code are good for one hour."),
            heading=_l("Choose a new password"),
            body=_l("""\
{greeting}

Open this link to choose a new password.

{reset_button}

Or type this code where you asked for it:

{code}

Both are good for one hour, once. A newer mail replaces this one.

You can always sign in without a password: leave it empty, and we mail you a link.

If you did not ask for this, you need not do anything. Your password stays as it is."""),
        ),
        why=_l("You get this mail because somebody asked for a new password at {org} with your address."),
        places=(
            GREETING,
            NAME,
            Button(
                "reset_button",
                _l("The link to choose a new password"),
                _l("Choose a new password"),
                "/reset/",
                TokenKind.RESET,
            ),
            Code("code", _l("Six digits for the browser that asked"), TokenKind.RESET),
        ),
    ),
    Mail(
        kind="accounts/password_changed",
        title=_l("Your password was changed"),
        when=_l("At once, when a password was set or changed."),
        words=Words(
            subject=_l("Your password for {org} was changed"),
            preheader=_l("Was it you? Then there is nothing to do."),
            heading=_l("Your password was changed"),
            body=_l("""\
{greeting}

Your password was just changed. Every other device was signed out.

Was it you? Then there is nothing to do.

If it was not you, choose a new password now.

{reset_button}"""),
        ),
        why=_l("You get this mail because it is about your own account at {org}."),
        places=(
            GREETING,
            NAME,
            Button("reset_button", _l("A link to choose a new password"), _l("Choose a new password"), "/reset"),
        ),
    ),
    Mail(
        kind="accounts/invitation",
        title=_l("Your invitation to work with us"),
        when=_l("At once, when an admin invites a colleague to the recruiting pages."),
        words=Words(
            subject=_l("Your invitation to work with {org}"),
            preheader=_l("Choose your password and begin. Good for 7 days."),
            heading=_l("Welcome to the team, {name}"),
            body=_l("""\
Hello {name},

{inviter} has invited you to the recruiting pages of {org}. You will be {role} there.

{invitation_button}

The link is good for 7 days, once. A newer invitation replaces this one.

If you do not know what this is about, you need not do anything."""),
        ),
        why=_l("You get this mail because a colleague entered your address at {org}."),
        goes_to=GoesTo.STAFF,
        places=(
            Word("name", _l("Their name"), _l("Rita Sander")),
            Word("inviter", _l("Who invites them, or “A colleague”"), _l("Vera Admin")),
            Word("role", _l("What they will be, for example “a recruiter”"), _l("a recruiter")),
            Button(
                "invitation_button",
                _l("The link that sets up their account"),
                _l("Choose your password"),
                "/invitation/",
                TokenKind.INVITATION,
            ),
        ),
    ),
)
