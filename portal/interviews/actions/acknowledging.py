"""A colleague says that they have read the guide to empathetic interviews."""

from datetime import datetime

from portal.audit.actions import record
from portal.core.db import transaction
from portal.interviews.models import GuideRead


def say_guide_is_read(staff_id: int, now: datetime) -> None:
    """Note that this colleague has read the guide; it counts for a year from now. Recorded."""
    with transaction() as session:
        session.merge(GuideRead(staff_id=staff_id, read_at=now))
        record("interviews.read_guide", "guide:interviews", actor_id=staff_id, now=now)
