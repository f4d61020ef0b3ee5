"""Nobody outside an audience ever sees or gets an update, nobody inside gets it twice, digests hold what came since."""

import pytest
from flask import Flask

from tests.conftest import Time
from tests.updates.machine.running import in_small_steps, run

#: A step takes longer on PostgreSQL. `make soak` tries many more, and longer ones.
EXAMPLES = {"sqlite": 8, "postgresql": 4}


def test_whatever_readers_recruiters_workers_mail_servers_and_clocks_do(
    app: Flask, database: str, time: Time, monkeypatch: pytest.MonkeyPatch
) -> None:
    in_small_steps(monkeypatch)
    run(app, database, time, examples=EXAMPLES[database], steps=20)
