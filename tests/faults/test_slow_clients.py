"""Visitors who send by the byte, headers without end, and more than anybody may: the site stays up for the others."""

import shutil
import socket
import subprocess
import time as clock_of_ours
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from flask import Flask

from tests.faults.served import PATIENCE, ask, free_port, note_figures, serving, wait_until_it_answers

pytestmark = [pytest.mark.allow_hosts(["127.0.0.1"]), pytest.mark.soak]
_FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"


@pytest.fixture(scope="module")
def port() -> int:
    return free_port()


@pytest.fixture
def site(app: Flask, port: int) -> Iterator[None]:
    with serving(port):
        yield


@contextmanager
def crowd(port: int, count: int, begin: bytes) -> Iterator[list[socket.socket]]:
    """So many connections that have said this and are not done."""
    made = [socket.create_connection(("127.0.0.1", port)) for _number in range(count)]
    for one in made:
        one.sendall(begin)
    try:
        yield made
    finally:
        for one in made:
            one.close()


def slowest(port: int, seconds: float) -> float:
    """How long the slowest page takes that somebody else asks for meanwhile."""
    found, ends = 0.0, clock_of_ours.monotonic() + seconds
    while clock_of_ours.monotonic() < ends:
        began = clock_of_ours.monotonic()
        assert ask(port, "GET", "/").status == 200
        found = max(found, clock_of_ours.monotonic() - began)
    return found


def last_words(one: socket.socket) -> bytes:
    """What the site says before it hangs up."""
    one.settimeout(PATIENCE)
    said = b""
    try:
        while piece := one.recv(65_536):
            said += piece
    except ConnectionResetError:
        pass
    return said


@pytest.mark.only("sqlite")
def test_headers_by_the_byte_are_given_up_and_nobody_else_waits(site: None, port: int) -> None:
    with crowd(port, 400, b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Slow: ") as slow:
        took = slowest(port, 5)
        began = clock_of_ours.monotonic()
        said = {last_words(one)[:12] for one in slow[:20]}
        gone_after = clock_of_ours.monotonic() - began + 5
    note_figures(
        f"400 who send headers by the byte: slowest page {took:.1f} s, given up after {gone_after:.0f} s: {said}"
    )
    assert gone_after < 30


@contextmanager
def nginx(folder: Path, port: int) -> Iterator[int]:
    """nginx before the site, which takes a form whole before it hands it on, as that of `deploy/nginx.conf` does."""
    found = shutil.which("nginx") or "/usr/sbin/nginx"
    if not Path(found).exists():
        pytest.skip("nginx is not installed")
    before, kinds = free_port(), ("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
    places = "".join(f"{kind}_temp_path {folder / kind};" for kind in kinds)
    server = f"server {{ listen 127.0.0.1:{before}; location / {{ proxy_pass http://127.0.0.1:{port}; }} }}"
    conf = folder / "nginx.conf"
    conf.write_text(
        f"daemon off; user root; pid {folder / 'pid'}; error_log {folder / 'error.log'}; events {{}}"
        f" http {{ access_log off; {places} {server} }}"
    )
    process = subprocess.Popen([found, "-c", str(conf), "-e", str(folder / "error.log")])
    try:
        wait_until_it_answers(before)
        yield before
    finally:
        process.terminate()
        process.wait()


@pytest.mark.only("sqlite")
def test_bodies_that_never_end_keep_nobody_from_reading(site: None, port: int, tmp_path: Path) -> None:
    """The proxy waits for them; without one they hold the threads, of which there are few (docs/install.md)."""
    begin = b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n" + _FORM + b"Content-Length: 100000\r\n\r\nemail="
    with nginx(tmp_path, port) as before, crowd(before, 40, begin) as slow:
        took = slowest(before, 5)
    note_figures(f"40 who never finish their form, through nginx: slowest page {took:.1f} s")
    assert slow


@pytest.mark.only("sqlite")
@pytest.mark.parametrize(
    "request_",
    [
        b"GET / HTTP/1.1\r\nHost: localhost\r\nX-Large: " + b"x" * 1_000_000 + b"\r\n\r\n",
        b"GET / HTTP/1.1\r\nHost: localhost\r\n" + b"".join(b"X-%d: y\r\n" % n for n in range(5000)) + b"\r\n",
        b"GET /" + b"x" * 500_000 + b" HTTP/1.1\r\nHost: localhost\r\n\r\n",
        b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\n"
        + _FORM
        + b"Content-Length: 10000000\r\n\r\n"
        + b"x" * 10_000_000,
    ],
    ids=["a header of a megabyte", "5,000 headers", "an address of half a megabyte", "a form of ten megabytes"],
)
def test_what_is_too_large_is_answered_once_and_clearly(site: None, port: int, request_: bytes) -> None:
    with socket.create_connection(("127.0.0.1", port)) as one:
        try:
            one.sendall(request_)
            one.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        said = last_words(one)
    note_figures(f"{len(request_):,} bytes: {said.splitlines()[:1]}")
    assert said.count(b"HTTP/1.1 ") == 1
    assert said[9:12] in {b"400", b"413", b"414", b"431"}
    assert ask(port, "GET", "/").status == 200
