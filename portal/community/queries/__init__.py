"""Reading members, what they look for and what they say of themselves."""

from portal.community.queries.members import (
    JoinRequestRow,
    PendingConsent,
    is_member,
    join_request_of,
    join_requests_to,
    mail_of,
    member_areas,
)
from portal.community.queries.told import (
    Deadline,
    OffersRow,
    PreferencesRow,
    choices_of,
    deadlines,
    offers_of,
    preferences_of,
    profile_of,
    wishes_in,
)

__all__ = [
    "Deadline",
    "JoinRequestRow",
    "OffersRow",
    "PendingConsent",
    "PreferencesRow",
    "choices_of",
    "deadlines",
    "is_member",
    "join_request_of",
    "join_requests_to",
    "mail_of",
    "member_areas",
    "offers_of",
    "preferences_of",
    "profile_of",
    "wishes_in",
]
