"""Pools: the list, each of them, and the pages that put people in."""

from portal.pools.recruiter_views import keeping, people
from portal.pools.recruiter_views.finding import blueprint

__all__ = ["blueprint", "keeping", "people"]
