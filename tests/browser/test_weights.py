"""What a page makes a phone fetch: little at first, nearly nothing again, and nothing twice."""

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest
from playwright.sync_api import CDPSession
from playwright.sync_api import Page as Window

from portal.surveys.states import Touchpoint
from tests.browser.conftest import Opener
from tests.browser.test_pages import come_in, world
from tests.surveys.answering import ask_somebody
from tests.surveys.rows import make_survey
from tests.whole_site.world import World

__all__ = ["world"]
pytestmark = pytest.mark.only("sqlite")  # what is weighed is in the browser

#: Bytes on the wire, headers and all.
FIRST, AGAIN = 100_000, 10_000


@dataclass
class Wire:
    """A window, and what comes to it over the wire: bytes and how often, by address."""

    page: Window
    talk: CDPSession
    bytes: Counter[str] = field(default_factory=Counter)
    times: Counter[str] = field(default_factory=Counter)
    under_way: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, page: Window) -> "Wire":
        """The wire of this window, watched from now on."""
        wire = cls(page, page.context.new_cdp_session(page))
        wire.talk.on("Network.requestWillBeSent", wire._sent)
        wire.talk.on("Network.loadingFinished", wire._done)
        wire.talk.on("Network.loadingFailed", wire._done)
        wire.talk.send("Network.enable")
        return wire

    def view(self, path: str) -> None:
        """Open `path` and count what comes until nothing is left to come."""
        self.page.goto("about:blank")
        self.bytes.clear()
        self.times.clear()
        answer = self.page.goto(path)
        assert answer is not None
        assert answer.status == 200, path
        self.page.evaluate("document.fonts.ready.then(() => true)")
        while self.under_way:
            self.page.wait_for_timeout(10)

    def _sent(self, request: dict[str, Any]) -> None:
        self.under_way[request["requestId"]] = request["request"]["url"].partition("?")[0]

    def _done(self, request: dict[str, Any]) -> None:
        file, length = self.under_way.pop(request["requestId"], ""), int(request.get("encodedDataLength", 0))
        # What a browser has kept takes no bytes.
        if length:
            self.bytes[file] += length
            self.times[file] += 1


def paths_of(world: World) -> dict[str, list[str]]:
    """The pages that matter most, by whose eyes see them."""
    survey = ask_somebody(survey_id=make_survey(Touchpoint.APPLIED))
    ada = world.applications["ada"]
    return {
        "visitor": ["/", "/join", "/openings", f"/openings/{world.slug}", survey.link],
        "ada": ["/me/", "/me/preferences", f"/me/applications/{ada}"],
        "rita": ["/recruiting/"],
    }


def test_pages_weigh_little_at_first_nearly_nothing_again_and_fetch_nothing_twice(
    world: World, open_page: Opener, site: str
) -> None:
    found = []
    for eyes, paths in paths_of(world).items():
        phone = open_page(width=390)
        come_in(phone, world, eyes, site)
        wire = Wire.of(phone)
        for path in paths:
            wire.talk.send("Network.clearBrowserCache")
            for most, when in ((FIRST, "at first"), (AGAIN, "again")):
                wire.view(path)
                assert when == "again" or len(wire.bytes) >= 6, f"{path}: not all that was fetched was seen"
                found += [f"{path} weighs {wire.bytes.total():,} {when}"] if wire.bytes.total() > most else []
                found += [f"{path} fetches {file} twice" for file, times in wire.times.items() if times > 1]
    assert found == []
