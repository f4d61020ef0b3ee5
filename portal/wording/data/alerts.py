"""The mails about openings that fit a member."""

from typing import Final

from markupsafe import Markup

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import GREETING, NAME_OR_WAIT, Button, Facts, Links, Mail, Word, Words, Writing, Written

_WHY = _l("You get this mail because you said yes to job alerts from {org}.")
_CHANGE = Button(
    "change_link",
    _l("The link to what they look for"),
    _l("Not quite right? Change what you look for"),
    "/me/preferences",
    is_quiet=True,
    is_needed=False,
)
_EXAMPLE_HTML = Markup(
    '<h2><a href="http://localhost/openings/data-analyst">Data Analyst</a></h2>\n'
    "<p>You find out what our numbers say.</p>\n"
    '<table class="facts" cellpadding="0" cellspacing="0" border="0">\n'
    '<tr><th scope="row">Why you hear of it</th><td>You asked for Data in Warsaw or remote.</td></tr>\n'
    '<tr><th scope="row">Pay</th><td>€60,000 to €75,000 a year</td></tr>\n'
    '<tr><th scope="row">Where</th><td>Warsaw, Poland · Hybrid</td></tr>\n</table>'
)
_EXAMPLE_TEXT = (
    "Data Analyst\nYou find out what our numbers say.\nWhy you hear of it: You asked for Data in Warsaw or remote.\n"
    "Pay: €60,000 to €75,000 a year\nWhere: Warsaw, Poland · Hybrid\nhttp://localhost/openings/data-analyst"
)

ALERTS: Final[tuple[Mail, ...]] = (
    Mail(
        kind="alerts/opening",
        title=_l("A job alert about one opening"),
        when=_l("When an opening that fits a member becomes visible to them, at most once a day and at their rhythm."),
        words=Words(
            subject=_l("New for you: {opening}"),
            preheader=_l("With why you hear of it, its pay and where it is."),
            heading="{opening}",
            body=_l("""\
{greeting}

This opening is new for you.

You see it first. Everybody else sees it from {early_until}.

{summary}

{about}

{opening_link}

{change_link}"""),
        ),
        why=_WHY,
        has_unsubscribe=True,
        places=(
            GREETING,
            NAME_OR_WAIT,
            Word("opening", _l("The title of the opening"), _l("Data Analyst")),
            Word("summary", _l("What it says in a sentence"), _l("You find out what our numbers say."), True),
            Word(
                "early_until",
                _l("Until when only members see it; empty when everybody does"),
                _l("Friday 6 March 2026, 10:00"),
                may_be_empty=True,
            ),
            Facts(
                "about",
                _l("Why they hear of it, its pay, where it is, the experience it asks for and by when to apply"),
                (
                    (_l("Why you hear of it"), _l("You asked for Data in Warsaw or remote.")),
                    (_l("Pay"), _l("€60,000 to €75,000 a year")),
                    (_l("Where"), _l("Warsaw, Poland · Hybrid")),
                ),
            ),
            Links(
                "opening_link",
                _l("The link to the opening"),
                ((_l("Read all about it"), "/openings/data-analyst"),),
            ),
            _CHANGE,
        ),
    ),
    Mail(
        kind="alerts/openings",
        title=_l("A job alert about several openings"),
        when=_l(
            "When several openings that fit a member become visible to them, in one mail: at most one a day, and at "
            "their rhythm."
        ),
        words=Words(
            subject=_l("{how_many} for you"),
            preheader="{titles}",
            heading=_l("{how_many} for you"),
            body=_l("""\
{greeting}

These are new for you. Each says why you hear of it.

{early}

{openings}

{change_link}"""),
        ),
        why=_WHY,
        has_unsubscribe=True,
        places=(
            GREETING,
            NAME_OR_WAIT,
            Word("how_many", _l("How many openings there are"), _l("3 new openings")),
            Word("titles", _l("Their titles"), _l("Data Analyst, Data Engineer, Team Lead Data")),
            Word(
                "early",
                _l("How many of them only members see; empty when there are none"),
                _l("You see 1 of them before everybody does."),
                may_be_empty=True,
            ),
            Writing(
                "openings",
                _l("The openings, each with why, its pay, where it is and a link"),
                Written(_EXAMPLE_HTML, _EXAMPLE_TEXT),
            ),
            _CHANGE,
        ),
    ),
)
