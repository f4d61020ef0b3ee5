"""A candidate's feedback: by when they have it, and asking for it."""

from portal.feedback.candidate_views import asking
from portal.feedback.candidate_views.asking import own_owed_panel
from portal.feedback.candidate_views.finding import blueprint

__all__ = ["asking", "blueprint", "own_owed_panel"]
