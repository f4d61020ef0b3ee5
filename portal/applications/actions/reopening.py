"""What opening an ended application again asks for, within the transaction that writes it down."""

from datetime import datetime

from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.applications.models import Application
from portal.applications.queries import rest_of
from portal.applications.rules.finishing import CannotRevert
from portal.contact.actions import rest_until
from portal.core.i18n import gettext as _
from portal.openings.models import Opening
from portal.openings.states import OpeningState


def refuse_finished(session: Session, application: Application) -> None:
    """Nobody is put back into a finished opening, and nobody finishes it until we are done. Raises CannotRevert."""
    state = session.scalar(select(Opening.state).where(Opening.id == application.opening_id).with_for_update())
    if state is OpeningState.FINISHED:
        raise CannotRevert(_("This opening is finished. Open it again first: the page of the opening says how."))


def rest_without(person_id: int, application_id: int, now: datetime) -> None:
    """Community mail rests no longer because of this application, perhaps of another; joins the transaction."""
    rest_until(person_id, rest_of(person_id, now, but=application_id), now)
