"""The mails about feedback that is owed: that it is held back, and that it is not any more."""

from datetime import date
from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import GREETING, NAME, Button, Letter, Mail, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_WHY = _l("You get this mail because you were interviewed at {org}.")
_BUTTON = Button(
    "application_button",
    _l("The link to their application"),
    _l("See your application"),
    "/follow/",
    TokenKind.FOLLOW,
)

FEEDBACK_OWED: Final[tuple[Mail, ...]] = (
    Mail(
        kind="feedback/held",
        title=_l("Feedback is held back"),
        when=_l("When an admin holds back the feedback that we owe somebody."),
        words=Words(
            subject=_l("About your feedback for {opening}"),
            preheader=_l("It has to wait for now. Here is why, and whom to ask."),
            heading=_l("Your feedback has to wait"),
            body=_l("""\
{greeting}

We owe you feedback on your interviews for {opening}, and we have to hold it back for now. You should know why:

{message}

If you want to ask about it, {contact} is there for you.

{application_button}"""),
        ),
        why=_WHY,
        reply=_l("Answer this mail, and {contact} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            Letter(
                "message",
                _l("Why, in a colleague's words for the candidate"),
                _l("We are looking into something you told us about your second interview, and want to finish first."),
            ),
            Word("contact", _l("Whom they can ask"), _l("Alma Reyes")),
            _BUTTON,
        ),
    ),
    Mail(
        kind="feedback/not_held_any_more",
        title=_l("Feedback is not held back any more"),
        when=_l("When an admin lets feedback be given after all, to somebody who was told that it is held back."),
        words=Words(
            subject=_l("You get your feedback for {opening} after all"),
            preheader=_l("You have it by {due_on}. Thank you for waiting."),
            heading=_l("You get your feedback after all"),
            body=_l("""\
{greeting}

We told you that your feedback on the interviews for {opening} had to wait. Now it can come, and you have it by \
{due_on}. Thank you for waiting.

{author}
{org}

{application_button}"""),
        ),
        why=_WHY,
        reply=_l("You can answer this mail, and {author} reads it."),
        places=(
            GREETING,
            NAME,
            _OPENING,
            Word("due_on", _l("The day by which they have it"), date(2026, 3, 12)),
            Word("author", _l("Who lets it be given"), _l("Alma Reyes")),
            _BUTTON,
        ),
    ),
)
