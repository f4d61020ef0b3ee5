"""The mails about the second factor of staff."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GREETING, NAME, Button, GoesTo, Mail, Words

_OWN_ACCOUNT = _l("You get this mail because it is about your own account at {org}.")
_RESET_BUTTON = Button("reset_button", _l("A link to choose a new password"), _l("Choose a new password"), "/reset")
_LOOK_BUTTON = Button(
    "second_factor_button",
    _l("A link to their second factor"),
    _l("Look at your second factor"),
    "/recruiting/profile/second-factor",
)

SECOND_FACTOR: Final[tuple[Mail, ...]] = (
    Mail(
        kind="accounts/second_factor_set_up",
        title=_l("Your second factor is set up"),
        when=_l("At once, when a colleague has set up an app for signing in, or another one."),
        words=Words(
            subject=_l("Your second factor for {org} is set up"),
            preheader=_l("From now on your app is asked for when you sign in."),
            heading=_l("Your second factor is set up"),
            body=_l("""\
{greeting}

From now on we ask for the six digits of your app when you sign in. Every other device was signed out.

Keep your recovery codes where you find them without your phone.

If it was not you, choose a new password now, and ask an admin to reset your second factor.

{reset_button}"""),
        ),
        why=_OWN_ACCOUNT,
        goes_to=GoesTo.STAFF,
        places=(GREETING, NAME, _RESET_BUTTON),
    ),
    Mail(
        kind="accounts/recovery_code_used",
        title=_l("A recovery code was used"),
        when=_l("At once, when a colleague has signed in with a recovery code."),
        words=Words(
            subject=_l("A recovery code for {org} was used"),
            preheader=_l("Was it you? Then set up your app again if you have lost it."),
            heading=_l("A recovery code was used"),
            body=_l("""\
{greeting}

Somebody has just signed in to your account with one of your recovery codes.

Was it you? If you have lost your phone, set up your app again, and make new codes.

{second_factor_button}

If it was not you, choose a new password now, and ask an admin to reset your second factor."""),
        ),
        why=_OWN_ACCOUNT,
        goes_to=GoesTo.STAFF,
        places=(GREETING, NAME, _LOOK_BUTTON),
    ),
    Mail(
        kind="accounts/second_factor_reset",
        title=_l("Your second factor was reset"),
        when=_l("At once, when an admin has reset the second factor of a colleague."),
        words=Words(
            subject=_l("Your second factor for {org} was reset"),
            preheader=_l("Set it up again when you next sign in."),
            heading=_l("Your second factor was reset"),
            body=_l("""\
{greeting}

An admin has reset your second factor. Your app and your recovery codes no longer work.

Every device was signed out.

Sign in and set it up again.

{sign_in_button}

If you did not ask for this, tell an admin."""),
        ),
        why=_OWN_ACCOUNT,
        goes_to=GoesTo.STAFF,
        places=(
            GREETING,
            NAME,
            Button("sign_in_button", _l("A link to the sign-in page"), _l("Sign in"), "/sign-in"),
        ),
    ),
)
