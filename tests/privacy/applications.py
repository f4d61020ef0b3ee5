"""An application with a letter that has arrived."""

import threading
from datetime import date

from portal.applications.actions import ImportedApplication, add_imported, write_to_candidate
from portal.applications.queries import StaffScope, find_for_staff
from portal.applications.rules import Proposal
from portal.applications.states import ApplicationStatus
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.permissions import Role
from portal.openings.actions import find_or_add_opening
from portal.outbox.jobs import MailSender

#: What a source says and a candidate never reads.
SECRETS = ("Onsite loop", "Overqualified", "maybe later", "on hold somewhere")


def apply_and_hear(person_id: int, owner_id: int) -> str:
    """`person_id` applied as a baker and was written to by `owner_id`; returns the application's public id."""
    with transaction():
        opening = find_or_add_opening("greenhouse", "baker", "Baker", owner_id, clock.now())
        public_id = add_imported(
            ImportedApplication(
                person_id=person_id,
                opening_id=opening.id,
                owner_id=owner_id,
                source="greenhouse",
                external_key="1",
                applied_on=date(2026, 2, 2),
                last_activity_on=date(2026, 2, 20),
                channel="Careers page",
                tags=("maybe later",),
                source_stage="Onsite loop",
                source_status="on hold somewhere",
                source_reason="Overqualified",
                status=ApplicationStatus.IN_REVIEW,
                next_update_by=date(2026, 3, 6),
                import_ref="",
            ),
            clock.now(),
        )
    scope = StaffScope(owner_id, Role.RECRUITER)
    view = find_for_staff(public_id, scope)
    assert view is not None
    write_to_candidate(
        public_id,
        scope=scope,
        proposal=Proposal(ApplicationStatus.INTERVIEWING, "We would like to meet you.", date(2026, 3, 6), ""),
        seen_event_id=view.events[0].public_id,
        now=clock.now(),
        is_hurried=True,
    )
    MailSender("test", threading.Event()).send_due_mail()
    end_reading()
    return public_id
