"""The part of schema.org's vocabulary that a job posting uses, and a reader that refuses everything else.

Copied by hand from https://schema.org/JobPosting, /Organization, /Place, /PostalAddress, /MonetaryAmount,
/QuantitativeValue, /PropertyValue and /AdministrativeArea: for each type its properties with the types their values may
have. What has to be there at least is from
https://developers.google.com/search/docs/appearance/structured-data/job-posting.
"""

from datetime import date, datetime
from typing import Any

TEXT, URL, DATE, MOMENT, NUMBER, YES_NO = "Text", "URL", "Date", "DateTime", "Number", "Boolean"
TYPES: dict[str, dict[str, set[str]]] = {
    "JobPosting": {
        "title": {TEXT},
        "description": {TEXT},
        "url": {URL},
        "datePosted": {DATE, MOMENT},
        "validThrough": {DATE, MOMENT},
        "employmentType": {TEXT},
        "hiringOrganization": {"Organization"},
        "identifier": {TEXT, URL, "PropertyValue"},
        "jobLocation": {"Place"},
        "jobLocationType": {TEXT},
        "applicantLocationRequirements": {"AdministrativeArea"},
        "baseSalary": {NUMBER, "MonetaryAmount"},
        "directApply": {YES_NO},
    },
    "Organization": {"name": {TEXT}, "sameAs": {URL}, "logo": {URL}},
    "Place": {"address": {TEXT, "PostalAddress"}},
    "PostalAddress": {"addressLocality": {TEXT}, "addressRegion": {TEXT}, "addressCountry": {TEXT}},
    "AdministrativeArea": {"name": {TEXT}},
    "MonetaryAmount": {"currency": {TEXT}, "value": {NUMBER, "QuantitativeValue"}},
    "QuantitativeValue": {"minValue": {NUMBER}, "maxValue": {NUMBER}, "unitText": {TEXT}},
    "PropertyValue": {"name": {TEXT}, "value": {TEXT}},
}
REQUIRED = {"title", "description", "datePosted", "hiringOrganization"}
EMPLOYMENT = {"FULL_TIME", "PART_TIME", "CONTRACTOR", "TEMPORARY", "INTERN", "VOLUNTEER", "PER_DIEM", "OTHER"}
UNITS = {"HOUR", "DAY", "WEEK", "MONTH", "YEAR"}


def problems(posting: dict[str, Any]) -> list[str]:
    """What is wrong with a posting; empty when it is valid."""
    found = [] if posting.get("@context") == "https://schema.org" else ["another context"]
    found += [f"{name} is missing" for name in sorted(REQUIRED - set(posting))]
    found += _of_type(posting, {"JobPosting"})
    if posting.get("employmentType", "OTHER") not in EMPLOYMENT:
        found.append(f"employmentType {posting['employmentType']}")
    if posting.get("jobLocationType", "TELECOMMUTE") != "TELECOMMUTE":
        found.append(f"jobLocationType {posting['jobLocationType']}")
    unit = posting.get("baseSalary", {}).get("value", {}).get("unitText", "YEAR")
    return found + ([] if unit in UNITS else [f"unitText {unit}"])


def _of_type(thing: dict[str, Any], wanted: set[str]) -> list[str]:
    kind = thing.get("@type")
    if kind not in wanted:
        return [f"{kind} where {wanted} belongs"]
    found = []
    for name, value in thing.items():
        if name in {"@type", "@context"}:
            continue
        allowed = TYPES[kind].get(name)
        if allowed is None:
            found.append(f"{kind} knows no {name}")
            continue
        for one in value if isinstance(value, list) else [value]:
            found += [f"{kind}.{name}: {problem}" for problem in _value(one, allowed)]
    return found


def _value(value: Any, allowed: set[str]) -> list[str]:
    if isinstance(value, dict):
        return _of_type(value, allowed)
    return [] if any(_is(value, kind) for kind in allowed) else [f"{value!r} is none of {sorted(allowed)}"]


def _is(value: Any, kind: str) -> bool:
    if kind == YES_NO:
        return isinstance(value, bool)
    if kind == NUMBER:
        return isinstance(value, int | float) and not isinstance(value, bool)
    if not isinstance(value, str) or not value.strip():
        return False
    if kind in {DATE, MOMENT}:
        return _is_instant(value, date if kind == DATE else datetime)
    return kind == TEXT or value.startswith(("http://", "https://"))


def _is_instant(value: str, kind: type[date]) -> bool:
    try:
        kind.fromisoformat(value)
    except ValueError:
        return False
    return kind is date or "+" in value or value.endswith("Z")
