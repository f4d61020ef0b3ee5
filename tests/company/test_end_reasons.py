"""The reasons for which applications end, as a company keeps them for itself."""

from datetime import date

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from portal.applications.actions import preview_letter
from portal.applications.models import ApplicationEvent
from portal.applications.queries import StaffScope
from portal.applications.rules import Proposal, ProposalRefused
from portal.applications.states import ApplicationStatus
from portal.audit.models import AuditRecord
from portal.company.queries import end_reasons, end_reasons_offered
from portal.company.rules import InvalidEndReason, end_reasons_in, reworded, stored_end_reasons, with_new
from portal.company.states import DEFAULTS, ENDING_LABELS, SOMETHING_ELSE, Setting
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from tests.factories import Made, make_application, make_opening, make_staff, signed_in
from tests.pages import Browser, Page

pytestmark = pytest.mark.both_in_soak

PATH = "/recruiting/admin/settings/reasons"
GERMAN = "Their German is not there yet"


@pytest.fixture
def admin(app: Flask) -> Browser:
    return signed_in(app, make_staff("Alma Berg", Role.ADMIN, email="alma@example.org"))


@pytest.fixture
def rita(app: Flask) -> int:
    return make_staff("Rita Sander", email="rita@example.org")


@pytest.fixture
def ada(rita: int) -> Made:
    return make_application(make_opening("Data Analyst"), rita, promised=date(2026, 3, 6))


def end_page(desk: Browser, ada: Made) -> Page:
    return desk.get(f"/recruiting/applications/{ada.public_id}/end?outcome=not_selected")


def end(desk: Browser, ada: Made, reason: str) -> Page:
    words = {"end_reason": reason, "message": "We chose somebody else."}
    return desk.submit(end_page(desk, ada), having="message", button="send", **words)


def test_a_reason_of_ones_own_is_offered_chosen_and_read(app: Flask, admin: Browser, rita: int, ada: Made) -> None:
    page = admin.submit(admin.get(PATH), new_label=GERMAN, new_endings=["not_selected"])
    assert "Saved." in page.text
    assert "13 reasons" in admin.get("/recruiting/admin/settings").text
    desk = signed_in(app, rita)
    assert GERMAN in end_page(desk, ada).text
    assert GERMAN not in desk.get(f"/recruiting/applications/{ada.public_id}/end?outcome=hired").text
    assert GERMAN in end(desk, ada, "their_german_is_not_there_yet").text
    end_reading()
    event = session().scalars(select(ApplicationEvent).order_by(ApplicationEvent.id.desc())).first()
    assert event is not None
    assert event.end_reason == "their_german_is_not_there_yet"
    record = session().scalars(select(AuditRecord).where(AuditRecord.action == "company.change_settings")).one()
    assert record.details == {"names": "end_reasons"}


def test_a_reason_that_is_reworded_and_retired_stays_readable_where_it_was_chosen(
    app: Flask, admin: Browser, rita: int, ada: Made
) -> None:
    desk = signed_in(app, rita)
    end(desk, ada, "missing_skill")
    admin.submit(admin.get(PATH), words_missing_skill="A tool is missing", offered_missing_skill=[])
    page = desk.get(f"/recruiting/applications/{ada.public_id}")
    assert "A tool is missing" in page.text
    assert "A skill is missing" not in page.text
    other = make_application(make_opening("Nurse"), rita, name="Bo Ek", promised=date(2026, 3, 6))
    assert "A tool is missing" not in end_page(desk, other).text
    admin.submit(admin.get(PATH), offered_missing_skill=True)
    assert "A tool is missing" in end_page(desk, other).text


def test_what_was_chosen_before_it_was_retired_still_goes_and_what_is_unknown_does_not(
    admin: Browser, rita: int, ada: Made
) -> None:
    admin.submit(admin.get(PATH), offered_missing_skill=[])
    scope = StaffScope(rita, Role.RECRUITER)
    for reason in ("zanzibar", "best_fit"):
        proposal = Proposal(ApplicationStatus.NOT_SELECTED, "No.", None, "", end_reason=reason)
        with pytest.raises(ProposalRefused) as refused:
            preview_letter(ada.public_id, scope=scope, proposal=proposal, now=clock.now())
        assert refused.value.field == "end_reason"
    proposal = Proposal(ApplicationStatus.NOT_SELECTED, "No.", None, "", end_reason="missing_skill")
    mail, _going = preview_letter(ada.public_id, scope=scope, proposal=proposal, now=clock.now())
    assert "No." in mail.text


def test_something_else_always_stays(admin: Browser, rita: int) -> None:
    names = {name for form in admin.get(PATH).forms for name in form.names}
    assert "words_other" in names
    assert "offered_other" not in names
    page = admin.get(PATH)
    retired: dict[str, object] = {name: [] for name in names if name.startswith("offered_")}
    admin.submit(page, **retired)
    end_reading()
    for ending in ENDING_LABELS:
        assert list(end_reasons_offered(ending)) == [SOMETHING_ELSE]


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ({"words_missing_skill": " "}, "Please give it a few words."),
        ({"words_missing_skill": "SOMEBODY ELSE fits better"}, "is there already."),
        ({"new_label": "x" * 81, "new_endings": ["hired"]}, "80"),
        ({"new_label": GERMAN}, "Please say for which endings it is meant."),
        ({"new_endings": ["hired"]}, "Please give it a few words."),
        ({"new_label": "Something ELSE", "new_endings": ["hired"]}, "is there already."),
    ],
)
def test_what_is_wrong_is_said_and_nothing_is_saved(admin: Browser, typed: dict[str, object], words: str) -> None:
    page = admin.submit(admin.get(PATH), expect=422, **typed)
    assert words in page.text
    end_reading()
    assert stored_end_reasons(end_reasons()) == DEFAULTS[Setting.END_REASONS]


def test_two_admins_at_once_are_shown_both(app: Flask, admin: Browser) -> None:
    page = admin.get(PATH)
    admin.submit(page, words_best_fit="The one we looked for")
    page = admin.submit(page, expect=409, words_no_need="Not needed")
    assert "The one we looked for" in page.text
    assert "Somebody else saved these settings" in page.text


@pytest.mark.only("sqlite")  # a rule
@given(st.lists(st.tuples(st.text(max_size=90), st.sets(st.sampled_from(sorted(ENDING_LABELS))), st.booleans())))
def test_whatever_is_added_and_retired_keys_stay_and_differ_and_one_is_offered(
    changes: list[tuple[str, set[str], bool]],
) -> None:
    reasons = end_reasons_in(DEFAULTS[Setting.END_REASONS])
    for label, endings, is_offered in changes:
        before = [one.key for one in reasons]
        try:
            reasons = with_new(reasons, label, endings)
            reasons = reworded(reasons, reasons[-2].key, label, is_offered=is_offered)
            reasons = reworded(reasons, SOMETHING_ELSE, label[::-1], is_offered=is_offered)
        except InvalidEndReason:
            pass
        keys = [one.key for one in reasons]
        assert set(before) <= set(keys)
        assert len(keys) == len(set(keys))
        assert all(0 < len(key) <= 40 for key in keys)
        assert (reasons[-1].key, reasons[-1].is_retired) == (SOMETHING_ELSE, False)
        assert end_reasons_in(stored_end_reasons(reasons)) == reasons
