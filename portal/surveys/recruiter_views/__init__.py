"""The recruiters' pages of surveys."""

from portal.surveys.recruiter_views import editing, files, listing, results, tagging
from portal.surveys.recruiter_views.finding import blueprint

#: The blueprint, and the modules that add pages to it.
__all__ = ["blueprint", "editing", "files", "listing", "results", "tagging"]
