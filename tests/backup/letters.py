"""Somebody who said yes to mail, and a letter to them that needs it."""

from portal.contact.actions import record_consent
from portal.contact.states import Budget, ConsentAction, Purpose
from portal.core import clock
from portal.outbox.states import MailClass
from tests.factories import make_person
from tests.outbox.letters import put

ADA = "ada@demo.example"


def agreed(person_id: int | None = None) -> int:
    """Somebody who wants insider updates; returns the person's id."""
    ada = make_person("Ada Lind", ADA) if person_id is None else person_id
    record_consent(
        ada,
        Purpose.INSIDER_UPDATES,
        ConsentAction.GIVEN,
        words="Yes",
        text_version="1",
        locale="en",
        source="/join",
        actor_id=None,
        now=clock.now(),
    )
    return ada


def put_community(ada: int, number: int = 4) -> None:
    """An insider update to them waits."""
    put(
        number,
        to=ADA,
        person_id=ada,
        cause="update",
        mail_class=MailClass.COMMUNITY,
        purpose=Purpose.INSIDER_UPDATES,
        budget=Budget.COMMUNITY,
    )
