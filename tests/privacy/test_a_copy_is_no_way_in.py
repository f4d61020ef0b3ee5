"""What a copy of one's own data must not hold: keys to what is another's, and what others wrote."""

import json

from flask import Flask
from sqlalchemy import update

from portal.core import clock
from portal.core.db import transaction
from portal.core.tokens import TokenKind
from portal.outbox import privacy
from portal.outbox.actions import dismiss_held
from portal.outbox.models import Delivery
from portal.outbox.states import IncomingState
from portal.people.models import Address
from tests.accounts.addresses import ask_for, signed_in_browser
from tests.accounts.visitors import ADA, NORA, join, last_letter
from tests.outbox.incoming import (
    arrive,
    kept,
    newest_delivery,
    reachable,
    reply_address,
    report,
    return_path,
    send,
    written,
)
from tests.outbox.letters import person, put


def _copy_of(person_id: int) -> str:
    return json.dumps([section.extra for section in privacy.export(person_id)])


def test_mail_that_came_back_brings_no_key_to_the_address_of_another(app: Flask) -> None:
    """Ada says that Nora's address is hers; Nora's mailbox is gone, and its server sends the mail with the key back."""
    ada = join(ADA)
    join(NORA, "Nora")
    with reachable():
        ask_for(signed_in_browser(app), NORA, "add")
        send()
        key = last_letter(NORA).token(TokenKind.NEW_ADDRESS)
        arrive(report(return_path(newest_delivery().key), about=last_letter(NORA).text))
        assert key.encode() in (kept()[0].raw or b"")
    assert "Undelivered mail" in _copy_of(ada)
    assert key not in _copy_of(ada)


def test_what_a_colleague_found_to_be_another_persons_is_in_no_copy(app: Flask) -> None:
    ada = person("Ada", "ada@example.org")
    with reachable():
        put(1, to="ada@example.org", person_id=ada)
        send()
        arrive(written("My own salary is a secret.", sender="nora@example.org", to=reply_address(ada)))
    held = kept()[0]
    assert held.state is IncomingState.HELD
    assert "secret" not in _copy_of(ada)
    dismiss_held(held.public_id, ada, actor_id=ada, now=clock.now())
    assert "secret" not in _copy_of(ada)


def test_whoever_has_an_address_after_somebody_else_does_not_get_their_letters(app: Flask) -> None:
    first, later = person("Ada", "ada@example.org"), person("Nora", "nora@example.org")
    put(1, to="ada@example.org", person_id=first)
    put(2, to="nora@example.org", person_id=later)
    send()
    with transaction() as session:
        session.execute(update(Delivery).where(Delivery.person_id == first).values(to_address="nora@example.org"))
        session.execute(update(Address).where(Address.person_id == later).values(created_at=clock.now()))
        session.execute(
            update(Delivery).where(Delivery.person_id == first).values(created_at=clock.now().replace(year=2020))
        )
    assert "number 1" not in _copy_of(later)
    assert "number 2" in _copy_of(later)
    assert "number 1" in _copy_of(first)
