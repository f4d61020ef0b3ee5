"""Feedback in recruiting: what is owed, by whom and by when; a call that is logged; what an admin holds back."""

from portal.feedback.recruiter_views import calling, holding, owed
from portal.feedback.recruiter_views.finding import blueprint, holds
from portal.feedback.recruiter_views.owed import owed_panel

__all__ = ["blueprint", "calling", "holding", "holds", "owed", "owed_panel"]
