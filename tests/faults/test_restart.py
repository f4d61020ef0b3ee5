"""`portal serve` while people read and write: told to leave, renewed, or killed, and what they see of it."""

import os
import random
import signal
import socket
import subprocess
import time as clock_of_ours

import pytest
from flask import Flask

from tests.conftest import Time
from tests.core.test_serving import eventually
from tests.faults.served import (
    PATIENCE,
    ask,
    check_kept,
    check_nothing_failed,
    end,
    free_port,
    kill_one,
    note_figures,
    serve,
    serving,
    visitors,
    wait_until_it_answers,
    web_processes,
)

#: How often it is renewed or started anew, and how many requests are answered between two times.
TIMES = int(os.environ.get("SOAK_TIMES", "4"))
BETWEEN = int(os.environ.get("SOAK_REQUESTS", "400"))

pytestmark = pytest.mark.allow_hosts(["127.0.0.1"])


def renew(site: "subprocess.Popen[bytes]") -> None:
    """SIGHUP, and wait until all who were there before have left."""
    before = web_processes(site)
    site.send_signal(signal.SIGHUP)
    eventually(lambda: len(web_processes(site)) == len(before) and not before & web_processes(site), PATIENCE)


@pytest.mark.only("sqlite")  # what is tried is the server; both in `make soak`
def test_new_processes_take_over_and_nobody_notices(app: Flask, time: Time) -> None:
    port = free_port()
    seen = visitors(app, time, port, threads=3)
    with serving(port, workers=1) as site:
        with seen.at_it():
            renew(site)
        check_nothing_failed(seen)
        with socket.create_connection(("127.0.0.1", port)) as late:
            clock_of_ours.sleep(0.1)
            site.terminate()
            clock_of_ours.sleep(0.5)
            late.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\n\r\n")
            assert late.recv(1000).startswith(b"HTTP/1.1 200"), "who had come before it left was cut off"


@pytest.mark.soak
def test_thousands_of_requests_while_new_processes_take_over(app: Flask, time: Time) -> None:
    port = free_port()
    seen = visitors(app, time, port)
    with serving(port) as site, seen.at_it():
        for _time in range(TIMES):
            seen.wait_for(BETWEEN)
            renew(site)
        seen.wait_for(BETWEEN)
    note_figures(f"SIGHUP {TIMES} times: {seen}")
    check_nothing_failed(seen)


@pytest.mark.soak
def test_whoever_comes_while_systemd_starts_it_anew_waits(app: Flask, time: Time) -> None:
    port = free_port()
    seen = visitors(app, time, port)
    with socket.create_server(("127.0.0.1", port), backlog=1024) as given:
        site = serve(port, "--no-worker", given=given)
        wait_until_it_answers(port)
        with seen.at_it():
            for _time in range(TIMES):
                seen.wait_for(BETWEEN)
                assert end(site) == 0
                site = serve(port, "--no-worker", given=given)
            seen.wait_for(BETWEEN)
        assert end(site) == 0
    note_figures(f"SIGTERM {TIMES} times, socket of systemd: {seen}")
    check_nothing_failed(seen)


@pytest.mark.soak
def test_what_was_answered_is_kept_whenever_a_process_is_killed(app: Flask, time: Time) -> None:
    """Each kill costs whoever was being answered by that process, and nobody else."""
    port, chance, kills = free_port(), random.Random(4), 8
    seen = visitors(app, time, port, notes_every=2)
    with serving(port) as site, seen.at_it():
        for _time in range(kills):
            seen.wait_for(chance.randrange(20, 120))
            kill_one(site, chance)
            clock_of_ours.sleep(chance.random())
            assert ask(port, "GET", "/healthz").status == 200
        seen.wait_for(100)
    note_figures(f"web processes killed {kills} times: {seen}")
    assert len(seen.broken) <= kills * seen.threads
    assert set(seen.statuses) == {"GET 200", "POST 303"}
    check_kept(seen)
