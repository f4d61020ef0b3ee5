"""How updates come by mail: at once or in digests, what came of them, and what may be done about a mailing."""

from portal.digests.rules.deciding import (
    DIGEST_HOUR,
    DIGEST_WEEKDAY,
    KEPT_FOR,
    LOOK_AGAIN,
    Decision,
    collected,
    digest_time,
    is_long_wait,
    letter_expires_at,
    way_for,
)
from portal.digests.rules.digesting import Plan, Waiting, plan_digest
from portal.digests.rules.moving import MailingRefused, check_move
from portal.digests.rules.results import WHY_WORDS, Results, Share, count_results

__all__ = [
    "DIGEST_HOUR",
    "DIGEST_WEEKDAY",
    "KEPT_FOR",
    "LOOK_AGAIN",
    "WHY_WORDS",
    "Decision",
    "MailingRefused",
    "Plan",
    "Results",
    "Share",
    "Waiting",
    "check_move",
    "collected",
    "count_results",
    "digest_time",
    "is_long_wait",
    "letter_expires_at",
    "plan_digest",
    "way_for",
]
