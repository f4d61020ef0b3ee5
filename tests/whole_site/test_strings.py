"""Every text of ours goes through gettext: a pseudo-locale marks what does, and the rest is found.

The same walk listens: what is hard to hear with a screen reader, and titles that do not tell two pages apart.
"""

import zoneinfo
from collections import defaultdict
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update
from werkzeug.routing import Rule

from portal.core import i18n
from portal.core.db import Model, db, transaction
from portal.core.settings import current_settings
from portal.people.models import Person
from portal.people.rules import initials
from portal.setup.queries import sender
from tests.pages import Page
from tests.reading import read_page
from tests.whole_site.access import DEVELOPMENT, access_of
from tests.whole_site.hearing import hard_to_hear
from tests.whole_site.routes import routes
from tests.whole_site.strings import LOCALE, Pseudo, unmarked, untranslated, words_of
from tests.whole_site.world import DATA, World, make_world


@pytest.fixture
def pseudo(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Everybody reads the pseudo-locale."""
    monkeypatch.setattr(i18n, "LOCALES", (LOCALE,))
    i18n.add_catalogue(LOCALE, Pseudo())
    yield
    i18n._extra_catalogues.clear()


def known_texts(app: Flask) -> list[str]:
    """Texts that come from the data, which nobody translates."""
    texts = [
        current_settings().org_name,
        "Firefox on Linux",
        "lever greenhouse English",
        *zoneinfo.available_timezones(),
        # Babel translates these itself.
        *i18n.babel_locale().territories.values(),
        *(f"{record.host} {record.value}" for record in sender().records),
    ]
    texts.append((DATA / "applications-lever.tsv").read_text())
    with db.engines["write"].connect() as connection:
        for table in Model.metadata.sorted_tables:
            for row in connection.execute(select(table)):
                texts += [str(value) for value in row if isinstance(value, str | dict | list)]
        texts += [initials(name) for name in connection.scalars(select(Person.name))]
        connection.rollback()
    return texts


#: Mails as their readers see them, shown in a frame: how they are heard is the mail program's affair.
MAILS = {"recruiting.updates.mail_frame", "recruiting.wording.shown"}
#: Pages that are the same by another way, or of which only one is there at a time.
SAME = (
    {"/me/updates/<slug>", "/updates/<slug>"},
    {"/me/surveys/<public_id>", "/me/surveys/<public_id>/thanks"},
    {"/recruiting/openings/<public_id>/finish", "/recruiting/openings/<public_id>/finish/letters"},
    {"/recruiting/openings/<public_id>/pipeline/pool", "/recruiting/pools/put"},
    {"/recruiting/segments/<public_id>/why/<person_id>", "/recruiting/segments/ready/<ready>/why/<person_id>"},
)


@pytest.mark.only("sqlite")
def test_every_page_is_translated_and_can_be_heard(app: Flask, pseudo: None) -> None:
    world = make_world(app)
    with transaction() as own:
        own.execute(update(Person).values(locale=LOCALE))
    known = words_of(known_texts(app))
    found, titles = {}, defaultdict(set)
    for name in ("visitor", "ada", "admin"):
        for rule in routes(world.app, "GET"):
            if (page := _page_at(world, name, rule)) is None:
                continue
            stumbles = untranslated(page, known | words_of([page.response.headers["X-Request-ID"]]))
            # Without a title it is a part of a page that is fetched anew.
            if page.title and rule.endpoint not in MAILS:
                assert page.tree is not None
                stumbles += hard_to_hear(page.tree, page.path, lambda text: not unmarked(text, frozenset()))
                if page.status == 200:
                    titles[page.title].add(rule.rule)
            if stumbles:
                found[f"{name} {rule.rule}"] = stumbles
    assert found == {}
    assert {title: rules for title, rules in titles.items() if len(rules) > 1 and rules not in SAME} == {}


def _page_at(world: World, name: str, rule: Rule) -> Page | None:
    if rule.endpoint == "static" or access_of("GET", str(rule.endpoint)) == DEVELOPMENT:
        return None
    answer = world.browsers[name].client.get(world.url(rule))
    is_page = answer.mimetype == "text/html" and answer.status_code not in {301, 302, 303}
    return Page.of(answer) if is_page else None


def test_an_untranslated_word_is_found() -> None:
    left = unmarked("⟦Hello⟧ Ada, welcome back ⟦in ⟦Warsaw⟧ now⟧", words_of(["Ada"]))
    assert left == {"back", "welcome"}


def test_what_is_hard_to_hear_is_found() -> None:
    page = """<!doctype html>
<html><head><title>A page</title></head><body><main><h1>A page</h1><h3>Too deep</h3>
<a href="/one">Open</a><a href="/two">Open</a><a href="/three">Ada</a><a href="/four">Ada</a><button></button>
<img src="/x"><fieldset><input type="radio"></fieldset><table><tr><td>1</td></tr></table>
<p aria-describedby="gone" tabindex="2">Words</p></main></body></html>"""
    assert hard_to_hear(read_page(page), "/", lambda text: text == "Open") == [
        "it does not say its language",
        "h3 “Too deep” after h1",
        "without a name: button",
        "a picture without words: img src=/x",
        "a group without a name: fieldset",
        "a table without a caption: 1",
        "a table without a header, or with an empty one: ",
        "p aria-describedby=gone tabindex=2 means gone, which is not there",
        "out of order: p aria-describedby=gone tabindex=2",
        "link “Open” means 2 things: ['/one', '/two']",
    ]
