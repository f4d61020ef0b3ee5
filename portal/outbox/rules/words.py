"""Why a message did not go, in plain words for those who look after the mail."""

from typing import Final

from portal.core.i18n import lazy_gettext as _l
from portal.outbox.states import Reason, WhyStopped

REASON_WORDS: Final[dict[Reason, str]] = {
    Reason.UNREACHABLE: _l("The mail server could not be reached"),
    Reason.CUT_OFF: _l("The mail server hung up in the middle"),
    Reason.TOO_SLOW: _l("The mail server took too long to answer"),
    Reason.CERTIFICATE: _l("The mail server could not show who it is"),
    Reason.NO_ENCRYPTION: _l("The mail server offers no encryption"),
    Reason.LOGIN: _l("The mail server did not take our name and password"),
    Reason.SENDER: _l("The mail server takes nothing from our address"),
    Reason.BUSY: _l("The other side asked us to come back later, again and again"),
    Reason.NOT_NOW: _l("The other side could not take it, again and again"),
    Reason.REFUSED: _l("The other side refused it for good"),
    Reason.MALFORMED: _l("No message could be made of it: an address or a name is not one"),
    Reason.BOUNCED: _l("A server took it, and then it came back"),
    Reason.SUPPRESSED: _l("Mail to this address came back before, so it was not tried"),
}

#: The same of our own mail server, while it takes nothing.
SERVER_WORDS: Final[dict[Reason, str]] = {
    **REASON_WORDS,
    Reason.UNREACHABLE: _l("It cannot be reached"),
    Reason.CUT_OFF: _l("It hangs up in the middle"),
    Reason.TOO_SLOW: _l("It takes too long to answer"),
    Reason.CERTIFICATE: _l("It cannot show who it is"),
    Reason.NO_ENCRYPTION: _l("It offers no encryption"),
    Reason.LOGIN: _l("It does not take our name and password"),
    Reason.SENDER: _l("It takes nothing from our address"),
    Reason.BUSY: _l("It asks us to come back later"),
    Reason.NOT_NOW: _l("It asks us to come back later"),
    Reason.REFUSED: _l("It refuses one message after the other, because of who we are"),
}

#: The same of a message that is tried again.
WAITING_WORDS: Final[dict[Reason, str]] = {
    **REASON_WORDS,
    Reason.BUSY: _l("The other side asked us to come back later"),
    Reason.NOT_NOW: _l("The other side could not take it yet"),
    Reason.REFUSED: _l("It was refused, and is tried again to be sure"),
    Reason.BOUNCED: _l("It came back, and is tried once more later"),
}

STOPPED_WORDS: Final[dict[WhyStopped, str]] = {
    WhyStopped.SUPPRESSED: _l("Mail to this address came back before"),
    WhyStopped.NO_CONSENT: _l("They have not agreed to mail about this"),
    WhyStopped.SURVEYS_OFF: _l("They asked not to be sent surveys"),
    WhyStopped.GONE: _l("We have no address of this person any more"),
    WhyStopped.EXPIRED: _l("Its time had passed while it waited"),
}
