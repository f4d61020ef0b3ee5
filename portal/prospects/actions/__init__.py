"""Adding people without an opening, inviting them once, and letting them go."""

from portal.prospects.actions.adding import Added, AlreadyKnown, Consent, Found, add_prospect, add_prospects
from portal.prospects.actions.inviting import Invited, LeftOut, invite, preview_invitation, who_is_left_out
from portal.prospects.actions.leaving import ERASING, NotHere, is_still_due, keep_closed, let_go, say_no_thanks
from portal.prospects.actions.looking import note_link, remove_link

__all__ = [
    "ERASING",
    "Added",
    "AlreadyKnown",
    "Consent",
    "Found",
    "Invited",
    "LeftOut",
    "NotHere",
    "add_prospect",
    "add_prospects",
    "invite",
    "is_still_due",
    "keep_closed",
    "let_go",
    "note_link",
    "preview_invitation",
    "remove_link",
    "say_no_thanks",
    "who_is_left_out",
]
