"""Which refusals mean that an address is no good for any mail: by reply code and by enhanced status code.

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

_STATUS = re.compile(r"^\s*(5\.\d{1,3}\.\d{1,3})\b")
#: 550 is also how servers without enhanced codes say that they do not like us.
_POLICY = re.compile(
    r"relay|sender|spam|block|black ?list|policy|denied|reputation|authenticat|banned|\brbl\b|dnsbl", re.IGNORECASE
)


def is_address_dead(refused: Refused) -> bool:
    """Whether the server's words mean that no mail to this address will ever arrive."""
    if refused.reason is not Reason.REFUSED:
        return False
    found = _STATUS.match(refused.text)
    if found and found[1] not in _VAGUE_STATUSES:
        return found[1] in _DEAD_STATUSES
    return refused.is_about_recipient and refused.code in _DEAD_CODES and not _POLICY.search(refused.text)
