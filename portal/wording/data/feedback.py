"""The mails about written feedback: that it is there, that it was taken back, and word to colleagues about a draft."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GoesTo, Letter, Links, Mail, Word, Words

_OPENING = Word("opening", _l("What they applied for"), _l("Data Analyst"))
_PAGE = Links(
    "feedback_page",
    _l("The link to the page where they choose to read it"),
    ((_l("Go to my feedback"), "/me/applications/x7Kp2mQ9vTzR/feedback"),),
)
_DRAFT = Links(
    "draft",
    _l("The link to the draft"),
    ((_l("Open the draft"), "/recruiting/applications/x7Kp2mQ9vTzR/feedback"),),
)
_WHY = _l("You get this mail because you applied to {org}.")
_REPLY = _l("You can answer this mail, and {owner} reads it.")
_OWNER = Word("owner", _l("Who looks after the application"), _l("Rita Sander"))

FEEDBACK: Final[tuple[Mail, ...]] = (
    Mail(
        kind="feedback/given",
        title=_l("Feedback is there"),
        when=_l("In office hours on a working day, when feedback was written for a candidate and approved."),
        words=Words(
            subject=_l("There is feedback for you: {opening}"),
            preheader=_l("Nothing of it is in this mail. You choose whether and when you read it."),
            heading=_l("There is feedback for you"),
            body=_l("""\
{author} has written down for you what stood out while you applied for {opening}: what was strong, and what you \
might try.

It is not in this mail. It waits on your page, where you choose whether and when you read it. It stays there as long \
as your application does.

{feedback_page}

Once you have read it, you can say thank you, tell us whether it helped, and ask one question."""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(_OPENING, Word("author", _l("Who wrote it"), _l("Hugo Berg")), _OWNER, _PAGE),
    ),
    Mail(
        kind="feedback/retracted",
        title=_l("Feedback was taken back"),
        when=_l("At once, when a colleague takes back feedback that a candidate could read."),
        words=Words(
            subject=_l("We have taken back our feedback: {opening}"),
            preheader=_l("It does not stand any more. Here is why."),
            heading=_l("We have taken back our feedback"),
            body=_l("""\
Please do not go by the feedback that we gave you about {opening}. It does not stand any more, whether or not you \
have read it, and your page does not show it now.

{words}

{author}
{org}

{feedback_page}"""),
        ),
        why=_WHY,
        reply=_REPLY,
        places=(
            _OPENING,
            Word("author", _l("Who took it back"), _l("Rita Sander")),
            _OWNER,
            Letter(
                "words",
                _l("What a colleague has written to them about it"),
                _l("One part of it was about another conversation. That is our mistake, and I am sorry."),
            ),
            Links(
                "feedback_page",
                _l("The link to the page where it stood"),
                ((_l("See your application"), "/me/applications/x7Kp2mQ9vTzR"),),
            ),
        ),
    ),
    Mail(
        kind="feedback/to_approve",
        title=_l("Feedback waits for your approval"),
        when=_l("At once, to the colleague who is asked to approve feedback before it goes."),
        words=Words(
            subject=_l("Feedback to approve: {opening}"),
            preheader=_l("Please read it by {due_on}."),
            heading=_l("Feedback waits for your approval"),
            body=_l("""\
{author} has written feedback for somebody who applied for {opening}, and asks you to approve it.

Please read it by {due_on}. If something should be said in another way, send it back with a word.

{draft}

Whom it is for and what it says stand only there."""),
        ),
        why=_l("You get this mail because nobody at {org} approves their own feedback."),
        goes_to=GoesTo.STAFF,
        places=(
            _OPENING,
            Word("author", _l("Who wrote it"), _l("Hugo Berg")),
            Word("due_on", _l("The day by which it is due"), _l("Thursday 5 March 2026")),
            Links(
                "draft",
                _l("The link to where it is approved"),
                ((_l("Read it"), "/recruiting/applications/x7Kp2mQ9vTzR/feedback/approve"),),
            ),
        ),
    ),
    Mail(
        kind="feedback/returned",
        title=_l("Feedback came back to you"),
        when=_l("At once, to whoever wrote feedback, when a colleague sends it back instead of approving it."),
        words=Words(
            subject=_l("Please look at your feedback again: {opening}"),
            preheader=_l("{approver} has a wish before it goes."),
            heading=_l("Please look at your feedback again"),
            body=_l("""\
{approver} has read the feedback that you wrote about {opening}, and wants something changed before it goes. What \
that is stands with the draft.

{draft}

The candidate has read nothing of it."""),
        ),
        why=_l("You get this mail because you wrote feedback at {org}."),
        goes_to=GoesTo.STAFF,
        places=(_OPENING, Word("approver", _l("Who read it"), _l("Rita Sander")), _DRAFT),
    ),
)
