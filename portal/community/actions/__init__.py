"""Joining, changing what one looks for, staying and leaving."""

from portal.community.actions.joining import (
    ask_to_join,
    confirm_joining,
    confirm_joining_by_code,
    forget_old_join_requests,
    join,
)
from portal.community.actions.leaving import LEAVING_WORDS, leave_community
from portal.community.actions.preferring import (
    change_preferences,
    forget_other_offers,
    save_preferences,
    say_stage,
)
from portal.community.actions.staying import renew_consents
from portal.community.rules import Wishes

__all__ = [
    "LEAVING_WORDS",
    "Wishes",
    "ask_to_join",
    "change_preferences",
    "confirm_joining",
    "confirm_joining_by_code",
    "forget_old_join_requests",
    "forget_other_offers",
    "join",
    "leave_community",
    "renew_consents",
    "save_preferences",
    "say_stage",
]
