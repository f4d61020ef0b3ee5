"""Others who write all the time, as web servers do: a person and their address in one transaction."""

import multiprocessing
import os
import time
from ctypes import c_double, c_long
from typing import Any, Self

from sqlalchemy import URL, create_engine, event, insert
from sqlalchemy.pool import NullPool

from portal.core.db import db
from portal.core.identifiers import new_public_id
from portal.people.models import Address, Person
from tests.conftest import START

_FORK = multiprocessing.get_context("fork")
_PATIENCE = 60


class Writers:
    """Two processes that write about `per_second` transactions a second between them."""

    def __init__(self, per_second: float) -> None:
        url = db.engine.url
        self._count, self._longest = _FORK.Value(c_long, 0), _FORK.Value(c_double, 0.0)
        self._is_over = _FORK.Event()
        shared = (url, 2 / per_second, self._is_over, self._count, self._longest)
        self._processes = [_FORK.Process(target=_write, args=shared) for _ in range(2)]

    def __enter__(self) -> Self:
        for process in self._processes:
            process.start()
        return self

    def __exit__(self, *rest: object) -> None:
        self._is_over.set()
        for process in self._processes:
            process.join(_PATIENCE)
        assert [process.exitcode for process in self._processes] == [0, 0]

    @property
    def count(self) -> int:
        """How many transactions were committed; two more may be by now."""
        return int(self._count.value)

    @property
    def longest(self) -> float:
        """Seconds that the longest transaction took."""
        return float(self._longest.value)

    def wait_for(self, count: int) -> None:
        """Until so many more were written."""
        wanted, until = self.count + count, time.monotonic() + _PATIENCE
        while self.count < wanted:
            assert time.monotonic() < until, "nobody writes"
            time.sleep(0.01)


def _write(url: URL, between: float, is_over: Any, count: Any, longest: Any) -> None:
    """What one of them does, until it is over. Nothing of the process that it comes from is used, or closed."""
    code = 1
    try:
        engine = create_engine(url, poolclass=NullPool, connect_args={"timeout": 30} if "sqlite" in str(url) else {})
        if engine.dialect.name == "sqlite":
            event.listen(engine, "connect", lambda own, _record: own.execute("PRAGMA synchronous = NORMAL"))
        with engine.connect() as connection:
            due = time.perf_counter()
            while not is_over.is_set():
                begun = time.perf_counter()
                _add_somebody(connection)
                took = time.perf_counter() - begun
                with count.get_lock():
                    count.value += 1
                    longest.value = max(longest.value, took)
                due += between
                is_over.wait(max(0.0, due - time.perf_counter()))
        code = 0
    finally:
        os._exit(code)


def _add_somebody(connection: Any) -> None:
    name = new_public_id()
    with connection.begin():
        person = {"public_id": name, "name": name, "locale": "en", "timezone": "UTC", "phone": "", "created_at": START}
        person_id = connection.execute(insert(Person).values(person)).inserted_primary_key[0]
        address = {"person_id": person_id, "email": f"{name}@example.org", "is_primary": True, "created_at": START}
        connection.execute(insert(Address).values(address))
