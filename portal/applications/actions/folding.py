"""Noting as facts what became of promises, from the events that candidates have got."""

from collections.abc import Sequence

from sqlalchemy import select

from portal.applications.models import Application, Promise
from portal.applications.queries.promises import said_about
from portal.applications.rules.promises import PromiseFact, Said, fold_promises
from portal.company.queries import company_zone
from portal.core.db import one_at_a_time, transaction


def note_promises(application_ids: Sequence[int]) -> None:
    """Write down the promises of these applications and what became of each; the same again changes nothing.

    What came back after all is unsaid: what it promised was no promise, and what it settled is open again.
    """
    zone = company_zone()
    with transaction() as session:
        hold_promises()
        known = {
            promise.event_id: promise
            for promise in session.scalars(select(Promise).where(Promise.application_id.in_(application_ids)))
        }
        found = session.scalars(select(Application).where(Application.id.in_(application_ids)).order_by(Application.id))
        said = said_about(application_ids)
        for application in found.all():
            got = said.get(application.id, [])
            for fact in fold_promises(got, zone):
                promise = known.get(fact.event_id)
                if promise is None:
                    session.add(_new(fact, application))
                elif not _stands(promise, got):
                    promise.owner_id = application.owner_id
                    promise.settled_at, promise.outcome = fact.settled_at, fact.outcome
                    promise.settled_by = fact.settled_by
            reached = {one.event_id for one in got}
            for promise in known.values():
                if promise.application_id == application.id and promise.event_id not in reached:
                    session.delete(promise)


def _stands(promise: Promise, got: Sequence[Said]) -> bool:
    """Whether a promise is settled, and what settled it has not come back since: a first word stays the first."""
    return promise.settled_at is not None and promise.settled_at in {promise.made_at, *(one.seen_at for one in got)}


def hold_promises() -> None:
    """Nobody else notes promises, nor for which opening they were made, until the transaction ends."""
    one_at_a_time("applications/note_promises")


def _new(fact: PromiseFact, application: Application) -> Promise:
    return Promise(
        application_id=application.id,
        event_id=fact.event_id,
        opening_id=application.opening_id,
        owner_id=application.owner_id,
        made_at=fact.made_at,
        promised_on=fact.promised_on,
        settled_at=fact.settled_at,
        outcome=fact.outcome,
        settled_by=fact.settled_by,
    )
