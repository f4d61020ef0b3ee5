"""Fields that no page shows, sent all the same: they change nothing."""

from flask import Flask

from portal.core.permissions import Role
from portal.people.queries import find_by_email, find_staff
from tests.accounts import visitors
from tests.factories import public_id_of, visitor
from tests.whole_site.world import World, make_world

FORBIDDEN = {
    "role": "admin",
    "person_id": "1",
    "id": "1",
    "public_id": "1",
    "is_staff": "on",
    "is_admin": "1",
    "email": "eve@example.org",
    "email_verified": "1",
    "claimed_at": "2020-01-01",
    "candidate_id": "1",
    "owner_id": "1",
    "seen": "9999999999",
    "_user_id": "x",
}


def _submit(world: World, who: str, path: str, having: str, **values: object) -> None:
    browser = world.browsers[who]
    form = browser.get(path).form(having=having)
    own = {name: value for name, value in FORBIDDEN.items() if name not in form.names}
    browser.client.post(path, data={**form.values, **own, "public_id": public_id_of(world.people["rita"]), **values})


def test_own_pages_change_only_what_they_show(app: Flask) -> None:
    world = make_world(app)
    _submit(world, "ada", "/me/account", "timezone", name="Ada Nowak")
    _submit(world, "ada", "/me/preferences", "skills", skills="Python")
    ada, rita = find_by_email("ada@example.org"), find_by_email("rita@example.org")
    assert ada is not None
    assert rita is not None
    assert (ada.id, ada.name, rita.name) == (world.people["ada"], "Ada Nowak", "Rita Sander")
    assert find_by_email("eve@example.org") is None
    assert find_staff(ada.id) is None
    assert world.browsers["ada"].client.get("/recruiting/").status_code == 404


def test_invited_person_gets_the_role_of_the_invitation_and_no_other(app: Flask) -> None:
    path = visitors.invite(role=Role.HIRING_MANAGER)
    browser = visitor(app)
    form = browser.get(path).form(having="password")
    browser.client.post(path, data={**FORBIDDEN, **form.values, "name": "Rita", "password": "a-long-new-password"})
    person = find_by_email(visitors.RITA)
    assert person is not None
    staff = find_staff(person.id)
    assert staff is not None
    assert staff.role is Role.HIRING_MANAGER
    assert find_by_email("eve@example.org") is None
