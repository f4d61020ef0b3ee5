"""The journal of erasures as tests need it: empty before, read afterwards."""

from collections.abc import Iterator

import pytest
from sqlalchemy import select

from portal.core import clock
from portal.core.db import end_reading, session
from portal.outbox.actions import claim_next, mark_sent
from portal.people.models import Address, Person
from portal.privacy.adapters import Erased, journal_path, read_journal
from portal.privacy.jobs import erase_who_asked
from portal.prospects.models import ErasedAddress


@pytest.fixture
def journal() -> Iterator[None]:
    """Nobody was erased yet; what other tests wrote is not there."""
    journal_path().parent.mkdir(parents=True, exist_ok=True)
    journal_path().unlink(missing_ok=True)
    yield
    journal_path().unlink(missing_ok=True)


def entries() -> list[Erased]:
    return read_journal(journal_path())


def is_gone(person_id: int) -> bool:
    """Whether nothing but an empty row is left of somebody."""
    end_reading()
    addresses = session().scalars(select(Address.id).where(Address.person_id == person_id)).all()
    return not addresses and session().get_one(Person, person_id).name == ""


def send_mail() -> list[tuple[str, str]]:
    """A worker sends all that may go now: the kinds of mail, and to whom."""
    sent = []
    while (claimed := claim_next("worker", clock.now())) is not None:
        sent.append((claimed.letter.kind, claimed.letter.to_address))
        mark_sent(claimed, clock.now())
    end_reading()
    return sent


def work() -> None:
    """The last mails go, and who asked is erased."""
    send_mail()
    erase_who_asked(clock.now())
    end_reading()


def what_had_been_said(address_hash: str) -> dict[str, list[str]]:
    end_reading()
    return dict(session().get_one(ErasedAddress, address_hash).purposes)
