"""The menu says where one is, on pages without an entry of their own as well."""

import pytest
from flask import Flask

from portal.core.permissions import Role
from tests.factories import make_person, make_staff, public_id_of, signed_in

_NS = "{http://www.w3.org/1999/xhtml}"


@pytest.mark.only("sqlite", because="it is about links")
@pytest.mark.parametrize(
    ("path", "entry"),
    [
        ("/recruiting/admin/staff/{of}", "Staff"),
        ("/recruiting/admin/staff/{of}/profile", "Staff"),
        ("/recruiting/admin/staff/{of}/away", "Staff"),
        ("/recruiting/admin/staff/{of}/leave", "Staff"),
        ("/recruiting/profile", "Your profile"),
        ("/recruiting/profile/away", "Your profile"),
        ("/recruiting/profile/second-factor", "Your profile"),
    ],
)
def test_the_menu_says_where_one_is(app: Flask, path: str, entry: str) -> None:
    of = public_id_of(make_staff("Rita Sander"))
    page = signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(path.format(of=of))
    assert page.tree is not None
    current = [e for e in page.tree.iter(f"{_NS}a") if e.get("aria-current")]
    assert [" ".join("".join(e.itertext()).split()) for e in current] == [entry]


@pytest.mark.only("sqlite", because="it is about links")
@pytest.mark.parametrize("page", ["", "/password", "/addresses/change", "/addresses/add", "/addresses/join"])
def test_the_menu_of_a_candidate_says_account_on_every_page_of_it(app: Flask, page: str) -> None:
    tree = signed_in(app, make_person()).get(f"/me/account{page}").tree
    assert tree is not None
    current = [
        e for e in tree.iter(f"{_NS}a") if e.get("aria-current") == "page" and e.get("href", "").startswith("/me")
    ]
    assert {e.get("href") for e in current} == {"/me/account"}


@pytest.mark.only("sqlite", because="it is about links")
def test_the_way_back_from_a_colleagues_days_leads_over_the_staff_and_their_name(app: Flask) -> None:
    of = public_id_of(make_staff("Rita Sander"))
    page = signed_in(app, make_staff("Mo Admin", Role.ADMIN)).get(f"/recruiting/admin/staff/{of}/away")
    assert {"/recruiting/admin/staff", f"/recruiting/admin/staff/{of}"} <= set(page.links)
