"""From page to page along the links, as each kind of person would, until every page that is linked was seen."""

import re
from collections import Counter, deque
from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from sqlalchemy import select
from werkzeug.exceptions import HTTPException
from werkzeug.routing import RequestRedirect
from werkzeug.test import TestResponse

from portal.core.db import session
from portal.outbox.models import DevMail
from tests.pages import Browser
from tests.screens.sites import EYES, Site

#: So many pages of a kind are read for the links on them.
READ = 4
STARTS = {"visitor": "/", "rita": "/recruiting/", "hugo": "/recruiting/", "admin": "/recruiting/"}
_LINK = re.compile(r'<a\b[^>]*?\bhref="([^"#]+)')
_IN_MAIL = re.compile(r"http://localhost(/[^\s\"<>]+)")


@dataclass(frozen=True)
class Stop:
    """A page of one kind, and who saw it first."""

    eyes: str
    endpoint: str
    url: str


def is_page(answer: TestResponse) -> bool:
    """Whether somebody reads this in a window of its own: no file, and no part that is shown inside a page."""
    is_framed = "sandbox" in answer.headers.get("Content-Security-Policy", "")
    return answer.mimetype == "text/html" and not is_framed and "<h1" in answer.get_data(as_text=True)


class Walk:
    """What was found on the way."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.stops: dict[str, Stop] = {}
        #: Pages that were linked and are not there.
        self.broken: list[str] = []
        self._urls = site.app.url_map.bind("localhost")

    def everybody(self) -> None:
        """Send all of them; a visitor also follows what stands in the mails."""
        for eyes in EYES:
            starts = [STARTS.get(eyes, "/me/")]
            if eyes == "visitor":
                starts += ["/dev/components", *self._links_in_mails()]
            self.follow(eyes, starts)

    def follow(self, eyes: str, starts: list[str]) -> None:
        """Walk from these addresses."""
        browser = self.site.browser(eyes)
        read: Counter[str] = Counter()
        to_come, known = deque(starts), set(starts)
        while to_come:
            url = to_come.popleft()
            endpoint = self._endpoint(url)
            if not endpoint or read[endpoint] >= READ or (read[endpoint] and "?" in url):
                continue
            read[endpoint] += 1
            for link in self._look(Stop(eyes, endpoint, url), browser):
                parts = urlsplit(urljoin(f"http://localhost{url}", link.replace("&amp;", "&")))
                address = parts.path + (f"?{parts.query}" if parts.query else "")
                if parts.netloc == "localhost" and address not in known:
                    known.add(address)
                    to_come.append(address)

    def _look(self, stop: Stop, browser: Browser) -> list[str]:
        """Keep a page that is there; the links on it."""
        answer = browser.client.get(stop.url)
        if answer.status_code in {301, 302, 303, 308}:
            return [answer.location]
        if answer.status_code != 200:
            self.broken.append(f"{stop.eyes} got {answer.status} at {stop.url}")
            return []
        if not is_page(answer):
            return []
        self.stops.setdefault(stop.endpoint, stop)
        return _LINK.findall(answer.get_data(as_text=True))

    def _endpoint(self, url: str) -> str:
        try:
            endpoint, _values = self._urls.match(urlsplit(url).path)
        except (HTTPException, RequestRedirect):
            return ""
        return "" if endpoint in {"static", "dev.mailbox.html_part", "dev.mailbox.example"} else str(endpoint)

    def _links_in_mails(self) -> Iterator[str]:
        newest: dict[str, str] = {}
        for text in session().scalars(select(DevMail.text).order_by(DevMail.id.desc())):
            for url in _IN_MAIL.findall(text):
                newest.setdefault(self._endpoint(url.rstrip(".,)")), url.rstrip(".,)"))
        newest.pop("", None)
        yield from newest.values()
