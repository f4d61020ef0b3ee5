"""A mail server that is gone, hangs or refuses: nothing is lost, the candidate reads no news that was not sent."""

import socket
import threading
from collections.abc import Iterator
from contextlib import ExitStack

import pytest
from flask import Flask

from portal.outbox.jobs import MailSender
from tests.outbox import servers
from tests.outbox.letters import settings, states
from tests.outbox.servers import Sink
from tests.whole_site.world import World, make_world

# What the mail server does is the same to both; that nothing is lost, test_mail.py and test_outbox_kills.py try.
pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.both_in_soak]
WORDS = "We liked your portfolio very much."


def _hang(connection: socket.socket, is_over: threading.Event) -> None:
    is_over.wait(20)


def _closed_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as one:
        return int(one.getsockname()[1])


@pytest.fixture(params=["closed port", "hangs", "answers 550"])
def dead(request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of a mail server that takes nothing."""
    with ExitStack() as stack:
        if request.param == "hangs":
            yield f"smtp://127.0.0.1:{stack.enter_context(servers.misbehaving(_hang))}"
        elif request.param == "answers 550":
            yield stack.enter_context(servers.mail_server(Sink(to_data="550 no"))).url
        else:
            yield f"smtp://127.0.0.1:{_closed_port()}"


def _write(world: World) -> None:
    rita, path = world.browsers["rita"], f"/recruiting/applications/{world.applications['bob']}"
    form = rita.get(path).form(having="message")
    values = {**form.values, "status": "offer_made", "message": WORDS, "when": "5", "date_reason": "Hugo is away."}
    rita.post(path, {**values, "do": "send"})


def test_letter_that_no_server_takes_is_kept_and_only_the_staff_see_it(app: Flask, dead: str) -> None:
    world = make_world(app)
    page = f"/me/applications/{world.applications['bob']}"
    before, lost_before = world.browsers["bob"].get(page).text, states().count("dead")
    not_sent_before = lost_before + states().count("queued")
    _write(world)
    MailSender("worker-1", threading.Event(), settings(dead), deadline=0.5).send_due_mail()
    assert states().count("queued") + states().count("dead") == 1 + not_sent_before
    assert world.browsers["bob"].get(page).text == before
    staff = world.browsers["rita"].get(f"/recruiting/applications/{world.applications['bob']}").text
    assert WORDS in staff
    shown = world.browsers["rita"].get("/recruiting/applications").text
    assert ("did not arrive" if states().count("dead") > lost_before else "on its way") in shown
