"""Reading feedback: what decides about it, and what is owed."""

from portal.feedback.queries.facts import applications_to_look_at, facts_about
from portal.feedback.queries.owed import (
    HAS_OWED,
    DebtView,
    OwedLine,
    Shows,
    ToDo,
    Whose,
    debt_of,
    find_debt,
    open_debts,
    owed_to_candidates,
)
from portal.feedback.queries.own_debt import OwnDebt, own_debt
from portal.feedback.queries.returned import HAS_RETURNED, ReturnedLine, returned_to

__all__ = [
    "HAS_OWED",
    "HAS_RETURNED",
    "DebtView",
    "OwedLine",
    "OwnDebt",
    "ReturnedLine",
    "Shows",
    "ToDo",
    "Whose",
    "applications_to_look_at",
    "debt_of",
    "facts_about",
    "find_debt",
    "open_debts",
    "owed_to_candidates",
    "own_debt",
    "returned_to",
]
