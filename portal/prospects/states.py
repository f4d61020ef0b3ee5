"""Where somebody without an opening was found, why we may keep them for now, and how their invitation stands."""

from enum import StrEnum
from typing import Final

from portal.core.i18n import lazy_gettext as _l


class ProspectSource(StrEnum):
    """How a person came to us who neither joined nor applied."""

    EVENT = "event"
    REFERRAL = "referral"
    PUBLIC_PAGE = "public_page"
    EARLIER_LIST = "earlier_list"
    CONTACT = "contact"
    OTHER = "other"


class LegalGround(StrEnum):
    """Why we may hold them until they answer; Article 6(1) of the GDPR."""

    #: (f): we look for people, and may write to them once.
    INTEREST = "interest"
    #: (a): they said that we may.
    CONSENT = "consent"
    #: (b): they asked what work there is.
    REQUEST = "request"


class Standing(StrEnum):
    """How somebody stands with us since they were added."""

    NOT_INVITED = "not_invited"
    #: In the outbox, perhaps until their night is over.
    ON_ITS_WAY = "on_its_way"
    INVITED = "invited"
    #: No mail server took it.
    NOT_ARRIVED = "not_arrived"
    #: They joined, applied or signed in: no guest of ours any more.
    HERE = "here"
    #: They asked us to delete them, or a colleague did; it happens within a minute.
    LEAVING = "leaving"


class Among(StrEnum):
    """How the list of people without an opening is narrowed."""

    NOT_INVITED = "not_invited"
    INVITED = "invited"
    SOON_ERASED = "soon_erased"
    HERE = "here"


SOURCE_LABELS: Final[dict[ProspectSource, str]] = {
    ProspectSource.EVENT: _l("Met at an event"),
    ProspectSource.REFERRAL: _l("Somebody told us of them"),
    ProspectSource.PUBLIC_PAGE: _l("Found on a public page"),
    ProspectSource.EARLIER_LIST: _l("An earlier list of ours"),
    ProspectSource.CONTACT: _l("They wrote or spoke to us"),
    ProspectSource.OTHER: _l("Another way"),
}
#: The same as the person reads it; what follows is the note.
SOURCE_WORDS: Final[dict[ProspectSource, str]] = {
    ProspectSource.EVENT: _l("We met at an event: %(note)s"),
    ProspectSource.REFERRAL: _l("Somebody told us of you: %(note)s"),
    ProspectSource.PUBLIC_PAGE: _l("A public page: %(note)s"),
    ProspectSource.EARLIER_LIST: _l("An earlier list of ours: %(note)s"),
    ProspectSource.CONTACT: _l("You wrote or spoke to us: %(note)s"),
    ProspectSource.OTHER: _l("%(note)s"),
}
GROUND_LABELS: Final[dict[LegalGround, str]] = {
    LegalGround.INTEREST: _l("Our interest in asking them once, weighed against theirs (Article 6(1)(f) GDPR)"),
    LegalGround.CONSENT: _l("They said we may (Article 6(1)(a) GDPR)"),
    LegalGround.REQUEST: _l("They asked us about working here (Article 6(1)(b) GDPR)"),
}
#: The same as the person reads it.
GROUND_WORDS: Final[dict[LegalGround, str]] = {
    LegalGround.INTEREST: _l("Our interest in asking you once whether you want to hear from us (Article 6(1)(f) GDPR)"),
    LegalGround.CONSENT: _l("You said that we may (Article 6(1)(a) GDPR)"),
    LegalGround.REQUEST: _l("You asked us about working here (Article 6(1)(b) GDPR)"),
}
STANDING_LABELS: Final[dict[Standing, str]] = {
    Standing.NOT_INVITED: _l("Not invited"),
    Standing.ON_ITS_WAY: _l("Invitation on its way"),
    Standing.INVITED: _l("Invited, no answer yet"),
    Standing.NOT_ARRIVED: _l("Invitation did not arrive"),
    Standing.HERE: _l("Came to us"),
    Standing.LEAVING: _l("Is being deleted"),
}
STANDING_TONES: Final[dict[Standing, str]] = {
    Standing.NOT_INVITED: "neutral",
    Standing.ON_ITS_WAY: "info",
    Standing.INVITED: "info",
    Standing.NOT_ARRIVED: "danger",
    Standing.HERE: "success",
    Standing.LEAVING: "ended",
}
AMONG_LABELS: Final[dict[Among, str]] = {
    Among.NOT_INVITED: _l("Not invited yet"),
    Among.INVITED: _l("Invited"),
    Among.SOON_ERASED: _l("Deleted within a week"),
    Among.HERE: _l("Came to us"),
}
