"""What every page of who may fit begins with: who asks, and about which opening."""

from datetime import date

from flask import Blueprint

from portal.applications.queries import StaffScope
from portal.community.adapters import skills
from portal.company.queries import areas, company_zone
from portal.core.clock import day_of, now
from portal.core.errors import NotFound
from portal.fitting.queries import FittingPerson, Sought, opening_facts, sought_by
from portal.fitting.rules import OpeningFacts, against_for_staff, why_for_staff
from portal.openings.rules import area_label
from portal.web.identity import identity

blueprint = Blueprint("fitting", __name__)


def asker() -> StaffScope:
    """Who looks, as a recruiter."""
    me = identity()
    return StaffScope(me.person_id, me.role)


def find(public_id: str) -> OpeningFacts:
    """The opening, once it has been published."""
    opening = opening_facts(public_id)
    if opening is None:
        raise NotFound
    return opening


def today() -> date:
    """The day in the company's zone."""
    return day_of(now(), company_zone())


def area_of(opening: OpeningFacts) -> str:
    """What its area is called; empty where it has none."""
    return area_label(opening.area, areas()) if opening.area else ""


def sought_for(opening: OpeningFacts) -> tuple[Sought, list[str]]:
    """What the opening looks for, and the skills that it names."""
    return sought_by(opening, skills(), asker().person_id, now(), today())


def with_words(people: list[FittingPerson]) -> list[tuple[FittingPerson, list[str], list[str]]]:
    """Each of them with what speaks for it and what speaks against it."""
    labels = {area.key: area.label for area in areas()}
    return [(one, why_for_staff(one.told), against_for_staff(one.wants, one.against, labels)) for one in people]
