"""The recruiters' pages of updates."""

from portal.updates.recruiter_views import previewing, publishing, reaching, telling, writing
from portal.updates.recruiter_views.finding import blueprint

#: The blueprint, and the modules that add pages to it.
__all__ = ["blueprint", "previewing", "publishing", "reaching", "telling", "writing"]
