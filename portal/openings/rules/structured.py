"""An opening as schema.org's JobPosting (https://schema.org/JobPosting), for search engines and job boards.

Everything comes from what the opening says; what it does not say is left out.
"""

from dataclasses import dataclass
from datetime import date, datetime, time
from decimal import Decimal
from html import escape
from typing import Any, Final
from zoneinfo import ZoneInfo

from portal.community.states import WorkMode
from portal.company.rules import Block
from portal.openings.rules.content import OpeningContent, Pay, Place
from portal.openings.rules.writing import ShownContent
from portal.openings.states import Employment

#: The values that readers of `employmentType` know
#: (https://developers.google.com/search/docs/appearance/structured-data/job-posting).
EMPLOYMENT_TYPES: Final[dict[Employment, str]] = {
    Employment.FULL_TIME: "FULL_TIME",
    Employment.PART_TIME: "PART_TIME",
    Employment.FIXED_TERM: "TEMPORARY",
    Employment.FREELANCE: "CONTRACTOR",
    Employment.INTERNSHIP: "INTERN",
}
_CONTEXT: Final = "https://schema.org"
#: How the taxonomy of places begins its keys: their labels are a town, a comma and a country.
_KNOWN_TOWN: Final = "geonames:"


@dataclass(frozen=True)
class Posting:
    """What a posting says beside the content."""

    public_id: str
    #: Absolute, as the page itself is found.
    url: str
    organisation: str
    #: Absolute, where the company's own pages begin.
    organisation_url: str
    #: The day from which everybody could see it.
    posted_on: date
    #: IANA name of the company's zone, in which days end.
    zone: str
    #: Whether one can apply on the page itself.
    is_applied_to_here: bool


def job_posting(content: OpeningContent, shown: ShownContent, posting: Posting) -> dict[str, Any]:
    """The posting as JSON-LD; nothing for a pool, as a posting says that there is a free place."""
    if content.is_pool:
        return {}
    found: dict[str, Any] = {
        "@context": _CONTEXT,
        "@type": "JobPosting",
        "title": content.title,
        "description": description_of(shown),
        "datePosted": posting.posted_on.isoformat(),
        "url": posting.url,
        "identifier": {"@type": "PropertyValue", "name": posting.organisation, "value": posting.public_id},
        "hiringOrganization": {
            "@type": "Organization",
            "name": posting.organisation,
            "sameAs": posting.organisation_url,
        },
        "directApply": posting.is_applied_to_here,
        **_where(content),
    }
    if last := content.closes_on or content.decision_by:
        found["validThrough"] = _end_of(last, posting.zone).isoformat()
    if content.employment is not None:
        found["employmentType"] = EMPLOYMENT_TYPES[content.employment]
    if salary := _salary(content.pay):
        found["baseSalary"] = salary
    return found


def description_of(shown: ShownContent) -> str:
    """The summary and the long texts as HTML of headings, paragraphs and lists; whatever people typed is escaped."""
    parts = [f"<p>{escape(shown.summary)}</p>"] if shown.summary else []
    for section in shown.sections:
        parts.append(f"<h2>{escape(section.title)}</h2>")
        parts += [_as_html(block) for block in section.blocks]
    return "".join(parts)


def _as_html(block: Block) -> str:
    lines = [escape(line) for line in block.lines]
    if block.kind == "heading":
        return f"<h3>{lines[0]}</h3>"
    if block.kind == "list":
        return "<ul>" + "".join(f"<li>{line}</li>" for line in lines) + "</ul>"
    return f"<p>{'<br>'.join(lines)}</p>"


def _where(content: OpeningContent) -> dict[str, Any]:
    """The places of the work; where all of it is remote, they are the places people may live in."""
    found: dict[str, Any] = {}
    if WorkMode.REMOTE in content.work_modes:
        found["jobLocationType"] = "TELECOMMUTE"
    if set(content.work_modes) == {WorkMode.REMOTE}:
        areas = [{"@type": "AdministrativeArea", "name": place.label} for place in content.places]
        return found | ({"applicantLocationRequirements": areas} if areas else {})
    towns = [{"@type": "Place", "address": _address(place)} for place in content.places]
    return found | ({"jobLocation": towns} if towns else {})


def _address(place: Place) -> dict[str, str]:
    town, comma, country = place.label.rpartition(", ")
    if comma and place.key.startswith(_KNOWN_TOWN):
        return {"@type": "PostalAddress", "addressLocality": town, "addressCountry": country}
    return {"@type": "PostalAddress", "addressLocality": place.label}


def _salary(pay: Pay) -> dict[str, Any]:
    ends = {"minValue": pay.lowest, "maxValue": pay.highest}
    amounts = {name: _number(amount) for name, amount in ends.items() if amount is not None}
    if not amounts or not pay.currency:
        return {}
    value = {"@type": "QuantitativeValue", **amounts, "unitText": pay.period.value.upper()}
    return {"@type": "MonetaryAmount", "currency": pay.currency, "value": value}


def _number(amount: Decimal) -> int | float:
    return int(amount) if amount == amount.to_integral_value() else float(amount)


def _end_of(day: date, zone: str) -> datetime:
    """The last second of `day` in `zone`."""
    return datetime.combine(day, time(23, 59, 59), ZoneInfo(zone))
