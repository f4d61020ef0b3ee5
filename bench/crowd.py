"""A hundred thousand people with all that a segment can ask, drawn with a fixed seed."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import islice
from typing import Any

from sqlalchemy import insert

from portal.applications.models import Application, ApplicationEvent, Mark
from portal.applications.states import ApplicationStatus, EventKind, MarkKind
from portal.community.models import Membership, PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.states import CareerStage, Industry, Seniority, WorkMode
from portal.contact.models import ConsentEvent, SignOfLife
from portal.contact.states import Budget, ConsentAction, Purpose, Timing
from portal.core.db import Model, transaction
from portal.notes.models import PersonTag
from portal.outbox.models import Delivery
from portal.outbox.states import DeliveryState, MailClass
from portal.people.models import Address, Person

#: A chunk of rows that are written at once.
_CHUNK = 5_000
SKILLS = [f"skill {number}" for number in range(300)]
AREAS = ["engineering", "data", "design", "product", "sales", "people", "finance", "operations"]
PLACES = ["geonames:756135", *(f"geonames:{number}" for number in range(200))]
_ENDINGS = [ApplicationStatus.NOT_SELECTED] * 14 + [
    ApplicationStatus.WITHDRAWN,
    ApplicationStatus.OFFER_DECLINED,
    ApplicationStatus.HIRED,
]
_STEPS = (
    ApplicationStatus.IN_REVIEW,
    ApplicationStatus.INTERVIEWING,
    ApplicationStatus.DECISION_PENDING,
    ApplicationStatus.OFFER_MADE,
)
_LETTERS = ("applications/message", "applications/ending", "conversations/reply", "accounts/sign_in")


class Crowd:
    """Rows of people `first` to `last`, table by table."""

    def __init__(self, first: int, count: int, staff_id: int, opening_id: int, now: datetime) -> None:
        self.ids = range(first, first + count)
        self.staff_id, self.opening_id, self.now = staff_id, opening_id, now
        #: Letters about applications, by person, as far as no event has one yet.
        self.letters: dict[int, list[int]] = {}
        # A crowd that is the same each time is what a measurement needs.
        self.draw = random.Random(20260304)

    def write(self) -> None:
        """Write all of it, in chunks of a transaction each."""
        tables: list[tuple[type[Model], Iterator[dict[str, Any]]]] = [
            (Person, self._people()),
            (Address, self._addresses()),
            (Membership, self._memberships()),
            (Preferences, self._preferences()),
            (PersonArea, self._several(AREAS, 2, "area")),
            (PersonSkill, self._several(SKILLS, 5, "skill", label=True)),
            (PersonPlace, self._several(PLACES, 2, "place", label=True)),
            (SignOfLife, self._life()),
            (ConsentEvent, self._consents()),
            (PersonTag, self._tags()),
            (Delivery, self._letters()),
            (Application, self._applications()),
            (ApplicationEvent, self._events()),
            (Mark, self._marks()),
        ]
        for table, rows in tables:
            while chunk := list(islice(rows, _CHUNK)):
                with transaction() as own:
                    own.execute(insert(table), chunk)

    def _days_ago(self, most: int) -> datetime:
        return self.now - timedelta(days=self.draw.randrange(most), minutes=self.draw.randrange(1000))

    def _some(self, share: float) -> Iterator[int]:
        return (person_id for person_id in self.ids if self.draw.random() < share)

    def _people(self) -> Iterator[dict[str, Any]]:
        for person_id in self.ids:
            yield {
                "id": person_id,
                "public_id": f"b{person_id:011}",
                "name": f"{self.draw.choice('ABCDEFGHIJKLMNOPQRSTUVWZ')}person {self.draw.randrange(10**6)}",
                "locale": self.draw.choice(["en", "en", "pl", "de"]),
                "timezone": "Europe/Warsaw",
                "phone": "",
                "created_at": self._days_ago(900),
            }

    def _addresses(self) -> Iterator[dict[str, Any]]:
        for person_id in self.ids:
            email = f"crowd{person_id}@example.org"
            yield {"person_id": person_id, "email": email, "is_primary": True, "created_at": self.now}

    def _memberships(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.6):
            left = self.now if self.draw.random() < 0.03 else None
            yield {"person_id": person_id, "joined_at": self._days_ago(900), "left_at": left}

    def _preferences(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.6):
            yield {
                "person_id": person_id,
                "career_stage": self.draw.choice([*CareerStage, None]),
                "work_modes": self.draw.sample([str(mode) for mode in WorkMode], self.draw.randrange(3)),
                "seniority": self.draw.choice([*Seniority, None]),
                "industries": self.draw.sample([str(one) for one in Industry], self.draw.randrange(3)),
                "three_years": "Where I can learn from people who are kind, and build something that lasts.",
                "changed_at": self.now,
            }

    def _several(self, known: list[str], most: int, name: str, *, label: bool = False) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.6):
            for key in self.draw.sample(known, self.draw.randrange(most + 1)):
                yield {"person_id": person_id, name: key, **({"label": key} if label else {})}

    def _life(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.7):
            yield {"person_id": person_id, "last_on": self._days_ago(700).date()}

    def _consents(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.6):
            for purpose in (Purpose.INSIDER_UPDATES, Purpose.JOB_ALERTS):
                for action in (ConsentAction.GIVEN, ConsentAction.WITHDRAWN)[: self.draw.choice([0, 1, 1, 1, 2])]:
                    yield {
                        "person_id": person_id,
                        "purpose": purpose,
                        "action": action,
                        "words": "Send me insider updates: what teams here work on.",
                        "text_version": "2026-03",
                        "locale": "en",
                        "source": "/join",
                        "occurred_at": self.now,
                    }

    def _tags(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.1):
            name = f"tag {self.draw.randrange(40)}"
            yield {
                "person_id": person_id,
                "name": name,
                "key": name,
                "added_by_id": self.staff_id,
                "added_at": self.now,
            }

    def _letters(self) -> Iterator[dict[str, Any]]:
        delivery_id = 0
        for person_id in self.ids:
            for number in range(self.draw.randrange(4)):
                at, kind = self._days_ago(700), self.draw.choice(_LETTERS)
                delivery_id += 1
                if kind.startswith("applications/"):
                    self.letters.setdefault(person_id, []).append(delivery_id)
                yield {
                    "id": delivery_id,
                    "key": f"k{person_id:012}-{number}",
                    "dedupe_key": f"d{person_id}-{number}",
                    "kind": kind,
                    "mail_class": MailClass.OWN,
                    "timing": Timing.AT_ONCE,
                    "budget": Budget.NONE,
                    "cause": f"crowd:{person_id}-{number}",
                    "person_id": person_id,
                    "to_address": f"crowd{person_id}@example.org",
                    "to_name": "",
                    "to_domain": "example.org",
                    "reply_to": "",
                    "subject": "",
                    "text": "",
                    "html": "",
                    "places": [],
                    "state": DeliveryState.SENT,
                    "attempts": 1,
                    "next_try_at": at,
                    "failed_code": 0,
                    "failed_status": "",
                    "last_error": "",
                    "created_at": at,
                    "sent_at": at,
                    "blanked_at": at,
                }

    def _applications(self) -> Iterator[dict[str, Any]]:
        for person_id in self.ids:
            yield {
                "id": person_id,
                "public_id": f"a{person_id:011}",
                "person_id": person_id,
                "opening_id": self.opening_id,
                "owner_id": self.staff_id,
                "source": "crowd",
                "external_key": str(person_id),
                "channel": "",
                "imported_tags": [],
                "source_stage": "",
                "source_status": "",
                "source_reason": "",
                "is_held": False,
                "import_ref": "",
                "stage": "",
                "created_at": self.now,
            }

    def _events(self) -> Iterator[dict[str, Any]]:
        for person_id in self.ids:
            # Few get far.
            steps = _STEPS[: self.draw.choice([1] * 12 + [2] * 5 + [3, 4])]
            ending = self.draw.choice(_ENDINGS) if self.draw.random() < 0.8 else None
            letters = self.letters.get(person_id, [])
            for number, status in enumerate([*steps, *([ending] if ending else [])]):
                yield {
                    "delivery_id": letters.pop() if number and letters else None,
                    "public_id": f"e{number}{person_id:010}",
                    "application_id": person_id,
                    "kind": EventKind.IMPORTED if number == 0 else EventKind.MESSAGE,
                    "status": status,
                    "next_update_by": None if status is ending else self.now.date(),
                    "date_reason": "",
                    "message": "Thank you for your time." * 4,
                    "internal_reason": "",
                    "created_at": self.now,
                }

    def _marks(self) -> Iterator[dict[str, Any]]:
        for person_id in self._some(0.03):
            yield {
                "application_id": person_id,
                "kind": self.draw.choice(list(MarkKind)),
                "reason": "Close.",
                "expires_on": (self.now + timedelta(days=self.draw.randrange(-100, 300))).date(),
                "set_by_id": self.staff_id,
                "set_at": self.now,
            }
