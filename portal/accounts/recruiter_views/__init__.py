"""The staff list for admins, and one's own second factor."""

from portal.accounts.recruiter_views.second_factor import blueprint as second_factor
from portal.accounts.recruiter_views.staff import blueprint

__all__ = ["blueprint", "second_factor"]
