"""The mail that carries an insider update."""

from typing import Final

from markupsafe import Markup

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import Facts, GoesTo, Links, Mail, Word, Words, Writing, Written

_TEXT: Final = Written(
    Markup(
        "<p>We publish what we pay, because guessing helps nobody.</p>\n"
        "<h2>What a level means</h2>\n<p>You plan your own week, and others ask you first.</p>"
    ),
    "We publish what we pay, because guessing helps nobody.\n\nWhat a level means\n\n"
    "You plan your own week, and others ask you first.",
)

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
)
