"""A colleague on a panel says how they know the candidate."""

from datetime import datetime

from sqlalchemy import select

from portal.applications.queries import StaffScope
from portal.audit.actions import record
from portal.core.db import transaction
from portal.core.errors import NotFound
from portal.interviews.actions.telling import panel_cause
from portal.interviews.models import PanelMember
from portal.interviews.queries.panel import PanelPage, find_panel_page
from portal.interviews.states import Relationship


def page_of_member(public_id: str, scope: StaffScope) -> PanelPage:
    """The interview, for somebody who takes part in it. Raises NotFound for everybody else."""
    page = find_panel_page(public_id, scope)
    if page is None or page.member(scope.person_id) is None:
        raise NotFound
    return page


def declare_relationship(public_id: str, relationship: Relationship, *, scope: StaffScope, now: datetime) -> None:
    """Note how the asker knows the candidate; it can be put right later. Recorded. Raises NotFound."""
    with transaction() as session:
        page = page_of_member(public_id, scope)
        member = session.scalars(
            select(PanelMember)
            .where(PanelMember.interview_id == page.id)
            .where(PanelMember.staff_id == scope.person_id)
            .with_for_update()
        ).one_or_none()
        if member is None:
            raise NotFound
        if member.relationship is relationship:
            return
        member.relationship, member.declared_at = relationship, now
        record(
            "interviews.declare_relationship",
            panel_cause(public_id),
            actor_id=scope.person_id,
            person_id=page.person_id,
            now=now,
        )
