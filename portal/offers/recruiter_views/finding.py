"""Who asks, the application that they may see, and its newest offer."""

from dataclasses import dataclass

from flask import Blueprint, redirect, url_for
from werkzeug.wrappers import Response

from portal.applications.queries import StaffScope, StaffView, find_for_staff
from portal.core.errors import NotFound
from portal.core.permissions import Permission
from portal.offers.actions import newest_offer
from portal.offers.queries import OfferView
from portal.web.identity import identity
from portal.web.panels import page_around

blueprint = Blueprint("offers", __name__)
Answer = Response | tuple[str, int]


@dataclass(frozen=True)
class Found:
    """An application that the asker may see, and its newest offer."""

    view: StaffView
    offer: OfferView | None

    @property
    def name(self) -> str:
        """As colleagues call the candidate."""
        return self.view.person_name or self.view.email

    @property
    def seen_id(self) -> str:
        """The newest word about the offer; empty without one."""
        newest = self.offer.newest if self.offer else None
        return newest.public_id if newest else ""


def asker() -> StaffScope:
    """Whoever is signed in, and how much they may see."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def writer() -> StaffScope:
    """Whoever is signed in and may write to candidates; raises NotFound for everybody else."""
    if not identity().may(Permission.WRITE_TO_CANDIDATES):
        raise NotFound
    return asker()


def find(public_id: str, scope: StaffScope) -> Found:
    """The application with this public id and its offer; raises NotFound when the asker may not see it."""
    around = page_around()
    if isinstance(around, StaffView) and around.public_id == public_id:
        return Found(around, newest_offer(public_id, is_whole=False))
    view = find_for_staff(public_id, scope)
    if view is None:
        raise NotFound
    return Found(view, newest_offer(public_id))


def back_to(public_id: str) -> Response:
    """To the page of the offer, with what has just been said on top."""
    return redirect(url_for("recruiting.offers.show", public_id=public_id, _anchor="main"), 303)
