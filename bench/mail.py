"""Messages per second of a worker that marks them one by one, against a bare smtplib loop to the same mail server."""

import logging
import smtplib
import tempfile
import threading
import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from statistics import median

from bench.sink import mail_sink
from bench.site import make_site
from portal.contact.actions import choose, forget_old_contacts
from portal.contact.states import Budget, Purpose, Timing
from portal.core import clock
from portal.core.db import end_reading, transaction
from portal.core.identifiers import new_public_id
from portal.core.mail import RenderedMail, TokenPlaces
from portal.core.settings import Settings, current_settings
from portal.outbox.actions import enqueue
from portal.outbox.adapters import compose
from portal.outbox.jobs import MailSender
from portal.outbox.queries import waiting_count
from portal.outbox.rules import Letter
from portal.outbox.states import MailClass
from portal.people.actions import add_person

COUNT = 1_000
#: In turn, because a machine is not equally fast all the time; each is compared with its own round, the middle counts.
ROUNDS = 7
#: After it no contact counts.
A_LONG_TIME = timedelta(days=500)
_WORDS = "Thank you for the time you took to talk to us about the work of the team in Łódź. "
_TEXT = "Hello,\n\n" + (_WORDS + "\n") * 12
_HTML = '<!doctype html><html lang="en"><body>' + f'<p style="font-size:16px;color:#222">{_WORDS}</p>\n' * 40


def run() -> None:
    """Measure the bare loop, mail about applications, and community mail that asks for consent and budget."""
    with tempfile.TemporaryDirectory() as name, mail_sink() as port:
        app = make_site(Path(name))
        logging.getLogger().handlers[:] = [logging.StreamHandler((Path(name) / "log").open("w"))]
        with app.app_context():
            settings = replace(current_settings(), mail_url=f"smtp://127.0.0.1:{port}", env="production")
            people = _people()
            found: dict[str, list[float]] = {"bare": [], "own": [], "community": []}
            for number in range(ROUNDS):
                found["bare"].append(_bare(port, settings))
                found["own"].append(_worker(settings, people, number, MailClass.OWN))
                found["community"].append(_worker(settings, people, number, MailClass.COMMUNITY))
                # Nobody has allowed us more than two of these a month.
                forget_old_contacts(clock.now() + A_LONG_TIME)
    print(f"{COUNT:,} messages of {len(_TEXT) + len(_HTML):,} characters, SQLite, one worker, one mail server")
    print(f"bare smtplib loop        {median(found['bare']):7,.0f} messages/s")
    for label, kind in (("mail about applications", "own"), ("community mail", "community")):
        shares = sorted(ours / bare for ours, bare in zip(found[kind], found["bare"], strict=True))
        print(
            f"{label:24} {median(found[kind]):7,.0f} messages/s, {median(shares):.0%} of bare, "
            f"{shares[0]:.0%} to {shares[-1]:.0%} in {ROUNDS} rounds (floor 40 %, goal 70 %)"
        )


def _people() -> list[int]:
    with transaction():
        ids = [
            add_person(f"Person {number}", f"reader{number}@example.org", "en", "Europe/Warsaw", clock.now()).id
            for number in range(COUNT)
        ]
        for person_id in ids:
            choose(person_id, Purpose.INSIDER_UPDATES, True, source="bench", now=clock.now())
    return ids


def _bare(port: int, settings: Settings) -> float:
    """The same bytes over one connection, made before; nothing is written down."""
    letter = Letter("k" * 24, "bench/mail", "reader@example.org", "Ada", "", "News", _TEXT, _HTML)
    raw = compose(letter, settings, clock.now()).as_bytes()
    with smtplib.SMTP("127.0.0.1", port, local_hostname="bench.example") as talk:
        begun = time.perf_counter()
        for number in range(COUNT):
            talk.sendmail("talent@example.org", [f"reader{number}@example.org"], raw)
        return COUNT / (time.perf_counter() - begun)


def _worker(settings: Settings, people: list[int], number: int, mail_class: MailClass) -> float:
    _put(people, number, mail_class)
    sender = MailSender("bench", threading.Event(), settings)
    begun = time.perf_counter()
    while sender.send_due_mail():
        pass
    taken = time.perf_counter() - begun
    end_reading()
    assert waiting_count() == 0
    return COUNT / taken


def _put(people: list[int], number: int, mail_class: MailClass) -> None:
    is_own = mail_class is MailClass.OWN
    with transaction():
        for person, person_id in enumerate(people):
            key = new_public_id() + new_public_id()
            places = TokenPlaces(key)
            link = f"https://example.org/follow/{places.token('follow')}\n"
            mail = RenderedMail(key, "bench/mail", f"News {number}", _TEXT + link, _HTML + link, "en")
            enqueue(
                mail,
                to_address=f"reader{person}@example.org",
                to_name=f"Person {person}",
                person_id=person_id,
                mail_class=mail_class,
                cause=f"bench:{mail_class}:{number}",
                dedupe_key=f"bench:{mail_class}:{number}:{person}",
                now=clock.now(),
                purpose=None if is_own else Purpose.INSIDER_UPDATES,
                timing=Timing.AT_ONCE,
                budget=Budget.NONE if is_own else Budget.COMMUNITY,
            )
