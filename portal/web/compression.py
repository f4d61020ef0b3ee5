"""Text goes out zipped to whoever takes it, unless somebody could learn from its length what stands in it."""

import gzip
import hashlib
from functools import lru_cache
from mimetypes import guess_type
from pathlib import Path
from typing import Final

from flask import Flask, Response, abort, current_app, request
from werkzeug.security import safe_join
from werkzeug.wrappers import Response as AnyResponse

from portal.core.paths import STATIC

_TEXT: Final = frozenset(
    {
        "application/atom+xml",
        "application/javascript",
        "application/json",
        "application/xml",
        "image/svg+xml",
        "text/calendar",
        "text/css",
        "text/csv",
        "text/html",
        "text/javascript",
        "text/plain",
    }
)
#: Less than this fits into the packet that is sent anyway.
_FEWEST: Final = 500
#: Of a page, per request: higher ones cost twice the time for a fiftieth of the length.
_QUICK: Final = 4
_SMALLEST: Final = 9
#: Answers with a part of something, or with nothing.
_NOT_WHOLE: Final = frozenset({204, 206, 304})
#: Who led the browser here, as it says itself: a page of ours, or the person who sits before it.
_FROM_US: Final = frozenset({"same-origin", "none"})


def add_compression(app: Flask) -> None:
    """Zip pages and static files; to be called before others ask to see each answer, so that it is last to see it."""
    app.view_functions["static"] = _static_file

    @app.after_request
    def zip_text(response: Response) -> Response:
        if response.mimetype not in _TEXT or response.direct_passthrough or not response.is_sequence:
            return response
        response.vary.add("Accept-Encoding")
        _weaken_tag(response)
        if response.status_code not in _NOT_WHOLE and "Content-Encoding" not in response.headers and _may_be_zipped():
            _zip(response)
        return response


def _zip(response: Response) -> None:
    data = response.get_data()
    if len(data) >= _FEWEST:
        response.set_data(gzip.compress(data, _QUICK, mtime=0))
        response.headers["Content-Encoding"] = "gzip"


def _weaken_tag(response: Response) -> None:
    """A strong tag would say that the zipped and the plain answer are the same bytes."""
    tag, is_weak = response.get_etag()
    if tag and not is_weak and "Content-Encoding" not in response.headers:
        response.set_etag(tag, weak=True)


def _takes_gzip() -> bool:
    return request.accept_encodings.quality("gzip") > 0


def _may_be_zipped() -> bool:
    """Whether the length of this answer tells nobody anything; decision 0038.

    Whoever can make a browser ask for page after page with guesses in the address, and can see how long the answers
    are, reads from the lengths what else stands on them. A page that was asked for in the name of somebody is zipped
    only if no other site led there. Browsers that do not say who led them wait a little longer.
    """
    return _takes_gzip() and (not request.cookies or request.headers.get("Sec-Fetch-Site") in _FROM_US)


def _static_file(filename: str) -> AnyResponse:
    """A file of ours, zipped if it is text; a part of a file is a part of the plain one."""
    kind, _encoding = guess_type(filename)
    if kind not in _TEXT:
        return current_app.send_static_file(filename)
    is_plain = not _takes_gzip() or "Range" in request.headers
    answer = current_app.send_static_file(filename) if is_plain else _zipped_file(filename, kind)
    answer.vary.add("Accept-Encoding")
    return answer


def _zipped_file(filename: str, kind: str) -> AnyResponse:
    path = Path(safe_join(str(STATIC), filename) or abort(404))
    if not path.is_file():
        abort(404)
    zipped, tag = _zip_once(path, path.stat().st_mtime_ns)
    answer = Response(zipped, mimetype=kind, headers={"Content-Encoding": "gzip"})
    answer.set_etag(tag)
    return answer.make_conditional(request)


@lru_cache(maxsize=256)
def _zip_once(path: Path, _changed: int) -> tuple[bytes, str]:
    """What is in the file, as small as it gets, and its tag; made anew when it has changed."""
    data = path.read_bytes()
    return gzip.compress(data, _SMALLEST, mtime=0), hashlib.sha256(data).hexdigest()[:16] + "-gzip"
