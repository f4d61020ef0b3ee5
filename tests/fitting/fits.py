"""People who may fit an opening, and inviting them, as the tests of fitting do it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from portal.applications.models import Mark
from portal.applications.queries import StaffScope
from portal.applications.states import MarkKind
from portal.community.actions import join
from portal.community.adapters import skills
from portal.community.models import PersonArea, PersonPlace, PersonSkill, Preferences
from portal.community.rules import fold
from portal.community.states import WorkMode
from portal.contact.actions import choose
from portal.contact.states import Purpose
from portal.core import clock
from portal.core.db import end_reading, session, transaction
from portal.core.permissions import Role
from portal.fitting.actions import Words, begin_inviting, go_on_with_round
from portal.fitting.models import Invitation
from portal.fitting.queries import FittingPerson, chosen_people, find_round, opening_facts, sought_by
from portal.fitting.rules import OpeningFacts
from portal.outbox.actions import claim_next, mark_sent
from tests.factories import make_person, public_id_of

TODAY = date(2026, 3, 4)
WARSAW = ("geonames:756135", "Warsaw, Poland")
MESSAGE = "I look after this opening and thought of you."


def say_yes(person_id: int, is_wanted: bool = True) -> None:
    """Yes or no to job alerts, by themselves."""
    choose(person_id, Purpose.JOB_ALERTS, is_wanted, source="/join", now=clock.now())


def member(
    name: str = "Ada Lind",
    *,
    areas: Iterable[str] = (),
    knows: Iterable[str] = (),
    place: tuple[str, str] | None = None,
    is_remote: bool = False,
    modes: Iterable[WorkMode] = (),
    says_yes: bool = True,
) -> int:
    """Somebody who joined and said what they look for; returns the person's id."""
    person_id = make_person(name)
    join(person_id, [], clock.now())
    with transaction() as own:
        own.add_all(PersonArea(person_id=person_id, area=area) for area in areas)
        own.add_all(PersonSkill(person_id=person_id, skill=fold(skill), label=skill) for skill in knows)
        if place is not None:
            own.add(PersonPlace(person_id=person_id, place=place[0], label=place[1]))
        said = [str(mode) for mode in modes] or (["remote"] if is_remote else [])
        if said:
            own.merge(Preferences(person_id=person_id, work_modes=said, changed_at=clock.now()))
    if says_yes:
        say_yes(person_id)
    return person_id


def give_mark(
    application_id: int, staff_id: int, kind: MarkKind = MarkKind.SILVER_MEDAL, until: date = date(2027, 3, 4)
) -> None:
    """Note that somebody was close."""
    with transaction() as own:
        own.add(
            Mark(
                application_id=application_id,
                kind=kind,
                reason="A secret reason",
                expires_on=until,
                set_by_id=staff_id,
                set_at=clock.now(),
            )
        )


def facts_of(public_id: str) -> OpeningFacts:
    end_reading()
    found = opening_facts(public_id)
    assert found is not None
    return found


def chosen(public_id: str, staff_id: int, *people: int) -> list[FittingPerson]:
    """These people as the page on which they are invited has them."""
    opening = facts_of(public_id)
    sought, _skills = sought_by(opening, skills(), staff_id, clock.now(), TODAY)
    return chosen_people(sought, [public_id_of(one) for one in people], "Data")


def invite(
    public_id: str,
    staff_id: int,
    *people: int,
    message: str = MESSAGE,
    is_hurried: bool = False,
    steps: bool = True,
    known: list[FittingPerson] | None = None,
) -> str:
    """Invite these people to the opening; the public id of the round. `known`: as the page had them."""
    found = known if known is not None else chosen(public_id, staff_id, *people)
    whys = {one.public_id: f"You told us about {one.name}." for one in found}
    scope = StaffScope(staff_id, Role.RECRUITER)
    round_id = begin_inviting(
        found, facts_of(public_id), Words(message, whys), scope=scope, is_hurried=is_hurried, now=clock.now()
    )
    if steps:
        view = find_round(round_id, public_id, staff_id)
        assert view is not None
        go_on_with_round(view.id, clock.now())
    end_reading()
    return round_id


def send_due() -> list[tuple[str, str]]:
    """As a worker does; the kind and the text of what the mail server accepted."""
    sent = []
    while (claimed := claim_next("a-worker", clock.now())) is not None:
        assert mark_sent(claimed, clock.now())
        sent.append((claimed.letter.kind, claimed.letter.text))
    end_reading()
    return sent


def invitations() -> list[Invitation]:
    end_reading()
    return list(session().scalars(select(Invitation).order_by(Invitation.id)))
