"""The six who ask for an opening around the second at which it becomes everybody's."""

from dataclasses import dataclass

from flask import Flask
from sqlalchemy import select

from portal.community.actions import join
from portal.community.models import PersonArea
from portal.core import clock
from portal.core.db import transaction
from portal.core.permissions import Role
from tests.factories import make_person, make_staff, signed_in, visitor
from tests.pages import Browser

#: Who sees an opening in "data" before it is public, and who does not.
MEMBER = "member who looks for data"
OTHERS = ("visitor", "candidate who never joined", "member who looks for design", "recruiter", "feed reader")


def make_member(name: str, *areas: str) -> int:
    """A member who is interested in `areas`; returns the person's id."""
    person_id = make_person(name)
    join(person_id, [], clock.now())
    like(person_id, *areas)
    return person_id


def like(person_id: int, *areas: str) -> None:
    """Let a person be interested in `areas`."""
    with transaction() as own:
        had = set(own.scalars(select(PersonArea.area).where(PersonArea.person_id == person_id)))
        own.add_all(PersonArea(person_id=person_id, area=area) for area in areas if area not in had)


@dataclass
class Asker:
    """One of them, and all the ways in which they can come across an opening."""

    browser: Browser

    def finds(self, slug: str, title: str) -> dict[str, bool]:
        """In which places this opening shows."""
        return {
            "page": self.browser.client.get(f"/openings/{slug}").status_code == 200,
            "list": title in self._text("/openings"),
            "search": f"/openings/{slug}" in self._text(f"/openings?q={title.split()[0]}"),
            "front page": title in self._text("/"),
            "feed": title in self._text("/feeds/openings.xml"),
            "sitemap": slug in self._text("/sitemap.xml"),
            "structured data": "JobPosting" in self._text(f"/openings/{slug}"),
            "filters": "Tartu" in self._text("/openings"),
            "count": "1 opening" in self.browser.get("/openings").text,
        }

    def _text(self, path: str) -> str:
        return self.browser.client.get(path).text


def make_askers(app: Flask) -> dict[str, Asker]:
    """One of each kind, by what they are."""
    rita = make_staff("Rita Sander", Role.RECRUITER)
    browsers = {
        "visitor": visitor(app),
        "candidate who never joined": signed_in(app, _candidate()),
        "member who looks for design": signed_in(app, make_member("Bob Eriksen", "design")),
        MEMBER: signed_in(app, make_member("Ada Lind", "data")),
        "recruiter": signed_in(app, rita),
        "feed reader": visitor(app),
    }
    return {name: Asker(browser) for name, browser in browsers.items()}


def _candidate() -> int:
    """Somebody who looks for the same and is no member."""
    person_id = make_person("Nora Novak")
    like(person_id, "data")
    return person_id
