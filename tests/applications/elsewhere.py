"""The one application that an import brought, as staff and as its candidate see it."""

from datetime import date

from portal.applications.queries import StaffScope, StaffView, find_for_staff, list_applications
from portal.applications.queries.candidate import ApplicationView, find_application_of
from portal.applications.queries.staff import StaffFilter
from portal.core.db import end_reading
from portal.core.permissions import Role

HEADER = "email,opening,name,application_id,stage,status,last_activity_on\n"


def scope(person_id: int) -> StaffScope:
    """What a recruiter may see."""
    return StaffScope(person_id, Role.RECRUITER)


def view_of(rita: int) -> StaffView:
    """As this recruiter sees it."""
    end_reading()
    lines, _total = list_applications(StaffFilter(), scope(rita), date(2026, 3, 4), 0, 5)
    view = find_for_staff(lines[0].public_id, scope(rita))
    assert view is not None
    return view


def page_of(rita: int) -> ApplicationView:
    """As its candidate sees it; `rita` finds it for us."""
    view = view_of(rita)
    found = find_application_of(view.person_id, view.public_id)
    assert found is not None
    return found
