"""A real IMAP server on loopback (pymap, in memory), into which tests put mail."""

import asyncio
import imaplib
import socket
import ssl
import threading
from argparse import Namespace
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from proxyprotocol.reader import ProxyProtocolReader
from proxyprotocol.version import ProxyProtocolVersion
from pymap.backend.dict import DictBackend
from pymap.concurrent import Subsystem
from pymap.imap import IMAPServer
from pysasl.hashing import BuiltinHash

USER, PASSWORD = "reply@kindred.example", "a pass/word"


@dataclass
class Postbox:
    """A mailbox that the server holds, and how it is reached."""

    port: int
    scheme: str

    @property
    def url(self) -> str:
        return f"{self.scheme}://reply%40kindred.example:a%20pass%2Fword@127.0.0.1:{self.port}/INBOX"

    def put(self, raw: bytes) -> None:
        """Put a message into it, as if it had been delivered."""
        with self._open() as client:
            client.append("INBOX", "", "", raw)

    def seen(self) -> int:
        """How many messages are marked as seen."""
        with self._open() as client:
            client.select("INBOX", readonly=True)
            return len(client.search(None, "SEEN")[1][0].split())

    def _open(self) -> imaplib.IMAP4:
        if self.scheme == "imaps":
            context = ssl.create_default_context()
            context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
            client: imaplib.IMAP4 = imaplib.IMAP4_SSL("127.0.0.1", self.port, ssl_context=context, timeout=5)
        else:
            client = imaplib.IMAP4("127.0.0.1", self.port, timeout=5)
            if self.scheme == "imap+starttls":
                context = ssl.create_default_context()
                context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
                client.starttls(ssl_context=context)
        client.login(USER, PASSWORD)
        return client


@contextmanager
def postbox(scheme: str = "imap", tls: ssl.SSLContext | None = None) -> Iterator[Postbox]:
    """A mailbox that can be read inside the block; `tls` is the server's side of the encryption."""
    listening = socket.create_server(("127.0.0.1", 0))
    loop = asyncio.new_event_loop()
    is_over = asyncio.Event()
    is_up = threading.Event()

    async def serve() -> None:
        args = Namespace(
            host="127.0.0.1",
            port=0,
            debug=False,
            cert=None,
            key=None,
            tls=scheme == "imap+starttls",
            passlib_cfg=None,
            proxy_protocol=None,
            demo_data=False,
            demo_user=USER,
            demo_password=PASSWORD,
        )
        # The password is no secret, and hashing it well would be most of the tests' time.
        overrides: dict[str, Any] = {"hash_context": BuiltinHash(rounds=1)}
        overrides |= {"ssl_context": tls} if tls is not None else {}
        backend, config = await DictBackend.init(args, subsystem=Subsystem.for_asyncio(), **overrides)
        config.apply_context()
        answer = ProxyProtocolReader(ProxyProtocolVersion.get(None)).get_callback(IMAPServer(backend.login, config))
        server = await asyncio.start_server(answer, sock=listening, ssl=tls if scheme == "imaps" else None)
        is_up.set()
        await is_over.wait()
        server.close()
        others = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in others:
            task.cancel()
        await asyncio.gather(*others, return_exceptions=True)

    thread = threading.Thread(target=loop.run_until_complete, args=(serve(),), daemon=True)
    thread.start()
    assert is_up.wait(5)
    try:
        yield Postbox(listening.getsockname()[1], scheme)
    finally:
        loop.call_soon_threadsafe(is_over.set)
        thread.join(5)
        loop.close()
