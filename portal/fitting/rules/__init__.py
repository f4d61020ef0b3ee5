"""Who may fit an opening, why, in whose words, and what an invitation may say."""

from portal.fitting.rules.inviting import (
    MESSAGE_LENGTH,
    MOST_AT_ONCE,
    WHY_LENGTH,
    IllegalMove,
    InvitationRefused,
    Outcome,
    Standing,
    check_move,
    checked_why,
    checked_words,
    expires_at,
    outcome_of,
    why_not,
)
from portal.fitting.rules.kin import family_of, is_kin
from portal.fitting.rules.naming import named_skills
from portal.fitting.rules.wording import (
    OpeningFacts,
    Told,
    against_for_staff,
    facts_for_person,
    why_for_person,
    why_for_staff,
)

__all__ = [
    "MESSAGE_LENGTH",
    "MOST_AT_ONCE",
    "WHY_LENGTH",
    "IllegalMove",
    "InvitationRefused",
    "OpeningFacts",
    "Outcome",
    "Standing",
    "Told",
    "against_for_staff",
    "check_move",
    "checked_why",
    "checked_words",
    "expires_at",
    "facts_for_person",
    "family_of",
    "is_kin",
    "named_skills",
    "outcome_of",
    "why_for_person",
    "why_for_staff",
    "why_not",
]
