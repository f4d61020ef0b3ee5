"""The sites that are looked at: the demo, the same with long names and with names from right to left, an empty one."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from sqlalchemy import select
from werkzeug.serving import make_server

from portal.app import create_app
from portal.core import clock, migrations
from portal.core.db import db, session
from portal.core.permissions import Role
from portal.core.settings import read_settings
from portal.demo.actions import load_demo
from portal.people.models import Address
from portal.worker import run_worker
from tests import factories
from tests.pages import Browser, OwnContextClient

#: Who looks, in this order; a page is seen by the first of them who comes to it.
EYES = ("visitor", "ada", "silas", "nora", "rita", "hugo", "admin")
#: Sixty letters without a place to break.
LONG = (
    "Maximiliane-Donaudampfschifffahrtsgesellschaftskapitänswitwe",
    "Rindfleischetikettierungsüberwachungsaufgabenübertragungsamt",
    "Bartholomäus-Kraftfahrzeughaftpflichtversicherungsmathematik",
)
LONG_TITLE = "Grundstücksverkehrsgenehmigungszuständigkeitsübertragungsfachkraft"
RIGHT_TO_LEFT = ("عبد الرحمن بن محمد الأنصاري", "שירה בן־דוד", "ليلى الخطيب", "יהונתן אברהם כהן", "نور (سارة) 2")


@dataclass
class Site:
    """A site that is served, and how one comes in."""

    app: Flask
    address: str

    def browser(self, eyes: str) -> Browser:
        """The browser of a visitor, or of who has this address in the demo (all of it, or what stands before the @)."""
        if eyes == "visitor":
            return factories.visitor(self.app)
        address = eyes if "@" in eyes else f"{eyes}@demo.example"
        of_it = select(Address.person_id).where(Address.email == address)
        return factories.signed_in(self.app, session().scalars(of_it).one())


def make_app(folder: Path) -> Flask:
    """An app of development that keeps everything in this folder."""
    app = create_app(
        read_settings(
            {
                "PORTAL_DATA_DIR": str(folder),
                "PORTAL_SECRET_KEY": "a-secret-key-that-is-only-good-for-pictures",
                "PORTAL_PRIVACY_KEY": "a-privacy-key-that-is-only-good-for-pictures",
                "PORTAL_BASE_URL": "http://localhost",
                "PORTAL_TIMEZONE": "Europe/Warsaw",
            }
        )
    )
    app.test_client_class = OwnContextClient
    return app


def make_sites(folder: Path) -> None:
    """The databases of all sites, one folder each."""
    for name, fill in (("full", lambda: load_demo(clock.now())), ("empty", _found_company)):
        (folder / name).mkdir(parents=True)
        app = make_app(folder / name)
        with app.app_context():
            migrations.upgrade(db.engines["write"])
            fill()
            for engine in db.engines.values():
                engine.dispose()
    for name, names in (("long", LONG), ("rtl", RIGHT_TO_LEFT)):
        shutil.copytree(folder / "full", folder / name)
        _rename(folder / name / "portal.sqlite3", names, LONG_TITLE if names is LONG else "")


def _found_company() -> None:
    """A company on its first day: nobody has applied, and Nora has just come."""
    factories.make_staff("Alma Reyes", Role.ADMIN, "admin@demo.example")
    factories.make_staff("Rita Sander", Role.RECRUITER, "rita@demo.example")
    factories.make_staff("Hugo Berg", Role.HIRING_MANAGER, "hugo@demo.example")
    factories.make_person("Nora Novak", "nora@demo.example")


def _rename(database: Path, names: tuple[str, ...], title: str) -> None:
    connection = sqlite3.connect(database)
    with connection:
        connection.create_function("named", 1, lambda number: names[number % len(names)])
        connection.execute("UPDATE person SET name = named(id)")
        if title:
            connection.execute("UPDATE opening SET title = ? WHERE id % 2 = 1", (title,))
            changed = "UPDATE opening_version SET content = json_set(content, '$.title', ?) WHERE opening_id % 2 = 1"
            connection.execute(changed, (title,))
    connection.close()


@contextmanager
def serving(folder: Path) -> Iterator[Site]:
    """The site of this folder on a free port, with a worker: without one its pages say that no letter goes out."""
    stop = threading.Event()
    with served(make_app(folder)) as site:
        worker = threading.Thread(target=run_worker, args=(site.app, False, stop), daemon=True)
        worker.start()
        yield site
        stop.set()
        worker.join(10)


@contextmanager
def served(app: Flask) -> Iterator[Site]:
    """This app on a free port, inside its application context."""
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    with app.app_context():
        yield Site(app, f"http://127.0.0.1:{server.server_port}")
    server.shutdown()
    thread.join(5)
    server.server_close()
