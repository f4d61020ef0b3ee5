"""A few dozen people drawn by chance, and what is true of each, kept beside the database."""

import random
from datetime import timedelta

from sqlalchemy import update

from portal.applications.models import Mark
from portal.applications.states import ENDINGS, ApplicationStatus, Channel, EventKind, MarkKind
from portal.community.states import CareerStage, Industry, Seniority, WorkMode
from portal.contact.rules import ConsentFact, fold
from portal.contact.states import ConsentAction, Purpose
from portal.core import clock
from portal.core.db import transaction
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState
from portal.people.models import Person
from portal.segments.rules import Known
from portal.segments.states import Field
from tests.factories import add_event, make_application, make_opening, make_person, make_pool, make_staff
from tests.segments.people import TODAY, agree, hear_from, make_member, put_tag, write_to

#: Few words, so that people share them.
WORDS = ("a", "b", "c")
LOCALES = ("en", "pl")
_STATUSES = tuple(ApplicationStatus)


class Crowd:
    """People in the database; `known` says the same of each in Python."""

    def __init__(self, seed: int, count: int) -> None:
        self.draw = random.Random(seed)
        self.staff_id = make_staff("Rita Sander")
        self.opening_id = make_opening()
        self.known: dict[int, Known] = dict(self._person(number) for number in range(count))
        self.pools = [self._pool(number) for number in range(2)]

    def _pool(self, number: int) -> str:
        """A pool with some of them in it; returns its public id."""
        people = [person_id for person_id in self.known if self._chance(0.3)]
        public_id = make_pool(self.staff_id, f"Pool {number}", people=people)
        for person_id in people:
            self.known[person_id].having.setdefault(Field.POOL, {})[public_id] = ""
        return public_id

    def _chance(self, share: float) -> bool:
        return self.draw.random() < share

    def _some(self, words: "tuple[str, ...]") -> tuple[str, ...]:
        return tuple(self.draw.sample(words, self.draw.randrange(len(words))))

    def _person(self, number: int) -> tuple[int, Known]:
        is_member = self._chance(0.7)
        having: dict[Field, tuple[str, ...]] = {}
        if is_member:
            areas, skills, places = (self._some(WORDS) for _ in range(3))
            modes, industries = self._some(tuple(map(str, WorkMode))), self._some(tuple(map(str, Industry))[:3])
            seniority, stage = (self.draw.choice([None, *words]) for words in (Seniority, CareerStage))
            person_id = make_member(
                f"Person {number}",
                areas=areas,
                skills=skills,
                places=places,
                work_modes=list(modes),
                industries=list(industries),
                seniority=seniority,
                career_stage=stage,
            )
            having |= {Field.AREA: areas, Field.SKILL: skills, Field.PLACE: places}
            having |= {Field.WORK_MODE: modes, Field.INDUSTRY: industries}
            having |= {Field.SENIORITY: (str(seniority),) if seniority else ()}
            having |= {Field.CAREER_STAGE: (str(stage),) if stage else ()}
        else:
            person_id = make_person(f"Person {number}")
        having[Field.LANGUAGE] = (self._locale(person_id),)
        having[Field.TAG] = self._some(WORDS)
        for tag in having[Field.TAG]:
            put_tag(person_id, tag)
        having[Field.PURPOSE] = self._consents(person_id)
        newest, passed, marks, talked = self._applications(person_id)
        having |= {Field.STATUS: newest, Field.ENDING: newest, Field.MARK: marks}
        contacts = [days for days in (self._written(person_id), talked) if days is not None]
        heard = self.draw.choice([None, 0, 1, 29, 30, 31, 400])
        hear_from(person_id, heard)
        return person_id, Known(
            is_member=is_member,
            having={field: dict.fromkeys(words, "") for field, words in having.items()},
            passed=passed,
            last_contact_on=TODAY - timedelta(days=min(contacts)) if contacts else None,
            last_response_on=None if heard is None else TODAY - timedelta(days=heard),
        )

    def _locale(self, person_id: int) -> str:
        locale = self.draw.choice(LOCALES)
        with transaction() as own:
            own.execute(update(Person).where(Person.id == person_id).values(locale=locale))
        return locale

    def _consents(self, person_id: int) -> tuple[str, ...]:
        facts = []
        for _ in range(self.draw.randrange(6)):
            purpose = self.draw.choice([Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS])
            action, is_own = self.draw.choice(list(ConsentAction)), self._chance(0.6)
            agree(person_id, action, purpose, None if is_own else self.staff_id)
            facts.append(ConsentFact(purpose, action, is_own, clock.now()))
        return tuple(str(purpose) for purpose, state in fold(facts).items() if state.is_given)

    def _written(self, person_id: int) -> int | None:
        """So many days ago a colleague wrote last; account mail and what still waits does not count."""
        days = []
        for _ in range(self.draw.randrange(3)):
            ago, kind = self.draw.choice([0, 1, 29, 30, 31, 90]), self.draw.choice(["message", "received"])
            write_to(person_id, clock.now() - timedelta(days=ago), f"applications/{kind}")
            days += [ago] if kind == "message" else []
        return min(days, default=None)

    def _applications(
        self, person_id: int
    ) -> tuple[tuple[str, ...], frozenset[ApplicationStatus], tuple[str, ...], int | None]:
        newest, passed, marks, talked = set(), set(), set(), []
        for _ in range(self.draw.randrange(3)):
            status = self.draw.choice(_STATUSES)
            made = make_application(self.opening_id, self.staff_id, person_id=person_id, status=status)
            passed.add(status)
            for _ in range(self.draw.randrange(3)):
                status = self._event(made.id, person_id, status, passed, talked)
            newest.add(str(status))
            if self._chance(0.5):
                marks |= self._mark(made.id)
        return tuple(newest), frozenset(passed), tuple(marks), min(talked, default=None)

    def _event(
        self, application_id: int, person_id: int, before: ApplicationStatus, passed: set, talked: list[int]
    ) -> ApplicationStatus:
        """Something more happens; returns what the candidate reads afterwards."""
        status = self.draw.choice(_STATUSES)
        promised = None if status in ENDINGS else TODAY
        way = self.draw.choice(["at once", "sent", "waits", "call"])
        if way == "call":
            ago = self.draw.choice([0, 1, 29, 30, 31])
            day = TODAY - timedelta(days=ago)
            talked.append(ago)
            add_event(
                application_id,
                EventKind.CALL,
                status=status,
                promised=promised,
                channel=Channel.TELEPHONE,
                happened_on=day,
            )
        elif way == "at once":
            add_event(application_id, status=status, promised=promised)
        else:
            delivery_id = write_to(person_id, clock.now(), "applications/received")
            add_event(application_id, status=status, promised=promised, delivery_id=delivery_id)
            if way == "waits":
                with transaction() as own:
                    waiting = {"state": DeliveryState.QUEUED, "sent_at": None}
                    own.execute(update(Delivery).where(Delivery.id == delivery_id).values(**waiting))
                return before
        passed.add(status)
        return status

    def _mark(self, application_id: int) -> set[str]:
        kind, days, is_removed = self.draw.choice(list(MarkKind)), self.draw.choice([0, 1, 90]), self._chance(0.2)
        with transaction() as own:
            own.add(
                Mark(
                    application_id=application_id,
                    kind=kind,
                    reason="Close.",
                    expires_on=TODAY + timedelta(days=days),
                    set_by_id=self.staff_id,
                    set_at=clock.now(),
                    removed_at=clock.now() if is_removed else None,
                )
            )
        return {str(kind)} if days and not is_removed else set()
