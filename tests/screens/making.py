"""Makes the sites, lets two processes take the pictures, and hangs them in a gallery."""

import json
import logging
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from multiprocessing import get_context
from pathlib import Path

from portal.core import clock
from portal.core.db import db
from portal.core.migrations import upgrade
from tests.conftest import START, Time
from tests.pages import Browser
from tests.screens.camera import Camera, Picture, Shot, chromium
from tests.screens.pages import chosen, first_day, not_linked, others
from tests.screens.sites import Site, make_app, make_sites, served, serving
from tests.screens.walk import Walk
from tests.whole_site.world import make_new_world

HERE = Path(__file__).parent
ROOT = HERE.parent.parent
#: Not kept in the repository.
OUT = ROOT / "test-results" / "screens"
#: Pictures that the README shows; `make screens ARGS=--keep` takes them into docs/pictures.
KEPT = {
    "full-application-ada-1280-light.jpg": "application",
    "full-desk-rita-1280-light.jpg": "desk",
    "full-survey-question-silas-390-dark.jpg": "survey",
}
Result = tuple[list[Picture], list[str]]


def make_screens(*, keeps: bool) -> bool:
    """Take all pictures and say in one line each what is not as it should be; whether all is."""
    began = time.monotonic()
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with tempfile.TemporaryDirectory(prefix="rapport-screens-") as name:
        sites = Path(name)
        _in_silence()
        make_sites(sites)
        with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=_in_silence) as pool:
            tasks = [pool.submit(task, sites) for task in (shoot_demo, shoot_names, shoot_empty, shoot_world)]
            results = [task.result() for task in tasks]
    pictures = [picture for found, _ in results for picture in found]
    complaints = list(dict.fromkeys(line for _, lines in results for line in lines))
    _hang(pictures)
    for line in complaints:
        sys.stderr.write(f"{line}\n")
    if keeps:
        _keep()
    taken = f"{len(pictures)} pictures in {time.monotonic() - began:.0f} s"
    sys.stdout.write(f"{taken}: {(OUT / 'index.html').relative_to(ROOT)}\n")
    return not complaints


def _in_silence() -> None:
    """The log of each request would hide what is said."""
    logging.disable(logging.CRITICAL)


def shoot_demo(sites: Path) -> Result:
    """Every page that is linked in the demo, the chosen ones in all ways."""
    with serving(sites / "full") as site:
        walk = Walk(site)
        walk.everybody()
        special = chosen(walk, "full")
        (sites / "seen.json").write_text(json.dumps(list(walk.stops)))
        pictures, complaints = _take(site, [*special, *others(walk, special, "full")], site.browser)
        return pictures, walk.broken + complaints


def shoot_names(sites: Path) -> Result:
    """The chosen pages with names that are long, and with names that are read from right to left."""
    pictures: list[Picture] = []
    complaints: list[str] = []
    for story in ("long", "rtl"):
        with serving(sites / story) as site:
            walk = Walk(site)
            walk.everybody()
            taken, lines = _take(site, chosen(walk, story), site.browser)
            pictures, complaints = pictures + taken, complaints + lines
    return pictures, complaints


def shoot_empty(sites: Path) -> Result:
    """A company on its first day."""
    with serving(sites / "empty") as site:
        return _take(site, first_day(site), site.browser)


def shoot_world(sites: Path) -> Result:
    """What the walk did not come to."""
    folder = sites / "world"
    folder.mkdir()
    with clock.running_from(Time(START)), served(make_app(folder)) as site:
        upgrade(db.engines["write"])
        world = make_new_world(site.app)
        with serving(sites / "rtl") as demo:
            walk = Walk(demo)
            walk.everybody()
        return _take(site, not_linked(world, set(walk.stops)), world.browsers.__getitem__)


def _take(site: Site, shots: Iterable[Shot], browser_of: Callable[[str], Browser]) -> Result:
    wanted = list(shots)
    cookies = {eyes: _cookie(browser_of(eyes)) for eyes in {shot.eyes for shot in wanted}}
    with chromium() as browser:
        camera = Camera(browser, site, OUT)
        camera.take(wanted, cookies)
    return camera.pictures, camera.complaints


def _cookie(browser: Browser) -> str | None:
    cookie = browser.client.get_cookie("rapport")
    return None if cookie is None else cookie.value


def _hang(pictures: list[Picture]) -> None:
    """Write the gallery's page."""
    text = (HERE / "gallery.html").read_text()
    shown = json.dumps([asdict(picture) for picture in pictures], ensure_ascii=False).replace("<", "\\u003c")
    (OUT / "index.html").write_text(text.replace("/*PICTURES*/[]", shown))


def _keep() -> None:
    """Take some pictures into docs/pictures, in fewer colours: the README stays light."""
    from PIL import Image

    for file, name in KEPT.items():
        with Image.open(OUT / file) as picture:
            picture.crop((0, 0, picture.width, min(picture.height, picture.width * 5 // 4))).quantize(128).save(
                ROOT / "docs" / "pictures" / f"{name}.png", optimize=True
            )
