"""Takes the pictures: a page is fetched once for phones and once for desks, and then seen in each width and scheme."""

import os
import re
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser as Chromium
from playwright.sync_api import Page, sync_playwright

from tests.screens.sites import Site

#: The width of A4 at 96 dots an inch.
PAPER = 794
#: Pixels of the highest picture; nobody looks further down.
HIGHEST = 6000
PHONES, DESKS = (390, 320), (1280, 1920)
_WAYS: dict[str, dict[str, Any]] = {
    "light": {"color_scheme": "light", "forced_colors": "none", "media": "screen"},
    "dark": {"color_scheme": "dark", "forced_colors": "none", "media": "screen"},
    "forced": {"color_scheme": "dark", "forced_colors": "active", "media": "screen"},
    "print": {"color_scheme": "light", "forced_colors": "none", "media": "print"},
}


@dataclass(frozen=True)
class Shot:
    """A page to take pictures of."""

    story: str
    name: str
    eyes: str
    url: str
    widths: tuple[int, ...] = (390, 1280)
    ways: tuple[str, ...] = ("light", "dark")
    is_chosen: bool = False


@dataclass(frozen=True)
class Picture:
    """A picture in the gallery."""

    file: str
    story: str
    name: str
    eyes: str
    url: str
    width: int
    way: str
    is_chosen: bool


class Camera:
    """Takes pictures of one site into a folder."""

    def __init__(self, chromium: Chromium, site: Site, folder: Path) -> None:
        self._chromium, self._site, self._folder = chromium, site, folder
        self.pictures: list[Picture] = []
        self.complaints: list[str] = []

    def take(self, shots: Iterable[Shot], cookies: dict[str, str | None]) -> None:
        """Pictures of all of these, each seen by whom this cookie makes."""
        by_eyes: dict[str, list[Shot]] = {}
        for shot in shots:
            by_eyes.setdefault(shot.eyes, []).append(shot)
        for eyes, theirs in by_eyes.items():
            for widths in (PHONES, DESKS):
                self._take_with(widths, theirs, cookies[eyes])

    def _take_with(self, widths: tuple[int, ...], shots: list[Shot], cookie: str | None) -> None:
        context = self._chromium.new_context(
            base_url=self._site.address,
            viewport={"width": widths[0], "height": 844},
            has_touch=widths is PHONES,
            is_mobile=widths is PHONES,
            reduced_motion="reduce",
        )
        if cookie:
            context.add_cookies([{"name": "rapport", "value": cookie, "url": self._site.address}])
        page = context.new_page()
        for shot in shots:
            wanted = [width for width in widths if width in shot.widths]
            if wanted:
                self._take(page, shot, wanted)
        context.close()

    def _take(self, page: Page, shot: Shot, widths: list[int]) -> None:
        page.emulate_media(**_WAYS["light"])
        answer = page.goto(shot.url)
        status = answer.status if answer else 0
        if status != 200:
            self.complaints.append(f"{shot.eyes} got {status} at {shot.url}")
            return
        page.evaluate("document.fonts.ready.then(() => true)")
        for width in widths:
            page.set_viewport_size({"width": width, "height": 844})
            wide = page.evaluate("document.documentElement.scrollWidth")
            if wide > width:
                self.complaints.append(f"{shot.url} of {shot.story} is {wide - width} pixels wider than {width}")
            for way in shot.ways:
                if way != "print":
                    self._picture(page, shot, width, way)
        if "print" in shot.ways and 1280 in widths:
            self._picture(page, shot, PAPER, "print")
            page.pdf(path=self._folder / f"{_stem(shot)}.pdf", format="A4", margin=dict.fromkeys(_SIDES, "15mm"))

    def _picture(self, page: Page, shot: Shot, width: int, way: str) -> None:
        page.emulate_media(**_WAYS[way])
        # As high as the page: a picture beyond its window is taken as if there were no fingers but a mouse.
        page.set_viewport_size({"width": width, "height": 844})
        high = min(page.evaluate("document.documentElement.scrollHeight"), HIGHEST)
        page.set_viewport_size({"width": width, "height": high})
        file = f"{_stem(shot)}-{width}-{way}.jpg"
        page.screenshot(
            path=self._folder / file,
            type="jpeg",
            quality=72,
            animations="disabled",
        )
        shown = (shot.story, shot.name, shot.eyes, shot.url, width, way, shot.is_chosen)
        self.pictures.append(Picture(file, *shown))


_SIDES = ("top", "right", "bottom", "left")


def _stem(shot: Shot) -> str:
    return re.sub(r"[^a-z0-9]+", "-", f"{shot.story}-{shot.name}-{shot.eyes.split('@')[0]}".lower())


@contextmanager
def chromium() -> Iterator[Chromium]:
    """The browser that `bin/chromium` found."""
    arguments = ["--no-sandbox", "--disable-gpu", "--disable-background-networking", "--hide-scrollbars"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=os.environ["CHROMIUM"], args=arguments)
        yield browser
        browser.close()
