"""Mail for those who look after it: what we sent and did not arrive, what came in, and what came back of a person's."""

from portal.outbox.recruiter_views.came_back import blueprint as came_back
from portal.outbox.recruiter_views.incoming import blueprint as incoming
from portal.outbox.recruiter_views.outgoing import blueprint

__all__ = ["blueprint", "came_back", "incoming"]
