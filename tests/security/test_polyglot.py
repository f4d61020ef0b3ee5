"""What was typed is never markup, never runs, never a formula and never a header, wherever it comes out again."""

import threading
from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal.core.permissions import Role
from portal.worker import run_worker
from tests.conftest import Time
from tests.factories import make_staff, signed_in, visitor
from tests.faults.test_nonsense import WHO, ends_something, forms_of, send_each_way
from tests.outbox.incoming import reachable
from tests.security.polyglot import (
    LINK,
    LONG,
    SHORT,
    crawl,
    put_in,
    wrong_in_calendar,
    wrong_in_html,
    wrong_in_mails,
    wrong_in_table,
    wrong_in_xml,
)
from tests.whole_site.world import World, make_world

#: Words in the addresses of forms that take people away: nothing of theirs could come out.
_TAKE_AWAY = ("privacy", "erase", "leave", "colleagues", "staff")


def fill_in(world: World, text: str) -> None:
    """Send every form with the text in each field alone, but those that end what others need."""
    known = set[tuple[str, ...]]()
    for who in WHO:
        for target, form in forms_of(world, who):
            what = (target, *sorted(form.names))
            if what in known or ends_something(target) or any(word in target for word in _TAKE_AWAY):
                continue
            known.add(what)
            send_each_way(world.browsers[who], target, form, text, alone=True)


def come_out(app: Flask, folder: Path, time: Time, texts: list[str], most: int) -> None:
    """Put the texts in everywhere, one after the other in each field alone, and look at all that comes out."""
    world = make_world(app)
    with reachable():
        for text in texts:
            fill_in(world, text)
            put_in(world, text, folder)
    time.pass_by(minutes=30)
    run_worker(app, until_idle=True, stop=threading.Event())
    # Some of what was sent may have signed people out, or taken their role.
    again = {
        "visitor": visitor(app),
        "ada": signed_in(app, world.people["ada"]),
        "rita": signed_in(app, make_staff("Nadia Reader", email="nadia@example.org")),
        "admin": signed_in(app, make_staff("Omar Reader", Role.ADMIN, "omar@example.org")),
    }
    found = {who: crawl(replace(world, browsers=again), who, most) for who in again}
    assert [line for _met, wrong in found.values() for line in wrong] == []
    met, wrong = wrong_in_mails()
    assert wrong == []
    # What nobody took anywhere would prove nothing.
    assert found["rita"][0] > 20
    assert found["ada"][0] > 5
    assert met > 3


@pytest.mark.only("sqlite")  # the pages are the same, and SQLite takes more of what is typed
def test_a_polyglot_comes_out_as_it_went_in(app: Flask, tmp_path: Path, time: Time) -> None:
    come_out(app, tmp_path, time, [SHORT], 150)


@pytest.mark.soak
def test_every_polyglot_comes_out_as_it_went_in(app: Flask, tmp_path: Path, time: Time) -> None:
    come_out(app, tmp_path, time, [SHORT, LINK, LONG], 5_000)


def test_what_would_be_wrong_is_found() -> None:
    page = "<!doctype html><html><head><title>x</title></head><body>{}</body></html>"
    assert wrong_in_html(page.format("<p>&lt;zqx&gt;</p>")) == []
    for bad in ("<zqx>", "<p onzqx=1>", "<a href='javascript:x'>x</a>", "<p onclick=x>", "<script>zqx</script>"):
        assert wrong_in_html(page.format(bad)) != []
    assert wrong_in_table("a,=zqx\r\n") == ["=zqx"]
    assert wrong_in_table("a,'=zqx\r\n") == []
    assert wrong_in_xml("<feed><zqx/></feed>") != []
    assert wrong_in_calendar("BEGIN:VCALENDAR\r\nX-ZQX:1\r\nEND:VCALENDAR\r\n") == ["X-ZQX"]
