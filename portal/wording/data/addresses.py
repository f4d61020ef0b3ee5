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
        TokenKind.NEW_ADDRESS,
    ),
    Code("code", _l("Six digits for the browser that asked"), TokenKind.NEW_ADDRESS),
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
_GOES = (
    GREETING,
    NAME,
    Button(
        "keep_button",
        _l("The link that lets the address stay, for seven days"),
        _l("Keep this address"),
        "/keep-address/stay/",
        TokenKind.KEEP_REMOVED,
    ),
)
_JOINED = (
    GREETING,
    NAME,
    Button(
        "keep_button",
        _l("The link that parts the two records again, for fourteen days"),
        _l("It was not me"),
        "/keep-address/apart/",
        TokenKind.KEEP_APART,
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
        kind="accounts/address_chosen",
        title=_l("Another address was chosen"),
        when=_l("At once, to the address we wrote to, when somebody chooses another one of theirs."),
        words=Words(
            subject=_l("{org} writes to another address of yours"),
            preheader=_WAS_IT_YOU,
            heading=_l("We write to another address now"),
            body=_l("""\
{greeting}

From now on we write to another address of your account. This one stays, and you can still sign in with it.

Was it you? Then there is nothing to do.

If it was not you, take it back within seven days. That brings our mail back to this address, removes what was added \
in the last two weeks, and signs out every device.

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

If it was not you, keep it within these seven days. Nothing else changes by that. Then sign in, and look at your \
addresses and at where you are signed in.

{keep_button}"""),
        ),
        why=_OWN_ACCOUNT,
        places=_GOES,
    ),
    Mail(
        kind="accounts/records_joined",
        title=_l("Two records were joined"),
        when=_l("At once, to every confirmed address of both, when somebody joins another record to theirs."),
        words=Words(
            subject=_l("Two records at {org} are one now"),
            preheader=_WAS_IT_YOU,
            heading=_l("Two records are one now"),
            body=_l("""\
{greeting}

Somebody confirmed this address or another one, and joined what {org} had under both. Applications and messages stand \
in one place now, and one can sign in with either address.

Was it you? Then there is nothing to do.

If it was not you, separate them within fourteen days. Then each address has what it had before, its applications too. \
Nobody loses an address by that.

{keep_button}"""),
        ),
        why=_OWN_ACCOUNT,
        places=_JOINED,
    ),
)
