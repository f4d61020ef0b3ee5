"""The posting that search engines read: valid against the vocabulary, true to the page, and never early."""

import json
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import html5lib
import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.community.states import WorkMode
from portal.openings.rules import OpeningContent, Pay, Place, Posting, content_in_words, job_posting
from portal.openings.states import Employment, PayPeriod
from tests.conftest import START
from tests.factories import make_published, published_content, visitor
from tests.openings.vocabulary import problems
from tests.pages import Page

_SCRIPT = "{http://www.w3.org/1999/xhtml}script"
#: Every way out of where a text may stand, in one text.
POLYGLOT = (
    "jaVasCript:/*-/*`/*\\`/*'/*\"/**/(/* */oNcliCk=alert() )//%0D%0A%0d%0a//</stYle/</titLe/</teXtarEa/</scRipt/--!>"
    "\\x3csVg/<sVg/oNloAd=alert()//>\\x3e ]]> &amp; <!-- {{ 7*7 }} \u2028 \x0b"
)
ABOUT = Posting(
    "abc123",
    "https://jobs.example/openings/a",
    "Example",
    "https://jobs.example/",
    date(2026, 3, 4),
    "Europe/Warsaw",
    True,
)


def posting_of(content: OpeningContent, about: Posting = ABOUT) -> dict[str, Any]:
    return job_posting(content, content_in_words(content, []), about)


def on(page: Page) -> list[dict[str, Any]]:
    """The postings on a page, as a browser finds them."""
    assert page.tree is not None
    scripts = [e for e in page.tree.iter(_SCRIPT) if e.get("type") == "application/ld+json"]
    return [json.loads(e.text or "") for e in scripts]


@pytest.mark.only("sqlite")  # what is written on a page is the same on both
def test_the_page_carries_one_valid_posting(app: Flask) -> None:
    (posting,) = on(visitor(app).get(f"/openings/{make_published()}"))
    assert problems(posting) == []
    assert posting["title"] == "Data Analyst"
    assert posting["datePosted"] == "2026-03-04"
    assert posting["validThrough"] == "2026-05-29T23:59:59+02:00"
    assert posting["url"].startswith("http://localhost/openings/opening-")
    assert posting["baseSalary"]["value"] == {
        "@type": "QuantitativeValue",
        "minValue": 60000,
        "maxValue": 75000,
        "unitText": "YEAR",
    }
    assert posting["jobLocation"][0]["address"] == {
        "@type": "PostalAddress",
        "addressLocality": "Warsaw",
        "addressCountry": "Poland",
    }


@pytest.mark.only("sqlite")
def test_a_polyglot_in_every_field_stays_text(app: Flask) -> None:
    content = published_content()
    texts = {name: POLYGLOT for name in ("summary", "work", "needed", "team", "hard", "offered", "ai_words")}
    texts |= {"pay": replace(content.pay, note=POLYGLOT), "places": (Place("x", POLYGLOT),), "is_ai_used": True}
    slug = make_published(POLYGLOT, stages=(replace(content.stages[0], name=POLYGLOT, what_happens=POLYGLOT),), **texts)
    browser = visitor(app)
    page = browser.client.get(f"/openings/{slug}")
    tree = html5lib.parse(page.text)
    (script,) = [e for e in tree.iter(_SCRIPT) if e.get("type") == "application/ld+json"]
    posting = json.loads(script.text)
    assert posting["title"] == POLYGLOT
    assert problems(posting) == []
    names = {str(e.tag).rpartition("}")[2].lower() for e in html5lib.parseFragment(posting["description"]).iter()}
    assert names <= {"document_fragment", "p", "h2", "h3", "ul", "li", "br"}
    for path in (f"/openings/{slug}", "/openings", "/"):
        shown = html5lib.parse(browser.client.get(path).text)
        assert not [e for e in shown.iter() if any(name.lower().startswith("on") for name in e.attrib)], path
        assert not [e for e in shown.iter("{http://www.w3.org/2000/svg}svg") if e.get("onload")], path


@pytest.mark.only("sqlite")
def test_what_only_members_see_carries_none(app: Flask) -> None:
    slug = make_published(public_at=START + timedelta(days=1))
    assert "ld+json" not in visitor(app).client.get(f"/openings/{slug}").text


AMOUNTS = st.none() | st.decimals(0, 10**7, places=2)
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=60)


@given(
    content=st.builds(
        OpeningContent,
        title=TEXTS.filter(str.strip),
        summary=TEXTS,
        work=TEXTS.filter(str.strip),
        team=TEXTS,
        employment=st.none() | st.sampled_from(Employment),
        places=st.lists(st.builds(Place, st.sampled_from(["", "geonames:1"]), TEXTS.filter(str.strip)), max_size=3).map(
            tuple
        ),
        work_modes=st.lists(st.sampled_from(WorkMode), unique=True).map(tuple),
        pay=st.builds(Pay, AMOUNTS, AMOUNTS, st.sampled_from(["", "EUR"]), st.sampled_from(PayPeriod)),
        is_pool=st.sampled_from([None, False]),
        decision_by=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
        closes_on=st.none() | st.dates(date(2026, 1, 1), date(2030, 1, 1)),
    ),
    has_apply=st.booleans(),
)
def test_whatever_an_opening_says_its_posting_is_valid(content: OpeningContent, has_apply: bool) -> None:
    posting = json.loads(json.dumps(posting_of(content, replace(ABOUT, is_applied_to_here=has_apply))))
    assert problems(posting) == []
    assert posting["directApply"] is has_apply
    assert ("validThrough" in posting) == bool(content.closes_on or content.decision_by)
    assert ("jobLocationType" in posting) == (WorkMode.REMOTE in content.work_modes)
    said = {str(place.label) for place in content.places}
    for place in posting.get("jobLocation", []):
        assert (
            ", ".join(
                place["address"][part] for part in ("addressLocality", "addressCountry") if part in place["address"]
            )
            in said
        )


def test_where_all_work_is_remote_places_are_where_people_live() -> None:
    content = published_content(work_modes=(WorkMode.REMOTE,))
    posting = posting_of(content)
    assert posting["jobLocationType"] == "TELECOMMUTE"
    assert posting["applicantLocationRequirements"] == [{"@type": "AdministrativeArea", "name": "Warsaw, Poland"}]
    assert "jobLocation" not in posting


def test_the_last_day_to_apply_counts_before_the_day_of_the_decision() -> None:
    content = published_content(closes_on=date(2026, 4, 1))
    assert posting_of(content)["validThrough"] == "2026-04-01T23:59:59+02:00"


def test_pay_that_is_not_said_is_not_made_up() -> None:
    assert "baseSalary" not in posting_of(published_content(pay=Pay()))
    half = posting_of(published_content(pay=Pay(lowest=Decimal("15.50"), currency="EUR", period=PayPeriod.HOUR)))
    assert half["baseSalary"]["value"] == {"@type": "QuantitativeValue", "minValue": 15.5, "unitText": "HOUR"}


def test_a_pool_is_no_posting() -> None:
    assert posting_of(published_content(is_pool=True)) == {}


@pytest.mark.parametrize(
    "broken",
    [{"colour": "red"}, {"datePosted": "soon"}, {"directApply": "yes"}, {"employmentType": "full"}, {"url": "/a"}],
)
def test_the_vocabulary_refuses_what_is_wrong(broken: dict[str, Any]) -> None:
    assert problems(posting_of(published_content())) == []
    assert len(problems({**posting_of(published_content()), **broken})) == 1
