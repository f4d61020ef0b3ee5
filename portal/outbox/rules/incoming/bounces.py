"""What a message that came back says: whether its address is dead, full, or only did not want this one.

RFC 3464 (delivery status), RFC 3463 (status codes), RFC 5965 (complaints). Reports in other forms are read by
flufl.bounce.
"""

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.message import Message
from typing import Any, Final

from flufl.bounce import all_failures

from portal.outbox.rules.incoming.parts import UNREADABLE, leaves, one_line, text_of
from portal.outbox.rules.outcomes import Refused
from portal.outbox.rules.replies import is_address_dead
from portal.outbox.states import Bounce, DeliveryState, Reason

#: So many in so long, and the address counts as dead.
MOST_SOFT: Final = 3
SOFT_COUNTED_FOR: Final = timedelta(days=30)
#: Servers give up after about five days (RFC 5321, 4.5.4.1); whoever sends a report much later has dug it up.
BELIEVED_FOR: Final = timedelta(days=14)
#: How long a message waits that came back and is tried once more, after the first and the second time.
_WAITS: Final = (timedelta(hours=6), timedelta(hours=24))
_WORDS_LENGTH: Final = 300
_STATUS: Final = re.compile(r"\b([245]\.\d{1,3}\.\d{1,3})\b")
_CODE: Final = re.compile(r"(?<![\d.])([45]\d\d)(?![\d.])")
#: Permanent answers that may be other tomorrow (RFC 3463): a full mailbox or system, the network, too long on the way.
_TEMPORARY: Final = re.compile(r"^(?:4\.|5\.2\.2$|5\.3\.1$|5\.4\.)")
#: The network parts of a message from a status that says the person or their server does not want it.
_UNWANTED: Final = re.compile(r"^5\.[567]\.|^5\.2\.[34]$|^5\.3\.4$")


@dataclass(frozen=True)
class Report:
    """What a server reports about a message of ours; `code` is 0 and `status` empty when it gives none."""

    bounce: Bounce
    status: str = ""
    code: int = 0
    #: Its own words, on one line.
    words: str = ""


def report_of(message: Message) -> Report | None:
    """What the message reports if it is a report that something did not arrive; None when it is none."""
    by_block = _from_status_blocks(message)
    if by_block is not None:
        return by_block
    if not _is_from_a_server(message):
        return None
    try:
        later, failed = all_failures(message)
    except UNREADABLE:
        return None
    if failed:
        words = " ".join(text_of(part) for part in leaves(message) if part.get_content_maintype() == "text")
        return judge("failed", "", words[:4_000])
    return Report(Bounce.DELAYED) if later else None


def judge(action: str, status: str, words: str) -> Report | None:
    """What `Action`, `Status` and the server's words mean together; None when nothing went wrong."""
    said = one_line(words)
    found = _STATUS.search(said)
    # The server's own words are finer than what the reporting one made of them.
    finest = found[1] if found and (not status or status.endswith(".0.0")) else status
    code = _CODE.search(said)
    values = (finest[:12], int(code[1]) if code else 0, said[:_WORDS_LENGTH])
    if action.startswith("delayed"):
        return Report(Bounce.DELAYED, *values)
    if not action.startswith(("fail", "error")) or finest.startswith("2."):
        return None
    return Report(_meaning(*values), *values)


def _meaning(status: str, code: int, words: str) -> Bounce:
    if _TEMPORARY.match(status):
        return Bounce.SOFT
    if _UNWANTED.match(status) and not is_address_dead(Refused(Reason.REFUSED, code, status)):
        return Bounce.REFUSED
    refused = Refused(Reason.REFUSED, code, f"{status} {words}".strip(), is_about_recipient=True)
    return Bounce.HARD if is_address_dead(refused) else Bounce.SOFT


def is_news(state: DeliveryState, reason: Reason | None, handed_over_at: datetime | None, now: datetime) -> bool:
    """Whether a report is the first about what a server took, and in time.

    Reports are signed by nothing but the address they came to, so an old one can be sent again at any time, a little
    changed. `reason`: why the newest try failed; `handed_over_at`: when a server took it, or was tried first.
    """
    is_heard = state is not DeliveryState.SENT and reason is Reason.BOUNCED
    return not is_heard and handed_over_at is not None and now - handed_over_at <= BELIEVED_FOR


def is_given_up(soft_count: int) -> bool:
    """Whether an address from which so much came back in 30 days is not written to any more."""
    return soft_count >= MOST_SOFT


def wait_after_soft(soft_count: int) -> timedelta:
    """How long a message waits before it is tried once more, when its address has sent back `soft_count` (from 1)."""
    return _WAITS[min(soft_count, len(_WAITS)) - 1]


def is_complaint(message: Message) -> bool:
    """Whether a provider passes on that somebody called our mail spam (RFC 5965)."""
    is_report = message.get_content_type() == "multipart/report"
    return is_report and str(message.get_param("report-type", "")).lower() == "feedback-report"


def _from_status_blocks(message: Message) -> Report | None:
    """The worst of what the blocks of a delivery status say; a message of ours has one recipient."""
    found = [judge(*_words_of(block)) for part in leaves(message) for block in _blocks(part)]
    reports = [one for one in found if one is not None]
    order = list(Bounce)
    return min(reports, key=lambda one: order.index(one.bounce)) if reports else None


def _blocks(part: Message) -> list[Message]:
    inner: Any = part.get_payload()
    if part.get_content_type() != "message/delivery-status" or not isinstance(inner, list):
        return []
    return [one for one in inner if isinstance(one, Message) and one.get("Action")]


def _words_of(block: Message) -> tuple[str, str, str]:
    action = one_line(str(block.get("Action", ""))).lower()
    status = _STATUS.search(str(block.get("Status", "")))
    words = str(block.get("Diagnostic-Code", ""))
    # "smtp; 550 5.1.1 no such user": the kind of code first.
    return action, status[1] if status else "", words.partition(";")[2] or words


def _is_from_a_server(message: Message) -> bool:
    sender = str(message.get("From", "")).lower()
    is_null = str(message.get("Return-Path", "")).strip() == "<>"
    return is_null or any(name in sender for name in ("mailer-daemon", "postmaster", "mail delivery"))
