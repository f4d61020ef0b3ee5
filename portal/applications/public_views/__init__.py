"""Pages about applications for whoever comes: following one, and applying."""

from portal.applications.public_views import applying, confirming
from portal.applications.public_views.following import blueprint

#: The blueprint, and the modules that add pages to it.
__all__ = ["applying", "blueprint", "confirming"]
