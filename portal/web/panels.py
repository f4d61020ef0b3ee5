"""Parts of a page that features above its own add to it, as the site map lists them."""

from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from typing import Final

from flask import Flask, current_app, g
from markupsafe import Markup


class Spot(StrEnum):
    """Where on which page such parts stand."""

    #: The candidate's page of an application: what they have answered, in the place of its first sentence.
    OWN_ANSWER = "own_answer"
    #: The same page: in the box that says first where it stands.
    OWN_APPLICATION_FIRST = "own_application_first"
    #: The same page: cards below that box.
    OWN_APPLICATION = "own_application"
    #: The page of an application in recruiting: cards below its letters.
    APPLICATION = "application"
    #: The public page of promises, which is about nothing with an id: below what it says of feedback.
    PROMISES = "promises"


#: Given the public id of what the page is about: the HTML of the part, empty when there is nothing to say.
Panel = Callable[[str], str]
_KEY: Final = "portal-panels"


def add_panels(app: Flask, panels: Mapping[Spot, Sequence[Panel]]) -> None:
    """Let pages show these parts, in this order."""
    app.extensions[_KEY] = dict(panels)


def panels_at(spot: Spot, public_id: str, page: object = None) -> Markup:
    """All parts of this spot for the page of `public_id`, one after the other.

    `page` is what the page shows, as it was read: parts that need the same read it from there (`page_around`).
    """
    g.page_around = page
    made = current_app.extensions.get(_KEY, {}).get(spot, ())
    # Each part is rendered by its own template, which escapes what it shows.
    return Markup("").join(Markup(html) for html in (panel(public_id) for panel in made) if html)  # noqa: S704


def page_around() -> object:
    """What the page shows that is being put together; None where it did not say."""
    return g.get("page_around")
