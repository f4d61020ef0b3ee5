"""Changes of feedback that is owed: noting it, asking for it, holding it back, giving it by telephone."""

from portal.feedback.actions.asking import ask_for_feedback
from portal.feedback.actions.calling import FeedbackCall, is_call_theirs, log_feedback_call, take_call_back, whose_call
from portal.feedback.actions.folding import cause_of, note_debts
from portal.feedback.actions.holding import Hold, hold_feedback, lift_hold

__all__ = [
    "FeedbackCall",
    "Hold",
    "ask_for_feedback",
    "cause_of",
    "hold_feedback",
    "is_call_theirs",
    "lift_hold",
    "log_feedback_call",
    "note_debts",
    "take_call_back",
    "whose_call",
]
