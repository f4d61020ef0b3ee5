"""A real Chromium against the site on a free port; an error in the console or a broken policy fails the test."""

import os
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import which
from typing import Any

import pytest
from flask import Flask
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect
from werkzeug.middleware.dispatcher import DispatcherMiddleware
from werkzeug.serving import make_server
from werkzeug.wrappers import Response

from portal.core.db import end_reading
from portal.worker import run_worker
from tests.pages import Browser as SignedIn

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = (Path(__file__).parent / "axe.min.js").read_text()
AXE_PATH = "/axe.min.js"
#: Loads a script of the site and leaves the page as it was.
LOAD = """path => new Promise((loaded, failed) => {
    const script = Object.assign(document.createElement("script"), {src: path, onload: loaded, onerror: failed});
    document.head.append(script);
    script.remove();
})"""
#: Milliseconds for what comes at once where nothing else runs: both cores may be busy with other tests.
PATIENCE = 30_000
expect.set_options(timeout=PATIENCE)
#: What autosave.js keeps of what somebody typed is gone, for `wait_for_function`.
NOTHING_KEPT = "!Object.keys(localStorage).some((key) => key.startsWith('autosave:'))"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    """Chromium as bin/chromium found it; without it the tests fail and say how to get one."""
    path = os.environ.get("CHROMIUM") or which("chromium-headless-shell") or "/usr/bin/chromium"
    assert Path(path).exists(), "There is no Chromium. Run `make test`, or set CHROMIUM to its path."
    return {**browser_type_launch_args, "executable_path": path, "args": ARGUMENTS}


class Attended:
    """A site of which one knows when it has answered everybody: what a window asked last may still be written."""

    def __init__(self, app: Callable[..., Any]) -> None:
        self._app, self._count, self._changed = app, 0, threading.Condition()

    def __call__(self, *request: Any) -> Any:
        self._note(1)
        try:
            return self._app(*request)
        finally:
            self._note(-1)

    def _note(self, change: int) -> None:
        with self._changed:
            self._count += change
            self._changed.notify_all()

    def wait_until_quiet(self) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self._count == 0, PATIENCE / 1000), "a request has no end"


@pytest.fixture
def site(app: Flask) -> Iterator[str]:
    """The site on a free port of loopback."""
    attended = Attended(app)
    axe = Response(AXE, mimetype="text/javascript", headers={"Cache-Control": "public, max-age=3600, immutable"})
    server = make_server("127.0.0.1", 0, DispatcherMiddleware(attended, {AXE_PATH: axe}), threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    attended.wait_until_quiet()
    server.shutdown()
    thread.join(5)
    server.server_close()


@pytest.fixture
def do_work(app: Flask) -> Callable[[], None]:
    """Let the worker do all that is due."""

    def work() -> None:
        # Whoever still reads keeps SQLite's log from being emptied; the worker would try for seconds.
        end_reading()
        run_worker(app, until_idle=True, stop=threading.Event())

    return work


Opener = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser, site: str) -> Iterator[Opener]:
    """Opens a window of its own (width, scheme, javascript); every complaint of the browser fails the test."""
    complaints: list[str] = []
    contexts: list[BrowserContext] = []

    def note(message: ConsoleMessage) -> None:
        is_meant = "status of 4" in message.text or "ERR_INTERNET_DISCONNECTED" in message.text
        if message.type == "error" and not is_meant:
            complaints.append(message.text)

    def make(*, width: int = 1280, scheme: str = "light", javascript: bool = True) -> Page:
        context = browser.new_context(
            base_url=site,
            viewport={"width": width, "height": 900},
            color_scheme=scheme,  # type: ignore[arg-type]  # "light" or "dark"
            java_script_enabled=javascript,
            reduced_motion="reduce",
        )
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(PATIENCE)
        page.on("console", note)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        return page

    yield make
    for context in contexts:
        context.close()
    assert complaints == []


def give_session(page: Page, browser: SignedIn, site: str) -> None:
    """Let the person who is signed in in a browser of the tests be signed in in this window."""
    cookie = browser.client.get_cookie("rapport")
    assert cookie is not None
    page.context.add_cookies([{"name": cookie.key, "value": cookie.value, "url": site}])


def violations(page: Page) -> list[str]:
    """What axe finds on a page that is what it should be: one line per broken rule."""
    # After a press the new page has its address before it has its words.
    page.wait_for_load_state()
    headings, has_axe = page.evaluate("[document.querySelectorAll('h1').length, 'axe' in window]")
    assert headings == 1, f"no heading on {page.url}"
    if not has_axe:
        page.evaluate(AXE)
    return _found(page, {"type": "tag", "values": TAGS})


def load_axe(page: Page) -> None:
    """Let this page have axe as a script of the site: on the next one the browser knows already what it says."""
    page.evaluate(LOAD, AXE_PATH)


def faint_in_the_dark(page: Page) -> list[str]:
    """What axe finds too faint in the dark scheme on the page it looked at in the light one; colours alone differ."""
    page.emulate_media(color_scheme="dark")
    found = _found(page, {"type": "rule", "values": ["color-contrast"]})
    page.emulate_media(color_scheme="light")
    return [f"in the dark, {line}" for line in found]


def _found(page: Page, rules: dict[str, object]) -> list[str]:
    # A mail in a frame runs no script, so axe would wait for its answer for ever. Of what passed nothing is asked: to
    # collect it and to carry it over took longer than to look.
    options = {"runOnly": rules, "iframes": False, "resultTypes": ["violations"]}
    found: list[str] = page.evaluate(
        "async options => (await axe.run(options)).violations.map(v => `${v.id}: ${v.nodes[0].html.slice(0, 160)}`)",
        options,
    )
    return found


def overflow(page: Page) -> int:
    """By how many pixels the page is wider than its window; of one that is on its way, once it is there."""
    page.wait_for_load_state()
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
