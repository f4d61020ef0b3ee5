"""The staff list: invited, changed, gone."""

import pytest
from flask import Flask
from sqlalchemy import select

from portal.accounts.actions import change_role, deactivate_staff, invite_staff
from portal.accounts.rules import LastAdmin, NotPossible
from portal.audit.models import AuditRecord
from portal.core import clock
from portal.core.db import session
from portal.core.permissions import Role
from portal.people.queries import find_staff, find_staff_by_email, known_person
from portal.people.rules import InvalidName
from tests.accounts.visitors import (
    ADA,
    ADMIN,
    NORA,
    PASSWORD,
    RITA,
    WRONG,
    hire,
    import_person,
    invite,
    is_in,
    join,
    last_letter,
    letters,
    sign_in,
)
from tests.conftest import Time
from tests.pages import Browser

pytestmark = pytest.mark.both_in_soak
STAFF = "/recruiting/admin/staff"


def _admin(app: Flask) -> Browser:
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    browser = Browser(app)
    sign_in(browser, ADMIN)
    return browser


def _page_of(email: str) -> str:
    row = find_staff_by_email(email)
    assert row is not None
    return f"{STAFF}/{row.public_id}"


def test_invited_colleague_sets_up_an_account_and_is_in(app: Flask) -> None:
    admin = _admin(app)
    page = admin.get(f"{STAFF}/new")
    page = admin.submit(page, email=RITA, name="Rita Sander", role="recruiter")
    assert page.path == STAFF
    assert "Invited" in page.text
    link = next(word for word in last_letter(RITA).text.split() if "/invitation/" in word)
    rita = Browser(app)
    page = rita.get(link.removeprefix("http://localhost"))
    assert page.form(having="password").values["name"] == "Rita Sander"
    done = rita.submit(page, name="Rita S.", password="four words in a row", expect=303, follow=False)
    assert done.response.location == "/recruiting/"
    assert is_in(rita)
    assert "Active" in admin.get(STAFF).text
    other = Browser(app)
    sign_in(other, RITA, "four words in a row")
    assert "Rita S." in other.get("/me/account").body


def test_command_gets_the_link_that_the_mail_carries(app: Flask) -> None:
    link = invite_staff(RITA, "Rita Sander", Role.RECRUITER, None, None, clock.now())
    assert link.startswith("http://localhost/invitation/")
    assert link in last_letter(RITA).text
    assert link in last_letter(RITA).html


def test_invitation_works_once_and_for_seven_days(app: Flask, time: Time) -> None:
    link = invite()
    time.pass_by(days=7, seconds=-1)
    first, late = Browser(app), Browser(app)
    page = late.get(link)
    first.submit(first.get(link), password="four words in a row", expect=303, follow=False)
    late.submit(page, password="other words in a row", expect=404)
    late.get(link, expect=404)
    link = invite(NORA, name="Nora")
    time.pass_by(days=7)
    assert "7 days" in Browser(app).get(link, expect=404).text


def test_weak_password_leaves_the_invitation_unused(app: Flask) -> None:
    link = invite()
    browser = Browser(app)
    page = browser.submit(browser.get(link), password="password", expect=422)
    browser.submit(page, password="four words in a row", expect=303, follow=False)
    assert is_in(browser)


def test_extra_fields_of_an_invitation_change_nothing(app: Flask) -> None:
    link = invite(role=Role.HIRING_MANAGER)
    browser = Browser(app)
    form = browser.get(link).form(having="password")
    sent = {**form.values, "password": "four words in a row", "role": "admin", "email": ADMIN, "is_active": "1"}
    browser.post(link, sent, expect=303, follow=False)
    assert browser.client.get(STAFF).status_code == 404
    row = find_staff_by_email(RITA)
    assert row is not None
    assert row.role is Role.HIRING_MANAGER


def test_new_invitation_replaces_the_old_one(app: Flask) -> None:
    admin = _admin(app)
    old = invite()
    admin.submit(admin.get(STAFF), action="/invitation")
    Browser(app).get(old, expect=404)
    newest = next(word for word in last_letter(RITA).text.split() if "/invitation/" in word)
    Browser(app).get(newest.removeprefix("http://localhost"))
    assert len(letters(RITA)) == 2


def test_inviting_again_by_command_renews_until_they_come(app: Flask) -> None:
    old = invite(role=Role.HIRING_MANAGER)
    new = invite(role=Role.RECRUITER)
    Browser(app).get(old, expect=404)
    Browser(app).get(new)
    row = find_staff_by_email(RITA)
    assert row is not None
    assert row.role is Role.RECRUITER


def test_somebody_who_works_here_is_not_invited_again(app: Flask) -> None:
    hire()
    with pytest.raises(NotPossible, match="works here already"):
        invite()
    admin = _admin(app)
    page = admin.submit(admin.get(f"{STAFF}/new"), email=RITA, name="Rita", role="admin", expect=422)
    assert "works here already" in page.text


def test_known_candidate_keeps_their_name_and_is_signed_out_once(app: Flask) -> None:
    join()
    browser = Browser(app)
    sign_in(browser)
    invite(ADA, name="Somebody Else")
    assert not is_in(browser)
    known = known_person(ADA)
    assert known is not None
    assert known.name == "Ada Lind"
    assert "Ada Lind" in last_letter(ADA).text


def test_imported_person_without_a_name_gets_the_one_given(app: Flask) -> None:
    import_person(ADA, name="")
    invite(ADA, name="Ada Lind")
    known = known_person(ADA)
    assert known is not None
    assert known.name == "Ada Lind"


def test_another_role_counts_at_once(app: Flask) -> None:
    admin = _admin(app)
    hire()
    rita = Browser(app)
    sign_in(rita, RITA)
    admin.submit(admin.submit(admin.get(_page_of(RITA)), role="hiring-manager"), action="/hiring-manager")
    assert not is_in(rita)
    row = find_staff_by_email(RITA)
    assert row is not None
    assert row.role is Role.HIRING_MANAGER


def test_another_lead_signs_nobody_out(app: Flask) -> None:
    admin = _admin(app)
    hire()
    rita = Browser(app)
    sign_in(rita, RITA)
    vera = find_staff_by_email(ADMIN)
    assert vera is not None
    page = admin.submit(admin.get(_page_of(RITA)), lead=vera.public_id)
    assert "Vera Admin" in page.text
    assert is_in(rita)


def test_nobody_reports_to_themselves_through_others(app: Flask) -> None:
    admin = _admin(app)
    rita_id = hire()
    vera, rita = find_staff_by_email(ADMIN), find_staff_by_email(RITA)
    assert vera is not None
    assert rita is not None
    change_role(rita_id, Role.RECRUITER, vera.person_id, vera.person_id, clock.now())
    page = admin.submit(admin.get(_page_of(ADMIN)), lead=rita.public_id, expect=422)
    assert "cannot report to themselves" in page.text


def test_last_admin_cannot_be_taken_away(app: Flask) -> None:
    admin = _admin(app)
    page = admin.submit(admin.get(_page_of(ADMIN)), role="recruiter", expect=422)
    assert "only admin" in page.text
    page = admin.submit(admin.get(f"{_page_of(ADMIN)}/leave"), action="/leave", expect=422)
    assert "only admin" in page.text
    assert is_in(admin, STAFF)


def test_admin_who_has_not_come_yet_does_not_count(app: Flask) -> None:
    vera = hire(ADMIN, Role.ADMIN, "Vera Admin")
    invite(NORA, Role.ADMIN, "Nora Berg")
    with pytest.raises(LastAdmin):
        change_role(vera, Role.RECRUITER, None, vera, clock.now())
    second = hire(RITA, Role.ADMIN)
    change_role(vera, Role.RECRUITER, None, second, clock.now())
    with pytest.raises(LastAdmin):
        deactivate_staff(second, second, clock.now())


def test_whoever_leaves_is_out_at_once_and_stays_a_candidate(app: Flask) -> None:
    admin = _admin(app)
    hire()
    rita = Browser(app)
    sign_in(rita, RITA)
    page = admin.submit(admin.get(f"{_page_of(RITA)}/leave"), action="/leave")
    assert "No longer here" in page.text
    assert not is_in(rita)
    assert sign_in(rita, RITA).response.location == "/me/"
    assert rita.client.get("/recruiting/").status_code == 404
    assert is_in(rita)


def test_whoever_leaves_before_coming_cannot_use_the_invitation(app: Flask) -> None:
    admin = _admin(app)
    link = invite()
    admin.submit(admin.get(f"{_page_of(RITA)}/leave"), action="/leave")
    Browser(app).get(link, expect=404)


def test_whoever_left_can_be_taken_back(app: Flask) -> None:
    admin = _admin(app)
    person_id = hire()
    deactivate_staff(person_id, hire(NORA, Role.ADMIN, "Nora"), clock.now())
    admin.submit(admin.get(f"{STAFF}/new"), email=RITA, name="Rita", role="hiring-manager")
    row = find_staff(person_id)
    assert row is not None
    assert (row.is_active, row.role) == (True, Role.HIRING_MANAGER)


@pytest.mark.parametrize("role", [Role.HIRING_MANAGER, Role.RECRUITER, None])
def test_pages_of_the_staff_do_not_exist_for_others(app: Flask, role: Role | None) -> None:
    hire(ADMIN, Role.ADMIN, "Vera Admin")
    target = _page_of(ADMIN)
    hire(RITA, role) if role else join(RITA, "Rita")
    browser = Browser(app)
    sign_in(browser, RITA)
    for path in (STAFF, f"{STAFF}/new", target, f"{target}/leave", f"{target}/second-factor", f"{target}/profile"):
        browser.get(path, expect=404)
    token = {"csrf_token": browser.get("/me/account").form(having="name").values["csrf_token"]}
    browser.post(target, {**token, "role": "admin", "lead": ""}, expect=404)
    browser.post(f"{target}/leave", token, expect=404)
    browser.post(f"{target}/invitation", token, expect=404)
    browser.post(f"{STAFF}/new", {**token, "email": ADA, "name": "Eve", "role": "admin"}, expect=404)
    assert find_staff_by_email(ADA) is None


def test_candidate_of_ours_is_not_on_the_staff_pages(app: Flask) -> None:
    admin = _admin(app)
    join()
    known = known_person(ADA)
    assert known is not None
    admin.get(f"{STAFF}/{known.public_id}", expect=404)
    admin.get(f"{STAFF}/None", expect=404)


def test_nobody_is_made_staff_with_a_role_that_is_none(app: Flask) -> None:
    admin = _admin(app)
    form = admin.get(f"{STAFF}/new").form(having="email")
    for role in ("candidate", "owner", "", "ADMIN"):
        admin.post(f"{STAFF}/new", {**form.values, "email": RITA, "name": "Rita", "role": role}, expect=422)
    assert known_person(RITA) is None


def test_name_without_letters_is_refused_by_command_too(app: Flask) -> None:
    with pytest.raises(InvalidName):
        invite_staff(RITA, " ", Role.RECRUITER, None, None, clock.now())


def test_every_change_is_on_record_without_names_or_addresses(app: Flask) -> None:
    admin = _admin(app)
    person_id = hire()
    vera = find_staff_by_email(ADMIN)
    assert vera is not None
    admin.submit(admin.get(f"{STAFF}/new"), email=NORA, name="Nora Berg", role="recruiter")
    admin.submit(admin.get(STAFF), action="/invitation")
    admin.submit(admin.submit(admin.get(_page_of(RITA)), role="hiring-manager"), action="/hiring-manager")
    admin.submit(admin.get(f"{_page_of(RITA)}/leave"), action="/leave")
    rows = session().scalars(select(AuditRecord).where(AuditRecord.actor_id == vera.person_id)).all()
    actions = [row.action for row in rows]
    for action in ("invite_staff", "renew_invitation", "change_role", "deactivate_staff", "end_all_sessions"):
        assert f"accounts.{action}" in actions
    changed = next(row for row in rows if row.action == "accounts.change_role")
    assert changed.person_id == person_id
    assert changed.details == {"before": "recruiter", "role": "hiring-manager"}
    everything = " ".join(f"{row.subject} {row.details}" for row in session().scalars(select(AuditRecord)))
    for secret in (RITA, NORA, "Rita", "Nora", PASSWORD, WRONG):
        assert secret not in everything
