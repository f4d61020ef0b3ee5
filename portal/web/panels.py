"""Parts of a page that features above its own add to it, as the site map lists them."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypeVar

from flask import Flask, current_app, g
from markupsafe import Markup


class Spot(StrEnum):
    """Where on which page such parts stand."""

    #: The candidate's page of an application: in the box that says first where it stands.
    OWN_APPLICATION_FIRST = "own_application_first"
    #: The same page: cards below that box.
    OWN_APPLICATION = "own_application"
    #: The page that shows what was sent with an application that was made here: beside it.
    RECEIPT = "receipt"
    #: The page of an application in recruiting: cards below its letters.
    APPLICATION = "application"
    #: The public page of promises, which is about nothing with an id: below what it says of feedback.
    PROMISES = "promises"
    #: The same page: cards below all promises.
    AFTER_PROMISES = "after_promises"


#: Given the public id of what the page is about: the HTML of the part, empty when there is nothing to say.
Panel = Callable[[str], str]
#: Given the id of a person: what a feature knows of each of their applications, by its public id.
Known = Callable[[int], Mapping[str, Iterable[Any]]]
_Shown = TypeVar("_Shown")
_KEY: Final = "portal-panels"
_KNOWN_KEY: Final = "portal-known"


def add_panels(app: Flask, panels: Mapping[Spot, Sequence[Panel]], known: Sequence[Known] = ()) -> None:
    """Let pages show these parts, in this order, and ask these for what they say of applications in their own words."""
    app.extensions[_KEY] = dict(panels)
    app.extensions[_KNOWN_KEY] = tuple(known)


def known_of(person_id: int) -> dict[str, list[Any]]:
    """What features above know of each application of this person, by its public id."""
    found: dict[str, list[Any]] = {}
    for ask in current_app.extensions.get(_KNOWN_KEY, ()):
        for public_id, facts in ask(person_id).items():
            found.setdefault(public_id, []).extend(facts)
    return found


def panels_at(spot: Spot, public_id: str, page: object = None) -> Markup:
    """All parts of this spot for the page of `public_id`, one after the other.

    `page` is what the page shows, as it was read: parts that need the same read it from there (`page_around`).
    """
    g.page_around = page
    made = current_app.extensions.get(_KEY, {}).get(spot, ())
    # Each part is rendered by its own template, which escapes what it shows.
    return Markup("").join(Markup(html) for html in (panel(public_id) for panel in made) if html)  # noqa: S704


def page_of(kind: type[_Shown]) -> _Shown:
    """What the page shows that is being put together, for parts of pages that always say so. Raises TypeError."""
    around = page_around()
    if not isinstance(around, kind):
        raise TypeError(f"the page shows no {kind.__name__}")
    return around


def page_around() -> object:
    """What the page shows that is being put together; None where it did not say."""
    return g.get("page_around")
