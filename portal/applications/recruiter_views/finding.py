"""Who asks, and the application that they may see."""

from typing import Any, Final

from flask import Blueprint, request

from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.core.errors import NotFound
from portal.core.permissions import Permission
from portal.web.identity import identity

blueprint = Blueprint("applications", __name__)


def asker() -> StaffScope:
    """Whoever is signed in, and how much they may see."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def writer() -> StaffScope:
    """Whoever is signed in and may write to candidates; raises NotFound for everybody else."""
    if not identity().may(Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return asker()


#: What narrows a list of applications in its address.
FILTERS: Final = ("q", "opening", "status", "owner", "promised", "due", "waiting")


def narrowing(*more: str) -> dict[str, Any]:
    """What narrows the list as it stands in the address, to lead on with; `more` names of arguments."""
    return {name: request.args[name] for name in (*FILTERS, *more) if request.args.get(name)}


def find(public_id: str, scope: StaffScope) -> StaffView:
    """The application with this public id; raises NotFound when the asker may not see it."""
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    return view
