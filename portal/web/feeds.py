"""Answers for programs: absolute addresses, feeds that are sent again only when they have changed, the site's map."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Final

from flask import Response, request
from werkzeug.wrappers import Response as AnyResponse

from portal.core.feeds import FeedEntry, atom_feed, sitemap
from portal.core.settings import current_settings

#: When a feed changed that never had an entry.
_NEVER: Final = datetime(1970, 1, 1, tzinfo=UTC)


def absolute(path: str) -> str:
    """The address of a page of this site for whoever is not on it."""
    return current_settings().base_url.rstrip("/") + path


def feed_answer(
    entries: Sequence[FeedEntry], *, title: str, author: str, path: str, page_path: str, last_gone: datetime | None
) -> AnyResponse:
    """The feed at `path` for the page at `page_path`; `last_gone`: when something that stood in it left, if ever."""
    changed_at = max([*(entry.changed_at for entry in entries), *filter(None, [last_gone])], default=_NEVER)
    document = atom_feed(
        entries,
        title=title,
        author=author,
        url=absolute(path),
        page_url=absolute(page_path),
        changed_at=changed_at,
    )
    response = Response(document, mimetype="application/atom+xml")
    response.last_modified = changed_at
    response.add_etag()
    # Only the tag says that nothing changed: what has left the feed makes it older, not newer.
    by_tag = {name: value for name, value in request.environ.items() if name != "HTTP_IF_MODIFIED_SINCE"}
    return response.make_conditional(by_tag)


def sitemap_answer(pages: Iterable[tuple[str, datetime | None]]) -> Response:
    """The map of `pages`, which are paths, each with its last change where that is known."""
    return Response(sitemap((absolute(path), changed_at) for path, changed_at in pages), mimetype="application/xml")
