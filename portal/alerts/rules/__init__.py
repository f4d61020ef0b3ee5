"""Why an opening fits a member, in words and as it is kept, and when they hear of it; what fits say openings."""

from portal.alerts.rules.keeping import why_as_json, why_from_json
from portal.alerts.rules.timing import GATHERED_FOR, MOST_IN_ONE, UNTIL_NEXT_LOOK, expires_at, look_again_at
from portal.alerts.rules.words import why_in_words

__all__ = [
    "GATHERED_FOR",
    "MOST_IN_ONE",
    "UNTIL_NEXT_LOOK",
    "expires_at",
    "look_again_at",
    "why_as_json",
    "why_from_json",
    "why_in_words",
]
