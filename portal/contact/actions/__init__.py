"""What changes: consents, wishes, suppressed addresses, and the decision that counts a contact."""

from portal.contact.actions.addresses import lift_suppression, suppress
from portal.contact.actions.consents import choose, let_run_out, record_consent, stop
from portal.contact.actions.deciding import decide, forget_old_contacts, give_back
from portal.contact.actions.life import note_asked, note_life, settle
from portal.contact.actions.restoring import say_no_again
from portal.contact.actions.wishes import (
    change_preferences,
    rest_from_community,
    rest_until,
    stop_everything,
    stop_surveys,
    write_less,
)

__all__ = [
    "change_preferences",
    "choose",
    "decide",
    "forget_old_contacts",
    "give_back",
    "let_run_out",
    "lift_suppression",
    "note_asked",
    "note_life",
    "record_consent",
    "rest_from_community",
    "rest_until",
    "say_no_again",
    "settle",
    "stop",
    "stop_everything",
    "stop_surveys",
    "suppress",
    "write_less",
]
