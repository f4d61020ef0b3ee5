"""What is sent about feedback: that it is held back or not any more."""

from portal.feedback.emails.owing import held, not_held_any_more

__all__ = ["held", "not_held_any_more"]
