"""Load from another process over kept-alive connections on loopback; bounded in count and in time."""

import gzip
import http.client
import multiprocessing
import os
import time
from dataclasses import dataclass
from pathlib import Path
from statistics import median

CONNECTIONS = 4
#: What a browser sends that comes from one of our own pages.
BROWSER = {"Accept-Encoding": "gzip, deflate, br", "Sec-Fetch-Site": "same-origin"}


@dataclass
class Measured:
    """What one page did under load."""

    per_second: float
    p50_ms: float
    p99_ms: float
    cpu_ms: float
    size: int
    zipped: int


def _client(
    port: int, path: str, headers: dict[str, str], marker: bytes, count: int, out: "multiprocessing.Queue[list[float]]"
) -> None:
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    took = []
    for _ in range(count):
        begun = time.perf_counter()
        connection.request("GET", path, headers=headers)
        response = connection.getresponse()
        sent = response.read()
        took.append(time.perf_counter() - begun)
        body = _unpacked(response, sent)
        if response.status != 200 or marker not in body:
            raise SystemExit(f"{path} answered {response.status} without {marker!r}")
    out.put(took)


def _unpacked(response: http.client.HTTPResponse, body: bytes) -> bytes:
    return gzip.decompress(body) if response.headers["Content-Encoding"] == "gzip" else body


def _cpu_seconds(pids: list[int]) -> float:
    ticks = 0
    for pid in pids:
        fields = Path(f"/proc/{pid}/stat").read_text().rsplit(") ", 1)[1].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def measure(port: int, pids: list[int], path: str, *, cookie: str = "", marker: str, count: int = 1200) -> Measured:
    """Fetch `path` `count` times over four connections; `pids` are the server's processes."""
    headers = BROWSER | ({"Cookie": cookie} if cookie else {})
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("GET", path, headers=headers)
    response = connection.getresponse()
    sent = response.read()
    out: multiprocessing.Queue[list[float]] = multiprocessing.Queue()
    share = count // CONNECTIONS
    arguments = (port, path, headers, marker.encode())
    _run(arguments, 40, out)  # warm
    before, begun = _cpu_seconds(pids), time.perf_counter()
    took = sorted(_run(arguments, share, out))
    wall, cpu = time.perf_counter() - begun, _cpu_seconds(pids) - before
    return Measured(
        per_second=len(took) / wall,
        p50_ms=median(took) * 1000,
        p99_ms=took[int(len(took) * 0.99)] * 1000,
        cpu_ms=cpu / len(took) * 1000,
        size=len(_unpacked(response, sent)),
        zipped=len(sent),
    )


def _run(arguments: tuple[object, ...], count: int, out: "multiprocessing.Queue[list[float]]") -> list[float]:
    clients = [multiprocessing.Process(target=_client, args=(*arguments, count, out)) for _ in range(CONNECTIONS)]
    for client in clients:
        client.start()
    took = [one for _ in clients for one in out.get(timeout=90)]
    for client in clients:
        client.join()
    return took
