"""Nonsense in every field of every form: never a page that says we broke.

That no word of it is ever markup is shown by tests/security/test_polyglot.py, which walks the same forms.
"""

from collections.abc import Collection, Iterator
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from tests.pages import Browser, Form, Page
from tests.whole_site.routes import changed_since, fingerprint, routes
from tests.whole_site.world import World, make_world

NONSENSE = {
    "a choice that does not exist": "no-such-choice",
    "line breaks": "Ada\r\nBcc: eve@example.org\r\n\r\nHello",
    "very long": "x" * 60_000,
    "an address that is longer than any": f"{'a' * 60}@{'b' * 60}.{'c' * 60}.{'d' * 60}.{'e' * 60}.example",
    "beyond every number": "9" * 30,
    "no letters": "\u202e\u200b\ufeff\U0001f9a6\ud7ff",
    "nothing": "",
}
#: What databases and mails take hardest; the rest is what people do every day. `make soak` sends all of it.
HARDEST = ("line breaks", "very long", "beyond every number", "no letters")
#: Words in the addresses of forms that end what other forms need.
_LAST = ("sign-out", "discard", "deactivate", "release", "password")
WHO = ("visitor", "ada", "admin", "rita")


@pytest.fixture
def world(app: Flask) -> World:
    """Two of everything."""
    return make_world(app)


def forms_of(world: World, who: str) -> Iterator[tuple[str, Form]]:
    """Every form that posts on a page that this person can open."""
    found = []
    for rule in routes(world.app, "GET"):
        url = world.url(rule)
        answer = world.browsers[who].client.get(url)
        if answer.status_code == 200 and answer.mimetype == "text/html":
            found += [(form.action or url, form) for form in Page.of(answer).forms if form.method == "post"]
    once = {(target, *sorted(form.names)): (target, form) for target, form in found}
    yield from sorted(once.values(), key=lambda one: one[0])


def ends_something(target: str) -> bool:
    """Whether what the form does takes away what other forms need."""
    return any(word in target for word in _LAST)


def send(browser: Browser, target: str, form: Form, text: str, *, only: str = "") -> TestResponse:
    """The form with `text` in every field (or in one), its token and its time left as they are."""
    kept = {"csrf_token", "rendered", "website"}
    filled: dict[str, Any] = {
        name: text if name not in kept and (not only or name == only) else form.values.get(name, "")
        for name in form.names
    }
    return browser.client.post(target, data=filled)


def send_to_every_form(
    world: World, who: str, kinds: Collection[str], *, alone: bool, known: set[tuple[str, ...]] | None = None
) -> int:
    """How many forms were sent with each text in every field, and `alone` in one after the other; none of them broke.

    The forms that end what others need are sent when every text went into the others. Those that are `known`, because
    somebody sent them before, are left out; what is sent is known from then on.
    """
    seen = 0
    before = fingerprint()
    known = set() if known is None else known
    forms = [one for one in forms_of(world, who) if (one[0], *sorted(one[1].names)) not in known]
    known |= {(target, *sorted(form.names)) for target, form in forms}
    assert changed_since(before) == [], "a look has changed something"
    for is_last in (False, True):
        for text in kinds:
            for target, form in forms:
                if ends_something(target) is is_last:
                    seen += send_each_way(world.browsers[who], target, form, text, alone=alone)
    return seen


def send_each_way(browser: Browser, target: str, form: Form, text: str, *, alone: bool) -> int:
    """One form with the text in every field, and `alone` in each."""
    fields = ("", *(sorted(form.names - {"csrf_token", "rendered"}) if alone else ()))
    for only in fields:
        answer = send(browser, target, form, text, only=only)
        assert answer.status_code < 500, f"{target} answered {answer.status} to {text[:40]!r} in {only or 'all'}"
        # What tests/security/polyglot.py sends.
        assert "<zqx" not in answer.text, target
    return len(fields)


# PostgreSQL alone: it takes everything harder than SQLite does (lengths, numbers, letters), and a walk costs seconds.
@pytest.mark.only("postgresql")
def test_nonsense_in_every_field_breaks_nothing(world: World) -> None:
    known: set[tuple[str, ...]] = set()
    hardest = [NONSENSE[kind] for kind in HARDEST]
    assert all([send_to_every_form(world, who, hardest, alone=False, known=known) for who in WHO])


@pytest.mark.soak
@pytest.mark.only("postgresql")
@pytest.mark.parametrize("kind", NONSENSE)
@pytest.mark.parametrize("who", WHO)
def test_nonsense_in_each_field_alone_breaks_nothing(world: World, who: str, kind: str) -> None:
    assert send_to_every_form(world, who, [NONSENSE[kind]], alone=True)
