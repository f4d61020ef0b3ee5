"""Which openings fit a member and why, and when a member hears of them."""

from portal.alerts.rules.matching import Offer, Wants, Why, match, why_as_json, why_from_json
from portal.alerts.rules.timing import GATHERED_FOR, MOST_IN_ONE, UNTIL_NEXT_LOOK, expires_at, look_again_at
from portal.alerts.rules.words import why_in_words

__all__ = [
    "GATHERED_FOR",
    "MOST_IN_ONE",
    "UNTIL_NEXT_LOOK",
    "Offer",
    "Wants",
    "Why",
    "expires_at",
    "look_again_at",
    "match",
    "why_as_json",
    "why_from_json",
    "why_in_words",
]
