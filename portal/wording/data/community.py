"""The mails of joining."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Code, GoesTo, Mail, Words

_WHY = _l("You get this mail because somebody typed your address on the page to join {org}.")
_CODE = Code("code", _l("Six digits for the browser in which they joined"), TokenKind.CONFIRM)

COMMUNITY: Final[tuple[Mail, ...]] = (
    Mail(
        kind="community/confirm",
        title=_l("Please confirm your address"),
        when=_l("At once, when somebody joins with an address that has no account here."),
        words=Words(
            subject=_l("Please confirm your address for {org}"),
            preheader=_l("One tap and you are in. Good for one hour."),
            heading=_l("One tap, and you are in"),
            body=_l("""\
{greeting}

Somebody, we hope you, wants to join the community of {org} with this address. Open the link and press the button on \
its page, and you are in.

{confirm_button}

Or type this code on the page where you joined:

{code}

Both are good for one hour, once. A newer mail replaces this one.

Was it not you? Then you need not do anything. After one hour we forget what was typed."""),
        ),
        why=_WHY,
        goes_to=GoesTo.ADDRESS,
        places=(
            GREETING,
            NAME,
            Button(
                "confirm_button",
                _l("The link that confirms their address"),
                _l("Yes, this is my address"),
                "/confirm/",
                TokenKind.CONFIRM,
            ),
            _CODE,
        ),
    ),
    Mail(
        kind="community/confirm_known",
        title=_l("Joining with an address we know"),
        when=_l("At once, when somebody joins with an address that has an account here already."),
        words=Words(
            subject=_l("Your way in to {org}"),
            preheader=_l("You are already here. This link signs you in."),
            heading=_l("You are already here"),
            body=_l("""\
{greeting}

Somebody asked to join the community of {org} with this address. You are already here: this link signs you in, makes \
you a member if you are not one yet, and adds what was ticked. Before anything is kept, it shows you what that is.

{confirm_button}

Or type this code on the page where you joined:

{code}

Both are good for one hour, once. A newer mail replaces this one.

Was it not you? Then you need not do anything. After one hour we forget what was typed."""),
        ),
        why=_WHY,
        places=(
            GREETING,
            NAME,
            Button("confirm_button", _l("The link that signs them in"), _l("Sign in"), "/confirm/", TokenKind.CONFIRM),
            _CODE,
        ),
    ),
    Mail(
        kind="community/left",
        title=_l("You have left the community"),
        when=_l("At once, when a member leaves."),
        words=Words(
            subject=_l("You have left the community of {org}"),
            preheader=_l("Your applications stay as they are. The door stays open."),
            heading=_l("You have left the community"),
            body=_l("""\
{greeting}

As you wished, you are no longer a member. From now on we write to you only about your account and your applications.

Your applications stay as they are, and you can read them as before. What you told us you look for is deleted.

{applications_button}

Thank you for the time you were with us. If you ever want to come back, join again: nothing stands in the way."""),
        ),
        why=_l("You get this mail because it is about your own account at {org}."),
        places=(
            GREETING,
            NAME,
            Button("applications_button", _l("A link to their own page"), _l("See my applications"), "/me"),
        ),
    ),
)
