"""The one invitation that somebody without an opening gets, and the words it begins with."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME_OR_WAIT, Button, Facts, GoesTo, Letter, Mail, Word, Words

_RECRUITER = Word("recruiter", _l("Who invites them"), _l("Rita Sander"))

PROSPECTS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="prospects/invitation",
        title=_l("A personal invitation to join"),
        when=_l("Once, when a colleague invites somebody who neither joined nor applied."),
        words=Words(
            subject=_l("{recruiter} of {org} would like to stay in touch"),
            preheader=_l("One invitation. If you do nothing, we delete what we have and do not write again."),
            heading=_l("Would you like to stay in touch?"),
            body=_l("""\
{greeting}

{message}

{recruiter}
{org}

{join_button}

This is the only invitation that you get from us. If you do nothing, we delete what we hold about you 30 days after \
this mail, on {erased_on} at the latest, and do not write again.

What we hold about you, and why:

{what_we_hold}

{no_thanks_button}

{privacy_button}"""),
        ),
        why=_l("You get this mail because {recruiter} of {org} added you and wants to ask you once."),
        reply=_l("You can also answer this mail, and {recruiter} reads it."),
        goes_to=GoesTo.ADDRESS,
        places=(
            GREETING,
            NAME_OR_WAIT,
            _RECRUITER,
            Letter(
                "message",
                _l("What a colleague has written to them"),
                _l("it was good to talk with you about your work on maps.\n\nKind regards"),
            ),
            Word("erased_on", _l("The day by which we delete what we hold"), date(2026, 4, 5), is_needed=True),
            Facts(
                "what_we_hold",
                _l("What we hold, where we got it and on which day, and on which ground"),
                (
                    (_l("What we hold"), _l("Your name and your address")),
                    (_l("Where we got it"), _l("We met at an event: PyData Warsaw")),
                    (_l("On"), _l("Monday 2 March 2026")),
                    (_l("Why we may"), _l("Our interest in asking you once whether you want to hear from us")),
                    (_l("Who answers for it"), _l("Rapport, privacy@demo.example")),
                ),
            ),
            Button("join_button", _l("The link to join"), _l("Yes, let us stay in touch"), "/join"),
            Button(
                "no_thanks_button",
                _l("The link that deletes them at once"),
                _l("Do not write to me, and delete me now"),
                "/no-thanks/",
                TokenKind.NO_THANKS,
                is_quiet=True,
            ),
            Button(
                "privacy_button",
                _l("The link to the privacy notice"),
                _l("Your rights, and how we treat your data"),
                "/privacy",
                is_quiet=True,
            ),
        ),
    ),
    Mail(
        kind="prospects/invitation_words",
        title=_l("What a personal invitation begins with"),
        when=_l("In the form of an invitation; a colleague makes it their own before it goes."),
        words=Words(
            subject=_l("A personal invitation"),
            preheader="",
            heading=_l("A personal invitation"),
            body=_l("""\
I look after the community of people who might like to work at {org} one day, and I would like you to be part of it.

As a member you hear of new openings that fit before others do, and of what our teams learn. You choose what you hear \
and how often, and you can leave with one click.

Would you like that?"""),
        ),
        why=_l("You get this mail because {recruiter} of {org} added you and wants to ask you once."),
        goes_to=GoesTo.ADDRESS,
        places=(_RECRUITER,),
        is_draft=True,
    ),
)
