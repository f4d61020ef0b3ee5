"""The pages about interviews in recruiting: arranging, the list, the page of one, the guide."""

from portal.interviews.recruiter_views import arranging, changing, guide, impressions, listing, panel
from portal.interviews.recruiter_views.finding import blueprint
from portal.interviews.recruiter_views.listing import interviews_panel

#: The blueprint, and the modules that add pages to it.
__all__ = ["arranging", "blueprint", "changing", "guide", "impressions", "interviews_panel", "listing", "panel"]
