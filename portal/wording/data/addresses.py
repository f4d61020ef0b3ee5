"""The mails about one's own addresses."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Code, GoesTo, Mail, Words

_TYPED = _l("You get this mail because somebody who is signed in at {org} typed your address there.")
_OWN_ACCOUNT = _l("You get this mail because it is about your own account at {org}.")
_ASKED = (
    Button(
        "confirm_button",
        _l("The link that confirms the address"),
        _l("Yes, this is my address"),
        "/address/",
        TokenKind.CONFIRM,
    ),
    Code("code", _l("Six digits for the browser that asked"), TokenKind.CONFIRM),
)
_TOLD = (
    GREETING,
    NAME,
    Button(
        "keep_button",
        _l("The link that takes it back, for seven days"),
        _l("It was not me"),
        "/keep-address/",
        TokenKind.KEEP_ADDRESS,
    ),
)
_WAS_IT_YOU = _l("Was it you? Then there is nothing to do.")

ADDRESSES: Final[tuple[Mail, ...]] = (
    Mail(
        kind="accounts/new_address",
        title=_l("Please confirm your new address"),
        when=_l("At once, to the new address, when somebody changes theirs."),
        words=Words(
            subject=_l("Please confirm your new address for {org}"),
            preheader=_l("One tap, and we write to you here. Good for one hour."),
            heading=_l("Your new address"),
            body=_l("""\
Hello,

Somebody, we hope you, wants {org} to write to this address from now on. Open the link and press the button on its \
page.

{confirm_button}

Or type this code where you asked for it:

{code}

Both are good for one hour, once. A newer mail replaces this one.

Was it not you? Then you need not do anything: without you nothing changes."""),
        ),
        why=_TYPED,
        goes_to=GoesTo.ADDRESS,
        places=_ASKED,
    ),
    Mail(
        kind="accounts/second_address",
        title=_l("Please confirm your other address"),
        when=_l("At once, to the other address, when somebody adds one to their account."),
        words=Words(
            subject=_l("Please confirm your other address for {org}"),
            preheader=_l("One tap, and this address is yours here, too. Good for one hour."),
            heading=_l("Your other address"),
            body=_l("""\
Hello,

Somebody, we hope you, wants to add this address to their account at {org}. Open the link and press the button on its \
page.

{confirm_button}

Or type this code where you asked for it:

{code}

Both are good for one hour, once. A newer mail replaces this one.

Was it not you? Then you need not do anything: without you nothing changes."""),
        ),
        why=_TYPED,
        goes_to=GoesTo.ADDRESS,
        places=_ASKED,
    ),
    Mail(
        kind="accounts/address_changed",
        title=_l("Your address was changed"),
        when=_l("At once, to the old address, when somebody has confirmed a new one."),
        words=Words(
            subject=_l("Your address at {org} was changed"),
            preheader=_WAS_IT_YOU,
            heading=_l("Your address was changed"),
            body=_l("""\
{greeting}

From now on we write to another address of yours, and you sign in with it. This one stays with your account for seven \
more days.

Was it you? Then there is nothing to do.

If it was not you, take it back within seven days. That keeps this address, removes what was added, and signs out \
every device.

{keep_button}"""),
        ),
        why=_OWN_ACCOUNT,
        places=_TOLD,
    ),
    Mail(
        kind="accounts/address_added",
        title=_l("An address was added"),
        when=_l("At once, to the address we write to, when somebody has confirmed another one."),
        words=Words(
            subject=_l("An address was added to your account at {org}"),
            preheader=_WAS_IT_YOU,
            heading=_l("An address was added"),
            body=_l("""\
{greeting}

Another address was confirmed for your account, and one can sign in with it. We still write to you here.

Was it you? Then there is nothing to do.

If it was not you, take it back within seven days. That keeps this address, removes what was added, and signs out \
every device.

{keep_button}"""),
        ),
        why=_OWN_ACCOUNT,
        places=_TOLD,
    ),
    Mail(
        kind="accounts/address_removed",
        title=_l("An address leaves an account"),
        when=_l("At once, to an address that somebody removes from their account."),
        words=Words(
            subject=_l("This address leaves your account at {org}"),
            preheader=_WAS_IT_YOU,
            heading=_l("This address leaves your account"),
            body=_l("""\
{greeting}

You asked to remove this address from your account. It stays for seven more days.

Was it you? Then there is nothing to do.

If it was not you, take it back within seven days. That keeps this address, removes what was added, and signs out \
every device.

{keep_button}"""),
        ),
        why=_OWN_ACCOUNT,
        places=_TOLD,
    ),
)
