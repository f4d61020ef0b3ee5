"""The mail to colleagues about what a candidate told us about an interview."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.wording.rules import Facts, GoesTo, Links, Mail, Word, Words

INTERVIEW_WISHES: Final[tuple[Mail, ...]] = (
    Mail(
        kind="interviews/wish",
        title=_l("A candidate told us something about an interview"),
        when=_l(
            "At once, to who arranges it, when a candidate asks for another time, would rather not meet, is late or "
            "cannot come; in the last two cases to everybody who takes part, too."
        ),
        words=Words(
            subject=_l("{headline}: {title}"),
            preheader="{what}",
            heading="{headline}",
            body=_l("""\
{what}

{interview}

{interview_link}

Who it is and what they wrote stands only there, where it can be deleted when they ask us to."""),
        ),
        why=_l("You get this mail because you arrange this interview at {org} or take part in it."),
        goes_to=GoesTo.STAFF,
        places=(
            Word("headline", _l("What the candidate told us"), _l("The candidate is running late")),
            Word("title", _l("What the interview is called"), _l("Talk with the team")),
            Word("what", _l("What to do about it"), _l("They are late by about 15 minutes.")),
            Facts(
                "interview",
                _l("Which interview it is"),
                (
                    (_l("Interview"), _l("Talk with the team")),
                    (_l("Opening"), _l("Data Analyst")),
                    (_l("When"), _l("Tuesday 10 March 2026, 14:00 (Warsaw time)")),
                ),
            ),
            Links(
                "interview_link",
                _l("The link to the interview"),
                ((_l("Open the interview"), "/recruiting/interviews/x7Kp2mQ9vTzR"),),
            ),
        ),
    ),
)
