"""Notes and tags on pages of their own."""

from portal.notes.recruiter_views import noting, tagging
from portal.notes.recruiter_views.finding import blueprint, people, tags

__all__ = ["blueprint", "noting", "people", "tagging", "tags"]
