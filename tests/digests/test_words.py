"""A digest says of each day in it what it is the day of."""

from datetime import date

from flask import Flask

from portal.contact.states import Purpose, Rhythm
from portal.updates.states import UpdateKind
from tests.conftest import Time
from tests.digests.mails import choose_rhythm, mails_to, reader, work
from tests.factories import make_staff
from tests.updates.posting import post, say_yes


def test_the_day_of_an_event_is_told_apart_from_the_day_of_its_news(app: Flask, time: Time) -> None:
    rita, ada = make_staff("Rita Sander"), reader("Ada Lind")
    say_yes(ada, Purpose.EVENTS)
    choose_rhythm(ada, Rhythm.WEEKLY, Purpose.EVENTS)
    for title in ("An evening", "A morning"):
        post(rita, title, kind=UpdateKind.EVENT, event_on=date(2026, 4, 2), event_where="18:00, Warsaw")
    for _half in range(8):
        work()
        time.pass_by(hours=12)
    [mail] = mails_to(ada)
    assert "Event · Wednesday 4 March 2026 · Day: Thursday 2 April 2026 · When and where: 18:00, Warsaw" in mail.text
