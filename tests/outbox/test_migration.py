"""Mail that is in the outbox when the program is renewed is still there, and says where it goes and why it died."""

from pathlib import Path
from typing import Any

from sqlalchemy import Engine, create_engine, text

from portal.core import migrations

_OLD = {
    "mail_class": "own",
    "cause": "application:x",
    "to_name": "Ada",
    "reply_to": "",
    "subject": "News",
    "text": "Hello",
    "html": "<p>Hello</p>",
    "places": "[]",
    "kind": "applications/message",
    "next_try_at": "2026-03-04 08:00:00",
    "created_at": "2026-03-04 08:00:00",
}


def put(engine: Engine, number: int, **values: Any) -> None:
    row = {**_OLD, "id": number, "key": f"key{number}", "dedupe_key": f"test:{number}", **values}
    names = ", ".join(row)
    with engine.begin() as connection:
        places = ", ".join(f":{name}" for name in row)
        connection.execute(text(f"INSERT INTO delivery ({names}) VALUES ({places})"), row)


def rows(engine: Engine) -> list[tuple[Any, ...]]:
    with engine.connect() as connection:
        found = connection.execute(
            text("SELECT state, to_domain, failed_reason, failed_code, timing, budget FROM delivery ORDER BY id")
        )
        return [tuple(row) for row in found]


def test_old_mail_gets_its_domain_and_its_reason(tmp_path: Path) -> None:
    engine = create_engine(f"sqlite:///{tmp_path / 'old.sqlite3'}")
    migrations.upgrade(engine, "0003")
    put(engine, 1, to_address="Ada@Example.ORG", state="queued", attempts=0, last_error="")
    put(engine, 2, to_address="bob@x.example", state="dead", attempts=1, last_error="refused 550 5.1.1 no such user")
    put(engine, 3, to_address="eve@x.example", state="dead", attempts=11, last_error="too_slow no answer")
    put(engine, 4, to_address="", state="cancelled", attempts=0, last_error="")
    migrations.upgrade(engine, "0004")
    assert rows(engine) == [
        ("queued", "example.org", None, 0, "at_once", "none"),
        ("dead", "x.example", "refused", 550, "at_once", "none"),
        ("dead", "x.example", "too_slow", 0, "at_once", "none"),
        ("cancelled", "", None, 0, "at_once", "none"),
    ]
    migrations.downgrade(engine, "0003")
    migrations.upgrade(engine, "0004")
    assert len(rows(engine)) == 4
    engine.dispose()
