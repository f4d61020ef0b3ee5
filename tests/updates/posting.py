"""Updates as tests need them: written, published, and all the ways in which somebody can come across one."""

from dataclasses import dataclass
from typing import Any

from flask import Flask
from sqlalchemy import select

from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session
from portal.core.permissions import Role
from portal.updates.actions import create_update, publish_update, save_draft
from portal.updates.jobs import publish_due
from portal.updates.models import InsiderUpdate
from portal.updates.queries import draft_for_staff, find_for_staff
from portal.updates.rules import UpdateContent
from tests.factories import make_person, make_staff, signed_in, visitor
from tests.openings.early import make_member
from tests.pages import Browser

#: Who asks for an update.
VISITOR, CANDIDATE, MACHINE = "visitor", "candidate who never joined", "feed reader"
IN_DATA, IN_DESIGN = "member interested in data", "member interested in design"
RECRUITER = "recruiter"


def content(title: str = "What we pay", **facts: Any) -> UpdateContent:
    """What an update says when nothing is missing; `facts` are fields of `UpdateContent`."""
    said: dict[str, Any] = {"summary": "Four bands, in the open.", "body": "We publish **what we pay**.", **facts}
    return UpdateContent(title=title, **said)


def draft(said: UpdateContent, author_id: int) -> str:
    """A draft that says this; its public id."""
    public_id = create_update(said.title, said.kind, copy_of="", actor_id=author_id, now=clock.now())
    view = find_for_staff(public_id)
    assert view is not None
    save_draft(view.id, said, revision=1, actor_id=author_id, now=clock.now())
    end_reading()
    return public_id


def publish(public_id: str, author_id: int) -> str:
    """Publish the draft and write its audience down; its slug."""
    view = find_for_staff(public_id)
    assert view is not None
    publish_update(view.id, revision=draft_for_staff(view).revision, actor_id=author_id, now=clock.now())
    end_reading()
    publish_due(clock.now())
    end_reading()
    return slug_of(public_id)


def post(author_id: int, title: str = "What we pay", **facts: Any) -> str:
    """An update that its readers read; its slug."""
    return publish(draft(content(title, **facts), author_id), author_id)


def slug_of(public_id: str) -> str:
    found = session().scalars(select(InsiderUpdate.slug).where(InsiderUpdate.public_id == public_id)).one()
    assert found is not None
    return found


def id_of(slug: str) -> str:
    """The name of a published update in the staff's URLs."""
    return session().scalars(select(InsiderUpdate.public_id).where(InsiderUpdate.slug == slug)).one()


def say_yes(person_id: int, purpose: Purpose = Purpose.INSIDER_UPDATES) -> None:
    """Let somebody agree to mail about `purpose`."""
    choose(person_id, purpose, True, source="/join", now=clock.now())


@dataclass
class Asker:
    """Somebody, and all the ways in which they can come across an update."""

    browser: Browser
    is_signed_in: bool = True

    def finds(self, slug: str, title: str) -> dict[str, bool]:
        """In which places this update shows."""
        word = title.split()[0]
        found = {
            "page": self.browser.client.get(f"/updates/{slug}").status_code == 200,
            "archive": title in self._text("/updates"),
            "search": f"/updates/{slug}" in self._text(f"/updates?q={word}"),
            "kinds": "Company news" in self._text("/updates"),
            "count": "1 update" in self.browser.get("/updates").text,
            "feed": title in self._text("/feeds/updates.xml"),
            "sitemap": slug in self._text("/sitemap-updates.xml"),
            "preview": f'property="og:title" content="{title}"' in self._text(f"/updates/{slug}"),
        }
        if self.is_signed_in:
            found["own page"] = self.browser.client.get(f"/me/updates/{slug}").status_code == 200
            found["own feed"] = title in self._text("/me/updates")
            found["reply"] = self.browser.client.get(f"/me/updates/{slug}/reply").status_code == 200
        return found

    def _text(self, path: str) -> str:
        return self.browser.client.get(path).text


#: What machines read is what everybody may read, whoever asks.
FOR_MACHINES = frozenset({"feed", "sitemap", "preview"})


def make_askers(app: Flask) -> dict[str, Asker]:
    """One of each kind, by what they are."""
    return {
        VISITOR: Asker(visitor(app), is_signed_in=False),
        CANDIDATE: Asker(signed_in(app, make_person("Nora Novak"))),
        IN_DATA: Asker(signed_in(app, make_member("Ada Lind", "data"))),
        IN_DESIGN: Asker(signed_in(app, make_member("Bob Eriksen", "design"))),
        RECRUITER: Asker(signed_in(app, make_staff("Rita Sander", Role.RECRUITER))),
        MACHINE: Asker(visitor(app), is_signed_in=False),
    }


def write(public_id: str, author_id: int, said: UpdateContent) -> None:
    """Let the draft say this."""
    view = find_for_staff(public_id)
    assert view is not None
    revision = draft_for_staff(view).revision
    save_draft(view.id, said, revision=revision, actor_id=author_id, now=clock.now())
    end_reading()
