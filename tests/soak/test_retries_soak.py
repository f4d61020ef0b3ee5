"""A proxy that sends a form a second time while the first is still on its way: what it makes is made once."""

from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import Any

import pytest
from flask import Flask
from sqlalchemy import func, select

from portal.core.db import Model, end_reading, session
from tests.faults.test_nonsense import ends_something, forms_of
from tests.pages import Browser, Form
from tests.whole_site.world import make_world

pytestmark = pytest.mark.soak
#: Whoever is not signed in can only ask for a mail.
WHO = ("ada", "rita", "admin")
#: Tables of how often something was tried or pressed, and of mail that development keeps to look at.
_COUNTERS = frozenset({"try_count", "dev_mail", "audit_record"})
#: Each time a fresh mail comes, and the link in it takes the place of the one before; and a test mail to oneself.
_FRESH_MAIL = ("/addresses/add", "/addresses/change", "/apply", "/join", "/reset", "/sign-in", "/fresh", "/mail/test")
#: What a field wants when nothing stands in it.
_FILLINGS = {"email": "somebody.new@example.org", "address": "somebody.new@example.org", "emails": "a.new@example.org"}


def filled(form: Form, words: str) -> dict[str, Any]:
    """The form as it stands, with words where there are none."""
    return {
        name: form.values.get(name) or _FILLINGS.get(name, words)
        for name in sorted(form.names)
        if name not in {"website"} and (name in form.values or "file" not in name)
    }


def rows() -> Counter[str]:
    """How many rows each table has."""
    end_reading()
    counted = {
        table: session().scalar(select(func.count()).select_from(table)) for table in Model.metadata.sorted_tables
    }
    end_reading()
    return Counter({table.name: count for table, count in counted.items() if table.name not in _COUNTERS})


def send(browser: Browser, path: str, values: dict[str, Any], times: int) -> tuple[list[int], Counter[str]]:
    """The statuses, and what there is more of."""
    before, start = rows(), Barrier(times)
    copies = [Browser(browser.app) for _ in range(times)]
    for one in copies:
        one.client._cookies = dict(browser.client._cookies or {})

    def press(one: Browser) -> int:
        start.wait()
        return one.client.post(path, data=values).status_code

    with ThreadPoolExecutor(times) as pool:
        statuses = sorted(pool.map(press, copies))
    return statuses, rows() - before


@pytest.mark.parametrize("who", WHO)
def test_the_same_form_twice_at_once_and_once_more_makes_what_it_makes_once(app: Flask, who: str) -> None:
    world = make_world(app)
    browser, wrong, made = world.browsers[who], [], 0
    for number, (path, form) in enumerate(forms_of(world, who)):
        if ends_something(path) or path.endswith(_FRESH_MAIL):
            continue
        once, alone = send(browser, path, filled(form, f"Alone {number}"), 1)
        if once != [303] or not alone:
            continue
        made += 1
        values = filled(form, f"Twice {number}")
        if "form_key" in values:
            values["form_key"] = f"key-of-{number}"
        _statuses, both = send(browser, path, values, 2)
        _status, late = send(browser, path, values, 1)
        if any(both[table] > alone[table] for table in both) or late:
            wrong.append(f"{path}: alone {dict(alone)}, twice at once {dict(both)}, once more {dict(late)}")
    assert made
    assert not wrong, "\n".join(wrong)
