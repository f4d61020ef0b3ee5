"""A candidate's applications: the list, the page of each, the opening as they applied to it, withdrawing."""

from portal.applications.candidate_views import showing, staying, withdrawing
from portal.applications.candidate_views.finding import blueprint

__all__ = ["blueprint", "showing", "staying", "withdrawing"]
