"""The blueprint of the pages about interviews in recruiting, and who asks."""

from flask import Blueprint

from portal.applications.queries import StaffScope
from portal.core.errors import NotFound
from portal.core.permissions import Permission
from portal.web.identity import identity

blueprint = Blueprint("interviews", __name__)


def asker() -> StaffScope:
    """Whoever is signed in, and how much they may see."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def arranger() -> StaffScope:
    """Whoever is signed in and may arrange interviews; raises NotFound for everybody else."""
    if not identity().may(Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return asker()
