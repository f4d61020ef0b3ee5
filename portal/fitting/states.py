"""Why somebody may fit an opening, why they are not invited, and where an invitation to apply stands."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class Why(StrEnum):
    """Why somebody may fit; the order is that of the page and ranks nobody."""

    #: They had reached the final stage for an opening like this one.
    SILVER_MEDAL = "silver_medal"
    NEAR_FIT = "near_fit"
    #: A member who is interested in the area of the opening.
    AREA = "area"
    #: A member with a skill that the opening names.
    SKILL = "skill"


WHY_LABELS: Final[dict[Why, str]] = {
    Why.SILVER_MEDAL: _l("Silver medalists"),
    Why.NEAR_FIT: _l("Near-fits"),
    Why.AREA: _l("Interested in its area"),
    Why.SKILL: _l("Skills it names"),
}


class LeftOut(StrEnum):
    """Why somebody who may fit is not invited; the first that is true counts."""

    APPLIED = "applied"
    INVITED = "invited"
    HIRED = "hired"
    NO_YES = "no_yes"
    #: Mail to them comes back, or we have no address.
    UNREACHABLE = "unreachable"
    #: Only members see the opening so far, and they are none of those.
    NOT_THEIRS_YET = "not_theirs_yet"
    #: Nobody can apply any more.
    CLOSED = "closed"
    #: The words hold the place of a name, and we know none.
    NO_NAME = "no_name"
    #: They are nobody whom this colleague may invite: gone, or their own person.
    NOBODY = "nobody"


LEFT_OUT_WORDS: Final[dict[LeftOut, str]] = {
    LeftOut.APPLIED: _l("They have applied to this opening."),
    LeftOut.INVITED: _l("They were invited to this opening already."),
    LeftOut.HIRED: _l("They were hired here."),
    LeftOut.NO_YES: _l("They have not said yes to job alerts, so we may not write to them about an opening."),
    LeftOut.UNREACHABLE: _l("Our mail to them comes back."),
    LeftOut.NOT_THEIRS_YET: _l("They may not see this opening before everybody does."),
    LeftOut.CLOSED: _l("Nobody can apply to this opening any more."),
    LeftOut.NO_NAME: _l("The words hold the place of a name, and we do not know theirs."),
    LeftOut.NOBODY: _l("They are not among the people you can invite."),
}


class InvitationState(StrEnum):
    """Where an invitation to apply stands on our side; what came of it is read from mail and applications."""

    #: Decided, and not written yet: many are written one after the other.
    WAITING = "waiting"
    #: In the outbox or sent.
    WRITTEN = "written"
    #: It was not written, or taken back by itself before it went.
    LEFT_OUT = "left_out"
    #: A colleague took it back before it went.
    TAKEN_BACK = "taken_back"


#: The legal moves.
MOVES: Final[dict[InvitationState, frozenset[InvitationState]]] = {
    InvitationState.WAITING: frozenset({InvitationState.WRITTEN, InvitationState.LEFT_OUT, InvitationState.TAKEN_BACK}),
    InvitationState.WRITTEN: frozenset({InvitationState.LEFT_OUT, InvitationState.TAKEN_BACK}),
    InvitationState.LEFT_OUT: frozenset(),
    InvitationState.TAKEN_BACK: frozenset(),
}
#: Those of which a person has at most one for each opening.
STANDING: Final = (InvitationState.WAITING, InvitationState.WRITTEN)
