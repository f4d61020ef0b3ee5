"""Reading mailings and what waits for digests."""

from portal.digests.queries.collecting import (
    Collector,
    Item,
    collectors_due,
    dead_digests,
    digest_under_way,
    find_collector,
    held_letters,
    items_of,
    waiting_for,
)
from portal.digests.queries.mailing import (
    UNSUBSCRIBED_WITHIN,
    Aftermath,
    Batch,
    MailingView,
    Reader,
    aftermath_of,
    find_mailing,
    mailings_that_changed,
    mailings_to_write,
    next_batch,
    results_of,
    updates_to_mail,
)
from portal.digests.queries.stopping import may_still_go, stopped_with_mail

__all__ = [
    "UNSUBSCRIBED_WITHIN",
    "Aftermath",
    "Batch",
    "Collector",
    "Item",
    "MailingView",
    "Reader",
    "aftermath_of",
    "collectors_due",
    "dead_digests",
    "digest_under_way",
    "find_collector",
    "find_mailing",
    "held_letters",
    "items_of",
    "mailings_that_changed",
    "mailings_to_write",
    "may_still_go",
    "next_batch",
    "results_of",
    "stopped_with_mail",
    "updates_to_mail",
    "waiting_for",
]
