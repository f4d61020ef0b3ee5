"""The recruiters' pages of who may fit an opening, and of inviting from there."""

from portal.fitting.recruiter_views import inviting, looking, shown
from portal.fitting.recruiter_views.finding import blueprint

__all__ = ["blueprint", "inviting", "looking", "shown"]
