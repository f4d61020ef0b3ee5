"""What an update says, and how that is stored."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from portal.updates.states import Audience, UpdateKind

#: Of a public id.
_KEY_LENGTH: Final = 12


@dataclass(frozen=True)
class UpdateContent:
    """All that a colleague writes about an update; only its title is there from the beginning."""

    title: str
    kind: UpdateKind = UpdateKind.COMPANY_NEWS
    #: One or two sentences for lists, feeds, mails and shared links.
    summary: str = ""
    #: Markdown.
    body: str = ""
    #: Where figures come from, and of which day they are.
    source: str = ""
    source_on: date | None = None
    #: For an event: the day, and in words when and where.
    event_on: date | None = None
    event_where: str = ""
    #: For early access: the public id of the opening.
    opening: str = ""
    audience: Audience = Audience.EVERYBODY
    #: Keys of areas.
    areas: tuple[str, ...] = ()
    #: The public id of a segment.
    segment: str = ""

    @property
    def words_digest(self) -> str:
        """A hash of what readers read: a consent holds for these words and no others."""
        said = json.dumps([self.title, self.summary, self.body], ensure_ascii=False)
        return hashlib.sha256(said.encode()).hexdigest()


def is_form_key(text: str) -> bool:
    """Whether a form may name the update that it begins so: as a public id looks, since anybody can write into it."""
    return len(text) == _KEY_LENGTH and text.isascii() and text.isalnum()


def as_json(content: UpdateContent) -> dict[str, Any]:
    """`content` as it is stored."""
    return {
        "title": content.title,
        "kind": str(content.kind),
        "summary": content.summary,
        "body": content.body,
        "source": content.source,
        "source_on": content.source_on and content.source_on.isoformat(),
        "event_on": content.event_on and content.event_on.isoformat(),
        "event_where": content.event_where,
        "opening": content.opening,
        "audience": str(content.audience),
        "areas": list(content.areas),
        "segment": content.segment,
    }


def from_json(stored: Mapping[str, Any]) -> UpdateContent:
    """What was stored by `as_json`."""
    return UpdateContent(
        title=stored["title"],
        kind=UpdateKind(stored["kind"]),
        summary=stored["summary"],
        body=stored["body"],
        source=stored["source"],
        source_on=_day(stored["source_on"]),
        event_on=_day(stored["event_on"]),
        event_where=stored["event_where"],
        opening=stored["opening"],
        audience=Audience(stored["audience"]),
        areas=tuple(stored["areas"]),
        segment=stored["segment"],
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
