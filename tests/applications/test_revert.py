"""Taking back an ending that somebody was told of: plainly, by mail first, with a new date."""

from datetime import date

import pytest
from flask import Flask

from portal.applications import jobs
from portal.applications.actions import take_back_letter, write_to_candidate
from portal.applications.actions.closing import close_opening
from portal.applications.actions.reverting import revert_ending
from portal.applications.queries import StaffScope, StaffView, find_application_of, find_for_staff, rest_of
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.rules.finishing import CannotRevert
from portal.applications.states import ApplicationStatus, EndReason, EventKind
from portal.core import clock
from portal.core.db import end_reading
from portal.core.permissions import Role
from portal.outbox.actions import claim_next, mark_sent
from tests.applications.test_finish import name_of
from tests.factories import Made, make_application, make_opening, make_staff, settle_mail, signed_in
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak

FRIDAY = date(2026, 3, 6)
ENDED = Proposal(ApplicationStatus.NOT_SELECTED, "We chose another.", None, "", end_reason=EndReason.STRONGER_CANDIDATE)
AGAIN = Proposal(ApplicationStatus.INTERVIEWING, "I had mixed up two letters.", FRIDAY, "")


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def opening(rita: int) -> int:
    return make_opening("Nurse", recruiter_id=rita)


@pytest.fixture
def ended(opening: int, rita: int) -> Made:
    made = make_application(opening, rita)
    write_to_candidate(
        made.public_id, scope=scope(rita), proposal=ENDED, seen_event_id=newest(made, rita), now=clock.now()
    )
    settle_mail()
    end_reading()
    return made


def scope(person_id: int) -> StaffScope:
    return StaffScope(person_id, Role.RECRUITER)


def view_of(made: Made, rita: int) -> StaffView:
    end_reading()
    view = find_for_staff(made.public_id, scope(rita))
    assert view is not None
    return view


def newest(made: Made, rita: int) -> str:
    return view_of(made, rita).newest_event_id


def revert(made: Made, rita: int, proposal: Proposal = AGAIN) -> None:
    revert_ending(
        made.public_id, scope=scope(rita), proposal=proposal, seen_event_id=newest(made, rita), now=clock.now()
    )
    end_reading()


def shown(made: Made) -> tuple[ApplicationStatus, EventKind, date | None]:
    end_reading()
    found = find_application_of(made.person_id, made.public_id)
    assert found is not None
    return found.status, found.kind, found.next_update_by


def test_the_page_stays_ended_until_the_mail_is_accepted(ended: Made, rita: int) -> None:
    revert(ended, rita)
    assert shown(ended)[0] is ApplicationStatus.NOT_SELECTED
    settle_mail()
    assert shown(ended) == (ApplicationStatus.INTERVIEWING, EventKind.REVERTED, FRIDAY)


def test_the_mail_says_plainly_that_it_was_a_mistake(ended: Made, rita: int) -> None:
    revert_ending(
        ended.public_id,
        scope=scope(rita),
        proposal=AGAIN,
        seen_event_id=newest(ended, rita),
        now=clock.now(),
        is_hurried=True,
    )
    claimed = claim_next("a-worker", clock.now())
    assert claimed is not None
    assert mark_sent(claimed, clock.now())
    assert claimed.letter.kind == "applications/reverted"
    assert "That was our mistake, and we are sorry. It is open again." in claimed.letter.text
    assert "I had mixed up two letters." in claimed.letter.text


def test_community_mail_rests_no_longer(ended: Made, rita: int) -> None:
    assert rest_of(ended.person_id, clock.now()) is not None
    revert(ended, rita)
    assert rest_of(ended.person_id, clock.now()) is None
    take_back_letter(ended.public_id, newest(ended, rita), scope=scope(rita), now=clock.now())
    end_reading()
    assert rest_of(ended.person_id, clock.now()) is not None


def test_a_plain_letter_does_not_open_it_again(ended: Made, rita: int) -> None:
    with pytest.raises(ProposalRefused):
        write_to_candidate(
            ended.public_id, scope=scope(rita), proposal=AGAIN, seen_event_id=newest(ended, rita), now=clock.now()
        )


def test_words_and_a_date_are_needed(ended: Made, rita: int) -> None:
    for proposal in (
        Proposal(ApplicationStatus.IN_REVIEW, "", FRIDAY, ""),
        Proposal(ApplicationStatus.IN_REVIEW, "Sorry.", None, ""),
        Proposal(ApplicationStatus.HIRED, "Sorry.", None, ""),
    ):
        with pytest.raises(ProposalRefused):
            revert(ended, rita, proposal)


def test_what_is_open_or_ended_before_us_cannot_be_reverted(opening: int, rita: int) -> None:
    for status in (ApplicationStatus.IN_REVIEW, ApplicationStatus.NOT_SELECTED):
        made = make_application(opening, rita, status=status)
        with pytest.raises(CannotRevert):
            revert(made, rita)


def test_nobody_is_put_back_into_a_finished_opening(ended: Made, opening: int, rita: int) -> None:
    close_opening(name_of(opening), scope=scope(rita), now=clock.now())
    with pytest.raises(CannotRevert):
        revert(ended, rita)


def test_by_page_with_what_was_typed_kept(app: Flask, ended: Made, rita: int) -> None:
    desk: Browser = signed_in(app, rita)
    page = desk.get(f"/recruiting/applications/{ended.public_id}/revert")
    assert "We chose another." in page.text
    typed = {"message": "", "status": "in_review", "when": "3"}
    refused = desk.submit(page, having="message", button="send", expect=422, **typed)
    done = desk.submit(refused, having="message", button="send", message="It was my mistake.")
    assert done.status == 200
    settle_mail()
    assert shown(ended)[:2] == (ApplicationStatus.IN_REVIEW, EventKind.REVERTED)
    jobs.settle_endings(clock.now())
