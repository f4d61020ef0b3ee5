"""The mail that carries several updates at once, to readers who chose a rhythm or have heard from us often enough."""

from typing import Final

from markupsafe import Markup

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import Button, Mail, Word, Words, Writing, Written

_EXAMPLE: Final = Written(
    Markup(
        '<h2><a href="http://localhost/me/updates/pay-bands-2026">What a mid-level developer earns in Warsaw</a></h2>'
        '<p class="small">Tuesday 3 March 2026</p><p>Four bands, and what moves you up one.</p>'
    ),
    "What a mid-level developer earns in Warsaw\nTuesday 3 March 2026\n\nFour bands, and what moves you up one.\n\n"
    "http://localhost/me/updates/pay-bands-2026",
)

DIGESTS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="digests/digest",
        title=_l("Several updates in one mail"),
        when=_l(
            "On Thursdays or on the first of the month, at nine where they are, to those who chose weekly or monthly "
            "mail; and later to whoever had heard from us often enough. Never empty, and nothing twice."
        ),
        words=Words(
            subject="{headline}",
            preheader="{titles}",
            heading="{headline}",
            body=_l("""\
Here is what is new for you since we last wrote about it.

{updates}

{all_button}"""),
        ),
        why=_l("You get this mail because you said yes to {topic} from {org}. {rhythm}"),
        has_unsubscribe=True,
        places=(
            Word("headline", _l("The title of the update, or how many there are"), _l("3 updates for you")),
            Word("titles", _l("What the updates are called"), _l("What a mid-level developer earns in Warsaw")),
            Word("topic", _l("What they said yes to"), _l("insider updates")),
            Word("rhythm", _l("Why it comes together"), _l("It comes once a week at most, as you chose.")),
            Writing("updates", _l("Each update with its day, its summary and the link to its page"), _EXAMPLE),
            Button("all_button", _l("The link to all their updates"), _l("See all your updates"), "/me/updates"),
        ),
    ),
)
