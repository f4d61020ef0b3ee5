"""Which refusals mean that an address takes no mail at all, and which speak of us: by reply and enhanced status code.

Reply codes: RFC 5321, 4.2.3. Enhanced status codes "5.x.y": RFC 3463 and the IANA registry "SMTP Enhanced Status
Codes", which also names the later RFCs given below. An enhanced code is the finer word, so it decides where there is
one; without one the reply code decides, and only when it answers RCPT, because after DATA it speaks of what is
in the message.
"""

import re
from typing import Final

from portal.outbox.rules.outcomes import Refused
from portal.outbox.states import Reason

#: The mailbox or its domain does not exist, has moved or takes no mail.
_DEAD_STATUSES: Final = frozenset(
    {
        "5.1.1",  # bad destination mailbox address
        "5.1.2",  # bad destination system address
        "5.1.3",  # bad destination mailbox address syntax
        "5.1.6",  # destination mailbox has moved, no forwarding address
        "5.1.10",  # recipient address has null MX (RFC 7505)
        "5.2.1",  # mailbox disabled, not accepting messages
        "5.7.17",  # mailbox owner has changed (RFC 7293): somebody else reads it now
        "5.7.18",  # domain owner has changed (RFC 7293)
    }
)
#: "Other" says no more than the reply code does, so that decides.
_VAGUE_STATUSES: Final = frozenset({"5.0.0", "5.1.0"})
#: What stays of a living address, among others: 5.1.7 and 5.1.8 speak of the sender, 5.2.2 is a full mailbox,
#: 5.2.3 and 5.3.4 a message too large, 5.4.x the network, 5.6.x the contents, other 5.7.x policy and reputation.

_DEAD_CODES: Final = frozenset(
    {
        550,  # mailbox unavailable: not found, no access, or refused for policy reasons
        551,  # user not local; please try another path
        553,  # mailbox name not allowed
        556,  # domain does not accept mail (RFC 7504)
    }
)
#: 552 (too much stored) and 554 (transaction failed) say nothing final about the address.

_STATUS = re.compile(r"^\s*([45]\.\d{1,3}\.\d{1,3})\b")
#: 550 is also how servers without enhanced codes say that they do not like us.
_POLICY = re.compile(
    r"relay|sender|spam|block|black ?list|policy|denied|reputation|authenticat|banned|\brbl\b|dnsbl", re.IGNORECASE
)


def status_of(text: str) -> str:
    """The enhanced status code with which a server's words begin, such as "5.7.1"; empty when there is none."""
    found = _STATUS.match(text)
    return found[1] if found else ""


def is_about_policy(refused: Refused) -> bool:
    """Whether the server refused because of who we are or what it thinks of us, not because of the address.

    A relay that was set up wrongly says the same to every message.
    """
    if refused.reason is not Reason.REFUSED:
        return False
    status = status_of(refused.text)
    if _is_clear(status):
        return status.startswith("5.7.") and status not in _DEAD_STATUSES
    return bool(_POLICY.search(refused.text))


def is_address_dead(refused: Refused) -> bool:
    """Whether the server's words mean that no mail to this address will ever arrive."""
    if refused.reason is not Reason.REFUSED:
        return False
    status = status_of(refused.text)
    if _is_clear(status):
        return status in _DEAD_STATUSES
    return refused.is_about_recipient and refused.code in _DEAD_CODES and not _POLICY.search(refused.text)


def _is_clear(status: str) -> bool:
    return status.startswith("5.") and status not in _VAGUE_STATUSES
