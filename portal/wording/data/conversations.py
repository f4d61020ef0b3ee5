"""The mails of the conversation: an answer to a candidate, and word to a colleague that somebody asked."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.core.tokens import TokenKind
from portal.wording.rules import Button, Facts, GoesTo, Letter, Links, Mail, Word, Words

_AUTHOR = Word("author", _l("Who wrote it"), _l("Rita Sander"))
_FIRST_WORDS = Word("first_words", _l("How the message begins"), _l("Dear Ada, The interview is on the third floor."))
_MESSAGE = Letter(
    "message",
    _l("What a colleague has written to them"),
    _l("Dear Ada,\n\nThe interview is on the third floor, and there is a lift.\n\nKind regards"),
)
_CONVERSATION = Button(
    "conversation_button", _l("The link to their conversation with us"), _l("Answer here"), "/me/conversation"
)
_REPLY = _l("You can also answer this mail, and {author} reads it.")

CONVERSATIONS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="conversations/reply",
        title=_l("A message in the conversation"),
        when=_l("When a colleague writes in the conversation with a candidate, about nothing in particular."),
        words=Words(
            subject=_l("{author} wrote to you"),
            preheader="{first_words}",
            heading=_l("{author} wrote to you"),
            body=_l("""\
{message}

{author}
{org}

{conversation_button}"""),
        ),
        why=_l("You get this mail because you applied to {org} or wrote to us."),
        reply=_REPLY,
        places=(_AUTHOR, _FIRST_WORDS, _MESSAGE, _CONVERSATION),
    ),
    Mail(
        kind="conversations/reply_about",
        title=_l("A message in the conversation, about an application"),
        when=_l("When a colleague writes in the conversation with a candidate, about one of their applications."),
        words=Words(
            subject=_l("{author} wrote to you about {opening}"),
            preheader="{first_words}",
            heading="{opening}",
            body=_l("""\
{message}

{author}
{org}

{where_it_stands}

{conversation_button}

{application_link}"""),
        ),
        why=_l("You get this mail because you applied to {org}."),
        reply=_REPLY,
        places=(
            Word("opening", _l("What they applied for"), _l("Data Analyst")),
            _AUTHOR,
            _FIRST_WORDS,
            _MESSAGE,
            Facts(
                "where_it_stands",
                _l("Where the application stands, and by when they hear from us"),
                (
                    (_l("Where it stands"), _l("In review")),
                    (_l("Our promise"), _l("You hear from us next by Tuesday 10 March 2026.")),
                ),
                may_be_empty=True,
            ),
            _CONVERSATION,
            Button(
                "application_link",
                _l("The link to their application"),
                _l("See your application"),
                "/follow/",
                TokenKind.FOLLOW,
                is_quiet=True,
            ),
        ),
    ),
    Mail(
        kind="conversations/files_left_out",
        title=_l("Files in a mail were not taken"),
        when=_l("At most once a day, to somebody who answers one of our mails and sends files with it."),
        words=Words(
            subject=_l("We have your message, but not the files"),
            preheader=_l("Please add your CV on your page."),
            heading=_l("We have your message, but not the files"),
            body=_l("""\
Thank you for your mail. What you wrote stands in your conversation with us, and a person reads it.

The files did not come along: {files}. We take files only on your page, where you see what we keep and can remove it.

You can add or replace your CV there while your application is open. For anything else, ask us in the conversation.

{applications_button}

{conversation_link}"""),
        ),
        why=_l("You get this mail because you sent us a mail with files in it."),
        places=(
            Word("files", _l("What the files are called"), _l("cv.pdf and letter.docx")),
            Button(
                "applications_button",
                _l("The link to their applications"),
                _l("See my applications"),
                "/me/applications",
            ),
            Button(
                "conversation_link",
                _l("The link to their conversation with us"),
                _l("See the conversation"),
                "/me/conversation",
                is_quiet=True,
            ),
        ),
    ),
    Mail(
        kind="conversations/question",
        title=_l("Somebody waits for an answer"),
        when=_l("At once, to who owes the answer or stands in, when a candidate writes in their conversation."),
        words=Words(
            subject=_l("A candidate wrote to you: {about}"),
            preheader=_l("The answer is due by {due_on}."),
            heading=_l("A candidate wrote to you"),
            body=_l("""\
It is about: {about}.

Please answer by {due_on}. If it needs no answer, say why, and it is off your list.

{conversation}

Who wrote and what stands only there, where it can be deleted when they ask us to."""),
        ),
        why=_l("You get this mail because you look after this at {org}, or stand in for who does."),
        goes_to=GoesTo.STAFF,
        places=(
            Word("about", _l("The opening it is about, or that it is about none"), _l("Data Analyst")),
            Word("due_on", _l("The day by which the answer is due"), _l("Thursday 5 March 2026")),
            Links(
                "conversation",
                _l("The link to the conversation"),
                ((_l("Read and answer"), "/recruiting/conversations/x7Kp2mQ9vTzR"),),
            ),
        ),
    ),
)
