"""Every text of ours goes through gettext: a pseudo-locale marks what does, and the rest is found."""

import zoneinfo
from collections.abc import Iterator

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.core import i18n
from portal.core.db import Model, db, transaction
from portal.core.settings import current_settings
from portal.people.models import Person
from portal.people.rules import initials
from portal.setup.queries import sender
from tests.pages import Page
from tests.whole_site.access import ACCESS, DEVELOPMENT
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


@pytest.mark.only("sqlite")
def test_no_page_says_anything_untranslated(app: Flask, pseudo: None) -> None:
    world = make_world(app)
    with transaction() as own:
        own.execute(update(Person).values(locale=LOCALE))
    known = words_of(known_texts(app))
    found = {}
    for name in ("visitor", "ada", "admin"):
        for rule in routes(world.app, "GET"):
            if rule.endpoint == "static" or ACCESS["GET", str(rule.endpoint)] == DEVELOPMENT:
                continue
            words = _untranslated_at(world, name, world.url(rule), known)
            if words:
                found[f"{name} {rule.rule}"] = words
    assert found == {}


def _untranslated_at(world: World, name: str, url: str, known: set[str]) -> list[str]:
    answer = world.browsers[name].client.get(url)
    if answer.mimetype != "text/html" or answer.status_code in {301, 302, 303}:
        return []
    page = Page.of(answer)
    return untranslated(page, known | words_of([answer.headers["X-Request-ID"]]))


def test_an_untranslated_word_is_found() -> None:
    left = unmarked("⟦Hello⟧ Ada, welcome back ⟦in ⟦Warsaw⟧ now⟧", words_of(["Ada"]))
    assert left == {"back", "welcome"}
