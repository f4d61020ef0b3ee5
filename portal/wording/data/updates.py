"""The mail that carries an insider update, and those to the member whose story one tells."""

from typing import Final

from markupsafe import Markup

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GREETING, NAME_OR_WAIT, Facts, GoesTo, Links, Mail, Word, Words, Writing, Written

_TEXT: Final = Written(
    Markup(
        "<p>We publish what we pay, because guessing helps nobody.</p>\n"
        "<h2>What a level means</h2>\n<p>You plan your own week, and others ask you first.</p>"
    ),
    "We publish what we pay, because guessing helps nobody.\n\nWhat a level means\n\n"
    "You plan your own week, and others ask you first.",
)

_STORY_PLACES: Final = (
    GREETING,
    NAME_OR_WAIT,
    Word("title", _l("What the story is called"), _l("From teaching to data")),
    Word("author", _l("Who writes it"), _l("Rita Sander")),
    Links(
        "story",
        _l("The link to the story on their own pages"),
        ((_l("Read the story, and say what you want"), "/me/stories/story"),),
    ),
)
_STORY_WHY: Final = _l("You get this mail because {org} has written a story about you.")
_STORY_REPLY: Final = _l("You can also answer this mail, and {author} reads it.")

UPDATES: Final[tuple[Mail, ...]] = (
    Mail(
        kind="updates/update",
        title=_l("An insider update"),
        when=_l("When an update is published, to those it is for and who said yes to such mail."),
        words=Words(
            subject="{title}",
            preheader="{summary}",
            heading="{title}",
            body=_l("""\
{summary}

{facts}

{message}

{read}

{author}
{org}"""),
        ),
        why=_l("You get this mail because you said yes to {topic} from {org}."),
        reply=_l("You can also answer this mail, and a person reads it."),
        goes_to=GoesTo.PERSON,
        has_unsubscribe=True,
        places=(
            Word("title", _l("The title of the update"), _l("What a mid-level developer earns in Warsaw")),
            Word("summary", _l("Its summary"), _l("Four bands, where they come from, and what moves you up one.")),
            Word("author", _l("Who wrote it"), _l("Rita Sander")),
            Word("topic", _l("What they said yes to"), _l("insider updates")),
            Facts(
                "facts",
                _l("What its kind must say, such as the source of figures"),
                (
                    (_l("Where the figures come from"), _l("Our own pay bands")),
                    (_l("Of which day they are"), _l("Monday 2 March 2026")),
                ),
                may_be_empty=True,
            ),
            Writing("message", _l("Its text; of a story about a member none"), _TEXT, may_be_empty=True),
            Links(
                "read",
                _l("The link to its page"),
                ((_l("Read it on its page, and reply"), "/me/updates/pay-bands-2026"),),
            ),
        ),
    ),
    Mail(
        kind="updates/story_question",
        title=_l("May we publish a story about you"),
        when=_l("When a colleague asks the member of a story for their yes, once for its very words."),
        words=Words(
            subject=_l("May we publish this story about you?"),
            preheader=_l("Nobody else reads “{title}” without your yes."),
            heading=_l("May we publish this story about you?"),
            body=_l("""\
{greeting}

{author} has written “{title}”, and it is about you. Please read it before anybody else does. Nobody reads these \
words without your yes, and if you do nothing, that stays so.

{story}

You can take a yes back at any time, and then the story is gone at once.

{author}
{org}"""),
        ),
        why=_STORY_WHY,
        reply=_STORY_REPLY,
        places=_STORY_PLACES,
    ),
    Mail(
        kind="updates/story_published",
        title=_l("The story about you is published"),
        when=_l("When a story is published, to the member whom it is about."),
        words=Words(
            subject=_l("The story about you is published"),
            preheader=_l("“{title}”, in the words that you said yes to."),
            heading=_l("The story about you is published"),
            body=_l("""\
{greeting}

“{title}” can be read from now on, in the words that you said yes to. Thank you for telling it.

{story}

You can take your yes back there at any time, and then it is gone at once.

{author}
{org}"""),
        ),
        why=_STORY_WHY,
        reply=_STORY_REPLY,
        places=_STORY_PLACES,
    ),
    Mail(
        kind="updates/story_corrected",
        title=_l("The story about you was corrected"),
        when=_l("When the correction of a story is published, to the member whom it is about."),
        words=Words(
            subject=_l("The story about you reads otherwise now"),
            preheader=_l("“{title}”, in the new words that you said yes to."),
            heading=_l("The story about you reads otherwise now"),
            body=_l("""\
{greeting}

“{title}” was corrected, in the words that you said yes to. This is what its readers are told: {correction}

{story}

You can take your yes back there at any time, and then it is gone at once.

{author}
{org}"""),
        ),
        why=_STORY_WHY,
        reply=_STORY_REPLY,
        places=(
            *_STORY_PLACES,
            Word("correction", _l("What was corrected, as its readers are told"), _l("The year was wrong.")),
        ),
    ),
)
