"""The mails about copies of one's data, being erased, and staying."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, GoesTo, Mail, Word, Words

_STAY = Button("stay_button", _l("The link that keeps them"), _l("Yes, keep me"), "/keep/", TokenKind.PREFERENCES)
_ENDS_ON = Word("ends_on", _l("The day on which all is erased"), date(2026, 4, 3), is_needed=True)
_WHEN = _l("30, 7 and 2 days before somebody is erased because we have not heard from them for long.")

PRIVACY: Final[tuple[Mail, ...]] = (
    Mail(
        kind="privacy/copy_ready",
        title=_l("Your copy is ready"),
        when=_l("When the copy is ready that somebody asked for of all that we hold about them."),
        words=Words(
            subject=_l("Your copy of what {org} holds about you"),
            preheader=_l("It is ready, and you can fetch it until {good_until}."),
            heading=_l("Your copy is ready"),
            body=_l("""\
{greeting}

The copy of all that we hold about you is ready: a page to read, the same as data for machines, and your files.

{copy_button}

You can fetch it until {good_until}. Then we delete it, and you can ask for another one at any time. So that nobody \
else gets it, you show us once more that it is you.

Did you not ask for it? Then sign in and sign out every device under Account; nobody gets the copy with this mail \
alone."""),
        ),
        why=_l("You get this mail because a copy of your data was asked for at {org}."),
        places=(
            GREETING,
            NAME,
            Word("good_until", _l("Until when it can be fetched"), _l("Thursday 5 March 2026, 10:00"), is_needed=True),
            Button("copy_button", _l("The link to the page with it"), _l("Fetch my copy"), "/me/privacy/copy"),
        ),
    ),
    Mail(
        kind="privacy/last_mail",
        title=_l("The last mail before somebody is erased"),
        when=_l("When somebody has themselves erased, right before it happens."),
        words=Words(
            subject=_l("Your data at {org} is being erased"),
            preheader=_l("This is the last mail you get from us."),
            heading=_l("Your data is being erased"),
            body=_l("""\
{greeting}

As was asked, we erase all that we hold about you. It happens when this mail has left us, and it cannot be undone.

With it these applications of yours are withdrawn: {openings}.

What stays: a code made of your address with a secret key, with days and what you had said yes or no to, so that \
nobody here adds you again; totals that say nothing about you; that something was erased, not for whom; and, only \
where the law demands it, a sealed record.

You can join again at any time, as if we had never met. Thank you for the time you were with us."""),
        ),
        why=_l("You get this mail because your data at {org} is being erased. It is the last one."),
        goes_to=GoesTo.ADDRESS,
        places=(
            GREETING,
            NAME,
            Word(
                "openings",
                _l("The openings whose applications are withdrawn"),
                _l("Data Analyst and Baker"),
                may_be_empty=True,
            ),
        ),
    ),
    Mail(
        kind="privacy/stay_member",
        title=_l("Shall we keep your data? (members)"),
        when=_WHEN,
        words=Words(
            subject=_l("Shall we keep your data at {org}?"),
            preheader=_l("One tap keeps everything. Without it we erase your data on {ends_on}."),
            heading=_l("Shall we keep your data?"),
            body=_l("""\
{greeting}

We have not heard from you for a long time, and we do not want to keep anybody who no longer wants it.

Would you like to stay? One tap, and everything stays as it is: what you told us, your applications, our messages.

{stay_button}

If we hear nothing, we erase all of it on {ends_on}. You need not do anything for that. You can join again at any \
time."""),
        ),
        why=_l("You get this mail because you are known to {org}, and nobody is kept for ever."),
        places=(GREETING, NAME, _ENDS_ON, _STAY),
    ),
    Mail(
        kind="privacy/stay_applicant",
        title=_l("Shall we keep your data? (people who applied)"),
        when=_WHEN,
        words=Words(
            subject=_l("Shall we keep your application at {org}?"),
            preheader=_l("One tap keeps everything. Without it we erase your data on {ends_on}."),
            heading=_l("Shall we keep your data?"),
            body=_l("""\
{greeting}

You applied to us some time ago, and that has ended. We keep what belongs to it only for a while.

Would you like us to keep it longer? One tap, and everything stays as it is.

{stay_button}

If we hear nothing, we erase all that we hold about you on {ends_on}: your application, your files, our messages. You \
need not do anything for that. You can apply again at any time."""),
        ),
        why=_l("You get this mail because you applied to {org}, and nobody is kept for ever."),
        places=(GREETING, NAME, _ENDS_ON, _STAY),
    ),
)
